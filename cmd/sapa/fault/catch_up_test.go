package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// visitor is a citizen's browser with a chat window.
type visitor struct {
	d      *desk
	secret string
	seen   int64 // newest sequence number on the screen
	told   []frame
}

func (d *desk) visitor() *visitor {
	d.t.Helper()
	v := &visitor{d: d}
	v.secret = v.post("/chat/sessions", fields{"inbox": "web", "language": "ind"})["session"]
	return v
}

// post asks for a session or a ticket.
func (v *visitor) post(path string, body any) map[string]string {
	v.d.t.Helper()
	payload, err := json.Marshal(body)
	must(v.d.t, err)
	request, err := http.NewRequest(http.MethodPost, v.d.public+path, bytes.NewReader(payload))
	must(v.d.t, err)
	request.Header.Set("Authorization", "Bearer "+v.secret)
	response, err := caller.Do(request)
	must(v.d.t, err)
	defer response.Body.Close()
	var answer map[string]string
	must(v.d.t, json.NewDecoder(response.Body).Decode(&answer))
	return answer
}

// connect opens the socket and asks for what was missed.
func (v *visitor) connect() *socket {
	v.d.t.Helper()
	s := v.d.dial("/ws/chat?ticket=" + v.post("/chat/tickets", fields{})["ticket"])
	s.send(fields{"type": "resume", "after": v.seen})
	s.awaits("welcome")
	return s
}

// says sends a message and reads up to its acknowledgement.
func (v *visitor) says(s *socket, echo, text string) frame {
	v.d.t.Helper()
	s.send(fields{"type": "message", "echo": echo, "text": text})
	for {
		switch f := v.read(s); f.Type {
		case "ack":
			return f
		case "reject", "error":
			v.d.t.Fatalf("%q was refused: %+v", text, f)
		}
	}
}

// read takes one frame and keeps it if it is a message.
func (v *visitor) read(s *socket) frame {
	v.d.t.Helper()
	f := s.next()
	if f.Type == "message" {
		v.told = append(v.told, f)
		v.seen = max(v.seen, f.Seq)
	}
	return f
}

// upTo reads until a text has come.
func (v *visitor) upTo(s *socket, text string) {
	v.d.t.Helper()
	for v.read(s).Text != text {
	}
}

func TestVisitorWhoWasAwayGetsEveryMissedMessageOnceInOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina, siti := d.agent("rina"), d.visitor()
	s := siti.connect()
	first := siti.says(s, "e1", question)
	talk := d.text("SELECT id FROM conversations")
	d.quiet()
	rina.claim(talk)
	rina.says(talk, "r0", "Halo, saya Rina.")
	siti.upTo(s, "Halo, saya Rina.")

	// The line is gone for ten minutes; the desk is killed meanwhile, too.
	s.drop()
	missed := []string{}
	for n := range 12 {
		if n == 6 {
			d.web.kill()
			d.serve()
		}
		text := fmt.Sprintf("Jawaban %02d", n)
		missed = append(missed, text)
		rina.says(talk, text, text)
	}
	d.change(`UPDATE messages SET at = at - interval '10 minutes'`)

	before := len(siti.told)
	s = siti.connect()
	siti.upTo(s, missed[len(missed)-1])
	got := texts(siti.told[before:])
	if !slices.Equal(got, missed) {
		t.Errorf("after the gap: %q, want %q", got, missed)
	}
	// The same words sent twice, because the first acknowledgement may have been lost.
	if again := siti.says(s, "e1", question); again.Seq != first.Seq {
		t.Errorf("the same echo is message %d and then %d", first.Seq, again.Seq)
	}
	siti.says(s, "e2", "terima kasih")
	siti.upTo(s, "terima kasih")
	d.is(2, "SELECT count(*) FROM messages WHERE author = 'citizen'")
	d.wholeThread(siti)

	// Another reconnect with nothing missed brings nothing again.
	before = len(siti.told)
	s.drop()
	s = siti.connect()
	s.send(fields{"type": "ping"})
	for siti.read(s).Type != "pong" {
	}
	if extra := siti.told[before:]; len(extra) > 0 {
		t.Errorf("told again: %+v", extra)
	}
}

func texts(frames []frame) []string {
	list := []string{}
	for _, f := range frames {
		list = append(list, f.Text)
	}
	return list
}

// wholeThread holds what the visitor was told against the thread.
func (d *desk) wholeThread(v *visitor) {
	d.t.Helper()
	var stored []int64
	must(d.t, d.db.NewRaw("SELECT seq FROM messages WHERE kind = 'message' ORDER BY seq").Scan(d.t.Context(), &stored))
	var told []int64
	for _, f := range v.told {
		told = append(told, f.Seq)
	}
	if !slices.Equal(told, stored) {
		d.t.Errorf("the window was told %v, the thread is %v", told, stored)
	}
}

func TestConsoleThatWasAwayCatchesUpBySequence(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina := d.agent("rina")
	d.carrier.writes(phone(0), question, 1)
	d.quiet()
	talk := d.conversation(phone(0))
	rina.claim(talk)
	thread := rina.after(talk, 0)
	seen := thread[len(thread)-1].Seq

	s := rina.console()
	s.send(fields{"type": "open", "conversation": talk, "after": seen})
	d.carrier.writes(phone(0), "pesan 0", 1)
	for f := s.awaits("thread"); f.Seq <= seen; f = s.awaits("thread") {
	}
	s.drop()

	want := []string{"pesan 0"}
	for n := 1; n <= 60; n++ { // more than a page
		text := fmt.Sprintf("pesan %d", n)
		want = append(want, text)
		d.expect(http.StatusOK, inboundHook("SM"+text, phone(0), text))
	}
	d.web.kill()
	d.serve()
	s = rina.console()
	s.send(fields{"type": "open", "conversation": talk, "after": seen})
	if f := s.awaits("thread"); f.Conversation != talk || f.Seq <= seen {
		t.Errorf("the console is told %+v", f)
	}
	var got []string
	for {
		page := rina.after(talk, seen)
		if len(page) == 0 {
			break
		}
		for _, l := range page {
			if l.Seq <= seen {
				t.Fatalf("line %d after %d", l.Seq, seen)
			}
			if seen = l.Seq; l.From == "citizen" {
				got = append(got, l.Text)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("caught up with %q, want %q", got, want)
	}
	// And live again.
	d.carrier.writes(phone(0), "pesan 61", 1)
	for f := s.awaits("thread"); f.Seq <= seen; f = s.awaits("thread") {
	}
}
