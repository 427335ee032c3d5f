package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"sapa/program"
	"sapa/program/access"
)

// keptLogins are the passwords that an earlier run wrote, by e-mail, and the mark
// of the desk they belong to.
type keptLogins struct {
	mark      string
	passwords map[string]string
}

// Lines by which the sheet is read again.
const (
	markLine   = "desk "
	tryHeading = "Try this first"
)

// readLogins reads the file that writeLogins wrote; none is no passwords.
func readLogins(path string) (keptLogins, error) {
	kept := keptLogins{passwords: map[string]string{}}
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, nil
	}
	if err != nil {
		return kept, fmt.Errorf("logins: %w", err)
	}
	table := true // only its rows hold passwords; the advice below names addresses too
	for line := range strings.Lines(string(body)) {
		fields := strings.Fields(line)
		table = table && strings.TrimSpace(line) != tryHeading
		if mark, found := strings.CutPrefix(strings.TrimSpace(line), markLine); found && len(fields) == 2 {
			kept.mark = mark
		}
		for i, field := range fields {
			if table && strings.HasSuffix(field, demoDomain) && i+1 < len(fields) {
				kept.passwords[field] = fields[i+1]
			}
		}
	}
	return kept, nil
}

// writeLogins stores the sheet where only its owner reads it, in one step, so
// that a full disk never leaves half of it.
func writeLogins(path, sheet string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".logins-*") // made 0600
	if err != nil {
		return fmt.Errorf("logins: %w", err)
	}
	_, err = file.WriteString(sheet)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return fmt.Errorf("logins: %w", err)
	}
	return nil
}

// loginSheet is the table of logins and what to try first.
func loginSheet(c config, mark string, logins []login) string {
	var out strings.Builder
	out.WriteString("Logins of this demo desk. Its people, participants and phone numbers are invented.\n\n")
	table := tabwriter.NewWriter(&out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(table, "  ROLE\tNAME\tE-MAIL\tPASSWORD\tWHAT FOR")
	for _, l := range logins {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", strings.ReplaceAll(string(l.role), "_", " "), l.name, l.email(), l.password, l.about)
	}
	_ = table.Flush() // a strings.Builder takes everything
	if needs := secondFactors(c); needs != "" {
		fmt.Fprintf(&out, "\nAt the first sign-in a second factor is set up (%s);\nSAPA_SECOND_FACTOR=none leaves that out in a demo.\n", needs)
	}
	out.WriteString("\n" + tryFirst(c) + "\n" + markLine + mark + "\n")
	return out.String()
}

func secondFactors(c config) string {
	var roles []string
	for _, role := range access.Roles() {
		if c.SecondFactor[role] {
			roles = append(roles, strings.ReplaceAll(string(role), "_", " "))
		}
	}
	return strings.Join(roles, ", ")
}

// tryFirst leads a newcomer through one case, from the citizen's phone to the
// corrected record.
func tryFirst(c config) string {
	who := program.DemoPersonas()[0]
	steps := []string{
		fmt.Sprintf("Open %s/console/ and sign in as %s. Choose “Siap” (available).", c.PublicURL, demoStaff()[0].email()),
		fmt.Sprintf("Be the citizen: open %s, pick %s, and write by WhatsApp:", phonePage(c), who.Name),
		"  " + who.Writes,
		"Press “Lihat data saya”. A code arrives by SMS on the same phone; write it to the bot.",
		fmt.Sprintf("It asks for day and month of birth: %s. Now it reads her record and says what is wrong.", who.Born.Format("2 January")),
		"Press “Bicara petugas”. The conversation appears in the console, with her record beside it.",
		"Correct the payout account there and send the payment again; " + approverLogin() + " gives the second signature.",
	}
	var out strings.Builder
	out.WriteString(tryHeading + "\n")
	number := 0
	for _, step := range steps {
		if strings.HasPrefix(step, " ") {
			fmt.Fprintf(&out, "      %s\n", strings.TrimSpace(step))
			continue
		}
		number++
		fmt.Fprintf(&out, "  %d. %s\n", number, step)
	}
	out.WriteString("The other people on that phone page have other troubles; the note beside each says which.\n")
	return out.String()
}

// phonePage is where a browser reaches the stand-in: by its own address when that
// is this machine, else by its port on the desk's host, as in compose.yaml.
func phonePage(c config) string {
	base := strings.TrimSuffix(c.Demo.CarrierURL, "/")
	if base == "" {
		return "the stand-in's phone page"
	}
	scheme, address, _ := strings.Cut(base, "://")
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "localhost" || net.ParseIP(host) != nil {
		return base + "/"
	}
	return scheme + "://" + net.JoinHostPort(c.PublicURL.Hostname(), port) + "/"
}

// approverLogin is who approves money in the demo.
func approverLogin() string {
	for _, person := range demoStaff() {
		if person.role == access.Approver {
			return person.email()
		}
	}
	return "the approver"
}
