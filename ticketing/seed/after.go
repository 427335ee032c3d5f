package seed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/channels"
	"sapa/ticketing"
)

// say puts a notice into words; the same words are made once.
func (g *generator) say(language, key string, params map[string]any) string {
	if params["Number"] != nil {
		return g.words.Say(language, key, params)
	}
	mark := language + " " + key + fmt.Sprint(params)
	text, known := g.said[mark]
	if !known {
		text = g.words.Say(language, key, params)
		g.said[mark] = text
	}
	return text
}

// phrase is what a line that was said by key keeps.
func (g *generator) phrase(key string, params map[string]any) json.RawMessage {
	if len(params) == 0 {
		if raw, known := g.phrases[key]; known {
			return raw
		}
	}
	raw, _ := json.Marshal(ticketing.Phrase{Key: key, Params: params}) // texts and numbers always are JSON
	if len(params) == 0 {
		g.phrases[key] = raw
	}
	return raw
}

// doubleShare leaves numbers for tickets that reporters make twice.
const doubleShare = 2

// reserveNumbers takes a stretch of ticket numbers: the live desk goes on behind.
func (g *generator) reserveNumbers(ctx context.Context, list []*plan) error {
	need := int64(0)
	for _, p := range list {
		if p.ticket != noTicket {
			need += doubleShare
		}
	}
	if need == 0 {
		return nil
	}
	err := g.options.DB.NewRaw("SELECT setval('ticket_serial', nextval('ticket_serial') + ?) - ?", need, need).Scan(ctx, &g.serial)
	if err != nil {
		return fmt.Errorf("reserve ticket numbers: %w", err)
	}
	g.serial--
	return nil
}

func (g *generator) nextNumber() string {
	g.serial++
	return ticketing.FormatNumber(g.serial)
}

// after stores what follows from all conversations together.
func (g *generator) after(ctx context.Context) error {
	p := newParcel(g.options.DB)
	rng := g.source(4 << 40)
	for _, a := range g.desk.agents {
		if g.desk.logged[a.ID] {
			continue
		}
		rows, now := a.presence(rng, g.from, g.now)
		for _, row := range rows {
			if err := p.add(row); err != nil {
				return err
			}
		}
		if err := p.add(now); err != nil {
			return err
		}
	}
	err := withConn(ctx, g.options.DB, func(conn *pgx.Conn) error {
		return errors.Join(p.send(ctx, conn), g.reached(ctx, conn))
	})
	if err != nil {
		return err
	}
	if _, err := g.options.DB.ExecContext(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	return g.trend(ctx)
}

// reached notes when each phone last wrote, which opens the window for free text.
func (g *generator) reached(ctx context.Context, conn *pgx.Conn) error {
	s := newSheet(g.options.DB, reflect.TypeFor[reachRow]())
	for _, who := range g.people {
		if who.kind != channels.AddressPhone || who.seenAt.IsZero() {
			continue
		}
		row := reachRow{Inbox: string(g.desk.inboxes[who.inbox].id), Address: who.value, LastInbound: who.seenAt}
		if err := s.add(reflect.ValueOf(row)); err != nil {
			return err
		}
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TEMPORARY TABLE reached (inbox_id uuid, address text, last_inbound_at timestamptz) ON COMMIT DROP`)
		if err != nil {
			return fmt.Errorf("note windows: %w", err)
		}
		if err := s.send(ctx, tx.Conn()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO reachability AS r (inbox_id, address, last_inbound_at) SELECT inbox_id, address, last_inbound_at FROM reached
			ON CONFLICT (inbox_id, address) DO UPDATE SET last_inbound_at = greatest(r.last_inbound_at, EXCLUDED.last_inbound_at)`)
		if err != nil {
			return fmt.Errorf("note windows: %w", err)
		}
		return nil
	})
}

// seen notes the person's last message.
func (who *person) seen(at *time.Time) {
	if at != nil {
		who.seenAt = latest(who.seenAt, *at)
	}
}
