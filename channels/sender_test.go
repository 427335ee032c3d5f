package channels_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/channels/words"
	"sapa/migrations/redistest"
)

func TestSendOutcomes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		sent    channels.Sent
		err     error
		want    channels.State
		code    string
		key     string
		delay   time.Duration // until due again
		trouble string
	}{
		{name: "taken", sent: channels.Sent{ProviderID: "SM1"}, want: channels.StateSent},
		{name: "taken and delivered at once", sent: channels.Sent{ProviderID: "SM1", Status: channels.StateDelivered}, want: channels.StateDelivered},
		{name: "refused for good", err: &channels.Permanent{Code: "63016", Key: "channels.error.window_closed"},
			want: channels.StateFailed, code: "63016", key: "channels.error.window_closed"},
		{name: "refused for a reason without words", err: &channels.Permanent{Code: "99999"},
			want: channels.StateFailed, code: "99999", key: "channels.error.rejected"},
		{name: "busy", err: &channels.Temporary{Code: "20429", Key: "channels.error.busy"},
			want: channels.StateQueued, code: "20429", key: "channels.error.busy", delay: 5 * time.Second},
		{name: "busy, and asks for longer", err: &channels.Temporary{Code: "20429", After: 90 * time.Second},
			want: channels.StateQueued, code: "20429", key: "channels.error.down", delay: 90 * time.Second},
		{name: "busy, and asks for less", err: &channels.Temporary{After: time.Second},
			want: channels.StateQueued, key: "channels.error.down", delay: 5 * time.Second},
		{name: "nobody knows", err: fmt.Errorf("read: %w", channels.ErrUnknown),
			want: channels.StateUnknown, key: "channels.error.unknown", delay: 10 * time.Second},
		{name: "credentials refused", err: &channels.Temporary{Code: "20003", Key: "channels.error.credentials", Inbox: true},
			want: channels.StateQueued, code: "20003", key: "channels.error.credentials", delay: 5 * time.Second, trouble: "channels.error.credentials"},
		{name: "stopped before the call", err: context.Canceled, want: channels.StateQueued},
	}
	shared := newRoom(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := shared.beside(t)
			r.wrote(visitor)
			r.provider.Answer(test.sent, test.err)
			id := r.post(r.draft())
			r.send(id)
			got := r.wantState(id, test.want)
			if got.ErrorCode != test.code || got.ErrorKey != test.key {
				t.Errorf("error = %q %q, want %q %q", got.ErrorCode, got.ErrorKey, test.code, test.key)
			}
			if test.key != "" && !words.Notices().Has(test.key) {
				t.Errorf("no words for %s", test.key)
			}
			var due time.Time
			var trouble string
			r.must(r.db.NewRaw("SELECT due_at FROM outbox WHERE id = ?", id).Scan(t.Context(), &due))
			if wait := due.Sub(r.clock.Now()); test.delay > 0 && wait != test.delay {
				t.Errorf("due in %s, want %s", wait, test.delay)
			}
			r.must(r.db.NewRaw("SELECT trouble FROM inboxes WHERE id = ?", r.whatsapp).Scan(t.Context(), &trouble))
			if trouble != test.trouble {
				t.Errorf("trouble = %q, want %q", trouble, test.trouble)
			}
		})
	}
}

func TestTroubleEndsWithTheNextSuccess(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{}, &channels.Temporary{Code: "20003", Key: "channels.error.credentials", Inbox: true})
	id := r.post(r.draft())
	r.send(id)
	r.clock.Add(time.Minute)
	r.provider.Answer(channels.Sent{ProviderID: "SM1"}, nil)
	r.send(id)
	r.wantState(id, channels.StateSent)
	inbox, err := channels.LoadInbox(t.Context(), r.db, r.box, channels.WhatsApp, "wa")
	if err != nil || inbox.Trouble != "" {
		t.Fatalf("trouble = %q, %v, want none", inbox.Trouble, err)
	}
}

func TestGivesUpAfterTheLastBackOff(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{}, &channels.Temporary{Code: "20500", Key: "channels.error.down"})
	id := r.post(r.draft())
	var waits []string
	for range 5 {
		before := r.clock.Now()
		r.send(id)
		var due time.Time
		r.must(r.db.NewRaw("SELECT due_at FROM outbox WHERE id = ?", id).Scan(t.Context(), &due))
		waits = append(waits, due.Sub(before).String())
		r.send(id) // too early: nothing happens
		r.clock.Add(due.Sub(before))
	}
	if got, want := strings.Join(waits, " "), "5s 30s 2m0s 10m0s 1h0m0s"; got != want {
		t.Fatalf("waits = %s, want %s", got, want)
	}
	r.wantState(id, channels.StateQueued)
	r.send(id)
	got := r.wantState(id, channels.StateFailed)
	if got.ErrorKey != "channels.error.gave_up" || got.Attempts != 6 || len(r.provider.Calls()) != 6 {
		t.Fatalf("got %+v after %d calls, want gave_up after 6", got, len(r.provider.Calls()))
	}
}

func TestSendTwiceIsOneCall(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	id := r.post(r.draft())
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { _ = r.sender.Send(context.Background(), id) })
	}
	all.Wait()
	r.send(id)
	if n := len(r.provider.Calls()); n != 1 {
		t.Fatalf("%d calls, want 1", n)
	}
	r.wantState(id, channels.StateSent)
}

func TestConversationKeepsItsOrder(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	conversation := newConversation()
	ids := make([]channels.OutboxID, 12)
	for i := range ids {
		draft := r.draft()
		draft.ConversationID, draft.MessageSeq, draft.Text = conversation, int64(i+1), fmt.Sprint(i+1)
		ids[i] = r.post(draft)
	}
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() { _ = r.sender.Send(context.Background(), ids[len(ids)-1-i]) })
	}
	all.Wait()
	var order []string
	for _, call := range r.provider.Calls() {
		order = append(order, call.Text)
	}
	if got, want := strings.Join(order, " "), "1 2 3 4 5 6 7 8 9 10 11 12"; got != want {
		t.Fatalf("order = %s, want %s", got, want)
	}
}

// A message in a short back-off holds the later ones; in a long one it does not.
func TestBackOffHoldsLaterMessagesForAMinute(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	conversation := newConversation()
	first, second := r.draft(), r.draft()
	first.ConversationID, first.MessageSeq = conversation, 1
	second.ConversationID, second.MessageSeq = conversation, 2
	one, two := r.post(first), r.post(second)
	r.provider.Answer(channels.Sent{}, &channels.Temporary{})
	r.send(one) // due in 5 s
	r.send(two)
	if n := len(r.provider.Calls()); n != 1 {
		t.Fatalf("%d calls, want 1: the second message must wait", n)
	}
	r.provider.Answer(channels.Sent{}, &channels.Temporary{After: time.Hour})
	r.clock.Add(10 * time.Second)
	r.send(two)
	if n := len(r.provider.Calls()); n != 3 {
		t.Fatalf("%d calls, want 3: first again, then the second", n)
	}
}

func TestOTPSecretIsSealedAndErased(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	otp := channels.Draft{
		InboxID: r.sms, To: visitor, Purpose: channels.PurposeOTP, Key: "notice.otp.code",
		Params: map[string]any{"Minutes": 5}, Secret: "739214",
	}
	var dump string
	read := func() {
		r.must(r.db.NewRaw("SELECT string_agg(o::text, ' ') FROM outbox o").Scan(t.Context(), &dump))
	}
	tests := []struct {
		name   string
		answer error
		erased bool
	}{
		{"sent", nil, true},
		{"failed", &channels.Permanent{Code: "21211"}, true},
		{"to be tried again", &channels.Temporary{}, false},
		{"unknown", channels.ErrUnknown, false},
	}
	for _, test := range tests {
		r.provider.Answer(channels.Sent{ProviderID: "SM1"}, test.answer)
		id := r.post(otp)
		if r.column(id, "secret") == nil {
			t.Fatalf("%s: no secret before sending", test.name)
		}
		read()
		if strings.Contains(dump, "739214") || strings.Contains(dump, fmt.Sprintf("%x", "739214")) {
			t.Fatalf("%s: the code is readable in the row", test.name)
		}
		r.send(id)
		calls := r.provider.Calls()
		if last := calls[len(calls)-1].Text; !strings.Contains(last, "739214") {
			t.Fatalf("%s: sent %q, without the code", test.name, last)
		}
		if erased := r.column(id, "secret") == nil; erased != test.erased {
			t.Errorf("%s: erased = %v, want %v", test.name, erased, test.erased)
		}
	}
	if strings.Contains(r.log.String(), "739214") || strings.Contains(r.log.String(), "82012345678") {
		t.Error("the log holds the code or the number")
	}
}

func TestExpiredOTPIsNotSent(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id := r.post(channels.Draft{InboxID: r.sms, To: visitor, Purpose: channels.PurposeOTP,
		Key: "notice.otp.code", Params: map[string]any{"Minutes": 5}, Secret: "739214"})
	r.clock.Add(5 * time.Minute)
	r.send(id)
	got := r.wantState(id, channels.StateFailed)
	if got.ErrorKey != "channels.error.expired" || len(r.provider.Calls()) != 0 || r.column(id, "secret") != nil {
		t.Fatalf("got %+v after %d calls", got, len(r.provider.Calls()))
	}
	if err := r.outbox.Retry(t.Context(), r.db, "agent", id); !errors.Is(err, channels.ErrStale) {
		t.Fatalf("retry = %v, want ErrStale: codes are asked for anew", err)
	}
}

func TestTemplateGetsItsVariables(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id := r.post(channels.Draft{InboxID: r.whatsapp, To: visitor, Purpose: channels.PurposeOTP, Template: "HX1",
		Key: "notice.otp.code", Params: map[string]any{"Minutes": 5}, Secret: "739214"})
	r.send(id)
	got := r.provider.Calls()[0]
	if got.Template != "HX1" || got.Variables["1"] != "739214" || got.Variables["Minutes"] != "5" {
		t.Fatalf("template %q with %v", got.Template, got.Variables)
	}
}

func TestThrottleDelaysAndDoesNotFail(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	_, err := channels.SaveInbox(t.Context(), r.db, r.box, channels.Inbox{
		Kind: channels.SMS, Slug: "sms", Name: "x", Settings: channels.Settings{PerSecond: 2}}, r.clock.Now())
	r.must(err)
	draft := r.draft()
	draft.InboxID = r.sms
	ids := make([]channels.OutboxID, 6)
	for i := range ids {
		ids[i] = r.post(draft)
		r.send(ids[i])
	}
	// Two at once from the idle inbox, the others half a second apart.
	if n := len(r.provider.Calls()); n != 2 {
		t.Fatalf("%d calls at once, want 2", n)
	}
	for i, want := range []int{3, 4, 5, 6} {
		r.clock.Add(500 * time.Millisecond)
		for _, id := range ids {
			r.send(id)
		}
		if n := len(r.provider.Calls()); n != want {
			t.Fatalf("%d calls after %d half-seconds, want %d", n, i+1, want)
		}
	}
	for _, id := range ids {
		if got := r.wantState(id, channels.StateSent); got.Attempts != 1 {
			t.Fatalf("%d attempts, want 1: waiting is not an attempt", got.Attempts)
		}
	}
}

func TestLocalChannelIsSentWhenPosted(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	conversation := newConversation()
	signals, err := r.bus.Subscribe(t.Context(), bus.Chat, bus.Outbox)
	r.must(err)
	draft := channels.Draft{InboxID: r.chat, To: newConversation(), Purpose: channels.PurposeBot, Text: "Halo",
		ConversationID: conversation, MessageSeq: 4}
	id := r.post(draft)
	r.wantState(id, channels.StateSent)
	r.outbox.Wake(t.Context(), id)
	waitSignal(t, signals, func(s bus.Signal) bool { return s.Topic == bus.Chat && s.ID == conversation && s.Seq == 4 })

	changes, err := r.outbox.MarkDelivered(t.Context(), r.db, conversation, 3)
	if err != nil || len(changes) != 0 {
		t.Fatalf("changes = %v, %v, want none below the sequence", changes, err)
	}
	changes, err = r.outbox.MarkRead(t.Context(), r.db, conversation, 4)
	if err != nil || len(changes) != 1 || changes[0].State != channels.StateRead {
		t.Fatalf("changes = %v, %v, want read", changes, err)
	}
	r.outbox.Announce(t.Context(), changes...)
	waitSignal(t, signals, func(s bus.Signal) bool { return s.ID == conversation && s.Data["state"] == "read" })
	if changes, _ = r.outbox.MarkDelivered(t.Context(), r.db, conversation, 4); len(changes) != 0 {
		t.Fatalf("read went back to %v", changes)
	}
}

func waitSignal(t *testing.T, signals <-chan bus.Signal, fits func(bus.Signal) bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case signal := <-signals:
			if fits(signal) {
				return
			}
		case <-deadline:
			t.Fatal("no such signal in time")
		}
	}
}

// The whole way through asynq: post, wake, a worker sends.
func TestWakeReachesAWorker(t *testing.T) {
	t.Parallel()
	r := newRoomOn(t, redistest.Wake)
	r.wrote(visitor)
	signals, err := r.bus.Subscribe(t.Context(), bus.Outbox)
	r.must(err)
	r.work(redistest.Wake)
	draft := r.draft()
	draft.ConversationID, draft.MessageSeq = newConversation(), 1
	id := r.post(draft)
	r.outbox.Wake(t.Context(), id)
	waitSignal(t, signals, func(s bus.Signal) bool { return s.Data["outbox"] == string(id) && s.Data["state"] == "sent" })
}
