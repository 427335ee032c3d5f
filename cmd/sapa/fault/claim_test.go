package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"sapa/ticketing/team"
)

func TestTwoAgentsClaimingAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	agents := []*agent{d.agent("rina"), d.agent("bayu")}
	queue := d.text("SELECT id FROM queues WHERE slug = ?", team.GeneralQueue)
	const rounds = 20
	var talks []string
	for i := range rounds {
		d.expect(http.StatusOK, inboundHook(fmt.Sprint("SM", i), phone(i), question))
		talks = append(talks, d.conversation(phone(i)))
		if i%2 == 0 { // every other one waits in a queue, the rest are the bot's
			agents[0].claim(talks[i])
			agents[0].must(http.StatusOK, "POST", "/conversations/"+talks[i]+"/assign", fields{"queue_id": queue}, nil)
		}
	}
	for i, talk := range talks {
		before := d.claims(talk)
		statuses, answers := atOnce(agents, func(a *agent) (int, []byte) {
			return a.call("POST", "/conversations/"+talk+"/claim", fields{})
		})
		owner := -1
		for n, status := range statuses {
			var problem struct{ Code string }
			_ = json.Unmarshal(answers[n], &problem)
			switch {
			case status == http.StatusOK && owner < 0:
				owner = n
			case status != http.StatusConflict || problem.Code != "taken":
				t.Errorf("round %d: %d %s", i, status, answers[n])
			}
		}
		if owner < 0 {
			t.Fatalf("round %d: nobody got it", i)
		}
		if got := d.text("SELECT assignee_id FROM conversations WHERE id = ? AND state = 'agent'", talk); got != agents[owner].id {
			t.Errorf("round %d: it belongs to %s, %s was told so", i, got, agents[owner].id)
		}
		if n := d.claims(talk) - before; n != 1 {
			t.Errorf("round %d: the citizen heard of %d agents", i, n)
		}
		if status, _ := agents[1-owner].say(talk, "e", "Halo"); status != http.StatusConflict && status != http.StatusForbidden {
			t.Errorf("round %d: the other agent may reply: %d", i, status)
		}
	}
}

// claims counts how often the citizen was told that somebody took over.
func (d *desk) claims(talk string) int {
	d.t.Helper()
	return d.count("SELECT count(*) FROM outbox WHERE conversation_id = ? AND key = 'notice.handover.joined'", talk)
}

// atOnce lets all begin at the same instant.
func atOnce[T any](all []T, do func(T) (int, []byte)) ([]int, [][]byte) {
	statuses, answers := make([]int, len(all)), make([][]byte, len(all))
	begin := make(chan struct{})
	var done sync.WaitGroup
	for i, one := range all {
		done.Go(func() {
			<-begin
			statuses[i], answers[i] = do(one)
		})
	}
	close(begin)
	done.Wait()
	return statuses, answers
}

func TestSameReplyPostedManyTimesIsOneCallOfTheProvider(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina := d.agent("rina")
	d.carrier.writes(phone(0), question, 1)
	d.quiet()
	talk := d.conversation(phone(0))
	rina.claim(talk)
	d.carrier.misbehave(fields{"answer_delay_ms": 200}) // time for a second sender to come by
	lines := map[string]bool{}
	post := func() {
		statuses, answers := atOnce(make([]struct{}, 10), func(struct{}) (int, []byte) { return rina.say(talk, "satu", "Sudah saya proses.") })
		for i, status := range statuses {
			var said line
			_ = json.Unmarshal(answers[i], &said)
			if status != http.StatusOK {
				t.Errorf("%d %s", status, answers[i])
			}
			lines[fmt.Sprint(said.ID, said.Seq)] = true
		}
	}
	post()
	d.quiet()
	post()
	d.web.kill()
	d.serve()
	post()
	rina.says(talk, "dua", "Ada lagi?") // what comes after it has arrived, so nothing is under way
	d.quiet()
	if len(lines) != 1 {
		t.Errorf("%d different answers to one echo: %v", len(lines), lines)
	}
	if n := with("Sudah saya proses.", d.carrier.on(phone(0))); n != 1 {
		t.Errorf("the provider was called %d times, want 1", n)
	}
	d.is(2, "SELECT count(*) FROM messages WHERE author = 'agent'")
	d.everyRowArrivedOnce()
}
