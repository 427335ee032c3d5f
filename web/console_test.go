package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/live"
	"sapa/web/wire"
)

func TestConsoleRefusesStrangers(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	used := b.ticket()
	conn, _, err := e.dial(used, e.server.URL)
	must(t, err)
	must(t, conn.Close())
	late := b.ticket()
	e.Clock.Add(31 * time.Second)
	out := b.ticket()
	b.do("DELETE", "/session", nil).want(http.StatusNoContent)
	other := e.as(b.staff)
	cases := []struct {
		name, ticket, origin string
		want                 int
	}{
		{"no ticket", "", e.server.URL, http.StatusUnauthorized},
		{"a ticket that was used", used, e.server.URL, http.StatusUnauthorized},
		{"a ticket older than 30 s", late, e.server.URL, http.StatusUnauthorized},
		{"a ticket of a session that has ended", out, e.server.URL, http.StatusUnauthorized},
		{"a foreign page", other.ticket(), "https://evil.example", http.StatusForbidden},
		{"no origin", other.ticket(), "", http.StatusForbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, response, err := e.dial(c.ticket, c.origin)
			if err == nil || response == nil || response.StatusCode != c.want {
				t.Errorf("answer %v, %v; want %d", response, err, c.want)
			}
		})
	}
}

func TestConsoleHearsOfMessages(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	c := b.connect("unassigned")
	begun := time.Now()
	citizen := e.Citizen()
	id := citizen.Waiting()
	var took time.Duration
	got := c.both("the row and the counts",
		func(f frame) bool {
			took = time.Since(begun)
			return f.Type == "row" && f.Row.ID == string(id) && f.Row.State == "queued"
		},
		func(f frame) bool { return f.Type == "counts" && f.Counts.Unassigned == 1 })
	if took > 2*time.Second {
		t.Errorf("the row took %v, want at most 2 s", took)
	}
	if !slices.Equal(got.Lists, []string{"unassigned"}) || got.Row.Person.Name != "Siti Contoh" || got.Row.Unread != 1 {
		t.Errorf("row %+v", got)
	}

	c.say(map[string]any{"type": "open", "conversation": id, "after": 0})
	c.await("the thread so far", func(f frame) bool {
		return f.Type == "thread" && f.Conversation == string(id) && f.Seq == got.Row.LastSeq
	})
	seq := citizen.Writes("masih di sini").Seq
	c.await("the new line", func(f frame) bool { return f.Type == "thread" && f.Conversation == string(id) && f.Seq == seq })

	b.do("POST", "/conversations/"+string(id)+"/claim", map[string]string{}).want(http.StatusOK)
	gone := c.both("the row leaving the list, its head changing", func(f frame) bool { return f.Type == "row" && f.Row.State == "agent" },
		func(f frame) bool { return f.Type == "stale" && slices.Contains(f.Keys, "conversation:"+string(id)) })
	if len(gone.Lists) != 0 {
		t.Errorf("a claimed conversation is still in %v", gone.Lists)
	}
	c.say(map[string]any{"type": "lists", "lists": []string{"mine"}})
	citizen.Writes("halo?")
	c.await("the row in the other list", func(f frame) bool { return f.Type == "row" && slices.Equal(f.Lists, []string{"mine"}) })
}

// TestConsoleCatchesUp: what happened while the line was down is told on return.
func TestConsoleCatchesUp(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	citizen := e.Citizen()
	id := citizen.Waiting()
	first := b.connect("unassigned")
	first.say(map[string]any{"type": "open", "conversation": id, "after": 0})
	seen := first.await("the thread", func(f frame) bool { return f.Type == "thread" }).Seq
	must(t, first.conn.Close())
	newest := citizen.Writes("selama terputus").Seq
	again := b.connect("unassigned")
	again.say(map[string]any{"type": "open", "conversation": id, "after": seen})
	if got := again.await("what was missed", func(f frame) bool { return f.Type == "thread" }); got.Seq != newest {
		t.Errorf("caught up to %d, want %d", got.Seq, newest)
	}
	var thread wire.Messages
	b.do("GET", "/conversations/"+string(id)+"/messages?after="+itoa(seen), nil).want(http.StatusOK).into(&thread)
	if len(thread.Items) != 1 || thread.Items[0].Text != "selama terputus" {
		t.Errorf("missed lines %+v", thread)
	}
}

func itoa(n int64) string {
	body, _ := json.Marshal(n)
	return string(body)
}

// TestConsoleKeepsQueuesApart is security test 12: a subscriber of one queue
// hears nothing of another, and of what leaves it only that it is gone.
func TestConsoleKeepsQueuesApart(t *testing.T) {
	t.Parallel()
	e := open(t)
	target := e.Queues["pengaduan"]
	var others []team.Team
	for _, one := range e.Teams {
		if one.ID != target.TeamID {
			others = append(others, one)
		}
	}
	outsider := e.as(e.person(access.Agent, func(s *team.Staff) { s.Teams = others })).connect("all", "team")
	insider := e.as(e.person(access.Agent)).connect("all", "team")
	citizen := e.Citizen()
	id := citizen.Waiting()
	outsider.await("the row in a shared queue", func(f frame) bool { return f.Type == "row" && f.Row.State == "queued" })
	supervisor := e.person(access.Supervisor)
	must(t, e.Desk.Assign(t.Context(), supervisor.Actor(), id, ticketing.Assignment{Queue: target.ID}))
	gone := outsider.await("that it is gone", func(f frame) bool { return f.Type == "row" && f.Row.ID == string(id) && len(f.Lists) == 0 })
	if gone.Row.Person.Name != "" || gone.Row.Preview != "" || gone.Row.Queue != nil {
		t.Errorf("an outsider learns %+v", gone.Row)
	}
	seq := citizen.Writes("rahasia antrean lain").Seq
	insider.await("the row in the other queue", func(f frame) bool { return f.Type == "row" && f.Row.LastSeq == seq })
	outsider.say(map[string]any{"type": "open", "conversation": id, "after": 0})
	insider.say(map[string]any{"type": "open", "conversation": id, "after": 0})
	insider.await("the thread", func(f frame) bool { return f.Type == "thread" })
	e.Desk.VisitorTyping(t.Context(), id, true)
	insider.await("the citizen typing", func(f frame) bool { return f.Type == "typing" })
	must(t, e.Bus.Publish(t.Context(), bus.Signal{Topic: bus.Article})) // frames keep their order: what was to come has come
	for _, f := range outsider.until("articles", func(f frame) bool { return f.Type == "stale" && f.Keys[0] == "articles" }) {
		if f.Type == "thread" || f.Type == "typing" || f.Row.Preview != "" {
			t.Errorf("an outsider hears %+v", f)
		}
	}
}

func TestConsoleShowsWhoTypesAndLooks(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := e.Citizen().Waiting()
	rina, budi := e.person(access.Agent), e.person(access.Agent, func(s *team.Staff) { s.Name = "Budi Petugas" })
	one, two := e.as(rina).connect("all"), e.as(budi).connect("all")
	open := map[string]any{"type": "open", "conversation": id, "after": 0}
	one.say(open)
	one.await("herself looking", func(f frame) bool { return f.Type == "viewers" && len(f.Staff) == 1 })
	two.say(open)
	both := one.await("both looking", func(f frame) bool { return f.Type == "viewers" && len(f.Staff) == 2 })
	if both.Staff[0].Name != "Budi Petugas" {
		t.Errorf("viewers %+v", both.Staff)
	}
	two.say(map[string]any{"type": "typing", "conversation": id, "on": true})
	typing := one.await("a colleague typing", func(f frame) bool { return f.Type == "typing" })
	if typing.Who != "agent" || typing.Name != "Budi Petugas" || !typing.On {
		t.Errorf("typing %+v", typing)
	}
	e.Desk.VisitorTyping(t.Context(), id, true)
	typing = one.await("the citizen typing", func(f frame) bool { return f.Type == "typing" && f.Who == "citizen" })
	if typing.Name != "Siti Contoh" {
		t.Errorf("typing %+v", typing)
	}
	two.say(map[string]any{"type": "typing", "conversation": id, "on": true, "note": true})
	one.await("a colleague noting", func(f frame) bool {
		return f.Type == "viewers" && len(f.Staff) == 2 && f.Staff[0].Noting && !f.Staff[0].Typing
	})
	two.say(map[string]any{"type": "close", "conversation": id})
	one.await("one looking", func(f frame) bool { return f.Type == "viewers" && len(f.Staff) == 1 })
}

// A console that stops without a word, its line still up, is no longer shown to
// look or type within 10 s.
func TestConsoleForgetsWhoVanished(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := e.Citizen().Waiting()
	stays, vanishes := e.as(e.person(access.Agent)).connect("all"), e.as(e.person(access.Agent)).connect("all")
	open := map[string]any{"type": "open", "conversation": id, "after": 0}
	stays.say(open)
	vanishes.say(open)
	stays.await("both looking", func(f frame) bool { return f.Type == "viewers" && len(f.Staff) == 2 })
	vanishes.say(map[string]any{"type": "typing", "conversation": id, "on": true})
	stays.await("both, one typing", func(f frame) bool {
		return f.Type == "viewers" && len(f.Staff) == 2 && (f.Staff[0].Typing || f.Staff[1].Typing)
	})
	vanishes.frozen.Store(true)
	stays.await("one left", func(f frame) bool { return f.Type == "viewers" && len(f.Staff) == 1 && !f.Staff[0].Typing })
}

func TestConsoleHearsOfDeliveriesPresenceAndOffers(t *testing.T) {
	t.Parallel()
	e := open(t)
	queue := e.Queues["insentif"]
	queue.AutoAccept = false
	_, err := team.AddQueue(t.Context(), e.DB, queue)
	must(t, err)
	staff := e.person(access.Agent)
	b := e.as(staff)
	c := b.connect("mine")
	b.do("PUT", "/me/presence", map[string]string{"state": "available"}).want(http.StatusOK)
	c.await("being available", func(f frame) bool { return f.Type == "presence" && f.Presence.State == "available" })
	citizen := e.Citizen()
	id := citizen.Waiting()
	offer := c.await("the offer", func(f frame) bool { return f.Type == "offer" })
	if offer.Conversation != string(id) || !offer.Until.After(e.Clock.Now()) {
		t.Errorf("offer %+v", offer)
	}
	b.do("POST", "/conversations/"+string(id)+"/accept", map[string]string{}).want(http.StatusOK)
	c.await("being on contact", func(f frame) bool {
		return f.Type == "presence" && f.Presence.State == "on_contact" && f.Presence.Load == 1
	})
	c.say(map[string]any{"type": "open", "conversation": id, "after": 0})
	var m wire.Message
	b.do("POST", "/conversations/"+string(id)+"/messages", reply2("e1", "reply", "Selamat pagi")).want(http.StatusOK).into(&m)
	c.await("the thread with the reply", func(f frame) bool { return f.Type == "thread" && f.Seq >= m.Seq })
	must(t, e.Desk.VisitorRead(t.Context(), e.Chat.ID, citizen.Point, m.Seq))
	receipt := c.await("the receipt", func(f frame) bool { return f.Type == "receipt" && f.Seq == m.Seq })
	if receipt.State != "read" {
		t.Errorf("receipt %+v", receipt)
	}
}

func TestConsoleMarksStale(t *testing.T) {
	t.Parallel()
	e := open(t)
	writer := e.as(e.person(access.Supervisor))
	c := e.as(e.person(access.Agent)).connect("mine")
	wallOnly := e.as(e.person(access.WallboardReader)).connect()
	writer.do("POST", "/articles", map[string]string{"slug": "cara-uji", "audience": "public"}).want(http.StatusOK)
	c.await("articles being stale", func(f frame) bool { return f.Type == "stale" && slices.Equal(f.Keys, []string{"articles"}) })
	register := map[string]any{"key": "tiket-000001", "conversation_id": string(e.Citizen().Waiting()), "category": "incentive.status", "class": "complaint",
		"oversight": false, "priority": 3, "subject": "Insentif belum cair", "text": "Sudah dua minggu."}
	var made wire.Ticket
	e.as(e.person(access.Agent)).do("POST", "/tickets", register).want(http.StatusOK).into(&made)
	c.await("the ticket being stale", func(f frame) bool { return f.Type == "stale" && slices.Equal(f.Keys, []string{"ticket:" + made.ID}) })
	wallOnly.say(map[string]any{"type": "wallboard", "on": true})
	for _, f := range wallOnly.until("a snapshot", func(f frame) bool { return f.Type == "wallboard" }) {
		if f.Type == "stale" || f.Type == "row" {
			t.Errorf("a wallboard hears %+v", f)
		}
	}
}

// TestConsoleEndsWithItsSession is security test 11.
func TestConsoleEndsWithItsSession(t *testing.T) {
	t.Parallel()
	e := open(t)
	cases := []struct {
		name string
		end  func(*testing.T, *browser)
	}{
		{"signed out", func(t *testing.T, b *browser) { b.in(t).do("DELETE", "/session", nil).want(http.StatusNoContent) }},
		{"disabled", func(t *testing.T, b *browser) {
			must(t, team.SetStatus(t.Context(), e.DB, b.staff.ID, team.StatusDisabled, e.Clock.Now()))
		}},
		{"another role", func(t *testing.T, b *browser) {
			_, err := e.DB.ExecContext(t.Context(), "UPDATE staff SET role = ? WHERE id = ?", access.QualityReviewer, b.staff.ID)
			must(t, err)
		}},
	}
	for _, c := range cases {
		b := e.as(e.person(access.Agent))
		socket := b.connect("mine")
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inner := &console{t: t, conn: socket.conn}
			begun := time.Now()
			c.end(t, b)
			code, last := inner.closed()
			if code != live.CloseSessionEnd || last.Type != "session_end" {
				t.Errorf("ended with %d after %+v", code, last)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("took %v, want at most 5 s", took)
			}
		})
	}
	t.Run("another browser of the same person stays", func(t *testing.T) {
		staff := e.person(access.Agent)
		one, two := e.as(staff), e.as(staff)
		gone, stays := one.connect("mine"), two.connect("mine")
		one.do("DELETE", "/session", nil).want(http.StatusNoContent)
		if code, _ := gone.closed(); code != live.CloseSessionEnd {
			t.Errorf("closed with %d", code)
		}
		stays.say(map[string]any{"type": "ping"})
		stays.await("a pong", func(f frame) bool { return f.Type == "pong" })
	})
}

func TestConsoleKeepsToTheProtocol(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	conn, _, err := e.dial(b.ticket(), e.server.URL)
	must(t, err)
	c := &console{t: t, conn: conn}
	c.say(map[string]any{"type": "ping"})
	if code, _ := c.closed(); code != live.CloseTooMuch {
		t.Errorf("without hello: closed with %d", code)
	}
	c = b.connect("mine", "nonsense")
	c.say(map[string]any{"type": "sing"})
	c.await("an error", func(f frame) bool { return f.Type == "error" && f.Code == "unknown" })
	c.say(map[string]any{"type": "open", "conversation": somebody})
	c.await("a refusal", func(f frame) bool { return f.Type == "error" && f.Code == "forbidden" })
	c.say(map[string]any{"type": "open", "conversation": "not an id"})
	c.await("a refusal", func(f frame) bool { return f.Type == "error" && f.Code == "forbidden" })
}

func TestConsoleSendsTheWallboard(t *testing.T) {
	t.Parallel()
	e := open(t)
	agent := e.Agent()
	wallOnly := e.as(e.person(access.WallboardReader)).connect()
	wallOnly.say(map[string]any{"type": "wallboard", "on": true})
	first := wallOnly.await("a snapshot", func(f frame) bool { return f.Type == "wallboard" })
	if len(first.Snapshot.Agents) == 0 || first.Snapshot.Agents[0].Name != "" || first.Snapshot.Agents[0].ID != "" {
		t.Errorf("agents %+v", first.Snapshot.Agents)
	}
	e.Citizen().Waiting()
	wallOnly.await("the next snapshot", func(f frame) bool {
		return f.Type == "wallboard" && f.Snapshot.AgentCounts["on_contact"] == 1
	})
	supervisor := e.as(e.person(access.Supervisor)).connect()
	supervisor.say(map[string]any{"type": "wallboard", "on": true})
	supervisor.await("names", func(f frame) bool {
		return f.Type == "wallboard" && slices.ContainsFunc(f.Snapshot.Agents, func(a wire.WallAgent) bool { return a.Name == agent.Name })
	})
}

// TestConsoleKeepsAgentsPresent: an open console is the agent's heartbeat.
func TestConsoleKeepsAgentsPresent(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	b.do("PUT", "/me/presence", map[string]string{"state": "available"}).want(http.StatusOK)
	e.Clock.Add(50 * time.Second)
	b.connect("mine")
	e.Clock.Add(50 * time.Second)
	must(t, e.Desk.Sweep(context.Background()))
	var presence struct {
		Me struct{ Presence wire.Presence }
	}
	b.do("GET", "/session", nil).want(http.StatusOK).into(&presence)
	if presence.Me.Presence.State != "available" {
		t.Errorf("presence %+v although the console is open", presence.Me.Presence)
	}
}
