package webchat_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/channels/channeltest"
	"sapa/channels/webchat"
	"sapa/migrations/redistest"
)

func TestSuite(t *testing.T) {
	t.Parallel()
	adapter := webchat.New(redistest.Bus(t))
	channeltest.Run(t, channeltest.Suite{
		Adapter: func(*http.Client) channels.Adapter { return adapter },
		Inbox:   channels.Inbox{Kind: channels.Webchat, Slug: "web"},
	})
}

func TestSendOnlySignals(t *testing.T) {
	t.Parallel()
	b := redistest.Bus(t)
	signals, err := b.Subscribe(t.Context(), bus.Chat)
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.NewString()
	sent, err := webchat.New(b).Send(t.Context(), channels.Inbox{}, channels.Outgoing{ChatID: id, Seq: 3})
	if err != nil || sent.Status != channels.StateSent {
		t.Fatalf("sent = %+v, %v", sent, err)
	}
	for deadline := time.After(20 * time.Second); ; {
		select {
		case signal := <-signals:
			if signal.ID == id && signal.Seq == 3 {
				return
			}
		case <-deadline:
			t.Fatal("no signal in time")
		}
	}
}
