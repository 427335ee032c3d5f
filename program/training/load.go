package training

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/program/record"
)

// Provider is a training provider as it is loaded.
type Provider struct{ ID, Name, RegionCode string }

// Offer is a training of the catalogue as it is loaded.
type Offer struct {
	ID, ProviderID, Title, Topic, Mode string
	Price                              int64
	Hours                              int
	RegionCode                         string
}

// Class is one run of a training with its sessions.
type Class struct {
	ID, TrainingID string
	StartsAt       time.Time
	Seats          int
	Sessions       []Meeting
}

// Meeting is one session of a class.
type Meeting struct {
	ID               string
	StartsAt, EndsAt time.Time
}

// LoadCatalogue copies providers, trainings and classes in.
func LoadCatalogue(ctx context.Context, tx pgx.Tx, providers []Provider, offers []Offer, classes []Class) error {
	err := put(ctx, tx, "providers", []string{"id", "name", "region_code", "state"}, len(providers), func(i int) []any {
		return []any{providers[i].ID, providers[i].Name, providers[i].RegionCode, "active"}
	})
	if err != nil {
		return err
	}
	err = put(ctx, tx, "trainings", []string{"id", "provider_id", "title", "topic", "mode", "price", "hours", "region_code", "state"}, len(offers), func(i int) []any {
		o := offers[i]
		return []any{o.ID, o.ProviderID, o.Title, o.Topic, o.Mode, o.Price, o.Hours, o.RegionCode, "on_sale"}
	})
	if err != nil {
		return err
	}
	err = put(ctx, tx, "training_classes", []string{"id", "training_id", "starts_at", "seats"}, len(classes), func(i int) []any {
		return []any{classes[i].ID, classes[i].TrainingID, classes[i].StartsAt, classes[i].Seats}
	})
	if err != nil {
		return err
	}
	var sessions [][]any
	for _, c := range classes {
		for place, m := range c.Sessions {
			sessions = append(sessions, []any{m.ID, c.ID, place + 1, m.StartsAt, m.EndsAt})
		}
	}
	return put(ctx, tx, "training_sessions", []string{"id", "class_id", "place", "starts_at", "ends_at"}, len(sessions), func(i int) []any { return sessions[i] })
}

// Purchase is one bought training as it is loaded.
type Purchase struct {
	ID            string
	ParticipantID record.ParticipantID
	TrainingID    string
	ClassID       string // "" for self-paced
	Price         int64
	BoughtAt      time.Time
	RedeemCode    string
	RedeemState   string
	RedeemedAt    time.Time
	FinishedAt    time.Time
}

// Test is one score as it is loaded.
type Test struct {
	PurchaseID string
	Kind       string
	Attempt    int
	Score      int
	At         time.Time
}

// LoadedCertificate is a certificate as it is loaded.
type LoadedCertificate struct {
	ID, PurchaseID, Number, Name string
	IssuedAt                     time.Time
}

// Rating is a participant's verdict as it is loaded.
type Rating struct {
	PurchaseID string
	Stars      int
	Review     string
	At         time.Time
}

// Learning is what Load copies in, all or none.
type Learning struct {
	Purchases    []Purchase
	Tests        []Test
	Certificates []LoadedCertificate
	Ratings      []Rating
}

// Load copies purchases and what came of them in.
func Load(ctx context.Context, tx pgx.Tx, l Learning) error {
	err := put(ctx, tx, "purchases", []string{"id", "participant_id", "training_id", "class_id", "price", "bought_at", "redeem_code", "redeem_state", "redeemed_at", "finished_at"},
		len(l.Purchases), func(i int) []any {
			p := l.Purchases[i]
			var class any
			if p.ClassID != "" {
				class = p.ClassID
			}
			return []any{p.ID, string(p.ParticipantID), p.TrainingID, class, p.Price, p.BoughtAt, p.RedeemCode, p.RedeemState, when(p.RedeemedAt), when(p.FinishedAt)}
		})
	if err != nil {
		return err
	}
	err = put(ctx, tx, "tests", []string{"purchase_id", "kind", "attempt", "score", "at"}, len(l.Tests), func(i int) []any {
		t := l.Tests[i]
		return []any{t.PurchaseID, t.Kind, t.Attempt, t.Score, t.At}
	})
	if err != nil {
		return err
	}
	err = put(ctx, tx, "certificates", []string{"id", "purchase_id", "number", "name", "issued_at", "state"}, len(l.Certificates), func(i int) []any {
		c := l.Certificates[i]
		return []any{c.ID, c.PurchaseID, c.Number, c.Name, c.IssuedAt, "valid"}
	})
	if err != nil {
		return err
	}
	return put(ctx, tx, "ratings", []string{"purchase_id", "stars", "review", "at"}, len(l.Ratings), func(i int) []any {
		r := l.Ratings[i]
		return []any{r.PurchaseID, r.Stars, r.Review, r.At}
	})
}

func put(ctx context.Context, tx pgx.Tx, table string, columns []string, count int, row func(int) []any) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(count, func(i int) ([]any, error) { return row(i), nil }))
	if err != nil {
		return fmt.Errorf("load %s: %w", table, err)
	}
	return nil
}

// when is NULL for the zero time.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
