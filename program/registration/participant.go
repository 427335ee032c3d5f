package registration

import (
	"time"

	"sapa/channels"
	"sapa/program/record"
)

// participant is the row as it is read for screens: no sealed column.
type participant struct {
	ID              record.ParticipantID
	ProgrammeNumber string
	Name            string
	BirthDate       time.Time
	NikLast4        string
	Phone           string
	PhoneProvedAt   time.Time
	Email           string
	EmailProvedAt   time.Time
	RegionCode      string
	Disability      bool
	Language        string
	Scheme          string
	Stage           record.Stage
	Identity        string
	IdentityField   string
	IdentityAt      time.Time
	TestDoneAt      time.Time
	BlockedAt       time.Time
	BlockedBecause  string
	CreatedAt       time.Time
}

// columns are what participant reads, in clear where screens mask.
const columns = `p.id, coalesce(p.programme_number, '') AS programme_number, p.name, p.birth_date, p.nik_last4,
	coalesce(p.phone, '') AS phone, p.phone_proved_at, coalesce(p.email, '') AS email, p.email_proved_at, p.region_code,
	p.disability, p.language, p.scheme, p.stage, p.identity, p.identity_field, p.identity_at, p.test_done_at,
	p.blocked_at, p.blocked_because, p.created_at`

func (p participant) summary() record.Summary {
	return record.Summary{
		ID: p.ID, Name: p.Name, PhoneMasked: channels.MaskPhone(p.Phone), NIKMasked: MaskNIK(p.NikLast4), NIKLast4: p.NikLast4,
		Region: RegionName(p.RegionCode), Stage: p.Stage, Language: p.Language,
	}
}

func (p participant) section() record.Participant {
	return record.Participant{
		Summary: p.summary(), ProgrammeNumber: p.ProgrammeNumber, EmailMasked: channels.MaskEmail(p.Email),
		BirthDateMasked: "**-**-" + p.BirthDate.Format("2006"), RegionCode: p.RegionCode,
		Province: RegionName(ProvinceOf(p.RegionCode)), Scheme: p.Scheme, RegisteredAt: p.CreatedAt.UTC(),
		Identity: p.Identity, IdentityField: p.IdentityField, IdentityAt: p.IdentityAt.UTC(),
		PhoneProved: !p.PhoneProvedAt.IsZero(), EmailProved: !p.EmailProvedAt.IsZero(),
		Disability: p.Disability, TestDoneAt: p.TestDoneAt.UTC(),
		BlockedAt: p.BlockedAt.UTC(), BlockedBecause: p.BlockedBecause,
	}
}
