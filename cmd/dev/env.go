package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// Setting is one variable that a desk is given.
type Setting struct{ Name, Value string }

// Desk is where a demonstration desk and its stand-in for providers listen.
type Desk struct {
	Listen  string // host:port
	Port    string
	Carrier string // host:port
}

// URL is the desk's address for people.
func (d Desk) URL() string { return "http://localhost:" + d.Port }

// CarrierURL is the stand-in's address, for programs and for people.
func (d Desk) CarrierURL() string { return "http://" + d.Carrier }

// chooseDesk takes the address in SAPA_LISTEN, or the first free port from 8080.
func (p *Place) chooseDesk(listen string) (Desk, error) {
	if listen == "" {
		port, err := choosePort(0, firstPorts["sapa"], portFree)
		if err != nil {
			return Desk{}, err
		}
		listen = fmt.Sprintf("127.0.0.1:%d", port)
	} else if err := listenable(listen); err != nil {
		return Desk{}, fmt.Errorf("SAPA_LISTEN=%s cannot be used: %w", listen, err)
	}
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return Desk{}, err
	}
	carrier, err := p.port("carrier")
	return Desk{Listen: listen, Port: port, Carrier: fmt.Sprintf("127.0.0.1:%d", carrier)}, err
}

func listenable(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return listener.Close()
}

// settings are the variables of the programs we start. What the person at the
// terminal has set goes before what we would choose.
func (p *Place) settings(d Desk, db *Databases, set func(string) string) []Setting {
	list := []Setting{
		{"SAPA_DATABASE_URL", db.PostgresURL},
		{"SAPA_REDIS_URL", db.RedisURL},
		{"SAPA_LISTEN", d.Listen},
		{"SAPA_PUBLIC_URL", d.URL()},
		// Another origin on the same server: a file must not run as the desk.
		{"SAPA_FILES_URL", "http://127.0.0.1:" + d.Port},
		{"SAPA_BLOB_URL", "file://" + p.Var("blobs")},
		{"SAPA_SPOOL_DIR", p.Var("spool")},
		{"SAPA_KEYSET", p.Var("keyset.json")},
		// A demonstration asks nobody for a telephone with an authenticator.
		{"SAPA_SECOND_FACTOR", "none"},
		// The stand-in's numbers.
		{"SAPA_WHATSAPP", "+628001503001"},
		{"SAPA_PHONE", "+628001503001"},
	}
	for i, setting := range list {
		if chosen := set(setting.Name); chosen != "" {
			list[i].Value = chosen
		}
	}
	return append(list,
		Setting{"SAPA_CARRIER_URL", d.CarrierURL()},
		Setting{"SAPA_DEMO_ACCOUNT_SID", p.Kept.AccountSID},
		Setting{"SAPA_DEMO_AUTH_TOKEN", p.Kept.AuthToken},
		Setting{"CARRIER_LISTEN", d.Carrier},
		// The signature of a webhook covers the address the desk is known by.
		Setting{"CARRIER_TARGET", value(list, "SAPA_PUBLIC_URL")},
		Setting{"CARRIER_ACCOUNT_SID", p.Kept.AccountSID},
		Setting{"CARRIER_AUTH_TOKEN", p.Kept.AuthToken},
		// Written by sapa demo, read by the stand-in: who can be played there.
		Setting{"CARRIER_PEOPLE", p.Var("people.json")},
	)
}

// value is the setting's value, empty when there is none of that name.
func value(settings []Setting, name string) string {
	for _, setting := range settings {
		if setting.Name == name {
			return setting.Value
		}
	}
	return ""
}

// compose puts settings over an environment, which keeps its other variables.
func compose(environment []string, settings []Setting) []string {
	var out []string
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		if value(settings, name) == "" {
			out = append(out, entry)
		}
	}
	for _, setting := range settings {
		out = append(out, setting.Name+"="+setting.Value)
	}
	return out
}

// without drops every variable whose name begins with one of the prefixes.
func without(environment []string, prefixes ...string) []string {
	var out []string
	for _, entry := range environment {
		keep := true
		for _, prefix := range prefixes {
			keep = keep && !strings.HasPrefix(entry, prefix)
		}
		if keep {
			out = append(out, entry)
		}
	}
	return out
}

// plainEnv is for the database programs: a stray PGDATA or PGHOST, or a language
// this machine has no locale for, must not change what they do.
func plainEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
}

// makeFolders makes the folders the desk keeps files in.
func (p *Place) makeFolders() error {
	for _, folder := range []string{"blobs", "spool"} {
		if err := os.MkdirAll(filepath.Join(p.Var(), folder), 0o700); err != nil {
			return err
		}
	}
	return nil
}
