// Package team holds the people who answer: staff, their languages and skills,
// their teams, and the queues a team serves.
package team

import (
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
)

// ErrNotFound says that there is no such person, team or queue.
var ErrNotFound = errors.New("team: not found")

// ErrStale says that the row changed between reading and writing, or that a
// one-time code was used already.
var ErrStale = errors.New("team: changed meanwhile")

// ErrTaken says that another member of staff has this e-mail address.
var ErrTaken = errors.New("team: e-mail in use")

// Invalid names a field of a person, team or queue that breaks a rule.
type Invalid struct{ Field, Rule string }

func (e Invalid) Error() string { return fmt.Sprintf("team: %s: %s", e.Field, e.Rule) }

// StaffID names a member of staff.
type StaffID string

// Status of an account.
const (
	StatusActive   = "active"
	StatusDisabled = "disabled"
)

// DefaultCapacity is how many conversations one person holds at a time unless
// the account says otherwise: three chats is what contact centres plan with.
const DefaultCapacity = 3

// Staff is one member of staff. PasswordHash is an argon2id string and
// TOTPSecret a sealed value; both belong to the sign-in of package web.
type Staff struct {
	bun.BaseModel `bun:"table:staff,alias:s"`

	ID           StaffID     `bun:"id,pk,type:uuid"`
	Email        string      `bun:"email"`
	Name         string      `bun:"name"`
	Role         access.Role `bun:"role"`
	Language     string      `bun:"language"`
	Theme        string      `bun:"theme"`
	Capacity     int         `bun:"capacity"`
	Status       string      `bun:"status"`
	PasswordHash string      `bun:"password_hash"`
	TOTPSecret   []byte      `bun:"totp_secret"`
	TOTPEnabled  bool        `bun:"totp_enabled"`
	TOTPStep     int64       `bun:"totp_step"`
	// UndoSeconds is for how long a reply waits to be taken back: 0, 5 or 10.
	UndoSeconds int       `bun:"undo_seconds,nullzero,default:5"`
	CreatedAt   time.Time `bun:"created_at"`
	UpdatedAt   time.Time `bun:"updated_at"`
	// Version counts the changes of the profile; Save refuses an older one.
	Version int64 `bun:"version"`
	// SeenAt is when somebody was last at a console, to the minute.
	SeenAt *time.Time `bun:"seen_at"`
	// Limits bounds what is held of one kind of channel at a time.
	Limits Limits `bun:"limits,type:jsonb"`

	// Languages (ISO 639-3), Skills and Levels are kept in staff_skills, Teams in
	// team_members; ByID, ByEmail and Search fill them. A skill without a level
	// is of LevelAble.
	Languages []string       `bun:"-"`
	Skills    []string       `bun:"-"`
	Levels    map[string]int `bun:"-"`
	Teams     []Team         `bun:"-"`
}

// Limits is how many conversations at a time, by kind of channel; a kind that is
// not in it has no limit of its own.
type Limits map[string]int

// Levels of a skill.
const (
	LevelLearning = 1
	LevelAble     = 2
	LevelExpert   = 3
)

// LogValue keeps names and addresses out of logs.
func (s Staff) LogValue() slog.Value { return slog.StringValue(string(s.ID)) }

// Invited tells whether the person has not set a password yet.
func (s Staff) Invited() bool { return s.PasswordHash == "" }

// Actor is this person as the one who does something.
func (s Staff) Actor() access.Actor {
	return access.Actor{Kind: access.Staff, ID: string(s.ID), Name: s.Name, Role: s.Role, Language: s.Language}
}

// Speaks tells whether the person answers in this language. Everybody answers
// in Indonesian.
func (s Staff) Speaks(language string) bool {
	return speaks(s.Languages, language)
}

func speaks(languages []string, language string) bool {
	if language == "ind" || language == "" {
		return true
	}
	for _, one := range languages {
		if one == language {
			return true
		}
	}
	return false
}

func (s *Staff) prepare(now time.Time) error {
	s.Email = strings.TrimSpace(s.Email)
	if _, err := mail.ParseAddress(s.Email); err != nil {
		return Invalid{"email", "format"}
	}
	if s.ID == "" {
		s.ID = StaffID(NewID())
	}
	s.Language = orElse(s.Language, "ind")
	s.Theme = orElse(s.Theme, "system")
	s.Status = orElse(s.Status, StatusActive)
	if s.Capacity == 0 {
		s.Capacity = DefaultCapacity
	}
	s.CreatedAt, s.UpdatedAt, s.Version = now, now, 1
	return s.check()
}

// check refuses a profile that breaks a rule, and tidies it.
func (s *Staff) check() error {
	s.Name = strings.TrimSpace(s.Name)
	switch {
	case s.Name == "":
		return Invalid{"name", "required"}
	case len([]rune(s.Name)) > mostName:
		return Invalid{"name", "too_long"}
	case !s.Role.Known():
		return Invalid{"role", "unknown"}
	case s.Capacity < 0 || s.Capacity > mostAtATime:
		return Invalid{"capacity", "range"}
	}
	for skill, level := range s.Levels {
		if level < LevelLearning || level > LevelExpert {
			return Invalid{"skills." + skill, "range"}
		}
	}
	return s.Limits.check()
}

// Bounds of what can be typed: a name fits a list row, and nobody answers more
// than twenty at a time.
const (
	mostName    = 80
	mostAtATime = 20
)

func (l *Limits) check() error {
	if *l == nil {
		*l = Limits{}
	}
	for kind, n := range *l {
		if !channels.Kind(kind).Valid() {
			return Invalid{"limits." + kind, "unknown"}
		}
		if n < 0 || n > mostAtATime {
			return Invalid{"limits." + kind, "range"}
		}
	}
	return nil
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// NewID mints a UUIDv7.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
