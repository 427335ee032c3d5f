package seed

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// contactsADay is how many hand-overs one agent answers on a working day: with
// three hands, a shift of eight and a half hours and ten minutes a contact there
// is room for more, so that queues stay short.
const contactsADay = 85

// staff adds those without whom the past could not have been: enough agents for
// its size, and one person for each part in a ticket's life. They have no
// password, so nobody can sign in as them.
func (d *desk) staff(ctx context.Context, db *bun.DB, conversations int, since time.Time) (added int, err error) {
	if err := d.readStaff(ctx, db); err != nil {
		return 0, err
	}
	teams, err := team.Teams(ctx, db)
	if err != nil {
		return 0, err
	}
	agents := int(float64(conversations)*(1-containment))/(windowDays*contactsADay) + 4
	for n := len(d.agents); n < agents; n++ {
		if err := addStaff(ctx, db, access.Agent, n, teams, since); err != nil {
			return added, err
		}
		added++
	}
	for _, role := range []access.Role{access.Verifier, access.UnitOfficer, access.Supervisor, access.Appellate} {
		if len(d.byRole[role]) > 0 {
			continue
		}
		if err := addStaff(ctx, db, role, 0, teams, since); err != nil {
			return added, err
		}
		added++
	}
	if err := d.readStaff(ctx, db); err != nil {
		return added, err
	}
	return added, d.readLogged(ctx, db)
}

func addStaff(ctx context.Context, db *bun.DB, role access.Role, n int, teams []team.Team, since time.Time) error {
	_, err := team.Add(ctx, db, team.Staff{
		Email: fmt.Sprintf("uji.%s.%03d@sapa.example", role, n+1), Name: fmt.Sprintf("Petugas Uji %03d (%s)", n+1, role), Role: role, Teams: teams,
	}, since)
	if err != nil {
		return fmt.Errorf("add staff of the past: %w", err)
	}
	return nil
}

// readLogged finds whose presence the desk has recorded: theirs is left alone.
func (d *desk) readLogged(ctx context.Context, db *bun.DB) error {
	var ids []team.StaffID
	if err := db.NewRaw("SELECT staff_id FROM presence UNION SELECT staff_id FROM presence_log").Scan(ctx, &ids); err != nil {
		return fmt.Errorf("read presence: %w", err)
	}
	d.logged = map[team.StaffID]bool{}
	for _, id := range ids {
		d.logged[id] = true
	}
	return nil
}
