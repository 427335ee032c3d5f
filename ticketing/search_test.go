package ticketing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/program/registration"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// find searches as somebody and must not fail.
func find(t *testing.T, d *ticketing.Desk, who team.Staff, q string, kinds ...string) ticketing.Found {
	t.Helper()
	found, err := d.Search(context.Background(), who.Actor(), q, kinds...)
	if err != nil {
		t.Fatalf("search %q: %v", q, err)
	}
	return found
}

// only keeps somebody to the queues of one team.
func only(w *fix.World, slug string) func(*team.Staff) {
	return func(s *team.Staff) {
		s.Teams = slices.DeleteFunc(slices.Clone(w.Teams), func(one team.Team) bool { return one.Slug != slug })
	}
}

func TestSearchTicketByNumber(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Staff(access.Agent)
	ticket := register(t, w, access.Robot(), w.Citizen().Waiting()).Ticket
	digits := strings.NewReplacer("-", "", "SP", "").Replace(ticket.Number)
	wrong := digits[:len(digits)-1] + string('0'+(digits[len(digits)-1]-'0'+1)%10)
	for _, tt := range []struct {
		name, q  string
		found    int
		mistyped bool
	}{
		{"as printed", ticket.Number, 1, false},
		{"lower case", strings.ToLower(ticket.Number), 1, false},
		{"digits only", digits, 1, false},
		{"spaces", "sp " + digits[:4] + " " + digits[4:], 1, false},
		{"wrong digit", "SP-" + wrong, 0, true},
		{"wrong digit, lower case", "sp" + wrong, 0, true},
		{"a number that nobody has", "SP-0000-0000-0", 0, false},
		{"a phone number half typed", "081234567", 0, false},
	} {
		found := find(t, w.Desk, agent, tt.q)
		if len(found.Tickets.Items) != tt.found || found.Mistyped != tt.mistyped {
			t.Errorf("%s: %d tickets, mistyped %v, want %d, %v", tt.name, len(found.Tickets.Items), found.Mistyped, tt.found, tt.mistyped)
		}
	}
}

func TestSearchTicketByWords(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Staff(access.Agent)
	id := w.Citizen().Waiting()
	for i := range 12 {
		register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.Subject = fmt.Sprintf("Pembayaran tertunda %d", i) })
		w.Clock.Add(time.Minute)
	}
	register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.Subject = "Sertifikat salah/nama.keliru" })
	for _, tt := range []struct {
		name, q string
		n       int
		more    bool
	}{
		{"a word of many", "pembayaran", 10, true},
		{"by its stem", "dibayar", 10, true},
		{"unfinished", "sertif", 1, false},
		{"behind a slash and a dot", "keliru nama", 1, false},
		{"every word counts", "pembayaran sertifikat", 0, false},
	} {
		got := find(t, w.Desk, agent, tt.q, ticketing.FindTickets).Tickets
		if len(got.Items) != tt.n || got.More != tt.more {
			t.Errorf("%s: %d tickets, more %v, want %d, %v", tt.name, len(got.Items), got.More, tt.n, tt.more)
		}
	}
	if got := find(t, w.Desk, agent, "tertunda").Tickets.Items[0].Subject; got != "Pembayaran tertunda 11" {
		t.Errorf("first comes %q, want the newest", got)
	}
}

func TestSearchPerson(t *testing.T) {
	t.Parallel()
	const nik = "3374015203940001"
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Staff(access.Agent)
	person := w.Participant("Siti Nurhaliza", "+6281299990001")
	if _, err := w.DB.NewRaw("UPDATE participants SET nik_lookup = ? WHERE id = ?", registration.NIKLookup(w.Box, nik), person).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message("+6281299990001", "SM1", "halo")}); err != nil {
		t.Fatal(err)
	}
	named := w.Citizen().Writes("selamat pagi").Conversation // Siti Contoh, whom no record knows
	for _, tt := range []struct {
		name, q               string
		people, conversations int
	}{
		{"phone", "081299990001", 1, 1},
		{"phone, international", "+62 812-9999-0001", 1, 1},
		{"phone, bare", "81299990001", 1, 1},
		{"another phone", "081299990002", 0, 0},
		{"NIK", nik, 1, 1},
		{"NIK with spaces", "3374 0152 0394 0001", 1, 1},
		{"another NIK", "3374015203940002", 0, 0},
		{"name", "nurhaliza", 1, 1},
		{"name with a wrong letter", "Siti Nurhalizah", 1, 1},
		{"the name of a contact", "siti contoh", 0, 1},
	} {
		found := find(t, w.Desk, agent, tt.q)
		if len(found.People.Items) != tt.people || len(found.Conversations.Items) != tt.conversations {
			t.Errorf("%s: %d people, %d conversations, want %d, %d", tt.name, len(found.People.Items), len(found.Conversations.Items), tt.people, tt.conversations)
		}
	}
	if err := w.Desk.SetSubject(ctx, agent.Actor(), named, person, "menyebut nama"); err != nil {
		t.Fatal(err)
	}
	got := find(t, w.Desk, agent, nik).Conversations.Items
	if len(got) != 2 || !slices.ContainsFunc(got, func(hit ticketing.FoundConversation) bool { return hit.ID == named && hit.Line == nil }) {
		t.Errorf("a NIK finds %d conversations about its holder, want both", len(got))
	}
}

func TestSearchLines(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Staff(access.Agent)
	c := w.Citizen()
	id := c.Waiting()
	c.Writes("Kartu prakerja.kenapa belum dikirimkan? Sudah <b>tiga</b> minggu saya menunggu pengumuman di rumah, dan tetangga saya sudah menerima lebih dahulu daripada saya")
	line := c.Writes("Tolong pengiriman kartunya dipercepat")
	if _, err := w.Desk.Note(context.Background(), agent.Actor(), id, ticketing.Reply{Text: "rahasia internal"}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, q, marked string }{
		{"as written", "dikirimkan", "dikirimkan"},
		{"behind a dot", "kenapa", "kenapa"},
		{"in a tag", "tiga", "tiga"},
		{"by its stem", "mempercepat", "dipercepat"},
		{"two words, in any order", "pengumuman menunggu", "menunggu pengumuman"},
		{"unfinished", "tolong diperc", "Tolong dipercepat"},
		{"a note is no line", "rahasia", ""},
	} {
		found := find(t, w.Desk, agent, tt.q).Conversations.Items
		marked := ""
		for _, hit := range found {
			if hit.Line == nil || hit.ID != id {
				t.Fatalf("%s: found %+v", tt.name, hit)
			}
			var words []string
			for _, piece := range hit.Line.Excerpt {
				if piece.Match {
					words = append(words, piece.Text)
				}
			}
			marked = strings.Join(words, " ")
		}
		if marked != tt.marked {
			t.Errorf("%s: marks %q, want %q", tt.name, marked, tt.marked)
		}
	}
	got := find(t, w.Desk, agent, "kartu").Conversations.Items
	if len(got) != 1 || got[0].Line.Seq != line.Seq {
		t.Errorf("kartu: %+v, want the one conversation by its newest line %d", got, line.Seq)
	}
}

// Nobody learns of what they may not open, and what they may fills the list.
func TestSearchShowsWhatTheReaderMayOpen(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	phone := "+6281299990001"
	w.Participant("Siti Nurhaliza", phone)
	for range 12 {
		w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "account.otp" })
		w.Clock.Add(time.Second)
	}
	for range 12 {
		w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
		w.Clock.Add(time.Second)
	}
	secret := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
	register(t, w, access.Robot(), secret, func(r *ticketing.Registration) {
		r.Category, r.Oversight, r.Subject = "complaint.fraud", nil, "Pungutan liar"
	})
	elsewhere := w.Staff(access.Agent, only(w, "layanan"))
	for _, q := range []string{"insentif", "siti contoh"} {
		got := find(t, w.Desk, elsewhere, q).Conversations
		if len(got.Items) != ticketing.MostFound || !got.More {
			t.Errorf("%s: %d of their own, more %v", q, len(got.Items), got.More)
		}
		for _, hit := range got.Items {
			if hit.QueueName != got.Items[0].QueueName {
				t.Errorf("%s: shows a conversation of %s", q, hit.QueueName)
			}
		}
	}
	for _, tt := range []struct {
		role                           access.Role
		tickets, people, conversations bool
		pungutan                       int
	}{
		{access.Agent, true, true, true, 0},
		{access.Verifier, true, true, true, 0},
		{access.Supervisor, true, true, true, 1},
		{access.QualityReviewer, true, false, true, 0},
		{access.Appellate, true, true, true, 1},
	} {
		who := w.Staff(tt.role)
		found := find(t, w.Desk, who, "pungutan")
		if (found.Tickets != nil) != tt.tickets || (found.People != nil) != tt.people || (found.Conversations != nil) != tt.conversations {
			t.Errorf("%s: finds kinds %+v", tt.role, found)
		}
		if len(found.Tickets.Items) != tt.pungutan {
			t.Errorf("%s: %d integrity tickets, want %d", tt.role, len(found.Tickets.Items), tt.pungutan)
		}
	}
	for _, role := range []access.Role{access.Admin, access.WallboardReader} {
		if _, err := w.Desk.Search(context.Background(), w.Staff(role).Actor(), "pungutan"); err == nil {
			t.Errorf("%s may search", role)
		}
	}
	found := find(t, w.Desk, w.Staff(access.Agent), "siti", ticketing.FindPeople)
	if found.Tickets != nil || found.Conversations != nil || len(found.People.Items) != 1 {
		t.Errorf("asked for people only, found %+v", found)
	}
}

// Whoever may not look people up does not learn by a number whose it is.
func TestSearchByPhoneNeedsLeave(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{w.Message("+6281299990001", "SM1", "halo")}); err != nil {
		t.Fatal(err)
	}
	for role, want := range map[access.Role]int{access.Agent: 1, access.QualityReviewer: 0} {
		if got := find(t, w.Desk, w.Staff(role), "081299990001").Conversations.Items; len(got) != want {
			t.Errorf("%s: %d conversations, want %d", role, len(got), want)
		}
	}
}

// Whatever is typed is looked for, never obeyed.
func TestSearchTakesAnyText(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Staff(access.Agent)
	register(t, w, access.Robot(), w.Citizen().Waiting())
	for _, q := range []string{
		"", " ", "a", "%", "%%%", "___", "'", "\"'\"'", `\`, `\\\`, "?0 ?1", "?all", "xyzzy' OR '1'='1", "in%sen%tif", "!!! & | :* <->", "\x00", "a\x00b\x02c",
		"\xff\xfe", "🙏🙏🙏", "ﷺﷺﷺ", "<b>", "@", "@@@", "SP", "SP-", "++62", strings.Repeat("q'%_\\ ", 30), strings.Repeat("9", 200), strings.Repeat("é", 200), strings.Repeat("kata ", 40),
	} {
		found := find(t, w.Desk, agent, q)
		if n := len(found.Tickets.Items) + len(found.People.Items) + len(found.Conversations.Items); n != 0 {
			t.Errorf("%q finds %d", q, n)
		}
	}
}
