package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/program/access"
)

// config is every setting of the desk, read once from the environment.
type config struct {
	DatabaseURL string         // SAPA_DATABASE_URL: PostgreSQL 15 or newer
	RedisURL    string         // SAPA_REDIS_URL
	Listen      string         // SAPA_LISTEN: host:port
	PublicURL   *url.URL       // SAPA_PUBLIC_URL: what citizens and providers call
	FilesURL    *url.URL       // SAPA_FILES_URL: second origin, for attachments only
	Keyset      string         // SAPA_KEYSET: path of the keyset file, mode 0600
	BlobURL     string         // SAPA_BLOB_URL: file:///folder or s3://bucket?region=...
	SpoolDir    string         // SAPA_SPOOL_DIR: where webhooks wait while PostgreSQL is away
	WorkerSlots int            // SAPA_WORKERS: tasks at a time
	CodesADay   int            // SAPA_OTP_DAY: one-time codes sent in a day, to all together
	Partitions  int            // SAPA_PARTITIONS: hash partitions of the big tables, when first created
	Shutdown    time.Duration  // SAPA_SHUTDOWN: how long running requests and tasks may finish
	Proxies     []netip.Prefix // SAPA_PROXIES: whose X-Forwarded-For is believed, like 10.0.0.0/8
	Clamd       string         // SAPA_CLAMD: address of a ClamAV daemon; empty means files are not scanned for viruses
	Phone       string         // SAPA_PHONE: shown to citizens, E.164
	WhatsApp    string         // SAPA_WHATSAPP: shown to citizens, E.164
	// SecondFactor (SAPA_SECOND_FACTOR) are the roles that must have one; "none"
	// for a demo. Default: all but the wallboard reader.
	SecondFactor map[access.Role]bool
	// WebhookLoopback (SAPA_WEBHOOK_LOOPBACK=yes) lets webhooks go to this machine,
	// by http too: for a demo.
	WebhookLoopback bool
	// APIBases (SAPA_API_BASES) are other addresses of providers' APIs that
	// administrators may choose for an inbox, such as a gateway of one's own.
	APIBases []string
	Demo     demoConfig
}

// demoConfig is only read by `sapa demo` and by the banner of a demo desk.
type demoConfig struct {
	CarrierURL string // SAPA_CARRIER_URL: base address of the stand-in
	AccountSID string // SAPA_DEMO_ACCOUNT_SID
	AuthToken  string // SAPA_DEMO_AUTH_TOKEN
	PeopleFile string // CARRIER_PEOPLE: where the stand-in reads its citizens
}

const (
	defaultListen   = "127.0.0.1:8080"
	defaultWorkers  = 16               // two cores; tasks mostly wait for PostgreSQL or a provider
	defaultCodes    = 50_000           // one for each of the 41,000 chats of a peak day, and a fifth asking twice; some Rp25 million
	defaultShutdown = 20 * time.Second // a provider call may take 15 s
)

// reader collects every fault, so that all are told together before anything starts.
type reader struct {
	env    func(string) string
	faults []error
}

func readConfig(env func(string) string) (config, error) {
	r := &reader{env: env}
	c := config{
		DatabaseURL:     r.required("SAPA_DATABASE_URL", "postgres://user@host:5432/sapa"),
		RedisURL:        r.required("SAPA_REDIS_URL", "redis://host:6379/0"),
		Listen:          r.address("SAPA_LISTEN", defaultListen),
		PublicURL:       r.base("SAPA_PUBLIC_URL", "http://localhost:8080"),
		FilesURL:        r.base("SAPA_FILES_URL", "http://127.0.0.1:8080"),
		Keyset:          r.required("SAPA_KEYSET", "path of the file made by `sapa keys new FILE`"),
		BlobURL:         r.withDefault("SAPA_BLOB_URL", "file:///var/lib/sapa/blobs"),
		SpoolDir:        r.withDefault("SAPA_SPOOL_DIR", "/var/lib/sapa/spool"),
		WorkerSlots:     r.count("SAPA_WORKERS", defaultWorkers),
		CodesADay:       r.count("SAPA_OTP_DAY", defaultCodes),
		Partitions:      r.count("SAPA_PARTITIONS", 0),
		Shutdown:        r.duration("SAPA_SHUTDOWN", defaultShutdown),
		Proxies:         r.prefixes("SAPA_PROXIES"),
		Clamd:           env("SAPA_CLAMD"),
		Phone:           env("SAPA_PHONE"),
		WhatsApp:        env("SAPA_WHATSAPP"),
		SecondFactor:    r.roles("SAPA_SECOND_FACTOR"),
		WebhookLoopback: r.yes("SAPA_WEBHOOK_LOOPBACK"),
		APIBases:        r.bases("SAPA_API_BASES"),
		Demo: demoConfig{
			CarrierURL: env("SAPA_CARRIER_URL"),
			AccountSID: env("SAPA_DEMO_ACCOUNT_SID"),
			AuthToken:  env("SAPA_DEMO_AUTH_TOKEN"),
			PeopleFile: env("CARRIER_PEOPLE"),
		},
	}
	r.sameOrigin(c)
	return c, errors.Join(r.faults...)
}

func (r *reader) fault(name, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
}

func (r *reader) withDefault(name, fallback string) string {
	if set := r.env(name); set != "" {
		return set
	}
	return fallback
}

func (r *reader) required(name, example string) string {
	set := r.env(name)
	if set == "" {
		r.fault(name, "is not set; it holds %s", example)
	}
	return set
}

func (r *reader) address(name, fallback string) string {
	set := r.withDefault(name, fallback)
	if _, _, err := net.SplitHostPort(set); err != nil {
		r.fault(name, "%q is not host:port", set)
	}
	return set
}

func (r *reader) base(name, fallback string) *url.URL {
	set := r.withDefault(name, fallback)
	parsed, err := url.Parse(strings.TrimSuffix(set, "/"))
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		r.fault(name, "%q is not an address like https://desk.example.id", set)
		return &url.URL{}
	}
	return parsed
}

func (r *reader) bases(name string) []string {
	var list []string
	for part := range strings.FieldsFuncSeq(r.env(name), isSeparator) {
		parsed, err := url.Parse(part)
		if err != nil || parsed.Host == "" || parsed.User != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") {
			r.fault(name, "%q is not an address like https://gateway.example.id", part)
		}
		list = append(list, strings.TrimSuffix(part, "/"))
	}
	return list
}

func (r *reader) count(name string, fallback int) int {
	set := r.env(name)
	if set == "" {
		return fallback
	}
	n, err := strconv.Atoi(set)
	if err != nil || n < 1 {
		r.fault(name, "%q is not a whole number above zero", set)
	}
	return n
}

func (r *reader) yes(name string) bool {
	set := r.env(name)
	if set != "" && set != "yes" && set != "no" {
		r.fault(name, "%q is neither yes nor no", set)
	}
	return set == "yes"
}

func (r *reader) duration(name string, fallback time.Duration) time.Duration {
	set := r.env(name)
	if set == "" {
		return fallback
	}
	d, err := time.ParseDuration(set)
	if err != nil || d <= 0 {
		r.fault(name, "%q is not a duration like 20s", set)
	}
	return d
}

func (r *reader) prefixes(name string) []netip.Prefix {
	var list []netip.Prefix
	for part := range strings.FieldsFuncSeq(r.env(name), isSeparator) {
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			r.fault(name, "%q is not a network like 10.0.0.0/8", part)
		}
		list = append(list, prefix)
	}
	return list
}

func (r *reader) roles(name string) map[access.Role]bool {
	set := r.env(name)
	roles := map[access.Role]bool{}
	if set == "none" {
		return roles
	}
	if set == "" {
		for _, role := range access.Roles() {
			roles[role] = role != access.WallboardReader
		}
		return roles
	}
	for part := range strings.FieldsFuncSeq(set, isSeparator) {
		if !slices.Contains(access.Roles(), access.Role(part)) {
			r.fault(name, "there is no role %q", part)
		}
		roles[access.Role(part)] = true
	}
	return roles
}

func isSeparator(r rune) bool { return r == ',' || r == ' ' }

// sameOrigin refuses attachments on the desk's own origin: a file a citizen sent
// must never run beside an agent's session.
func (r *reader) sameOrigin(c config) {
	if c.PublicURL.Host != "" && c.PublicURL.Host == c.FilesURL.Host {
		r.fault("SAPA_FILES_URL", "must differ from SAPA_PUBLIC_URL (in the demo: 127.0.0.1 beside localhost)")
	}
}

// apiBases are those of the settings and, in a demo, the stand-in's.
func (c config) apiBases() []string {
	if c.Demo.CarrierURL == "" {
		return c.APIBases
	}
	return append(slices.Clone(c.APIBases), c.Demo.CarrierURL)
}

// secureCookies tells whether browsers reach the desk over TLS.
func (c config) secureCookies() bool { return c.PublicURL.Scheme == "https" }

// hostname names this process in leases and logs.
func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		name = "unnamed"
	}
	return fmt.Sprintf("%s/%d", name, os.Getpid())
}
