package registration

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"sapa/channels/seal"
	"sapa/program/record"
)

// Read returns the person's section of the record; record.ErrUnknown when there
// is no such participant. Callers write the access ledger.
func Read(ctx context.Context, db bun.IDB, id record.ParticipantID) (record.Participant, error) {
	row, err := one(ctx, db, id)
	if err != nil {
		return record.Participant{}, err
	}
	return row.section(), nil
}

func one(ctx context.Context, db bun.IDB, id record.ParticipantID) (participant, error) {
	var row participant
	err := db.NewRaw(`SELECT `+columns+` FROM participants AS p WHERE p.id = ?`, id).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return row, fmt.Errorf("participant %s: %w", id, record.ErrUnknown)
	}
	if err != nil {
		return row, fmt.Errorf("read participant %s: %w", id, err)
	}
	return row, nil
}

// Summaries returns the named participants, in no certain order.
func Summaries(ctx context.Context, db bun.IDB, ids ...record.ParticipantID) ([]record.Summary, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list(ctx, db, `SELECT `+columns+` FROM participants AS p WHERE p.id IN (?)`, bun.List(ids))
}

// ByPhone returns all participants who gave this phone, proved ones first: a
// household may share one.
func ByPhone(ctx context.Context, db bun.IDB, e164 string) ([]record.Summary, error) {
	if e164 == "" {
		return nil, nil
	}
	return list(ctx, db, `SELECT `+columns+` FROM participants AS p WHERE p.phone = ?
		ORDER BY p.phone_proved_at DESC NULLS LAST, p.id LIMIT 20`, e164)
}

// Advance moves the participant on when he is at the stage from, else leaves him.
func Advance(ctx context.Context, tx bun.IDB, id record.ParticipantID, from, to record.Stage) error {
	_, err := tx.ExecContext(ctx, `UPDATE participants SET stage = ? WHERE id = ? AND stage = ?`, to, id, from)
	if err != nil {
		return fmt.Errorf("advance %s: %w", id, err)
	}
	return nil
}

// Lock holds the participant's row until the transaction ends, so that two
// corrections of one record follow one another.
func Lock(ctx context.Context, tx bun.IDB, id record.ParticipantID) error {
	var found []record.ParticipantID
	if err := tx.NewRaw(`SELECT id FROM participants WHERE id = ? FOR NO KEY UPDATE`, id).Scan(ctx, &found); err != nil {
		return fmt.Errorf("lock participant %s: %w", id, err)
	}
	if len(found) == 0 {
		return fmt.Errorf("participant %s: %w", id, record.ErrUnknown)
	}
	return nil
}

// Fields that Reveal opens.
const (
	FieldNIK       = "nik"
	FieldKK        = "kk"
	FieldPhone     = "phone"
	FieldEmail     = "email"
	FieldBirthDate = "birth_date"
)

// sealContext binds a sealed field to its column and person.
func sealContext(field string, id record.ParticipantID) string {
	return "participants." + field + ":" + string(id)
}

// Reveal returns one field in clear; record.ErrUnknown for a field it does not
// know. Callers check permission and write the ledger in the same transaction.
func Reveal(ctx context.Context, db bun.IDB, box *seal.Box, id record.ParticipantID, field string) (string, error) {
	switch field {
	case FieldNIK, FieldKK:
		return revealSealed(ctx, db, box, id, field)
	}
	row, err := one(ctx, db, id)
	if err != nil {
		return "", err
	}
	switch field {
	case FieldPhone:
		return row.Phone, nil
	case FieldEmail:
		return row.Email, nil
	case FieldBirthDate:
		return row.BirthDate.Format("2006-01-02"), nil
	}
	return "", fmt.Errorf("field %s: %w", field, record.ErrUnknown)
}

func revealSealed(ctx context.Context, db bun.IDB, box *seal.Box, id record.ParticipantID, field string) (string, error) {
	var sealed [][]byte
	err := db.NewRaw(`SELECT ? FROM participants WHERE id = ?`, bun.Ident(field+"_sealed"), id).Scan(ctx, &sealed)
	if err != nil {
		return "", fmt.Errorf("read %s of %s: %w", field, id, err)
	}
	if len(sealed) == 0 || len(sealed[0]) == 0 {
		return "", fmt.Errorf("%s of %s: %w", field, id, record.ErrUnknown)
	}
	plain, err := box.Open(sealed[0], sealContext(field, id))
	if err != nil {
		return "", fmt.Errorf("open %s of %s: %w", field, id, err)
	}
	return string(plain), nil
}

func list(ctx context.Context, db bun.IDB, query string, args ...any) ([]record.Summary, error) {
	var rows []participant
	if err := db.NewRaw(query, args...).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read participants: %w", err)
	}
	summaries := make([]record.Summary, len(rows))
	for i, row := range rows {
		summaries[i] = row.summary()
	}
	return summaries, nil
}
