package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"sapa/program/access"
)

// Console says how large a desk is looked at, and how hard.
type Console struct {
	Participants, Conversations int
	Clients                     []int         // at a time, one run each
	Length                      time.Duration // of each look
}

// look is one thing that staff ask for all day.
type look struct {
	name string
	ask  func(ctx context.Context, b *browser, random *rand.Rand) error
}

// Console fills the desk with a past and measures what staff wait for.
func (g *Ground) Console(ctx context.Context, how Console) error {
	if err := g.seed(ctx, how); err != nil {
		return err
	}
	if err := g.serve(ctx, "--no-worker"); err != nil {
		return err
	}
	most := maxOf(how.Clients)
	staff, err := g.hire(ctx, access.Agent, most)
	if err != nil {
		return err
	}
	looks, err := g.looks(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(g.o.Out, "\nconsole: %d participants, %d conversations\n", how.Participants, how.Conversations)
	for _, clients := range how.Clients {
		for _, look := range looks {
			times, err := repeat(ctx, staff[:clients], look, how.Length)
			if err != nil {
				return fmt.Errorf("%s: %w", look.name, err)
			}
			fmt.Fprintf(g.o.Out, "%3d at a time  %-34s %6d asked  %s\n", clients, look.name, len(times), times)
		}
	}
	return g.stop()
}

// seed loads the past with the program itself.
func (g *Ground) seed(ctx context.Context, how Console) error {
	command := exec.CommandContext(ctx, g.o.Program, "seed", "--participants", fmt.Sprint(how.Participants), "--conversations", fmt.Sprint(how.Conversations))
	command.Env = append(foreign(os.Environ()),
		"SAPA_DATABASE_URL="+g.databaseURL(), "SAPA_REDIS_URL="+g.redisURL(), "SAPA_PUBLIC_URL="+g.public, "SAPA_FILES_URL=http://"+g.listen,
		"SAPA_KEYSET="+filepath.Join(g.folder, "keyset.json"), "SAPA_BLOB_URL=file://"+filepath.Join(g.folder, "blobs"),
		"SAPA_SPOOL_DIR="+filepath.Join(g.folder, "spool"))
	command.Stdout, command.Stderr = g.o.Log, g.o.Log
	if err := command.Run(); err != nil {
		return fmt.Errorf("bench: seed: %w", err)
	}
	_, err := g.db.ExecContext(ctx, "VACUUM ANALYZE")
	return err
}

// looks are asked about people and conversations spread over the whole past.
func (g *Ground) looks(ctx context.Context) ([]look, error) {
	var conversations, names, phones []string
	err := errors.Join(
		g.db.NewRaw("SELECT id FROM conversations TABLESAMPLE SYSTEM (1) LIMIT 2000").Scan(ctx, &conversations),
		g.db.NewRaw("SELECT name FROM participants TABLESAMPLE SYSTEM (1) LIMIT 2000").Scan(ctx, &names),
		g.db.NewRaw("SELECT value FROM contact_points TABLESAMPLE SYSTEM (1) WHERE kind = 'phone' LIMIT 2000").Scan(ctx, &phones),
	)
	if err == nil && (len(conversations) == 0 || len(names) == 0 || len(phones) == 0) {
		err = errors.New("bench: too little data to look at; ask for at least 20,000 of each")
	}
	one := func(list []string, random *rand.Rand) string { return list[random.IntN(len(list))] }
	get := func(path func(*rand.Rand) string) func(context.Context, *browser, *rand.Rand) error {
		return func(ctx context.Context, b *browser, random *rand.Rand) error {
			return b.call(ctx, http.MethodGet, "/api/v1/conversations"+path(random), nil, nil)
		}
	}
	list := func(name string) func(*rand.Rand) string {
		return func(*rand.Rand) string { return "?list=" + name }
	}
	find := func(of []string) func(context.Context, *browser, *rand.Rand) error {
		return func(ctx context.Context, b *browser, random *rand.Rand) error {
			return b.call(ctx, http.MethodPost, "/api/v1/participants/search", map[string]string{"q": one(of, random)}, nil)
		}
	}
	return []look{
		{"list of all open", get(list("all"))},
		{"list of those who wait", get(list("waiting"))},
		{"list of ended", get(list("ended"))},
		{"sizes of the lists", get(func(*rand.Rand) string { return "/counts" })},
		{"conversation", get(func(r *rand.Rand) string { return "/" + one(conversations, r) })},
		{"its messages", get(func(r *rand.Rand) string { return "/" + one(conversations, r) + "/messages" })},
		{"people by name", find(names)},
		{"people by phone", find(phones)},
	}, err
}

// repeat has everybody ask one thing until the time is over.
func repeat(ctx context.Context, staff []*browser, l look, length time.Duration) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	parts, faults := make([]sample, len(staff)), make([]error, len(staff))
	var all sync.WaitGroup
	for n, b := range staff {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 11))
			for ctx.Err() == nil {
				began := time.Now()
				err := l.ask(ctx, b, random)
				switch {
				case err == nil:
					parts[n] = append(parts[n], time.Since(began))
				case ctx.Err() == nil:
					faults[n] = err
					return
				}
			}
		})
	}
	all.Wait()
	return merge(parts), errors.Join(faults...)
}
