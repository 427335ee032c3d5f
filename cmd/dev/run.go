package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// startWithin is how long a program may take to answer after its start; a slow
// disk and two cores under a cold build have been seen to need ten seconds.
const startWithin = time.Minute

// run is `make run`: everything from an empty machine to a desk one can use.
func run(ctx context.Context) (err error) {
	began := time.Now()
	place, err := openPlace()
	if err != nil {
		return err
	}
	release, err := hold(place, "run")
	if err != nil {
		return err
	}
	defer release()
	if err := place.prepare(ctx); err != nil {
		return err
	}
	db, err := place.startDatabases(runSet)
	if err != nil {
		return err
	}
	say("PostgreSQL and Redis answer")
	defer func() { err = errors.Join(err, db.stop()) }()
	if err := place.build(ctx); err != nil {
		return err
	}
	desk, err := place.chooseDesk(os.Getenv("SAPA_LISTEN"))
	if err != nil {
		return err
	}
	settings := place.settings(desk, db, os.Getenv)
	if err := place.fill(ctx, settings); err != nil {
		return err
	}
	return place.serve(ctx, settings, began)
}

// prepare brings the machine and the clone to where databases can start.
func (p *Place) prepare(ctx context.Context) error {
	if err := checkNode(ctx); err != nil {
		return err
	}
	if err := p.install(ctx, serverPackages(runSet)); err != nil {
		return err
	}
	return p.endOrphans("sapa", "carrier", "redis", "postgres")
}

func (p *Place) build(ctx context.Context) error {
	if err := p.npmInstall(ctx); err != nil {
		return err
	}
	if err := p.buildUI(ctx); err != nil {
		return err
	}
	say("building the programs (minutes the first time, seconds later)")
	return p.buildGo(ctx)
}

// fill makes keys, tables and demonstration data; each step does nothing when
// its work is done already.
func (p *Place) fill(ctx context.Context, settings []Setting) error {
	if err := p.makeFolders(); err != nil {
		return err
	}
	env := compose(os.Environ(), settings)
	steps := []struct {
		name string
		args []string
	}{
		{"keys", []string{"keys", "new", "--if-missing", value(settings, "SAPA_KEYSET")}},
		{"migrate", []string{"migrate"}},
		{"demo", []string{"demo", "--logins", p.Var("logins.txt")}},
	}
	for _, step := range steps {
		say("sapa %s", strings.Join(step.args, " "))
		c := Command{Dir: p.Root, Env: env, Args: append([]string{p.bin("sapa")}, step.args...)}
		if err := p.logged(ctx, step.name, c); err != nil {
			return err
		}
	}
	return nil
}

func (p *Place) bin(name string) string { return filepath.Join(p.Root, "bin", name) }

// serve runs the stand-in and the desk until the person, or one of them, ends it.
func (p *Place) serve(ctx context.Context, settings []Setting, began time.Time) (err error) {
	env := compose(os.Environ(), settings)
	carrier, err := p.start(Start{Name: "carrier", Path: p.bin("carrier"), Dir: p.Root, Env: env, Ends: politely})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, carrier.stop()) }()
	sapa, err := p.start(Start{Name: "sapa", Path: p.bin("sapa"), Args: []string{"serve"}, Dir: p.Root, Env: env, Ends: politely})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sapa.stop()) }()
	if err := carrier.awaitReady(startWithin, func() bool { return answers(value(settings, "SAPA_CARRIER_URL") + "/") }); err != nil {
		return err
	}
	ready := "http://" + value(settings, "SAPA_LISTEN") + "/readyz"
	if err := sapa.awaitReady(startWithin, func() bool { return answers(ready) }); err != nil {
		return err
	}
	p.welcome(settings, time.Since(began))
	return untilEnd(ctx, carrier, sapa)
}

// untilEnd returns nil when we are told to end, and the fault of a child that
// ended before.
func untilEnd(ctx context.Context, carrier, sapa *Child) error {
	select {
	case <-ctx.Done():
		say("stopping")
		return nil
	case <-carrier.done:
		return carrier.fault()
	case <-sapa.done:
		return sapa.fault()
	}
}

func answers(url string) bool {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// welcome prints what one needs to begin.
func (p *Place) welcome(settings []Setting, took time.Duration) {
	fmt.Printf("\nSapa runs (ready in %.0f s). Ctrl-C stops it.\n\n%s\n", took.Seconds(),
		addresses(value(settings, "SAPA_PUBLIC_URL"), value(settings, "SAPA_CARRIER_URL")))
	logins, err := os.ReadFile(p.Var("logins.txt"))
	if err != nil {
		fmt.Printf("No logins: %v\n", err)
	} else {
		fmt.Printf("%s\n\n", strings.TrimSpace(string(logins)))
	}
	fmt.Printf("  logs: var/log/    logins again: var/logins.txt    start afresh: make clean\n\n")
}

// addresses is the table of where to go.
func addresses(desk, carrier string) string {
	rows := []Setting{
		{"Citizen home, with live chat", desk + "/"},
		{"A phone to write WhatsApp and SMS from", carrier + "/"},
		{"Help pages", desk + "/help"},
		{"Agent console", desk + "/console/"},
		{"Wallboard", desk + "/wallboard"},
		{"API documentation", desk + "/api/docs"},
	}
	var out strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&out, "  %-40s %s\n", row.Name, row.Value)
	}
	return out.String()
}
