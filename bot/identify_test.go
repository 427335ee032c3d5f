package bot_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/program/account"
	"sapa/ticketing"
)

func local(phone string) string { return "0" + strings.TrimPrefix(phone, "+62") }

// A stranger who only knows a number is told the same whether it is nobody's, one
// person's or a household's: questions, waits, tries and lock.
func TestTellsNobodyWhoIsRegistered(t *testing.T) {
	t.Parallel()
	masked := regexp.MustCompile(`[0-9•*+]{4,}[0-9•* +-]*`)
	asked := func(phone string) string {
		k := begin(t)
		k.says("insentif saya belum cair")
		k.presses("bot.record", "Lihat data saya")
		said := []string{k.says(phone), k.says("Budi Santoso"), k.presses("bot.resend", "Kirim ulang")} // too early
		for range 4 {
			said = append(said, k.says("000000"))
		}
		for k.conversation().State == ticketing.StateBot && len(said) < 30 {
			k.world.Clock.Add(time.Minute)
			said = append(said, k.presses("bot.resend", "Kirim ulang"))
			for range 3 {
				said = append(said, k.says("000000"))
			}
		}
		return masked.ReplaceAllString(strings.Join(said, "\n--\n"), "#")
	}
	unknown := asked("082099999999")
	if got := asked(local(persona(t, "returned_name").Phone)); got != unknown {
		t.Errorf("a number of nobody is answered with\n%s\none person's with\n%s", unknown, got)
	}
	if got := asked(local(persona(t, "household_wife").Phone)); got != unknown {
		t.Errorf("a number of nobody is answered with\n%s\na household's with\n%s", unknown, got)
	}
}

// A household shares a phone: the code opens it, the name tells who speaks, in
// every language of the bot.
func TestAHouseholdIsAskedForTheNameOnceThePhoneIsProved(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ asks, name string }{
		"Indonesian": {"hasil seleksi gelombang saya bagaimana ya min", "nama lengkap"},
		"Javanese":   {"min asil seleksi gelombangku piye yo, aku durung ngerti", "jeneng jangkep"},
		"Sundanese":  {"punten min, kumaha hasil seleksi gelombang abdi, teu acan terang", "nami lengkep"},
		"English":    {"hello, what is the result of my batch selection please?", "full name"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, who := begin(t), persona(t, "household_wife")
			k.wants(k.says(test.asks), "[")
			k.presses("bot.record", "data")
			if said := k.says(local(who.Phone)); strings.Contains(said, test.name) {
				t.Fatalf("asked for a name before the proof: %s", said)
			}
			k.wants(k.says(k.code()), test.name)
			k.wants(k.says("Wulandari Kusuma Ningrum"), test.name)
			k.says(who.Name)
			if c := k.conversation(); c.Participant != string(who.ID) || c.Assurance != ticketing.AssuranceOTP {
				t.Fatalf("participant %q with assurance %q, want %s", c.Participant, c.Assurance, who.ID)
			}
		})
	}
}

// Names are guessed three times, then a person takes over, and nobody is proved.
func TestANameThatFitsNobodyEndsWithAPerson(t *testing.T) {
	t.Parallel()
	k, who := begin(t), persona(t, "household_wife")
	k.provesPhone(who)
	for _, name := range []string{"Sulastri Contohwati", "Karyono Misalnya", "Mardiah Umpamasari"} {
		k.says(name)
	}
	c := k.conversation()
	if c.State != ticketing.StateQueued || c.Participant != "" || c.Assurance != ticketing.AssuranceNone {
		t.Fatalf("state %s, participant %q, assurance %s", c.State, c.Participant, c.Assurance)
	}
}

// Another question in place of the name is answered, and proves nobody.
func TestAnotherQuestionInPlaceOfTheName(t *testing.T) {
	t.Parallel()
	k, who := begin(t), persona(t, "household_wife")
	k.provesPhone(who)
	k.wants(k.says("kapan gelombang berikutnya dibuka"), "gelombang")
	if c := k.conversation(); c.Participant != "" {
		t.Fatalf("proved %s without a name", c.Participant)
	}
}

// spend lays down codes of others, sent today.
func (k *talk) spend(count int, network string, sent bool) {
	k.t.Helper()
	now := k.world.Clock.Now()
	_, err := k.world.DB.NewRaw(`INSERT INTO one_time_codes (id, address, channel, purpose, hash, created_at, expires_at, state, network, sent)
		SELECT gen_random_uuid(), '+62820001' || n, 'sms', 'bot', '', ?, ?, 'spent', ?, ? FROM generate_series(1, ?) AS n`,
		now, now, network, sent, count).Exec(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
}

// When no code can be sent the citizen is told so, in every language of the bot,
// and gets a person; nothing tells whose number it was, or why.
func TestOffersAPersonWhenNoCodeCanBeSent(t *testing.T) {
	t.Parallel()
	asks := map[string]struct{ text, want string }{
		"Indonesian": {"hasil seleksi gelombang saya bagaimana ya min", "tidak bisa mengirim kode"},
		"Javanese":   {"min asil seleksi gelombangku piye yo, aku durung ngerti", "ora bisa ngirim kode"},
		"Sundanese":  {"punten min, kumaha hasil seleksi gelombang abdi, teu acan terang", "teu tiasa ngirim kode"},
		"English":    {"hello, what is the result of my batch selection please?", "cannot send a code"},
	}
	for name, ask := range asks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused := func(phone string, spend func(*talk)) string {
				k := begin(t)
				k.who.Network = "192.0.2.7"
				spend(k)
				k.says(ask.text)
				k.presses("bot.record", "data")
				said := k.says(phone)
				k.presses("agent.request", "petugas")
				if c := k.conversation(); c.State != ticketing.StateQueued || c.Network != "192.0.2.7" {
					t.Errorf("state %s, network %q", c.State, c.Network)
				}
				return said
			}
			stop := func(k *talk) { k.spend(daily, "", true) }
			network := func(k *talk) { k.spend(account.PerNetwork, "192.0.2.7", false) }
			unknown := refused("082099999999", stop)
			if !strings.Contains(unknown, ask.want) || strings.Count(unknown, "[") != 1 {
				t.Errorf("the bot said %q, want %q and one button", unknown, ask.want)
			}
			if name != "Indonesian" {
				return // the languages differ in their words only
			}
			registered := local(persona(t, "returned_name").Phone)
			for how, got := range map[string]string{"registered": refused(registered, stop), "network": refused(registered, network)} {
				if got != unknown {
					t.Errorf("%s: %q, want %q", how, got, unknown)
				}
			}
		})
	}
}

// A code that was sent before the stop still opens.
func TestACodeSentBeforeTheStopStillOpens(t *testing.T) {
	t.Parallel()
	k, who := begin(t), persona(t, "returned_name")
	k.says(who.Writes)
	k.presses("bot.record", "Lihat data saya")
	k.says(local(who.Phone))
	code := k.code()
	k.spend(daily, "", true)
	k.world.Clock.Add(time.Minute)
	k.wants(k.presses("bot.resend", "Kirim ulang"), "tidak bisa mengirim kode")
	k.wants(k.says(code), "tanggal dan bulan lahir")
}
