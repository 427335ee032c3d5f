package kb_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"sapa/kb"
	"sapa/migrations/dbtest"
	"sapa/program/intent"
)

var now = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

func loaded(t *testing.T) *bun.DB {
	t.Helper()
	db := dbtest.New(t)
	if _, err := kb.LoadContent(context.Background(), db, now); err != nil {
		t.Fatal(err)
	}
	return db
}

// unanswered are the intents that a dialogue settles, not an article.
var unanswered = map[intent.Code]bool{
	intent.Greeting: true, intent.Thanks: true, intent.Goodbye: true,
	intent.AgentRequest: true, intent.LanguageSwitch: true, intent.OutOfScope: true,
}

func TestEveryAnswerableIntentHasAnAnswerInFourLanguages(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	for _, code := range intent.All() {
		for _, language := range []string{"ind", "eng", "jav", "sun"} {
			answer, err := kb.ForIntent(context.Background(), db, code, language)
			if unanswered[code] {
				if !errors.Is(err, kb.ErrNotFound) {
					t.Errorf("%s: err = %v, want ErrNotFound", code, err)
				}
				continue
			}
			if err != nil || answer.Language != language {
				t.Errorf("%s in %s: got language %q, err %v", code, language, answer.Language, err)
			}
			if n := utf8.RuneCountInString(answer.Text); n < 60 || n > kb.AnswerRunes {
				t.Errorf("%s in %s: answer of %d runes", code, language, n)
			}
		}
	}
}

func TestLoadContentTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	added, err := kb.LoadContent(context.Background(), db, now)
	if err != nil || added != 0 {
		t.Fatalf("added = %d, err = %v, want 0, nil", added, err)
	}
}

func TestForIntentFallsBackToIndonesian(t *testing.T) {
	t.Parallel()
	answer, err := kb.ForIntent(context.Background(), loaded(t), intent.BatchSchedule, "bug")
	if err != nil || answer.Language != "ind" {
		t.Fatalf("language = %q, err = %v, want ind", answer.Language, err)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	cases := map[string]struct {
		query kb.Query
		want  string // slug of the first hit; "" for no hit
	}{
		"plain words":         {kb.Query{Text: "insentif belum cair", Language: "ind"}, "insentif-belum-cair"},
		"typo in the title":   {kb.Query{Text: "setifikat", Language: "ind"}, "sertifikat-pelatihan"},
		"stemmed":             {kb.Query{Text: "sambungkan e-wallet", Language: "ind"}, "menyambungkan-rekening"},
		"English":             {kb.Query{Text: "who may join", Language: "eng"}, "siapa-yang-boleh-ikut"},
		"Javanese":            {kb.Query{Text: "durung mlebu", Language: "jav"}, "insentif-belum-cair"},
		"nothing like it":     {kb.Query{Text: "zzzyyyxxx", Language: "ind"}, ""},
		"query language":      {kb.Query{Text: "'otp' & !x:* <-> |", Language: "ind"}, "kode-otp-tidak-datang"},
		"broken bytes":        {kb.Query{Text: "otp\xff\x00 \u00a0kode\u00a0datang\u3000…", Language: "ind"}, "kode-otp-tidak-datang"},
		"by intent":           {kb.Query{Intent: intent.JobApply, Language: "ind"}, "melamar-pekerjaan"},
		"staff pages to none": {kb.Query{Text: "panduan petugas koreksi", Language: "ind"}, "not:panduan-koreksi-kehadiran"},
		"staff pages":         {kb.Query{Text: "panduan petugas koreksi kehadiran", Language: "ind", Audience: kb.Staff}, "panduan-koreksi-kehadiran"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.query.Audience == "" {
				test.query.Audience = kb.Public
			}
			hits, err := kb.Search(context.Background(), db, test.query)
			if err != nil {
				t.Fatal(err)
			}
			first := ""
			if len(hits) > 0 {
				first = hits[0].Slug
			}
			if not, is := strings.CutPrefix(test.want, "not:"); is && first != not {
				return
			}
			if first != test.want {
				t.Errorf("first hit = %q of %d, want %q", first, len(hits), test.want)
			}
		})
	}
}

func TestSuggestPutsTheIntentFirst(t *testing.T) {
	t.Parallel()
	hits, err := kb.Suggest(context.Background(), loaded(t), intent.TrainingAttendance, "kode redeem saya ditolak", "ind", 4)
	if err != nil {
		t.Fatal(err)
	}
	if len(hits) < 3 || hits[0].Intent != intent.TrainingAttendance {
		t.Fatalf("hits = %+v, want those of the intent first and more behind", hits)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), loaded(t)
	article, err := kb.LoadSlug(ctx, db, "jam-layanan")
	if err != nil {
		t.Fatal(err)
	}
	published, _ := article.In("ind")
	draft := kb.Version{ArticleID: article.ID, Language: "ind", Title: "Jam layanan baru", Answer: "Setiap hari.", Body: "Setiap hari.", Author: "Rina"}

	saved, err := kb.SaveDraft(ctx, db, draft, published.Number, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kb.SaveDraft(ctx, db, draft, published.Number, now); !errors.Is(err, kb.ErrStale) {
		t.Fatalf("second writer: err = %v, want ErrStale", err)
	}
	if again, _ := kb.LoadSlug(ctx, db, "jam-layanan"); func() string { v, _ := again.In("ind"); return v.Title }() != published.Title {
		t.Fatal("a draft must not be read before it is published")
	}
	if err := kb.Publish(ctx, db, article.ID, "ind", now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	after, _ := kb.LoadSlug(ctx, db, "jam-layanan")
	if v, _ := after.In("ind"); v.Title != draft.Title || v.Number != saved.Number {
		t.Fatalf("published = %q number %d, want %q number %d", v.Title, v.Number, draft.Title, saved.Number)
	}
	if err := kb.Publish(ctx, db, article.ID, "ind", now); !errors.Is(err, kb.ErrNotFound) {
		t.Fatalf("publish without draft: err = %v, want ErrNotFound", err)
	}
}

func TestBadArticlesAreRefused(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), dbtest.New(t)
	cases := map[string]struct {
		article kb.Article
		want    kb.Invalid
	}{
		"slug with spaces": {kb.Article{Slug: "jam layanan", Audience: kb.Public}, kb.Invalid{Field: "slug", Rule: "malformed"}},
		"unknown intent":   {kb.Article{Slug: "jam", Intent: "weather", Audience: kb.Public}, kb.Invalid{Field: "intent", Rule: "unknown"}},
		"no audience":      {kb.Article{Slug: "jam"}, kb.Invalid{Field: "audience", Rule: "unknown"}},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := kb.Create(ctx, db, test.article, now)
			var invalid kb.Invalid
			if !errors.As(err, &invalid) || invalid != test.want {
				t.Errorf("err = %v, want %v", err, test.want)
			}
		})
	}
}

func TestMacros(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	macros, err := kb.Macros(context.Background(), db, "", "jav", intent.IncentiveFailedTransfer)
	if err != nil {
		t.Fatal(err)
	}
	if len(macros) < 8 || macros[0].Intent != intent.IncentiveFailedTransfer || macros[0].Language != "jav" {
		t.Fatalf("first of %d macros = %+v, want one of the intent in Javanese", len(macros), macros[0])
	}
	if one, _ := kb.Macros(context.Background(), db, "100%", "ind", ""); len(one) != 0 {
		t.Fatalf("a percent sign found %d macros, want none", len(one))
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	got := kb.Fill("Halo {name}, nomor {ticket}. {lain}", map[string]string{"name": "Siti", "ticket": "SP-1"})
	if want := "Halo Siti, nomor SP-1. …"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRenderIsInert(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ markdown, want, never string }{
		"heading and list": {"## Syarat\n\n- satu\n- dua", "<h2>Syarat</h2>", "##"},
		"script":           {"<script>alert(1)</script>halo", "", "<script"},
		"javascript link":  {"[klik](javascript:alert(1))", "klik", "javascript:"},
		"handler":          {`<img src=x onerror=alert(1)>`, "", "onerror"},
		"help link":        {"[lihat](/help/jam-layanan)", `href="/help/jam-layanan"`, "javascript"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html, err := kb.Render(test.markdown)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(html), test.want) || strings.Contains(string(html), test.never) {
				t.Errorf("html = %s, want %q and never %q", html, test.want, test.never)
			}
		})
	}
}
