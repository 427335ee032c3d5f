package registration

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/channels/seal"
	"sapa/program/record"
)

// Person is one participant as it is loaded; identity values in clear, they are
// checked and sealed on the way. Zero times stay empty.
type Person struct {
	ID                           record.ParticipantID
	ProgrammeNumber              string
	Name, Sex                    string
	BirthDate                    time.Time
	NIK, KK, Mother              string
	Phone, Email                 string
	PhoneProvedAt, EmailProvedAt time.Time
	RegionCode                   string
	Rural, Disability, Returnee  bool
	Education, Occupation        string
	Language, Scheme             string
	Stage                        record.Stage
	Identity, IdentityField      string
	IdentityAt, TestDoneAt       time.Time
	BlockedAt                    time.Time
	BlockedBecause               string
	CreatedAt, UpdatedAt         time.Time
}

func personColumns() []string {
	return []string{"id", "programme_number", "name", "sex", "birth_date", "nik_sealed", "nik_lookup", "nik_last4", "kk_sealed", "kk_lookup",
		"mother_sealed", "phone", "phone_proved_at", "email", "email_proved_at", "region_code", "rural", "education", "occupation",
		"disability", "returnee", "language", "scheme", "stage", "identity", "identity_field", "identity_at", "test_done_at",
		"blocked_at", "blocked_because", "created_at", "updated_at"}
}

// Load copies people in; all or none. A number that can be no NIK or family card is
// refused with an *IDFault: it would be found by nobody.
func Load(ctx context.Context, tx pgx.Tx, box *seal.Box, people []Person, now time.Time) error {
	var fault error // the copy itself tells only the server's word of it
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"participants"}, personColumns(), pgx.CopyFromSlice(len(people), func(i int) (row []any, err error) {
		row, fault = people[i].values(box, now)
		return row, fault
	}))
	if fault != nil {
		err = fault
	}
	if err != nil {
		return fmt.Errorf("load participants: %w", err)
	}
	return nil
}

func (p Person) values(box *seal.Box, now time.Time) ([]any, error) {
	number, card, err := p.numbers(now)
	if err != nil {
		return nil, fmt.Errorf("participant %s: %w", p.ID, err)
	}
	nik, err := sealed(box, number.Reveal(), sealContext("nik", p.ID))
	if err != nil {
		return nil, err
	}
	kk, err := sealed(box, card, sealContext("kk", p.ID))
	if err != nil {
		return nil, err
	}
	mother, err := sealed(box, p.Mother, sealContext("mother", p.ID))
	if err != nil {
		return nil, err
	}
	var nikLookup, kkLookup []byte
	if number.Reveal() != "" {
		nikLookup = NIKLookup(box, number.Reveal())
	}
	if card != "" {
		kkLookup = box.Lookup(card, "participants.kk")
	}
	return []any{string(p.ID), text(p.ProgrammeNumber), p.Name, p.Sex, p.BirthDate, nik, nikLookup, number.Last4(), kk, kkLookup,
		mother, text(p.Phone), when(p.PhoneProvedAt), text(p.Email), when(p.EmailProvedAt), p.RegionCode, p.Rural, p.Education, p.Occupation,
		p.Disability, p.Returnee, p.Language, p.Scheme, string(p.Stage), p.Identity, p.IdentityField, when(p.IdentityAt), when(p.TestDoneAt),
		when(p.BlockedAt), p.BlockedBecause, p.CreatedAt, p.UpdatedAt}, nil
}

// numbers reads NIK and family card; either may be empty.
func (p Person) numbers(now time.Time) (nik NIK, card string, err error) {
	if p.NIK != "" {
		if nik, err = ParseNIK(p.NIK, now); err != nil {
			return NIK{}, "", err
		}
	}
	if p.KK != "" {
		card, err = ParseKK(p.KK, now)
	}
	return nik, card, err
}

func sealed(box *seal.Box, plain, context string) ([]byte, error) {
	if plain == "" {
		return nil, nil
	}
	return box.Seal([]byte(plain), context)
}

// text is NULL for "".
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// when is NULL for the zero time.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
