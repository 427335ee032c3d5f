package ticketing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// upload puts the smallest file that is a PDF by its first bytes.
func upload(t *testing.T, w *fix.World, conversation ticketing.ConversationID) string {
	t.Helper()
	file, err := w.Files.Put(context.Background(), w.DB, attachment.Upload{
		Reporter: "test", ConversationID: string(conversation), Name: "bukti.pdf", Mime: "application/pdf",
		Body: strings.NewReader("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(file.ID)
}

// PEERS 44: an answer that is only a file counts as an answer.
func TestReplyHoldingOnlyAFileIsAnAnswer(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	id := w.Citizen().Waiting()
	m, err := reply(w, agent, id, ticketing.Reply{Echo: "f", Attachments: []string{upload(t, w, id)}})
	if err != nil || len(m.Attachments) != 1 {
		t.Fatalf("got %+v, %v", m, err)
	}
	if view(t, w, agent, id).AnsweredAt == nil {
		t.Error("it does not count as an answer")
	}
}

// Security test 22: nobody sends a file of another conversation.
func TestFilesOfOthersCannotBeSent(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	mine, theirs := w.Citizen().Waiting(), w.Citizen().Waiting()
	file := upload(t, w, theirs)
	var invalid *ticketing.Invalid
	if _, err := reply(w, agent, mine, ticketing.Reply{Echo: "f", Text: "ini", Attachments: []string{file}}); !errors.As(err, &invalid) || invalid.Field != "attachments" {
		t.Errorf("reply: got %v", err)
	}
	c := w.Citizen()
	_, err := w.Desk.VisitorMessage(context.Background(), w.Chat, c.Point, ticketing.VisitorMessage{Echo: "f", Attachments: []string{file}})
	if !errors.As(err, &invalid) || invalid.Field != "attachments" {
		t.Errorf("visitor: got %v", err)
	}
}

// PEERS 42: a provider's file stands in the thread before it is fetched.
func TestProvidersFileStandsInTheThreadAtOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	event := w.Message(phone, "SM1", "")
	event.Media = []channels.Media{{URL: "http://127.0.0.1:1/media/1", Mime: "image/jpeg", Name: "foto.jpg"}}
	if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{event}); err != nil {
		t.Fatal(err)
	}
	n := count(t, w, `SELECT count(*) FROM messages m JOIN attachments a ON a.id = ANY(m.attachments) AND a.conversation_id = m.conversation_id WHERE a.state = 'fetching'`)
	if n != 1 {
		t.Errorf("%d files in the thread, want 1", n)
	}
}
