// Package survey holds the evaluation surveys participants are invited to.
package survey

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"sapa/program/intent"
	"sapa/program/record"
)

// Read returns the surveys a participant was invited to, oldest first.
func Read(ctx context.Context, db bun.IDB, id record.ParticipantID) ([]record.Survey, error) {
	var rows []struct {
		ID         string
		Title      string
		Amount     int64
		OpensAt    time.Time
		ClosesAt   time.Time
		AnsweredAt time.Time
	}
	err := db.NewRaw(`SELECT s.id, s.title, s.amount, s.opens_at, s.closes_at, i.answered_at
		FROM survey_invitations AS i JOIN surveys AS s ON s.id = i.survey_id WHERE i.participant_id = ? ORDER BY s.round`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read surveys of %s: %w", id, err)
	}
	list := make([]record.Survey, len(rows))
	for i, r := range rows {
		list[i] = record.Survey{ID: r.ID, Title: r.Title, Amount: r.Amount, OpensAt: r.OpensAt.UTC(), ClosesAt: r.ClosesAt.UTC(), AnsweredAt: r.AnsweredAt.UTC()}
	}
	return list, nil
}

// Facts says which survey is open or answered.
func Facts(r record.Record) []record.Fact {
	asks := []intent.Code{intent.SurveyEvaluation, intent.IncentiveAmount}
	var facts []record.Fact
	for _, s := range r.Surveys {
		switch {
		case !s.AnsweredAt.IsZero():
			facts = append(facts, record.Fact{Code: "survey_answered", At: s.AnsweredAt, Intents: asks, Params: record.Params{"title": s.Title, "date": s.AnsweredAt}})
		case !s.OpensAt.After(r.At) && s.ClosesAt.After(r.At):
			facts = append(facts, record.Fact{Code: "survey_open", At: s.OpensAt, Intents: asks, Params: record.Params{"title": s.Title, "amount": s.Amount, "due": s.ClosesAt}})
		}
	}
	return facts
}

// Survey is one round as it is loaded.
type Survey struct {
	ID                string
	Round             int
	Title             string
	Amount            int64
	OpensAt, ClosesAt time.Time
}

// Invitation is one participant's as it is loaded.
type Invitation struct {
	ParticipantID record.ParticipantID
	SurveyID      string
	InvitedAt     time.Time
	AnsweredAt    time.Time
}

// LoadSurveys copies rounds in.
func LoadSurveys(ctx context.Context, tx pgx.Tx, list []Survey) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"surveys"}, []string{"id", "round", "title", "amount", "opens_at", "closes_at"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			s := list[i]
			return []any{s.ID, s.Round, s.Title, s.Amount, s.OpensAt, s.ClosesAt}, nil
		}))
	if err != nil {
		return fmt.Errorf("load surveys: %w", err)
	}
	return nil
}

// Load copies invitations in, all or none.
func Load(ctx context.Context, tx pgx.Tx, list []Invitation) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"survey_invitations"}, []string{"participant_id", "survey_id", "invited_at", "answered_at"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			v := list[i]
			var answered any
			if !v.AnsweredAt.IsZero() {
				answered = v.AnsweredAt
			}
			return []any{string(v.ParticipantID), v.SurveyID, v.InvitedAt, answered}, nil
		}))
	if err != nil {
		return fmt.Errorf("load survey invitations: %w", err)
	}
	return nil
}
