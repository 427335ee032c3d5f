package portal_test

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
	"sapa/web/auth"
	"sapa/web/portal"
)

// follower is a reporter in front of the tracking page.
type follower struct {
	t       *testing.T
	world   *fix.World
	server  *httptest.Server
	browser *http.Client
	agent   team.Staff
	made    ticketing.Registered
}

// newFollower has a ticket that an agent has in hand.
func newFollower(t *testing.T) *follower {
	t.Helper()
	w := fix.New(t)
	guests := auth.New(auth.Options{DB: w.DB, Box: w.Box, Bus: w.Bus, Now: w.Clock.Now}).Guests("case")
	pages, err := portal.New(portal.Options{
		DB: w.DB, Now: w.Clock.Now, Inbox: "web", Desk: w.Desk, Guests: guests, Address: func(r *http.Request) string { return r.Header.Get("X-From") },
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	pages.Routes(mux)
	f := &follower{t: t, world: w, server: httptest.NewServer(mux), agent: w.Agent()}
	t.Cleanup(f.server.Close)
	f.leaveBrowser()
	no := false
	f.made, err = w.Desk.Register(context.Background(), f.agent.Actor(), ticketing.Registration{
		Conversation: w.Citizen().Waiting(), Category: "incentive.status", Oversight: &no, Subject: "Insentif", Text: "Insentif Siti Contoh belum cair",
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// leaveBrowser takes a browser that was never here.
func (f *follower) leaveBrowser() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	f.browser = &http.Client{Jar: jar}
}

func (f *follower) read(response *http.Response, err error) (int, string) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	if response.Header.Get("Cache-Control") != "no-store" {
		f.t.Errorf("%s may be cached", response.Request.URL.Path)
	}
	if len(body) > 50<<10 || strings.Contains(string(body), ">portal.") || strings.Contains(string(body), "Siti Contoh") {
		f.t.Errorf("%d bytes, or a text that is missing, or a name: %s", len(body), body)
	}
	return response.StatusCode, html.UnescapeString(string(body))
}

func (f *follower) get(path string) (int, string) {
	f.t.Helper()
	return f.read(f.browser.Get(f.server.URL + path))
}

func (f *follower) post(path string, form url.Values) (int, string) {
	f.t.Helper()
	return f.read(f.browser.PostForm(f.server.URL+path, form))
}

func (f *follower) opens(number, code string) (int, string) {
	f.t.Helper()
	return f.post("/complaints/track", url.Values{"number": {number}, "code": {code}})
}

var hidden = regexp.MustCompile(`name="(csrf|key)" value="([^"]+)"`)

// does sends the form of an act as the page that is open shows it.
func (f *follower) does(act, text string, more ...string) (int, string) {
	f.t.Helper()
	_, body := f.get("/complaints/track")
	form := url.Values{"act": {act}, "text": {text}}
	for _, field := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(field[1], field[2])
	}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return f.post("/complaints/track/act", form)
}

// staff does an act of the ticket's owner.
func (f *follower) staff(act ticketing.TicketAct, fields map[string]string) {
	f.t.Helper()
	ctx := context.Background()
	view, err := f.world.Desk.Ticket(ctx, f.agent.Actor(), f.made.Ticket.Number)
	if err != nil {
		f.t.Fatal(err)
	}
	_, err = f.world.Desk.Act(ctx, f.agent.Actor(), ticketing.TicketRequest{Ticket: view.ID, Act: act, Version: view.Version, Fields: fields})
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *follower) resolves() {
	f.t.Helper()
	f.staff(ticketing.ActResolve, map[string]string{"outcome": "payment_made", "root_cause": "payment_partner", "public_answer": "Uang sudah dikirim ulang."})
}

func (f *follower) ticket() ticketing.TicketView {
	f.t.Helper()
	view, err := f.world.Desk.Ticket(context.Background(), f.agent.Actor(), f.made.Ticket.Number)
	if err != nil {
		f.t.Fatal(err)
	}
	return view
}

func (f *follower) wants(status, got int, body string, parts ...string) {
	f.t.Helper()
	if got != status {
		f.t.Errorf("status %d, want %d", got, status)
	}
	for _, part := range parts {
		if !strings.Contains(body, part) {
			f.t.Errorf("the page lacks %q:\n%s", part, body)
		}
	}
}

// the number alone shows nothing, and whoever guesses learns nothing of
// what exists: the answers are the same to the letter.
func TestGuessingTellsNothing(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	status, body := f.get("/complaints/track?n=" + f.made.Ticket.Number)
	f.wants(200, status, body, `value="`+f.made.Ticket.Number+`"`)
	if strings.Contains(body, "dikerjakan") {
		t.Error("the number alone shows the state")
	}
	real, unknown := f.made.Ticket.Number, ticketing.FormatNumber(4242)
	wrong := ticketing.NewSecret()
	wantStatus, want := f.opens(real, wrong)
	if wantStatus != http.StatusUnprocessableEntity || !strings.Contains(want, "tidak cocok") {
		t.Fatalf("%d %s", wantStatus, want)
	}
	for name, pair := range map[string][2]string{
		"unknown number": {unknown, wrong}, "unknown number, a code that exists": {unknown, f.made.Secret}, "no code": {real, ""},
		"half a code": {real, f.made.Secret[:9]}, "wrong check digit": {real[:len(real)-1] + "x", wrong}, "script": {`"><script>`, "x"},
	} {
		status, body := f.opens(pair[0], pair[1])
		got := strings.ReplaceAll(body, pair[0], real)
		if status != wantStatus || got != want {
			t.Errorf("%s: %d, same page %v", name, status, got == want)
		}
		f.leaveBrowser()
	}
}

// Security test 31: guessing is cut off per address, and others go on.
func TestGuessingIsCutOff(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	from := func(address, number, code string) int {
		request, err := http.NewRequest(http.MethodPost, f.server.URL+"/complaints/track", strings.NewReader(url.Values{"number": {number}, "code": {code}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-From", address)
		status, _ := f.read(f.browser.Do(request))
		return status
	}
	for i := range int64(100) {
		if status := from("1.2.3.4", ticketing.FormatNumber(1000+i), "3333-3333-3333"); status != http.StatusUnprocessableEntity {
			t.Fatalf("guess %d: %d", i, status)
		}
	}
	if status := from("1.2.3.4", f.made.Ticket.Number, f.made.Secret); status != http.StatusTooManyRequests {
		t.Errorf("after a hundred guesses: %d", status)
	}
	if status := from("5.6.7.8", f.made.Ticket.Number, f.made.Secret); status != http.StatusOK {
		t.Errorf("from elsewhere: %d", status)
	}
	f.leaveBrowser()
	f.world.Clock.Add(16 * time.Minute)
	if status := from("1.2.3.4", f.made.Ticket.Number, f.made.Secret); status != http.StatusOK {
		t.Errorf("later: %d", status)
	}
}

// the reporter answers, reopens, confirms and appeals
// from the page, and each shows on the ticket.
func TestReporterGoesTheWholeWay(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	status, body := f.opens(strings.ToLower(f.made.Ticket.Number), strings.ReplaceAll(strings.ToLower(f.made.Secret), "-", " "))
	f.wants(200, status, body, "sedang dikerjakan", "paling lambat 11 Desember 2026", "petugas unit", "Cabut laporan")

	f.staff(ticketing.ActAskReporter, map[string]string{"question": "Bank mana?"})
	_, body = f.get("/complaints/track")
	f.wants(200, 200, body, "Bank mana?", "Kami menunggu jawaban Anda")
	status, body = f.does("write", "Bank BRI, NIK 3171012501909901")
	f.wants(200, status, body, "Pesan Anda sudah kami terima", "Bank BRI, NIK ••••••••••••9901")
	if v := f.ticket(); v.State != ticketing.TicketInProgress {
		t.Errorf("after the answer: %s", v.State)
	}
	f.does("write", "Sudah seminggu")
	if last := f.ticket().History; last[len(last)-1].Facts.Text != "Sudah seminggu" {
		t.Error("the message is not on the ticket")
	}

	f.resolves()
	_, body = f.get("/complaints/track?lang=eng")
	f.wants(200, 200, body, "Uang sudah dikirim ulang.", "until 7 ", "Ombudsman", "Yes, it is settled")
	f.get("/complaints/track?lang=ind")
	status, body = f.does("rate", "")
	f.wants(422, status, body, "Pilih nilai 1 sampai 5")
	status, body = f.does("reopen", "Belum masuk juga")
	f.wants(200, status, body, "Laporan dibuka lagi", "Belum masuk juga")
	if v := f.ticket(); v.State != ticketing.TicketInProgress || v.ReopenCount != 1 {
		t.Errorf("reopened: %s, %d", v.State, v.ReopenCount)
	}

	f.resolves()
	status, body = f.does("rate", "", "score", "2")
	f.wants(200, status, body, "Nilai Anda: 2/5", "<details open>")
	f.does("confirm", "")
	status, body = f.does("appeal", "Jumlahnya kurang")
	f.wants(200, status, body, "Banding Anda sudah kami terima", "paling lambat")
	status, body = f.does("appeal", "sekali lagi")
	f.wants(422, status, body, "tidak bisa dilakukan lagi")
	if v := f.ticket(); v.State != ticketing.TicketAppealed {
		t.Errorf("appealed: %s", v.State)
	}
}

// R-35 and transition 25: the window is the stored one; later words begin another
// ticket, whose code goes out in the reporter's channel.
func TestAfterTheWindowWordsBeginAnotherTicket(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	f.resolves()
	f.opens(f.made.Ticket.Number, f.made.Secret)
	f.does("confirm", "")
	_, body := f.get("/complaints/track")
	key := hidden.FindAllStringSubmatch(body, -1)
	form := url.Values{"act": {"write"}, "text": {"Uangnya ditarik lagi"}}
	for _, field := range key {
		form.Set(field[1], field[2])
	}
	status, body := f.post("/complaints/track/act", form)
	f.wants(200, status, body, "Laporan baru Anda sudah tercatat", "lewat saluran yang Anda pakai")
	f.post("/complaints/track/act", form)
	var follows int
	if err := f.world.DB.NewRaw("SELECT count(*) FROM tickets WHERE follow_up_of_id = ?", f.made.Ticket.ID).Scan(context.Background(), &follows); err != nil || follows != 1 {
		t.Errorf("%d tickets follow, %v", follows, err)
	}
	if v := f.ticket(); v.State != ticketing.TicketClosed {
		t.Errorf("the closed one is %s", v.State)
	}
}

// The page is open for twenty minutes, to this browser, until one leaves.
func TestTheDoorCloses(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	f.opens(f.made.Ticket.Number, f.made.Secret)
	_, open := f.get("/complaints/track")
	f.wants(200, 200, open, "sedang dikerjakan")
	status, body := f.post("/complaints/track/act", url.Values{"act": {"withdraw"}, "key": {"k"}, "csrf": {"forged"}})
	f.wants(403, status, body, "Tulis nomor dan kode lagi")
	if v := f.ticket(); v.State == ticketing.TicketClosed {
		t.Error("withdrawn without proof")
	}
	other := register(t, f)
	_, body = f.get("/complaints/track?n=" + other)
	f.wants(200, 200, body, `value="`+other+`"`)
	csrf := hidden.FindStringSubmatch(open)[2]
	_, body = f.post("/complaints/track/leave", url.Values{"csrf": {csrf}})
	f.wants(200, 200, body, "Anda sudah keluar")
	_, body = f.get("/complaints/track")
	f.wants(200, 200, body, "Kode rahasia")
	f.opens(f.made.Ticket.Number, f.made.Secret)
	f.world.Clock.Add(auth.GuestLimit + time.Second)
	_, body = f.get("/complaints/track")
	f.wants(200, 200, body, "Kode rahasia")
}

// register makes another ticket and returns its number.
func register(t *testing.T, f *follower) string {
	t.Helper()
	made, err := f.world.Desk.Register(context.Background(), access.Robot(), ticketing.Registration{
		Conversation: f.world.Citizen().Waiting(), Category: "incentive.status", Text: "lain",
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.Ticket.Number
}
