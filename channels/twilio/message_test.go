package twilio_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/twilio"
	"sapa/channels/whatsapp"
	"sapa/channels/words"
)

// api is a small Twilio that remembers what it was asked.
type api struct {
	mu       sync.Mutex
	requests []string
	forms    []url.Values
	messages string            // body of the list
	contents map[string]string // friendly name -> sid
	down     bool              // of the Content API
	gone     bool              // contents are refused when used
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	name, password, _ := r.BasicAuth()
	a.requests = append(a.requests, fmt.Sprintf("%s %s %s:%s", r.Method, r.URL.Path, name, password))
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/v1/Content") && a.down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case strings.HasSuffix(r.URL.Path, "/v1/Content") && r.Method == http.MethodGet:
		list := []map[string]string{}
		for name, sid := range a.contents {
			list = append(list, map[string]string{"friendly_name": name, "sid": sid})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"contents": list})
	case strings.HasSuffix(r.URL.Path, "/v1/Content"):
		var body struct {
			Name string `json:"friendly_name"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		sid := fmt.Sprintf("HX%032d", len(a.contents)+1)
		a.contents[body.Name] = sid
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(map[string]string{"sid": sid})
	case r.Method == http.MethodGet:
		a.forms = append(a.forms, r.URL.Query())
		_, _ = w.Write([]byte(a.messages))
	default:
		_ = r.ParseForm()
		a.forms = append(a.forms, r.PostForm)
		if a.gone && r.PostForm.Get("ContentSid") != "" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"code":21655,"message":"The ContentSid Parameter is Invalid","status":400}`))
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"sid":"SM00000000000000000000000000000001","status":"accepted"}`))
	}
}

func (a *api) last() url.Values {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.forms[len(a.forms)-1]
}

func (a *api) count(prefix string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, request := range a.requests {
		if strings.HasPrefix(request, prefix) {
			n++
		}
	}
	return n
}

func start(t *testing.T) (*api, *whatsapp.Adapter, channels.Inbox) {
	t.Helper()
	fake := &api{contents: map[string]string{}}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	adapter := whatsapp.New(twilio.New(twilio.Options{PublicURL: "https://desk.example.id/", HTTP: http.DefaultClient}))
	return fake, adapter, channels.Inbox{
		Kind: channels.WhatsApp, Slug: "wa", Address: "+628001503001",
		Settings: channels.Settings{APIBase: server.URL + "/twilio/", AccountSID: "AC1", AuthToken: "secret_token"},
	}
}

func TestCreateSaysWhatTwilioNeeds(t *testing.T) {
	t.Parallel()
	const id = "01890000-0000-7000-8000-000000000001"
	tests := []struct {
		name    string
		service string
		out     channels.Outgoing
		want    url.Values
	}{
		{"text", "", channels.Outgoing{ID: id, To: "+6282012345678", Text: "Halo"},
			url.Values{"To": {"whatsapp:+6282012345678"}, "From": {"whatsapp:+628001503001"}, "Body": {"Halo"}}},
		{"messaging service", "MG1", channels.Outgoing{ID: id, To: "+6282012345678", Text: "Halo"},
			url.Values{"To": {"whatsapp:+6282012345678"}, "MessagingServiceSid": {"MG1"}, "Body": {"Halo"}}},
		{"template", "", channels.Outgoing{ID: id, To: "+6282012345678", Text: "Kode", Template: "HX9", Variables: map[string]string{"1": "739214"}},
			url.Values{"To": {"whatsapp:+6282012345678"}, "From": {"whatsapp:+628001503001"}, "ContentSid": {"HX9"}, "ContentVariables": {`{"1":"739214"}`}}},
		{"file", "", channels.Outgoing{ID: id, To: "+6282012345678", Media: []channels.OutgoingMedia{{URL: "https://files.example.id/f/1"}}},
			url.Values{"To": {"whatsapp:+6282012345678"}, "From": {"whatsapp:+628001503001"}, "MediaUrl": {"https://files.example.id/f/1"}}},
		{"long buttons become lines", "", channels.Outgoing{ID: id, To: "+6282012345678", Text: "Pilih",
			Buttons: []channels.Button{{ID: "a", Label: strings.Repeat("a", 21)}}},
			url.Values{"To": {"whatsapp:+6282012345678"}, "From": {"whatsapp:+628001503001"}, "Body": {"Pilih\n1. " + strings.Repeat("a", 21)}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fake, adapter, inbox := start(t)
			inbox.Settings.MessagingService = test.service
			if _, err := adapter.Send(t.Context(), inbox, test.out); err != nil {
				t.Fatal(err)
			}
			test.want.Set("StatusCallback", "https://desk.example.id/hooks/whatsapp/wa/status?outbox="+id)
			if got, want := fake.last().Encode(), test.want.Encode(); got != want {
				t.Fatalf("form =\n%s, want\n%s", got, want)
			}
			if fake.requests[0] != "POST /twilio/2010-04-01/Accounts/AC1/Messages.json AC1:secret_token" {
				t.Fatalf("request = %s", fake.requests[0])
			}
		})
	}
}

func TestQuickRepliesAreMadeOnce(t *testing.T) {
	t.Parallel()
	fake, adapter, inbox := start(t)
	out := channels.Outgoing{To: "+6282012345678", Text: "Betul?", Buttons: []channels.Button{{ID: "yes", Label: "Ya"}, {ID: "no", Label: "Tidak"}}}
	for range 3 {
		if _, err := adapter.Send(t.Context(), inbox, out); err != nil {
			t.Fatal(err)
		}
	}
	if form := fake.last(); form.Get("ContentSid") == "" || form.Get("ContentVariables") != `{"1":"Betul?"}` || form.Has("Body") {
		t.Fatalf("form = %v, want a content with the text as variable", form)
	}
	if n := fake.count("POST /twilio/v1/Content"); n != 1 {
		t.Fatalf("%d contents made, want 1", n)
	}
	// Another process finds the content by its name.
	other := whatsapp.New(twilio.New(twilio.Options{PublicURL: "https://desk.example.id", HTTP: http.DefaultClient}))
	if _, err := other.Send(t.Context(), inbox, out); err != nil {
		t.Fatal(err)
	}
	if n := fake.count("POST /twilio/v1/Content"); n != 1 {
		t.Fatalf("%d contents made after a restart, want 1", n)
	}
}

func TestButtonsGoAsTextWhenContentsFail(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*api){
		"the Content API is down": func(a *api) { a.down = true },
		"the content is gone":     func(a *api) { a.gone = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, adapter, inbox := start(t)
			spoil(fake)
			out := channels.Outgoing{To: "+6282012345678", Text: "Betul?", Buttons: []channels.Button{{ID: "yes", Label: "Ya"}}}
			sent, err := adapter.Send(t.Context(), inbox, out)
			if err != nil || sent.ProviderID == "" {
				t.Fatalf("sent = %+v, %v", sent, err)
			}
			if got := fake.last().Get("Body"); got != "Betul?\n1. Ya" {
				t.Fatalf("body = %q", got)
			}
		})
	}
}

func TestReconcileFindsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	called := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	listed := func(sid, body, direction, status string, at time.Time) string {
		return fmt.Sprintf(`{"sid":%q,"body":%q,"direction":%q,"status":%q,"date_created":%q}`, sid, body, direction, status, at.Format(time.RFC1123Z))
	}
	tests := []struct {
		name     string
		messages []string
		text     string
		taken    []string
		want     string
		state    channels.State
	}{
		{"found", []string{listed("SM1", "Halo", "outbound-api", "delivered", called.Add(time.Second))}, "Halo", nil, "SM1", channels.StateDelivered},
		{"only queued there", []string{listed("SM1", "Halo", "outbound-api", "queued", called)}, "Halo", nil, "SM1", channels.StateSent},
		{"nothing", nil, "Halo", nil, "", ""},
		{"another text", []string{listed("SM1", "Selamat", "outbound-api", "sent", called)}, "Halo", nil, "", ""},
		{"the citizen's own", []string{listed("SM1", "Halo", "inbound", "received", called)}, "Halo", nil, "", ""},
		{"taken by another row", []string{listed("SM1", "Halo", "outbound-api", "sent", called)}, "Halo", []string{"SM1"}, "", ""},
		{"before the call", []string{listed("SM1", "Halo", "outbound-api", "sent", called.Add(-2*time.Minute))}, "Halo", nil, "", ""},
		{"long after the call", []string{listed("SM1", "Halo", "outbound-api", "sent", called.Add(time.Hour))}, "Halo", nil, "", ""},
		{"two, the first is nearest", []string{
			listed("SM2", "Halo", "outbound-api", "sent", called.Add(time.Minute)),
			listed("SM1", "Halo", "outbound-api", "sent", called)}, "Halo", nil, "SM1", channels.StateSent},
		{"text erased, one candidate", []string{listed("SM1", "Kode", "outbound-api", "sent", called)}, "", nil, "SM1", channels.StateSent},
		{"text erased, two candidates", []string{
			listed("SM2", "Kode", "outbound-api", "sent", called), listed("SM1", "Kode", "outbound-api", "sent", called)}, "", nil, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fake, adapter, inbox := start(t)
			fake.messages = `{"messages":[` + strings.Join(test.messages, ",") + `]}`
			sent, err := adapter.Reconcile(t.Context(), inbox, channels.Outgoing{
				To: "+6282012345678", Text: test.text, CalledAt: called, Taken: test.taken})
			if err != nil {
				t.Fatal(err)
			}
			if (sent != nil) != (test.want != "") {
				t.Fatalf("sent = %+v, want %q", sent, test.want)
			}
			if sent != nil && (sent.ProviderID != test.want || sent.Status != test.state) {
				t.Fatalf("sent = %+v, want %s %s", sent, test.want, test.state)
			}
			if to := fake.last().Get("To"); to != "whatsapp:+6282012345678" {
				t.Fatalf("asked about %q", to)
			}
		})
	}
}

// Every code that the stand-in or Twilio may give has words for the agent.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	notices := words.Notices()
	fake, adapter, inbox := start(t)
	_ = fake
	for _, code := range []int{14107, 20003, 20429, 20500, 21211, 21408, 21602, 21604, 21606, 21610, 21614, 21617, 21620, 21623, 21655, 21656,
		30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 63003, 63007, 63016, 63018, 63019, 63024, 99999} {
		r := channels.Request{Path: "/x", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}}
		form := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"failed"}, "ErrorCode": {fmt.Sprint(code)}}
		r.Body = []byte(form.Encode())
		r.Header.Set("X-Twilio-Signature", twilio.Signature(inbox.Settings.AuthToken, "https://desk.example.id/x", form))
		events, err := adapter.Parse(t.Context(), inbox, r)
		if err != nil || len(events) != 1 || !notices.Has(events[0].ErrorKey) {
			t.Errorf("%d: %+v, %v: no words", code, events, err)
		}
	}
}
