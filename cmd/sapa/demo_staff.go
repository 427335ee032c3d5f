package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/auth"
)

// demoDomain ends the e-mail addresses of the demo's staff; no mail server
// serves it.
const demoDomain = "@sapa.example"

// demoPerson is one member of staff of the demo. teams are slugs, * for all;
// a team in capitals is led.
type demoPerson struct {
	login, name string
	role        access.Role
	teams       string
	languages   string
	skills      string
	about       string
}

func (p demoPerson) email() string { return p.login + demoDomain }

// demoStaff lists them, in the order in which logins are shown. Nobody of them
// is real. The first two agents serve every queue, so that a newcomer who signs
// in as one is given whatever comes.
func demoStaff() []demoPerson {
	return []demoPerson{
		{"rini", "Rini Setyaningsih", access.Agent, "*", "ind jav eng", "pembayaran pelatihan", "all queues; speaks Indonesian, Javanese, English"},
		{"asep", "Asep Gunawan", access.Agent, "*", "ind sun", "pendaftaran pelatihan", "all queues; speaks Indonesian, Sundanese"},
		{"made", "Made Suryawan", access.Agent, "layanan pembayaran", "ind ban eng", "pembayaran", "service and payment; Indonesian, Balinese, English"},
		{"fitriani", "Fitriani Harahap", access.Agent, "layanan pengaduan", "ind bbc", "pengaduan", "service and complaints; Indonesian, Toba Batak"},
		{"dimas", "Dimas Pramudya", access.Agent, "layanan pembayaran", "ind jav", "pembayaran", "service and payment; Indonesian, Javanese"},
		{"yohana", "Yohana Latumahina", access.Agent, "layanan pengaduan", "ind eng", "pendaftaran", "service and complaints; Indonesian, English"},
		{"hesti", "Hesti Wardhani", access.UnitOfficer, "PEMBAYARAN", "ind jav", "pembayaran", "second line, payment"},
		{"bagus", "Bagus Kurniawan", access.UnitOfficer, "PENGADUAN", "ind", "pengaduan", "second line, complaints"},
		{"laila", "Laila Rahmawati", access.Verifier, "*", "ind min", "", "checks new tickets"},
		{"teguh", "Teguh Santosa", access.Approver, "", "ind", "", "second pair of eyes for money and attendance"},
		{"ratih", "Ratih Puspasari", access.Supervisor, "LAYANAN pembayaran pengaduan", "ind jav eng", "", "sees everything; wallboard with names"},
		{"ivan", "Ivan Situmorang", access.QualityReviewer, "", "ind bbc", "", "reads, reviews"},
		{"nurul", "Nurul Hikmah", access.Appellate, "", "ind", "", "decides appeals"},
		{"gilang", "Gilang Ramadhan", access.Admin, "", "ind eng", "", "settings, people, knowledge base"},
		{"layar", "Layar Wallboard", access.WallboardReader, "", "ind", "", "the screen on the wall: figures only"},
	}
}

// login is what somebody signs in with.
type login struct {
	demoPerson
	password string
}

// refuseForeign keeps the demo out of a desk with people of its own.
func (d *data) refuseForeign(ctx context.Context) error {
	var ours, others int
	err := d.db.NewRaw("SELECT count(*) FILTER (WHERE email LIKE ?0), count(*) FILTER (WHERE email NOT LIKE ?0) FROM staff", "%"+demoDomain).
		Scan(ctx, &ours, &others)
	if err != nil {
		return fmt.Errorf("look for staff: %w", err)
	}
	if others > 0 && ours == 0 {
		return errors.New("this desk has staff of its own; the demo is for an empty database")
	}
	return nil
}

// hire adds whoever of the demo's staff is missing. kept are the passwords told
// before: they stay, and who has none gets a new one.
func (d *data) hire(ctx context.Context, kept keptLogins) ([]login, error) {
	teams, err := team.Teams(ctx, d.db)
	if err != nil {
		return nil, err
	}
	mark, err := d.mark(ctx)
	if err != nil {
		return nil, err
	}
	var logins []login
	for _, person := range demoStaff() {
		one := login{demoPerson: person, password: kept.passwords[person.email()]}
		trusted := one.password != "" && mark != "" && kept.mark == mark
		err := d.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return d.hireOne(ctx, tx, teams, &one, trusted) })
		if err != nil {
			return nil, fmt.Errorf("demo staff %s: %w", person.login, err)
		}
		logins = append(logins, one)
	}
	return logins, nil
}

// hireOne adds one person, or gives somebody whose password is not known from
// this desk's own file a new one; trusted says that it is.
func (d *data) hireOne(ctx context.Context, tx bun.IDB, teams []team.Team, l *login, trusted bool) error {
	found, err := team.ByEmail(ctx, tx, l.email())
	if err != nil && !errors.Is(err, team.ErrNotFound) {
		return err
	}
	known := err == nil
	if known && trusted {
		return nil
	}
	if l.password == "" {
		if l.password, err = newPassword(); err != nil {
			return err
		}
	}
	if err := auth.CheckNewPassword(l.password, l.email(), l.name); err != nil {
		return err
	}
	hash, err := auth.HashPassword(l.password)
	if err != nil {
		return err
	}
	if known {
		return team.SetPassword(ctx, tx, found.ID, hash, d.now)
	}
	_, err = team.Add(ctx, tx, team.Staff{
		Email: l.email(), Name: l.name, Role: l.role, PasswordHash: hash, Languages: strings.Fields(l.languages),
		Skills: strings.Fields(l.skills), Teams: l.demoPerson.teamsOf(teams),
	}, d.now)
	return err
}

func (p demoPerson) teamsOf(all []team.Team) []team.Team {
	var some []team.Team
	for _, t := range all {
		if p.teams == "*" || slices.Contains(strings.Fields(strings.ToLower(p.teams)), t.Slug) {
			t.Lead = strings.Contains(p.teams, strings.ToUpper(t.Slug))
			some = append(some, t)
		}
	}
	return some
}

// mark tells this desk's database from another one in the file of logins: an
// abbreviated hash of the id of the demo's first account, "" before it exists.
func (d *data) mark(ctx context.Context) (string, error) {
	first, err := team.ByEmail(ctx, d.db, demoStaff()[0].email())
	if errors.Is(err, team.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(first.ID))
	return hex.EncodeToString(sum[:4]), nil
}
