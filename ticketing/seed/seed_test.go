package seed_test

import (
	"context"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/migrations/dbtest"
	"sapa/ticketing"
	"sapa/ticketing/seed"
)

// now is a Friday, 15:30 WIB.
var now = time.Date(2026, time.November, 20, 8, 30, 0, 0, time.UTC)

func prepared(t *testing.T) *bun.DB {
	t.Helper()
	db := dbtest.New(t)
	ctx := t.Context()
	raw, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := ticketing.Prepare(ctx, db, now); err != nil {
		t.Fatal(err)
	}
	for kind, address := range map[channels.Kind]string{channels.Webchat: "", channels.WhatsApp: "+628001503001", channels.SMS: "+628001503002"} {
		inbox := channels.Inbox{Kind: kind, Slug: "test", Name: string(kind), Address: address}
		if _, err := channels.SaveInbox(ctx, db, box, inbox, now); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func load(t *testing.T, conversations int) (*bun.DB, seed.Report) {
	t.Helper()
	db := prepared(t)
	report, err := seed.Load(context.Background(), seed.Options{DB: db, Conversations: conversations, Seed: 7, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", report)
	return db, report
}

func TestLoad(t *testing.T) {
	load(t, 5000)
}
