// Package bench measures a desk of its own from outside: it makes a database,
// starts the program it is part of as another process, and is the providers,
// citizens and agents that load it. Nothing but loopback is ever addressed, every
// run is bounded in count and time, and what it made it removes.
package bench

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/migrations"
	"sapa/ticketing"
)

// Options say on what to measure. All are required.
type Options struct {
	// Program is the path of the sapa that is measured.
	Program string
	// DatabaseURL names a server on which databases may be made; it must be on
	// this machine.
	DatabaseURL string
	// RedisURL names a server with an empty database among 1 to 15.
	RedisURL string
	// Out takes the figures, Log what is done meanwhile.
	Out, Log io.Writer
}

// Ground is a desk made for measuring.
type Ground struct {
	o      Options
	db     *bun.DB
	admin  *bun.DB
	redis  *redis.Client
	box    *seal.Box
	sink   *sink
	folder string
	name   string // of the database
	public string
	listen string
	desk   *child
}

// account is what the measured desk and the bench share as a provider's account.
const (
	accountSID = "AC0123456789abcdef0123456789abcdef"
	authToken  = "fedcba9876543210fedcba9876543210"
	number     = "+628001503001"
)

// errElsewhere keeps load on this machine.
var errElsewhere = errors.New("bench: only servers on this machine are measured; give an address of 127.0.0.1 or localhost")

// Open makes the database and what a desk stands on; it starts no process yet.
func Open(ctx context.Context, o Options) (g *Ground, err error) {
	if err := onLoopback(o.DatabaseURL, o.RedisURL); err != nil {
		return nil, err
	}
	g = &Ground{o: o}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.Close())
			g = nil
		}
	}()
	if g.folder, err = os.MkdirTemp("", "sapa-bench"); err != nil {
		return g, err
	}
	keyset := filepath.Join(g.folder, "keyset.json")
	if err = seal.Create(keyset); err != nil {
		return g, err
	}
	if g.box, err = seal.Load(keyset); err != nil {
		return g, err
	}
	if g.redis, err = emptyRedis(ctx, o.RedisURL); err != nil {
		return g, err
	}
	if g.listen, err = freeAddress(); err != nil {
		return g, err
	}
	_, port, _ := net.SplitHostPort(g.listen)
	g.public = "http://localhost:" + port
	if g.sink, err = startSink(); err != nil {
		return g, err
	}
	if err = g.makeDatabase(ctx); err != nil {
		return g, err
	}
	return g, g.furnish(ctx)
}

func onLoopback(addresses ...string) error {
	for _, address := range addresses {
		parsed, err := url.Parse(address)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		ip := net.ParseIP(parsed.Hostname())
		if parsed.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return errElsewhere
		}
	}
	return nil
}

func (g *Ground) makeDatabase(ctx context.Context) (err error) {
	if g.admin, err = migrations.Open(g.o.DatabaseURL); err != nil {
		return err
	}
	var random [6]byte
	_, _ = rand.Read(random[:]) // never fails, by its documentation
	name := "sapa_bench_" + hex.EncodeToString(random[:])
	if _, err := g.admin.ExecContext(ctx, "CREATE DATABASE ?", bun.Ident(name)); err != nil {
		return fmt.Errorf("bench: make a database: %w", err)
	}
	g.name = name
	if g.db, err = migrations.Open(g.databaseURL()); err != nil {
		return err
	}
	_, err = migrations.Up(ctx, g.db, migrations.Options{})
	return err
}

func (g *Ground) databaseURL() string {
	parsed, _ := url.Parse(g.o.DatabaseURL) // read before, by Open
	parsed.Path = "/" + g.name
	return parsed.String()
}

// furnish stores queues, categories and the two inboxes.
func (g *Ground) furnish(ctx context.Context) error {
	now := time.Now()
	if err := ticketing.Prepare(ctx, g.db, now); err != nil {
		return err
	}
	for _, inbox := range []channels.Inbox{
		{Kind: channels.WhatsApp, Slug: "wa", Name: "WhatsApp", Address: number, Language: "ind", Status: channels.InboxActive,
			Settings: channels.Settings{APIBase: g.sink.base, AccountSID: accountSID, AuthToken: authToken, PerSecond: 10_000}},
		{Kind: channels.Webchat, Slug: "web", Name: "Obrolan", Language: "ind", Status: channels.InboxActive,
			Settings: channels.Settings{Origins: []string{g.public}}},
	} {
		if _, err := channels.SaveInbox(ctx, g.db, g.box, inbox, now); err != nil {
			return err
		}
	}
	return nil
}

// emptyRedis finds a database of the server that holds nothing, so that nobody's
// keys are in the way or lost.
func emptyRedis(ctx context.Context, address string) (*redis.Client, error) {
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, fmt.Errorf("bench: redis: %w", err)
	}
	for n := 1; n <= 15; n++ {
		options.DB = n
		client := redis.NewClient(options)
		size, err := client.DBSize(ctx).Result()
		if err == nil && size == 0 {
			return client, nil
		}
		_ = client.Close()
		if err != nil {
			return nil, fmt.Errorf("bench: redis: %w", err)
		}
	}
	return nil, errors.New("bench: none of the Redis databases 1 to 15 is empty")
}

func (g *Ground) redisURL() string {
	parsed, _ := url.Parse(g.o.RedisURL) // read before, by Open
	parsed.Path = fmt.Sprintf("/%d", g.redis.Options().DB)
	return parsed.String()
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// Close stops the desk and removes what Open made.
func (g *Ground) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second) // also after a Ctrl-C
	defer cancel()
	var faults []error
	faults = append(faults, g.stop())
	if g.sink != nil {
		faults = append(faults, g.sink.Close())
	}
	if g.db != nil {
		faults = append(faults, g.db.Close())
	}
	if g.admin != nil {
		if g.name != "" {
			_, err := g.admin.ExecContext(ctx, "DROP DATABASE ? WITH (FORCE)", bun.Ident(g.name))
			faults = append(faults, err)
		}
		faults = append(faults, g.admin.Close())
	}
	if g.redis != nil {
		faults = append(faults, g.redis.FlushDB(ctx).Err(), g.redis.Close())
	}
	if g.folder != "" {
		faults = append(faults, os.RemoveAll(g.folder))
	}
	return errors.Join(faults...)
}
