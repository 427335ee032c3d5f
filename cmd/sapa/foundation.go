package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/migrations"
	"sapa/ticketing"
)

// data is what the commands that fill a database work with: they need neither
// Redis nor files.
type data struct {
	config config
	db     *bun.DB
	box    *seal.Box
	now    time.Time
}

// openData opens database and keys, and refuses a schema that is not the newest.
func openData(ctx context.Context, c call) (*data, error) {
	config, err := readConfig(c.env)
	if err != nil {
		return nil, err
	}
	box, err := seal.Load(config.Keyset)
	if err != nil {
		return nil, fmt.Errorf("%w (make one with `sapa keys new %s`)", err, config.Keyset)
	}
	db, err := migrations.Open(config.DatabaseURL)
	if err != nil {
		return nil, err
	}
	pending, err := migrations.Pending(ctx, db)
	if err == nil && len(pending) > 0 {
		err = fmt.Errorf("the database lacks %d migrations; run `sapa migrate` first", len(pending))
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &data{config: config, db: db, box: box, now: time.Now().UTC()}, nil
}

// Numbers at which the stand-in's desk is reached (its own defaults).
const (
	demoWhatsApp = "+628001503001"
	demoSMS      = "+628001503002"
)

// demoInboxes are the chat of our own pages and the stand-in's two numbers.
// Without an account of the stand-in they are there and paused.
func (d *data) demoInboxes() []channels.Inbox {
	origin := d.config.PublicURL.Scheme + "://" + d.config.PublicURL.Host
	account := channels.Settings{APIBase: d.config.Demo.CarrierURL, AccountSID: d.config.Demo.AccountSID, AuthToken: d.config.Demo.AuthToken}
	status := channels.InboxActive
	if account.AccountSID == "" || account.AuthToken == "" {
		status = channels.InboxPaused
	}
	return []channels.Inbox{
		{Kind: channels.Webchat, Slug: chatInbox, Name: "Obrolan situs", Status: channels.InboxActive, Settings: channels.Settings{Origins: []string{origin}}},
		{Kind: channels.WhatsApp, Slug: "wa", Name: "WhatsApp", Address: demoWhatsApp, Status: status, Settings: account},
		{Kind: channels.SMS, Slug: "sms", Name: "SMS", Address: demoSMS, Status: status, Settings: account},
	}
}

// lay stores what a desk stands on: queues, categories, days off and inboxes.
// Inboxes that are there are brought up to the settings of today only for the
// demo, whose stand-in may have moved.
func (d *data) lay(ctx context.Context, renew bool) error {
	if err := ticketing.Prepare(ctx, d.db, d.now); err != nil {
		return err
	}
	for _, inbox := range d.demoInboxes() {
		_, err := channels.LoadInbox(ctx, d.db, d.box, inbox.Kind, inbox.Slug)
		if err == nil && !renew {
			continue
		}
		if err != nil && !errors.Is(err, channels.ErrNoInbox) && !renew {
			return err
		}
		if _, err := channels.SaveInbox(ctx, d.db, d.box, inbox, d.now); err != nil {
			return err
		}
	}
	return nil
}

// holds tells whether a table has a row.
func (d *data) holds(ctx context.Context, table string) (bool, error) {
	var found bool
	err := d.db.NewRaw("SELECT EXISTS (SELECT FROM ?)", bun.Ident(table)).Scan(ctx, &found)
	if err != nil {
		return false, fmt.Errorf("look into %s: %w", table, err)
	}
	return found, nil
}

// thousands prints a count as people read it: 12,345.
func thousands(n int) string {
	text := fmt.Sprint(n)
	var groups []string
	for len(text) > 3 {
		groups = append([]string{text[len(text)-3:]}, groups...)
		text = text[:len(text)-3]
	}
	return strings.Join(append([]string{text}, groups...), ",")
}

// rate prints how many a second that was.
func rate(n int, took time.Duration) string {
	return fmt.Sprintf("%s in %.1f s (%s a second)", thousands(n), took.Seconds(), thousands(int(float64(n)/max(took.Seconds(), 0.001))))
}
