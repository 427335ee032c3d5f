package channels_test

import (
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/migrations/redistest"
)

// The process dies between the call and storing its outcome: the row is never
// sent again by itself, but found in the provider's list.
func TestCrashInMidSendIsReconciled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		found *channels.Sent
		want  channels.State
	}{
		{"the provider has it", &channels.Sent{ProviderID: "SM1"}, channels.StateSent},
		{"the provider delivered it", &channels.Sent{ProviderID: "SM1", Status: channels.StateDelivered}, channels.StateDelivered},
		{"the provider failed", &channels.Sent{ProviderID: "SM1", Status: channels.StateFailed, ErrorCode: "30008"}, channels.StateFailed},
		{"the provider does not know it", nil, channels.StateUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			r.wrote(visitor)
			id := r.post(r.draft())
			_, err := r.db.NewRaw("UPDATE outbox SET state = 'sending', attempts = 1, called_at = ? WHERE id = ?", r.clock.Now(), id).Exec(t.Context())
			r.must(err)
			r.sweep(channels.Swept{})
			r.clock.Add(2 * time.Minute)
			r.sweep(channels.Swept{Unknown: 1, Asked: 1})
			r.wantState(id, channels.StateUnknown)
			r.send(id)
			if n := len(r.provider.Calls()); n != 0 {
				t.Fatalf("%d calls, want none: it may have been sent", n)
			}
			r.provider.found = func(out channels.Outgoing) (*channels.Sent, error) {
				if out.Text != "Halo" || out.To != visitor || out.CalledAt.IsZero() {
					t.Errorf("asked about %+v", out)
				}
				return test.found, nil
			}
			r.must(r.sender.Reconcile(t.Context(), id))
			r.wantState(id, test.want)
		})
	}
}

func TestUnknownIsAskedFourTimesThenLeftToPeople(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.provider.Answer(channels.Sent{}, channels.ErrUnknown)
	id := r.post(channels.Draft{InboxID: r.sms, To: visitor, Purpose: channels.PurposeOTP,
		Key: "notice.otp.code", Params: map[string]any{"Minutes": 5}, Secret: "739214"})
	r.send(id)
	asked := 0
	for range 6 {
		r.clock.Add(2 * time.Hour)
		swept, err := r.sweeper.Sweep(t.Context())
		r.must(err)
		if swept.Asked == 0 {
			break
		}
		asked++
		r.must(r.sender.Reconcile(t.Context(), id))
	}
	if asked != 4 {
		t.Fatalf("asked %d times, want 4", asked)
	}
	r.wantState(id, channels.StateUnknown)
	if r.column(id, "secret") != nil {
		t.Fatal("the code is still in the row")
	}
}

// Another message of the same text to the same person must not be taken for it.
func TestReconcileKnowsTheOtherMessages(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{ProviderID: "SM-other"}, nil)
	r.send(r.post(r.draft()))
	r.provider.Answer(channels.Sent{}, channels.ErrUnknown)
	id := r.post(r.draft())
	r.send(id)
	var taken []string
	r.provider.found = func(out channels.Outgoing) (*channels.Sent, error) {
		taken = out.Taken
		return nil, nil
	}
	r.must(r.sender.Reconcile(t.Context(), id))
	if strings.Join(taken, " ") != "SM-other" {
		t.Fatalf("taken = %v, want SM-other", taken)
	}
}

// kill -9 between commit and enqueue: the sweeper finds the row and a worker
// sends it once.
func TestLostTaskIsSweptAndSentOnce(t *testing.T) {
	t.Parallel()
	r := newRoomOn(t, redistest.Sweep)
	r.wrote(visitor)
	signals, err := r.bus.Subscribe(t.Context(), bus.Outbox)
	r.must(err)
	id := r.post(r.draft()) // and never woken
	r.sweep(channels.Swept{})
	r.clock.Add(11 * time.Second)
	r.sweep(channels.Swept{Requeued: 1})
	r.sweep(channels.Swept{Requeued: 1}) // one more process sweeps at the same time
	r.work(redistest.Sweep)
	waitSignal(t, signals, func(s bus.Signal) bool { return s.Data["outbox"] == string(id) && s.Data["state"] == "sent" })
	if n := len(r.provider.Calls()); n != 1 {
		t.Fatalf("%d calls, want 1", n)
	}
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	since := r.clock.Now()
	r.post(r.draft())
	later := r.draft()
	later.At = since.Add(time.Hour)
	r.post(later)
	r.clock.Add(time.Minute)
	got, err := channels.CountBacklog(t.Context(), r.db, r.clock.Now())
	r.must(err)
	if got.Queued != 1 || got.Unknown != 0 || !got.Oldest.Equal(since) {
		t.Fatalf("backlog = %+v, want one since %s", got, since)
	}
}

func (r *room) sweep(want channels.Swept) {
	r.t.Helper()
	got, err := r.sweeper.Sweep(r.t.Context())
	if err != nil || got != want {
		r.t.Fatalf("swept = %+v, %v, want %+v", got, err, want)
	}
}
