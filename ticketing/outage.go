package ticketing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Where an outage is told.
const (
	OutageWidget   = "widget"   // in the chat window
	OutageHome     = "home"     // on the citizens' pages
	OutageConsole  = "console"  // to staff
	OutageBot      = "bot"      // before the first answer in a chat
	OutageWhatsApp = "whatsapp" // before the first answer on WhatsApp
)

// Outage is a notice of a fault of the whole programme, such as payments that come
// late. It begins and ends by the clock.
type Outage struct {
	bun.BaseModel `bun:"table:outages,alias:g" json:"-"`

	ID      string            `bun:"id,pk,type:uuid" json:"-"`
	Version int64             `bun:"version" json:"-"`
	Texts   map[string]string `bun:"texts,type:jsonb" json:"texts"`
	Places  []string          `bun:"places,array" json:"places"`
	FromAt  time.Time         `bun:"from_at" json:"from"`
	UntilAt time.Time         `bun:"until_at" json:"until"`

	// Came counts the conversations that began during it so far; Outages fills it.
	Came int `bun:"came,scanonly" json:"-"`
}

// Bounds of a notice: three lines on a phone, and nothing that is forgotten for
// longer than a month. Ours.
const (
	mostOutageText = 280
	longestOutage  = 31 * 24 * time.Hour
)

// In is the notice in a language, in Indonesian where it was not written in it.
func (o Outage) In(language string) string {
	if text := o.Texts[language]; text != "" {
		return text
	}
	return o.Texts["ind"]
}

// At tells whether it is told in a place at an instant.
func (o Outage) At(place string, at time.Time) bool {
	return slices.Contains(o.Places, place) && !at.Before(o.FromAt) && at.Before(o.UntilAt)
}

func (o *Outage) check(now time.Time) error {
	for _, language := range []string{"ind", "eng"} {
		text := strings.TrimSpace(channels.CleanText(o.Texts[language]))
		if text == "" {
			return &Invalid{Field: language, Rule: "required"}
		}
		if len([]rune(text)) > mostOutageText {
			return &Invalid{Field: language, Rule: "too_long"}
		}
		o.Texts[language] = text
	}
	o.Texts = map[string]string{"ind": o.Texts["ind"], "eng": o.Texts["eng"]}
	o.FromAt, o.UntilAt = o.FromAt.UTC().Truncate(time.Second), o.UntilAt.UTC().Truncate(time.Second)
	known := []string{OutageWidget, OutageHome, OutageConsole, OutageBot, OutageWhatsApp}
	slices.Sort(o.Places)
	o.Places = slices.Compact(o.Places)
	switch {
	case len(o.Places) == 0:
		return &Invalid{Field: "places", Rule: "required"}
	case slices.ContainsFunc(o.Places, func(place string) bool { return !slices.Contains(known, place) }):
		return &Invalid{Field: "places", Rule: "unknown"}
	case !o.UntilAt.After(o.FromAt):
		return &Invalid{Field: "until", Rule: "too_early"}
	case !o.UntilAt.After(now):
		return &Invalid{Field: "until", Rule: "in_the_past"}
	case o.UntilAt.Sub(o.FromAt) > longestOutage:
		return &Invalid{Field: "until", Rule: "too_far"}
	}
	return nil
}

func outageSetting(id string) setting {
	return setting{"outage", id, func(ctx context.Context, db bun.IDB) (any, error) { return outageByID(ctx, db, id) }}
}

// CreateOutage tells of a fault from an instant to another. Errors: ErrForbidden,
// Invalid.
func (d *Desk) CreateOutage(ctx context.Context, actor access.Actor, o Outage) error {
	o.ID, o.Version = team.NewID(), 1
	return d.changeAs(ctx, actor, access.OutageTell, outageSetting(o.ID), actionCreate, func(ctx context.Context, w *work) error {
		if err := o.check(w.at); err != nil {
			return err
		}
		return insertOutage(ctx, w, o)
	})
}

// SaveOutage changes a notice, as somebody read it at o.Version. What is over stays
// as it was told. Errors: ErrForbidden, ErrNotFound, ErrStale, Invalid.
func (d *Desk) SaveOutage(ctx context.Context, actor access.Actor, o Outage) error {
	return d.changeAs(ctx, actor, access.OutageTell, outageSetting(o.ID), "change", func(ctx context.Context, w *work) error {
		if err := w.outageGoesOn(ctx, o.ID); err != nil {
			return err
		}
		if err := o.check(w.at); err != nil {
			return err
		}
		return updateOutage(ctx, w, o)
	})
}

// EndOutage ends a notice now. Errors: as SaveOutage.
func (d *Desk) EndOutage(ctx context.Context, actor access.Actor, id string, version int64) error {
	return d.changeAs(ctx, actor, access.OutageTell, outageSetting(id), "end", func(ctx context.Context, w *work) error {
		if err := w.outageGoesOn(ctx, id); err != nil {
			return err
		}
		return endOutage(ctx, w, id, version, w.at)
	})
}

func (w *work) outageGoesOn(ctx context.Context, id string) error {
	before, err := outageByID(ctx, w, id)
	if err == nil && !before.UntilAt.After(w.at) {
		return &Invalid{Field: "until", Rule: "outage_over"}
	}
	return err
}

// tellOutages says what is out of order before the first answer that a conversation
// gets, once.
func (w *work) tellOutages(ctx context.Context, c *Conversation) error {
	place := OutageBot
	if c.Kind == channels.WhatsApp {
		place = OutageWhatsApp
	}
	open, err := OpenOutages(ctx, w, w.at)
	if err != nil || !slices.ContainsFunc(open, func(o Outage) bool { return o.At(place, w.at) }) {
		return err
	}
	var answered bool
	err = w.NewRaw("SELECT EXISTS (SELECT FROM messages WHERE conversation_id = ? AND author IN ('bot','agent') AND kind = 'message')", c.ID).Scan(ctx, &answered)
	if err != nil || answered {
		return err
	}
	for _, o := range open {
		if !o.At(place, w.at) {
			continue
		}
		if err := w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.outage", Params: map[string]any{"Text": o.In(c.Language)}}); err != nil {
			return err
		}
	}
	return nil
}
