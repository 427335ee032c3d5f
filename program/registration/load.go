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
// sealed on the way. Zero times stay empty.
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

// Load copies people in; all or none.
func Load(ctx context.Context, tx pgx.Tx, box *seal.Box, people []Person) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"participants"}, personColumns(), pgx.CopyFromSlice(len(people), func(i int) ([]any, error) {
		return people[i].values(box)
	}))
	if err != nil {
		return fmt.Errorf("load participants: %w", err)
	}
	return nil
}

func (p Person) values(box *seal.Box) ([]any, error) {
	nik, err := sealed(box, p.NIK, sealContext("nik", p.ID))
	if err != nil {
		return nil, err
	}
	kk, err := sealed(box, p.KK, sealContext("kk", p.ID))
	if err != nil {
		return nil, err
	}
	mother, err := sealed(box, p.Mother, sealContext("mother", p.ID))
	if err != nil {
		return nil, err
	}
	var nikLookup, kkLookup []byte
	last4 := ""
	if p.NIK != "" {
		nikLookup, last4 = NIKLookup(box, p.NIK), p.NIK[len(p.NIK)-4:]
	}
	if p.KK != "" {
		kkLookup = box.Lookup(p.KK, "participants.kk")
	}
	return []any{string(p.ID), text(p.ProgrammeNumber), p.Name, p.Sex, p.BirthDate, nik, nikLookup, last4, kk, kkLookup,
		mother, text(p.Phone), when(p.PhoneProvedAt), text(p.Email), when(p.EmailProvedAt), p.RegionCode, p.Rural, p.Education, p.Occupation,
		p.Disability, p.Returnee, p.Language, p.Scheme, string(p.Stage), p.Identity, p.IdentityField, when(p.IdentityAt), when(p.TestDoneAt),
		when(p.BlockedAt), p.BlockedBecause, p.CreatedAt, p.UpdatedAt}, nil
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
