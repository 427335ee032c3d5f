package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"sapa/kb"
	"sapa/program"
	people "sapa/program/seed"
	past "sapa/ticketing/seed"
)

// demo makes a desk out of an empty database that one can walk around in. Run
// again it changes nothing but what has moved: the stand-in's address, a login
// whose file was lost.
func demo(ctx context.Context, c call) int {
	want := amount{seed: 1}
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	path := flags.String("logins", "logins.txt", "file for the logins, readable by its owner only")
	flags.IntVar(&want.participants, "participants", people.DefaultParticipants, "how many participants")
	flags.IntVar(&want.conversations, "conversations", past.DefaultConversations, "how many past conversations")
	if err := flags.Parse(c.args); err != nil || flags.NArg() > 0 || want.participants < len(program.DemoPersonas()) || want.conversations < 0 {
		fmt.Fprintf(c.stderr, "usage: sapa demo [--logins FILE] [--participants N, at least %d] [--conversations N]\n", len(program.DemoPersonas()))
		return 2
	}
	d, err := openData(ctx, c)
	if err != nil {
		return c.fail(err)
	}
	defer d.db.Close()
	sheet, err := d.demo(ctx, c, *path, want)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.stdout, "\n%s\n%s\nThe logins are kept in %s.\n", addresses(d.config), sheet, *path)
	return 0
}

func (d *data) demo(ctx context.Context, c call, path string, want amount) (sheet string, err error) {
	if err := d.refuseForeign(ctx); err != nil {
		return "", err
	}
	if err := d.lay(ctx, true); err != nil {
		return "", err
	}
	kept, err := readLogins(path)
	if err != nil {
		return "", err
	}
	logins, err := d.hire(ctx, kept)
	if err != nil {
		return "", err
	}
	mark, err := d.mark(ctx)
	if err != nil {
		return "", err
	}
	sheet = loginSheet(d.config, mark, logins)
	if err := writeLogins(path, sheet); err != nil { // before the long load: an interrupted one keeps its logins
		return "", err
	}
	if err := d.loadKnowledge(ctx, c); err != nil {
		return "", err
	}
	if err := d.loadDemoPast(ctx, c, want); err != nil {
		return "", err
	}
	return sheet, writePeople(d.config.Demo.PeopleFile)
}

func (d *data) loadKnowledge(ctx context.Context, c call) error {
	added, err := kb.LoadContent(ctx, d.db, d.now)
	if err == nil && added > 0 {
		fmt.Fprintf(c.stdout, "knowledge base: %d articles\n", added)
	}
	return err
}

// loadDemoPast loads what the database does not hold yet.
func (d *data) loadDemoPast(ctx context.Context, c call, want amount) error {
	talked, err := d.holds(ctx, "conversations")
	if err != nil {
		return err
	}
	if talked {
		want.conversations = 0
	}
	if known, err := d.holds(ctx, "participants"); err != nil || known {
		want.participants = 0
		if err != nil {
			return err
		}
	}
	return d.fill(ctx, c, want)
}

// writePeople tells the stand-in whom its phone page offers.
func writePeople(path string) error {
	if path == "" {
		return nil
	}
	type person struct {
		Name  string `json:"name"`
		Phone string `json:"phone"`
		Note  string `json:"note"`
	}
	var list []person
	for _, p := range program.DemoPersonas() {
		note := p.Trouble + ". Tulis: “" + p.Writes + "”"
		if n := len(list); n > 0 && list[n-1].Phone == p.Phone { // a couple with one phone
			list[n-1].Name += " / " + p.Name
			continue
		}
		list = append(list, person{p.Name, p.Phone, note})
	}
	body, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return fmt.Errorf("people of the stand-in: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("people of the stand-in: %w", err)
	}
	// The stand-in may run as somebody else; nobody in the file is real.
	if err := os.WriteFile(path, append(body, '\n'), 0o644); err != nil {
		return fmt.Errorf("people of the stand-in: %w", err)
	}
	return nil
}

// addresses is the table of where to go.
func addresses(c config) string {
	base := c.PublicURL.String()
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 2, 8, 2, ' ', 0)
	for _, row := range [][2]string{
		{"Citizen home, with live chat", base + "/"}, {"A phone to write WhatsApp and SMS from", phonePage(c)}, {"Help pages", base + "/help"},
		{"Agent console", base + "/console/"}, {"Wallboard", base + "/wallboard"}, {"API documentation", base + "/api/docs"},
	} {
		fmt.Fprintf(table, "  %s\t%s\n", row[0], row[1])
	}
	_ = table.Flush() // a strings.Builder takes everything
	return out.String()
}
