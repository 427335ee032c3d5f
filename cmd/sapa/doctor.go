package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// Levels of a finding. Only the last one makes doctor fail.
const (
	fine = "OK"
	warn = "WARN"
	ill  = "FAIL"
)

// finding is one line of the doctor: what was looked at, how it is and, where it
// is not well, how to mend it.
type finding struct {
	level, part, text, mend string
}

// patient is what the doctor looks at: the settings as far as they could be read.
type patient struct {
	config   config
	now      time.Time
	findings []finding
}

func (p *patient) well(part, format string, args ...any) {
	p.findings = append(p.findings, finding{fine, part, fmt.Sprintf(format, args...), ""})
}

func (p *patient) worry(part, mend, format string, args ...any) {
	p.findings = append(p.findings, finding{warn, part, fmt.Sprintf(format, args...), mend})
}

func (p *patient) ail(part, mend, format string, args ...any) {
	p.findings = append(p.findings, finding{ill, part, fmt.Sprintf(format, args...), mend})
}

// within bounds every look: a host that swallows packets must not hang us.
const within = 5 * time.Second

// doctor checks the settings and everything they point to. It changes nothing
// but a probe file that it removes again.
func doctor(ctx context.Context, c call) int {
	if len(c.args) > 0 {
		fmt.Fprintln(c.stderr, "usage: sapa doctor")
		return 2
	}
	p := &patient{now: time.Now()}
	p.examine(ctx, c.env)
	failed := report(c.stdout, p.findings)
	if failed > 0 {
		fmt.Fprintf(c.stdout, "\n%d of %d checks failed.\n", failed, len(p.findings))
		return 1
	}
	fmt.Fprintf(c.stdout, "\nNo check of %d failed.\n", len(p.findings))
	return 0
}

func (p *patient) examine(ctx context.Context, env func(string) string) {
	p.settings(env)
	for _, look := range []func(context.Context){p.origins, p.listen, p.keyset, p.postgres, p.redis, p.blobs, p.spool} {
		limited, cancel := context.WithTimeout(ctx, 3*within)
		look(limited)
		cancel()
	}
}

// settings says for each setting what it is; a faulty one is a failure here and
// left out below.
func (p *patient) settings(env func(string) string) {
	config, err := readConfig(env)
	p.config = config
	for _, fault := range unjoined(err) {
		name, text, _ := strings.Cut(fault.Error(), ": ")
		p.ail(name, "set it in the environment; README.md lists all settings", "%s", text)
	}
	if err == nil {
		p.well("settings", "complete")
	}
	if config.Demo.CarrierURL != "" && (config.Demo.AccountSID == "" || config.Demo.AuthToken == "") {
		p.worry("settings", "set SAPA_DEMO_ACCOUNT_SID and SAPA_DEMO_AUTH_TOKEN", "SAPA_CARRIER_URL is set without an account of the stand-in")
	}
}

// unjoined takes apart what errors.Join put together.
func unjoined(err error) []error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

// report prints the findings as a table and counts the failures.
func report(out io.Writer, findings []finding) int {
	width, failed := 0, 0
	for _, f := range findings {
		width = max(width, len(f.part))
	}
	for _, f := range findings {
		fmt.Fprintf(out, "%-4s  %-*s  %s\n", f.level, width, f.part, f.text)
		if f.level != fine && f.mend != "" {
			fmt.Fprintf(out, "      %*s  mend: %s\n", width, "", f.mend)
		}
		if f.level == ill {
			failed++
		}
	}
	return failed
}
