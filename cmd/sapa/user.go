package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/auth"
)

const userUsage = `usage: sapa user add --email E-MAIL --name NAME --role ROLE [--language ind|eng] [--capacity N] [--speaks jav,sun] [--teams SLUG,...]
       sapa user disable E-MAIL | enable E-MAIL | password E-MAIL
`

// user makes and changes members of staff. Whoever may run it may read the
// database, so it asks for no sign-in; the audit log names the command line.
func user(ctx context.Context, c call) int {
	action := ""
	if len(c.args) > 0 {
		action, c.args = c.args[0], c.args[1:]
	}
	act, known := map[string]func(context.Context, *data, call) error{
		"add": userAdd, "disable": userDisable, "enable": userEnable, "password": userPassword,
	}[action]
	if !known {
		fmt.Fprint(c.stderr, userUsage)
		return 2
	}
	d, err := openData(ctx, c)
	if err != nil {
		return c.fail(err)
	}
	defer d.db.Close()
	if err := act(ctx, d, c); err != nil {
		if errors.Is(err, errUserUsage) {
			fmt.Fprint(c.stderr, userUsage)
			return 2
		}
		return c.fail(err)
	}
	return 0
}

var errUserUsage = errors.New("called wrongly")

// commandLine is the actor of what is done here.
func commandLine() access.Actor { return access.Actor{Kind: access.System, Name: "sapa user"} }

func userAdd(ctx context.Context, d *data, c call) error {
	staff, teams, err := userFlags(c)
	if err != nil {
		return err
	}
	password, err := newPassword()
	if err != nil {
		return err
	}
	if staff.PasswordHash, err = auth.HashPassword(password); err != nil {
		return err
	}
	err = d.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if staff.Teams, err = chosenTeams(ctx, tx, teams); err != nil {
			return err
		}
		staff, err = team.Add(ctx, tx, staff, d.now)
		if errors.Is(err, team.ErrTaken) {
			return fmt.Errorf("%s has an account already; `sapa user password %s` makes a new password", staff.Email, staff.Email)
		}
		if err != nil {
			return err
		}
		return d.audit(ctx, tx, "staff.add", staff.ID, map[string]any{"role": staff.Role, "capacity": staff.Capacity})
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "added %s <%s>, %s\n", staff.Name, staff.Email, staff.Role)
	showPassword(c.stdout, password)
	if d.config.SecondFactor[staff.Role] {
		fmt.Fprintln(c.stdout, "At the first sign-in a second factor (an authenticator app) is set up.")
	}
	return nil
}

func userFlags(c call) (team.Staff, string, error) {
	var staff team.Staff
	var role, speaks, teams string
	flags := flag.NewFlagSet("user add", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&staff.Email, "email", "", "")
	flags.StringVar(&staff.Name, "name", "", "")
	flags.StringVar(&role, "role", "", "")
	flags.StringVar(&staff.Language, "language", "ind", "")
	flags.IntVar(&staff.Capacity, "capacity", 0, "")
	flags.StringVar(&speaks, "speaks", "", "")
	flags.StringVar(&teams, "teams", "", "")
	if err := flags.Parse(c.args); err != nil || flags.NArg() > 0 || staff.Email == "" || staff.Name == "" || role == "" {
		return staff, "", errUserUsage
	}
	staff.Role = access.Role(role)
	switch {
	case !staff.Role.Known():
		return staff, "", fmt.Errorf("there is no role %q; roles are %s", role, rolesList())
	case staff.Language != "ind" && staff.Language != "eng":
		return staff, "", fmt.Errorf("--language is the one of the screens: ind or eng, not %q", staff.Language)
	case staff.Capacity < 0 || staff.Capacity > 20:
		return staff, "", fmt.Errorf("--capacity is 1 to 20 conversations at a time, not %d", staff.Capacity)
	}
	staff.Languages = listed(speaks)
	return staff, teams, nil
}

func rolesList() string {
	var names []string
	for _, role := range access.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

func listed(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// chosenTeams reads the named teams, or all when none is named: somebody without
// a team would never be given anything.
func chosenTeams(ctx context.Context, db bun.IDB, slugs string) ([]team.Team, error) {
	if err := team.Seed(ctx, db); err != nil {
		return nil, err
	}
	all, err := team.Teams(ctx, db)
	if err != nil || slugs == "" {
		return all, err
	}
	var some []team.Team
	for _, slug := range listed(slugs) {
		i := slices.IndexFunc(all, func(t team.Team) bool { return t.Slug == slug })
		if i < 0 {
			return nil, fmt.Errorf("there is no team %q", slug)
		}
		some = append(some, all[i])
	}
	return some, nil
}

func userDisable(ctx context.Context, d *data, c call) error {
	return d.onUser(ctx, c, "staff.disable", func(ctx context.Context, tx bun.Tx, staff team.Staff) error {
		return team.SetStatus(ctx, tx, staff.ID, team.StatusDisabled, d.now)
	}, "disabled %s; every session has ended\n")
}

func userEnable(ctx context.Context, d *data, c call) error {
	return d.onUser(ctx, c, "staff.enable", func(ctx context.Context, tx bun.Tx, staff team.Staff) error {
		return team.SetStatus(ctx, tx, staff.ID, team.StatusActive, d.now)
	}, "enabled %s\n")
}

func userPassword(ctx context.Context, d *data, c call) error {
	password, err := newPassword()
	if err != nil {
		return err
	}
	hash, err := auth.HashPassword(password)
	if err != nil {
		return err
	}
	err = d.onUser(ctx, c, "staff.password", func(ctx context.Context, tx bun.Tx, staff team.Staff) error {
		return team.SetPassword(ctx, tx, staff.ID, hash, d.now)
	}, "changed the password of %s; every session has ended\n")
	if err == nil {
		showPassword(c.stdout, password)
	}
	return err
}

// onUser changes one member of staff, writes the audit line and ends the
// sessions that the change concerns.
func (d *data) onUser(ctx context.Context, c call, action string, change func(context.Context, bun.Tx, team.Staff) error, done string) error {
	if len(c.args) != 1 {
		return errUserUsage
	}
	staff, err := team.ByEmail(ctx, d.db, c.args[0])
	if errors.Is(err, team.ErrNotFound) {
		return fmt.Errorf("nobody has the e-mail %s", c.args[0])
	}
	if err != nil {
		return err
	}
	err = d.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := change(ctx, tx, staff); err != nil {
			return err
		}
		return d.audit(ctx, tx, action, staff.ID, nil)
	})
	if err != nil {
		return err
	}
	if action != "staff.enable" {
		if err := d.endSessions(ctx, staff.ID); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.stdout, done, staff.Email)
	return nil
}

// endSessions ends browser sessions by the database and open sockets by the bus.
func (d *data) endSessions(ctx context.Context, id team.StaffID) error {
	options, err := redis.ParseURL(d.config.RedisURL)
	if err != nil {
		return fmt.Errorf("SAPA_REDIS_URL: %w", err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	guard := auth.New(auth.Options{DB: d.db, Box: d.box, Bus: bus.New(bus.Options{Redis: client}), Now: time.Now})
	return guard.EndSessions(ctx, id)
}

func (d *data) audit(ctx context.Context, tx bun.IDB, action string, id team.StaffID, after map[string]any) error {
	entry := access.AuditEntry{Actor: commandLine(), Action: action, Object: "staff", ObjectID: string(id), Reason: "command line", At: d.now}
	if after != nil {
		raw, err := json.Marshal(after)
		if err != nil {
			return fmt.Errorf("encode audit: %w", err)
		}
		entry.After = raw
	}
	return access.Audit(ctx, tx, entry)
}

func showPassword(out io.Writer, password string) {
	fmt.Fprintf(out, "password  %s\nIt is shown this once. Pass it on safely and have it changed after the first sign-in.\n", password)
}
