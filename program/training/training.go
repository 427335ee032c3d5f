// Package training holds what participants buy and learn: the catalogue,
// purchases with their redeem codes, tests, certificates and ratings.
package training

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// PassMark is the post-test score that must be exceeded for a certificate
// (DOMAIN.md part 3, step 9).
const PassMark = 60

type purchaseRow struct {
	ID                string
	TrainingID        string
	Title             string
	Provider          string
	Topic             string
	Mode              string
	Price             int64
	BoughtAt          time.Time
	RedeemState       string
	RedeemedAt        time.Time
	FinishedAt        time.Time
	PreTest           *int
	PostTest          *int
	PostTestAt        time.Time
	CertificateID     string
	CertificateNumber string
	CertificateName   string
	IssuedAt          time.Time
	Stars             *int
	RatedAt           time.Time
}

// purchaseQuery reads purchases with the best test scores, the valid
// certificate and the rating.
const purchaseQuery = `SELECT b.id, b.training_id, t.title, v.name AS provider, t.topic, t.mode, b.price, b.bought_at, b.redeem_state,
		b.redeemed_at, b.finished_at,
		(SELECT max(score) FROM tests AS s WHERE s.purchase_id = b.id AND s.kind = 'pre') AS pre_test,
		(SELECT max(score) FROM tests AS s WHERE s.purchase_id = b.id AND s.kind = 'post') AS post_test,
		(SELECT max(at) FROM tests AS s WHERE s.purchase_id = b.id AND s.kind = 'post') AS post_test_at,
		coalesce(c.id::text, '') AS certificate_id, coalesce(c.number, '') AS certificate_number,
		coalesce(c.name, '') AS certificate_name, c.issued_at, r.stars, r.at AS rated_at
	FROM purchases AS b JOIN trainings AS t ON t.id = b.training_id JOIN providers AS v ON v.id = t.provider_id
	LEFT JOIN certificates AS c ON c.purchase_id = b.id AND c.state = 'valid'
	LEFT JOIN ratings AS r ON r.purchase_id = b.id
	WHERE b.participant_id = ? ORDER BY b.bought_at DESC`

// Read returns the trainings a participant bought, newest first, without their
// sessions, which the attendance sub-room knows.
func Read(ctx context.Context, db bun.IDB, id record.ParticipantID) ([]record.Training, error) {
	var rows []purchaseRow
	if err := db.NewRaw(purchaseQuery, id).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read trainings of %s: %w", id, err)
	}
	list := make([]record.Training, len(rows))
	for i, r := range rows {
		list[i] = r.training()
	}
	return list, nil
}

func (r purchaseRow) training() record.Training {
	t := record.Training{
		ID: r.ID, TrainingID: r.TrainingID, Title: r.Title, Provider: r.Provider, Topic: r.Topic, Mode: r.Mode, Price: r.Price,
		BoughtAt: r.BoughtAt.UTC(), RedeemState: r.RedeemState, RedeemedAt: r.RedeemedAt.UTC(), FinishedAt: r.FinishedAt.UTC(),
		PreTest: r.PreTest, PostTest: r.PostTest, PostTestAt: r.PostTestAt.UTC(), Rating: r.Stars, RatedAt: r.RatedAt.UTC(),
	}
	if r.CertificateID != "" {
		t.Certificate = &record.Certificate{ID: r.CertificateID, Number: r.CertificateNumber, Name: r.CertificateName, IssuedAt: r.IssuedAt.UTC(), State: "valid"}
	}
	return t
}

// held reports whether every session of a training is over; a self-paced one
// has none and counts once it was opened by its redeem code.
func held(t record.Training, now time.Time) bool {
	for _, s := range t.Sessions {
		if s.At.After(now) {
			return false
		}
	}
	return t.RedeemState == "redeemed"
}

// Attended reports whether the person was present at every session.
func Attended(t record.Training) bool {
	for _, s := range t.Sessions {
		if s.State != "present" {
			return false
		}
	}
	return t.RedeemState == "redeemed"
}

// Passed reports whether the post-test was good enough.
func Passed(t record.Training) bool { return t.PostTest != nil && *t.PostTest > PassMark }
