package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/migrations"
	"sapa/program/account"
)

// postgresLeast is the oldest server the schema was tried on, as the server
// numbers itself.
const postgresLeast = 150000

// postgres: version, schema, extensions, promises about commits, clock; then what
// the database holds.
func (p *patient) postgres(ctx context.Context) {
	if p.config.DatabaseURL == "" {
		return
	}
	db, err := migrations.Open(p.config.DatabaseURL)
	if err != nil {
		p.ail("postgres", "correct SAPA_DATABASE_URL", "%v", err)
		return
	}
	defer db.Close()
	var version, text, commit string
	var there time.Time
	asked := time.Now()
	err = db.NewRaw("SELECT current_setting('server_version_num'), current_setting('server_version'), current_setting('synchronous_commit'), clock_timestamp()").
		Scan(ctx, &version, &text, &commit, &there)
	if err != nil {
		p.ail("postgres", "start PostgreSQL, or correct SAPA_DATABASE_URL", "does not answer: %v", err)
		return
	}
	if number, _ := strconv.Atoi(version); number < postgresLeast {
		p.ail("postgres", "install PostgreSQL 15 or newer", "version %s is too old", text)
	} else {
		p.well("postgres", "version %s", text)
	}
	p.commits(commit)
	p.clock(there.Sub(asked.Add(time.Since(asked) / 2)))
	p.schema(ctx, db)
}

// commits: what was acknowledged to a provider must survive a crash.
func (p *patient) commits(setting string) {
	if setting == "off" {
		p.worry("commits", "set synchronous_commit = on", "synchronous_commit is off: a crash may lose the last messages though they were acknowledged")
		return
	}
	p.well("commits", "synchronous_commit is %s", setting)
}

// Skew of the clocks: rows carry this machine's time, and promises of a minute
// are measured with it (limits ours).
const (
	skewWorry = 2 * time.Second
	skewAil   = 30 * time.Second
)

func (p *patient) clock(skew time.Duration) {
	switch skew = skew.Abs().Round(time.Millisecond); {
	case skew > skewAil:
		p.ail("clock", "run a time service (chrony, systemd-timesyncd) on both machines", "differs from PostgreSQL's by %s", skew)
	case skew > skewWorry:
		p.worry("clock", "run a time service (chrony, systemd-timesyncd) on both machines", "differs from PostgreSQL's by %s", skew)
	default:
		p.well("clock", "within %s of PostgreSQL's", max(skew, time.Millisecond))
	}
}

func (p *patient) schema(ctx context.Context, db *bun.DB) {
	pending, err := migrations.Pending(ctx, db)
	switch {
	case err != nil:
		p.ail("schema", "let this user read its own database", "%v", err)
		return
	case len(pending) > 0:
		p.ail("schema", "sapa migrate", "%d migrations are pending, the first is %s", len(pending), pending[0])
		return
	}
	var missing []string
	err = db.NewRaw(`SELECT e FROM unnest(ARRAY['pg_trgm','pgcrypto']) e WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = e)`).Scan(ctx, &missing)
	if err != nil || len(missing) > 0 {
		p.ail("schema", "CREATE EXTENSION … as a superuser", "extensions missing: %s %v", strings.Join(missing, ", "), err)
		return
	}
	p.well("schema", "up to date")
	p.holidays(ctx, db)
	p.people(ctx, db)
	p.codes(ctx, db)
	p.inboxes(ctx, db)
}

// holidays: without a year's list no promise that reaches into it has a date.
func (p *patient) holidays(ctx context.Context, db bun.IDB) {
	var years []int
	if err := db.NewRaw("SELECT year FROM holiday_years").Scan(ctx, &years); err != nil {
		p.ail("holidays", "", "%v", err)
		return
	}
	loaded := map[int]bool{}
	for _, year := range years {
		loaded[year] = true
	}
	const mend = "load the decreed list (SKB) of the year in the console, settings, days off"
	year := p.now.Year()
	switch {
	case !loaded[year]:
		p.ail("holidays", mend, "the days off of %d are not loaded: tickets get no date", year)
	case !loaded[year+1] && p.now.Month() >= time.October:
		p.worry("holidays", mend, "the days off of %d are not loaded: tickets that reach into it get no date", year+1)
	default:
		p.well("holidays", "days off of %d are loaded", year)
	}
}

// people: somebody has to be able to change settings.
func (p *patient) people(ctx context.Context, db bun.IDB) {
	var admins int
	if err := db.NewRaw("SELECT count(*) FROM staff WHERE role = 'admin' AND status = 'active' AND password_hash <> ''").Scan(ctx, &admins); err != nil {
		p.ail("staff", "", "%v", err)
		return
	}
	if admins == 0 {
		p.worry("staff", "sapa user add --role admin --name … --email …", "nobody can sign in as administrator")
		return
	}
	p.well("staff", "administrators who can sign in: %d", admins)
}

// codes: above the day's limit nobody can prove who they are.
func (p *patient) codes(ctx context.Context, db bun.IDB) {
	const part = "one-time codes"
	sent, err := account.SentToday(ctx, db, p.now)
	switch limit := p.config.CodesADay; {
	case err != nil:
		p.ail(part, "", "%v", err)
	case sent >= limit:
		p.ail(part, "see who asks for so many; raise SAPA_OTP_DAY if they are citizens", "all %s of today are sent: no code goes out before midnight, WIB", thousands(limit))
	default:
		p.well(part, "%s of %s sent today", thousands(sent), thousands(limit))
	}
}

// inboxes: their settings open with this keyset, and their providers answer.
func (p *patient) inboxes(ctx context.Context, db bun.IDB) {
	box, err := seal.Load(p.config.Keyset)
	if err != nil {
		return // told above
	}
	list, err := channels.ListInboxes(ctx, db, box)
	if err != nil {
		p.ail("inboxes", "use the keyset that this database was filled with", "%v", err)
		return
	}
	if len(list) == 0 {
		p.worry("inboxes", "add one as an administrator, or run sapa demo for a look around", "there are none: citizens cannot write")
	}
	for _, inbox := range list {
		p.inbox(ctx, inbox)
	}
}

func (p *patient) inbox(ctx context.Context, inbox channels.Inbox) {
	part := "inbox " + inbox.Slug
	switch {
	case inbox.Sealed():
		p.ail(part, "use the keyset that this database was filled with, or enter the inbox's settings again",
			"the settings of %s do not open: nothing comes in or goes out", inbox.Kind)
	case inbox.Closed():
		p.well(part, "%s is closed", inbox.Kind)
	case inbox.Status == channels.InboxPaused:
		p.worry(part, "activate it once its account is entered", "%s is paused", inbox.Kind)
	case inbox.Trouble != "":
		p.worry(part, "look at the provider's account", "%s has trouble since %s: %s", inbox.Kind, inbox.TroubleAt.Format(time.RFC3339), inbox.Trouble)
	case inbox.Kind == channels.Webchat:
		p.origin(part, inbox)
	case inbox.Kind == channels.WhatsApp || inbox.Kind == channels.SMS:
		p.provider(ctx, part, inbox)
	default:
		p.well(part, "%s", inbox.Kind)
	}
}

// origin: our own pages may open the chat.
func (p *patient) origin(part string, inbox channels.Inbox) {
	own := p.config.PublicURL.Scheme + "://" + p.config.PublicURL.Host
	if !inbox.Settings.AllowsOrigin(own) {
		p.worry(part, "add the origin to the inbox", "the chat may not be opened from %s", own)
		return
	}
	p.well(part, "chat may be opened from %s", own)
}

// twilioBase is where Twilio answers when an inbox names no other address.
const twilioBase = "https://api.twilio.com"

// provider: the address of the provider takes connections; no message is sent.
func (p *patient) provider(ctx context.Context, part string, inbox channels.Inbox) {
	base := inbox.Settings.APIBase
	if base == "" {
		base = twilioBase
	}
	if err := reach(ctx, base); err != nil {
		mend := "start the provider's stand-in, or correct the API address of the inbox"
		if base == twilioBase {
			mend = "let this machine reach " + base
		}
		p.worry(part, mend, "%s: %v", inbox.Kind, err)
		return
	}
	p.well(part, "%s provider answers at %s", inbox.Kind, base)
}

// reach opens a connection to the host of an address.
func reach(ctx context.Context, base string) error {
	at, err := url.Parse(base)
	if err != nil {
		return err
	}
	port := at.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[at.Scheme]
	}
	return dial(ctx, "tcp", net.JoinHostPort(at.Hostname(), port))
}

// dial opens a connection and closes it again.
func dial(ctx context.Context, network, address string) error {
	dialer := net.Dialer{Timeout: within}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return fmt.Errorf("does not answer: %w", err)
	}
	return conn.Close()
}

// redis: new enough, and never dropping a key to make room.
func (p *patient) redis(ctx context.Context) {
	if p.config.RedisURL == "" {
		return
	}
	options, err := redis.ParseURL(p.config.RedisURL)
	if err != nil {
		p.ail("redis", "correct SAPA_REDIS_URL", "%v", err)
		return
	}
	if err := dial(ctx, options.Network, options.Addr); err != nil { // the client would try and log for long
		p.ail("redis", "start Redis, or correct SAPA_REDIS_URL", "%v", err)
		return
	}
	client := redis.NewClient(options)
	defer client.Close()
	info, err := client.Info(ctx, "server", "memory").Result()
	if err != nil {
		p.ail("redis", "start Redis, or correct SAPA_REDIS_URL", "does not answer: %v", err)
		return
	}
	fields := map[string]string{}
	for line := range strings.Lines(info) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			fields[name] = value
		}
	}
	p.redisInfo(fields)
}

func (p *patient) redisInfo(fields map[string]string) {
	version := fields["redis_version"]
	if major, _, _ := strings.Cut(version, "."); len(major) == 1 && major < "6" {
		p.ail("redis", "install Redis 7", "version %s is too old for the job queue", version)
	} else {
		p.well("redis", "version %s", version)
	}
	if policy := fields["maxmemory_policy"]; policy != "noeviction" {
		p.ail("redis memory", "CONFIG SET maxmemory-policy noeviction, and in redis.conf", "policy is %s: jobs may be dropped to make room", policy)
		return
	}
	p.well("redis memory", "policy is noeviction")
}
