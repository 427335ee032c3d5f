// Package seed fills a desk with a past: two weeks of conversations as the queues,
// the bot and the people would have left them, and the tickets that came of them.
// It is for the demo and for load tests. Every row is one the desk itself could
// have written: tickets go through its state machine and their clocks, waits
// through its queues and the hands of its agents.
//
// The same seed number, time and participants give the same past.
package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
	"golang.org/x/sync/errgroup"

	"sapa/channels/words"
	"sapa/ticketing"
	"sapa/ticketing/sla"
)

// DefaultConversations is how many the demo has: what two shifts of three agents
// can answer in two weeks without hurry.
const DefaultConversations = 5000

// windowDays is how far back the past reaches, today included.
const windowDays = 14

// Options of Load.
type Options struct {
	DB *bun.DB
	// Conversations within the window; 0 means DefaultConversations. What
	// reporters write later to their tickets comes on top.
	Conversations int
	// Seed makes another past of the same kind.
	Seed uint64
	// Now is the instant at which the past ends; nothing is later.
	Now time.Time
	// Apart are participants who have not written yet.
	Apart []string
	// Writers is how many connections copy at a time; 0 means 2.
	Writers int
	// Progress is told how many conversations are stored, nil for nobody.
	Progress func(stored int)
}

// Report tells what was loaded.
type Report struct {
	Conversations, Messages, Contacts, Tickets int
	AgentsAdded                                int
	ByState                                    map[string]int // tickets
	Took                                       time.Duration
}

// batch is how many conversations go into one transaction: some 60,000 rows.
const batch = 4000

// generator holds what all conversations share.
type generator struct {
	options   Options
	now, from time.Time
	desk      *desk
	texts     texts
	words     *words.Catalogue
	said      map[string]string
	phrases   map[string][]byte
	machine   *ticketing.TicketMachine
	matters   []matter
	frequency ladder
	report    Report

	candidates []candidate
	people     []*person
	strangers  int
	serial     int64 // of ticket numbers
}

// Load writes the past. It may run on a desk that has one already: the new one is
// another, and addresses that wrote before do not write again.
func Load(ctx context.Context, o Options) (Report, error) {
	began := time.Now()
	if o.DB == nil || o.Now.IsZero() {
		return Report{}, errors.New("seed: DB and Now are needed")
	}
	if o.Conversations == 0 {
		o.Conversations = DefaultConversations
	}
	if o.Writers == 0 {
		o.Writers = 2
	}
	g, err := newGenerator(ctx, o)
	if err != nil {
		return Report{}, err
	}
	if err := g.load(ctx); err != nil {
		return g.report, err
	}
	g.report.Took = time.Since(began)
	return g.report, nil
}

func newGenerator(ctx context.Context, o Options) (*generator, error) {
	g := &generator{options: o, now: o.Now.UTC().Truncate(time.Second), words: ticketing.Texts(), said: map[string]string{},
		phrases: map[string][]byte{}, matters: matters(), report: Report{ByState: map[string]int{}}}
	g.from = midnight(g.now).AddDate(0, 0, 1-windowDays)
	weights := make([]int, len(g.matters))
	for i, m := range g.matters {
		weights[i] = m.share
	}
	g.frequency = newLadder(weights)
	var err error
	if g.texts, err = readTexts(); err != nil {
		return nil, err
	}
	if g.desk, err = readDesk(ctx, o.DB, g.now); err != nil {
		return nil, err
	}
	if g.report.AgentsAdded, err = g.desk.staff(ctx, o.DB, o.Conversations, g.from); err != nil {
		return nil, err
	}
	g.machine = ticketing.NewTicketMachine(sla.DefaultTargets(), g.desk.days)
	if g.candidates, err = candidates(ctx, o.DB, o); err != nil {
		return nil, err
	}
	return g, g.before(ctx)
}

// before reads what an earlier past has used up: it makes this one another.
func (g *generator) before(ctx context.Context) error {
	var conversations uint64
	err := g.options.DB.NewRaw("SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM contact_points WHERE kind = 'phone')").
		Scan(ctx, &conversations, &g.strangers)
	if err != nil {
		return fmt.Errorf("count conversations: %w", err)
	}
	g.options.Seed += conversations * 0x9e3779b97f4a7c15
	return nil
}

// source gives each conversation and purpose random numbers of its own.
func (g *generator) source(n int) *rand.Rand {
	return rand.New(rand.NewPCG(g.options.Seed, uint64(n)*0x9e3779b97f4a7c15+1))
}

// load plans, writes the people and then tells every conversation, while other
// goroutines copy what was told.
func (g *generator) load(ctx context.Context) error {
	list := g.plan()
	g.assign(list)
	if err := g.reserveNumbers(ctx, list); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	parcels := make(chan *parcel, 1)
	done := make(chan int, g.options.Writers)
	for range g.options.Writers {
		group.Go(func() error { return g.write(ctx, parcels, done) })
	}
	group.Go(func() error {
		defer close(parcels)
		return g.fill(ctx, list, &belt{g: g, parcels: parcels, done: done})
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return g.after(context.WithoutCancel(ctx))
}

// write copies parcels until there are no more.
func (g *generator) write(ctx context.Context, parcels <-chan *parcel, done chan<- int) error {
	return withConn(ctx, g.options.DB, func(conn *pgx.Conn) error {
		for p := range parcels {
			if err := p.send(ctx, conn); err != nil {
				return err
			}
			select {
			case done <- p.talks:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
}

// belt carries parcels to the writers and counts what they have stored.
type belt struct {
	g       *generator
	parcels chan<- *parcel
	done    <-chan int
	under   int // way: handed over and not stored yet
}

// put hands a parcel over, and hears meanwhile of those that are stored.
func (b *belt) put(ctx context.Context, p *parcel) error {
	for {
		select {
		case b.parcels <- p:
			b.under++
			return nil
		case n := <-b.done:
			b.stored(n)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// settle waits until everything handed over is stored.
func (b *belt) settle(ctx context.Context) error {
	for b.under > 0 {
		select {
		case n := <-b.done:
			b.stored(n)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (b *belt) stored(talks int) {
	b.under--
	b.g.progress(talks)
}

// fill makes the parcels: first the people, whom conversations refer to, and only
// when they are stored the conversations.
func (g *generator) fill(ctx context.Context, list []*plan, b *belt) error {
	if err := g.contacts(ctx, b); err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	p := newParcel(g.options.DB)
	for _, one := range list {
		if err := g.tell(one, p); err != nil {
			return err
		}
		if p.talks >= batch {
			if err := b.put(ctx, p); err != nil {
				return err
			}
			p = newParcel(g.options.DB)
		}
	}
	if err := b.put(ctx, p); err != nil {
		return err
	}
	return b.settle(ctx)
}

func (g *generator) progress(stored int) {
	g.report.Conversations += stored
	if g.options.Progress != nil && stored > 0 {
		g.options.Progress(g.report.Conversations)
	}
}

// contacts hands everybody who writes over.
func (g *generator) contacts(ctx context.Context, b *belt) error {
	p := newParcel(g.options.DB)
	for i, who := range g.people {
		contact, point := who.rows()
		if err := errors.Join(p.add(contact), p.add(point)); err != nil {
			return err
		}
		if (i+1)%(5*batch) == 0 {
			if err := b.put(ctx, p); err != nil {
				return err
			}
			p = newParcel(g.options.DB)
		}
	}
	g.report.Contacts = len(g.people)
	return b.put(ctx, p)
}
