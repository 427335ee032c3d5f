package channels_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/channels/sms"
	"sapa/channels/twilio"
	"sapa/channels/whatsapp"
)

const (
	carrierAccount = "AC00000000000000000000000000000001"
	carrierToken   = "carrier_token_0001"
)

// startCarrier builds and runs the stand-in for Twilio until the test ends.
func startCarrier(t *testing.T, target string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "carrier")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "sapa/cmd/carrier").CombinedOutput(); err != nil {
		t.Fatalf("build carrier: %v\n%s", err, out)
	}
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, binary, "-listen", "127.0.0.1:0", "-account-sid", carrierAccount,
		"-auth-token", carrierToken, "-target", target, "-status-step", "5ms")
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		stop()
		t.Fatalf("start carrier: %v", err)
	}
	t.Cleanup(func() {
		stop()
		_ = command.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("carrier says %q: %v", line, err)
	}
	return strings.TrimPrefix(strings.TrimSpace(line), "listening on ")
}

// desk is the smallest receiver of webhooks, over a room.
type desk struct {
	*room
	carrier string
	fresh   atomic.Int64 // messages stored
	forged  atomic.Int64
	heard   chan channels.Event
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{room: newRoom(t), heard: make(chan channels.Event, 100)}
	d.clock.now = time.Now()
	server := httptest.NewServer(http.HandlerFunc(d.hook))
	t.Cleanup(server.Close)
	d.carrier = startCarrier(t, server.URL)
	gateway := twilio.New(twilio.Options{PublicURL: server.URL, HTTP: &http.Client{}})
	d.registry[channels.WhatsApp] = whatsapp.New(gateway)
	d.registry[channels.SMS] = sms.New(gateway)
	for kind, slug := range map[channels.Kind]string{channels.WhatsApp: "wa", channels.SMS: "sms"} {
		address := map[channels.Kind]string{channels.WhatsApp: "+628001503001", channels.SMS: "+628001503002"}[kind]
		_, err := channels.SaveInbox(t.Context(), d.db, d.box, channels.Inbox{
			Kind: kind, Slug: slug, Name: slug, Address: address,
			Settings: channels.Settings{APIBase: d.carrier, AccountSID: carrierAccount, AuthToken: carrierToken},
		}, d.clock.Now())
		d.must(err)
	}
	d.cache.Forget()
	return d
}

func (d *desk) hook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	parts := strings.Split(r.URL.Path, "/")
	inbox, err := d.cache.BySlug(r.Context(), channels.Kind(parts[2]), parts[3])
	if err != nil {
		http.NotFound(w, r)
		return
	}
	adapter, _ := d.registry.Of(inbox.Kind)
	events, err := adapter.Parse(r.Context(), inbox, channels.NewRequest(r, body, d.clock.Now()))
	if errors.Is(err, channels.ErrForged) {
		d.forged.Add(1)
		http.Error(w, "forged", http.StatusForbidden)
		return
	}
	for _, event := range events {
		if err := d.receive(r.Context(), inbox, event); err != nil {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
	}
	adapter.Ack(w)
}

func (d *desk) receive(ctx context.Context, inbox channels.Inbox, event channels.Event) error {
	var change *channels.Delivery
	fresh := false
	err := d.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		if event.Kind == channels.EventStatus {
			change, err = d.outbox.ApplyStatus(ctx, tx, inbox, event)
			return err
		}
		if fresh, err = channels.ClaimReceipt(ctx, tx, inbox.ID, event.ProviderID, event.At); err != nil || !fresh {
			return err
		}
		_, err = channels.TouchWindow(ctx, tx, inbox.ID, event)
		return err
	})
	if err == nil && fresh {
		d.fresh.Add(1)
		d.heard <- event
	}
	if err == nil && change != nil {
		d.outbox.Announce(ctx, *change)
	}
	return err
}

// control speaks to the stand-in's control API.
func (d *desk) control(path string, body, into any) {
	d.t.Helper()
	payload, err := json.Marshal(body)
	d.must(err)
	response, err := http.Post(d.carrier+path, "application/json", bytes.NewReader(payload))
	d.must(err)
	defer response.Body.Close()
	answer, _ := io.ReadAll(response.Body)
	if response.StatusCode > 299 {
		d.t.Fatalf("%s: %d %s", path, response.StatusCode, answer)
	}
	if into != nil {
		d.must(json.Unmarshal(answer, into))
	}
}

// onPhone waits for a message on the citizen's phone.
func (d *desk) onPhone(channel string) (message struct{ Sid, Body string }) {
	d.t.Helper()
	query := url.Values{"to": {visitor}, "channel": {channel}, "direction": {"outbound-api"}, "timeout": {"20s"}}
	response, err := http.Get(d.carrier + "/control/wait?" + query.Encode())
	d.must(err)
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&message); err != nil {
		d.t.Fatalf("nothing on the phone: %d %v", response.StatusCode, err)
	}
	return message
}

type fields = map[string]any

// One conversation over the stand-in, with the faults a provider has.
func TestOverTheCarrier(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	signals, err := d.bus.Subscribe(t.Context(), bus.Outbox)
	d.must(err)
	until := func(id channels.OutboxID, state channels.State) {
		t.Helper()
		waitSignal(t, signals, func(s bus.Signal) bool { return s.Data["outbox"] == string(id) && s.Data["state"] == string(state) })
	}

	// The citizen writes; the webhook comes twenty times at once, and once forged.
	d.control("/control/inbound", fields{"channel": "whatsapp", "from": visitor, "name": "Siti Contoh",
		"body": "NIK saya 3201011234560001", "copies": 20}, nil)
	event := <-d.heard
	if event.Text != "NIK saya ••••••••••••0001" || event.From.Value != visitor || event.From.Name != "Siti Contoh" {
		t.Fatalf("event = %+v", event)
	}
	d.control("/control/resend", fields{"sid": event.ProviderID, "signature": "wrong"}, nil)
	if d.fresh.Load() != 1 || d.forged.Load() == 0 {
		t.Fatalf("%d messages and %d forged, want 1 and some", d.fresh.Load(), d.forged.Load())
	}

	// A reply with buttons is delivered and read.
	reply := d.draft()
	reply.Text, reply.Buttons = "Betul Anda Siti?", []channels.Button{{ID: "yes", Label: "Ya"}, {ID: "no", Label: "Tidak"}}
	id := d.post(reply)
	d.send(id)
	until(id, channels.StateRead)
	if got := d.onPhone("whatsapp"); got.Body != "Betul Anda Siti?" {
		t.Fatalf("on the phone: %q", got.Body)
	}

	// The one-time password goes by SMS and arrives whole.
	otp := d.post(channels.Draft{InboxID: d.sms, To: visitor, Purpose: channels.PurposeOTP,
		Key: "notice.otp.code", Params: fields{"Minutes": 5}, Secret: "739214"})
	d.send(otp)
	until(otp, channels.StateDelivered)
	if got := d.onPhone("sms"); !strings.Contains(got.Body, "739214") {
		t.Fatalf("on the phone: %q", got.Body)
	}

	// The provider takes a message and never answers, nor reports: it is found.
	d.control("/control", fields{"hang": fields{"take": true, "times": 1}, "drop": []string{"queued", "sent", "delivered", "read"}}, nil)
	lost := d.draft()
	lost.Text = "Pesan yang jawabannya hilang"
	id = d.post(lost)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	d.must(d.sender.Send(ctx, id))
	d.wantState(id, channels.StateUnknown)
	d.must(d.sender.Reconcile(t.Context(), id))
	if got := d.delivery(id); got.State != channels.StateSent && got.State != channels.StateRead && got.State != channels.StateDelivered {
		t.Fatalf("reconciled to %s, want sent or further", got.State)
	}
	d.control("/control", fields{"hang": nil, "drop": []string{}}, nil)

	// Busy, then taken.
	d.control("/control", fields{"send": fields{"http": 429, "code": 20429, "retry_after": 7, "times": 1}}, nil)
	id = d.post(d.draft())
	d.send(id)
	d.wantState(id, channels.StateQueued)
	d.clock.Add(8 * time.Second)
	d.send(id)
	until(id, channels.StateDelivered)

	// Reports all at once, in any order.
	d.control("/control", fields{"status_order": "reverse"}, nil)
	id = d.post(d.draft())
	d.send(id)
	until(id, channels.StateRead)
	d.wantState(id, channels.StateRead)

	// The provider closes the window that we believe open.
	d.control("/control/window", fields{"phone": visitor, "age": "24h0m1s"}, nil)
	id = d.post(d.draft())
	d.send(id)
	if got := d.wantState(id, channels.StateFailed); got.ErrorCode != "63016" || got.ErrorKey != "channels.error.window_closed" {
		t.Fatalf("got %+v, want 63016", got)
	}
	if log := d.log.String(); strings.Contains(log, "82012345678") || strings.Contains(log, "739214") || strings.Contains(log, "3201011234560001") {
		t.Fatalf("personal data in the log:\n%s", log)
	}
}
