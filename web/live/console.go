package live

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/auth"
	"sapa/web/wire"
)

// Paces of the console's hub.
const (
	// checkEvery is how often sessions are looked at, so that a socket ends
	// within 5 s of log-out, disabling or another role even when the signal was
	// lost (security test 11).
	checkEvery = 4 * time.Second
	// beatEvery keeps agents present: a third of the minute after which they
	// count as gone.
	beatEvery = 20 * time.Second
	// lookEvery is how often it is said who has what open; with viewFor and
	// quietAfter somebody whose console vanished is gone within 10 s.
	lookEvery = 3 * time.Second
	// countEvery bounds how often the sizes of lists are counted.
	countEvery = time.Second
	// boardEvery and boardRest: a subscribed wallboard gets a snapshot a second
	// while things happen, and every 15 s anyhow.
	boardEvery = time.Second
	boardRest  = 15 * time.Second
	// readWithin bounds a look into PostgreSQL.
	readWithin = 5 * time.Second
	// seatsEach is how many sockets one person may hold: tabs and a wall.
	seatsEach = 12
)

// ConsoleOptions are what the hub of the consoles needs. All but Log are
// required.
type ConsoleOptions struct {
	DB   *bun.DB
	Desk *ticketing.Desk
	Bus  *bus.Bus
	Auth *auth.Auth
	// Voice speaks a language.
	Voice func(language string) wire.Voice
	// Board is the wallboard as an actor may see it, as it was at since or later,
	// by this process's clock: a board from before a change would hide it.
	Board func(ctx context.Context, actor access.Actor, language string, since time.Time) (wire.Wallboard, error)
	// Origin is the desk's own: scheme, host and port.
	Origin string
	Now    func() time.Time
	Log    *slog.Logger
}

// Console is the hub of the agents' sockets. One goroutine, Run, owns its maps;
// the sockets' readers send it what to do. What waits for PostgreSQL happens
// beside it and comes back as something to do.
type Console struct {
	o    ConsoleOptions
	do   chan func()
	tell chan bus.Signal // to be published

	// Owned by Run.
	begun   time.Time // since when rows tells everything that moved
	seats   map[*seat]bool
	rows    rowBook
	viewers viewerBook
	names   map[team.StaffID]string
	dirty   dirt
	counted time.Time
	boarded time.Time
	busy    map[string]bool // jobs that are running, by name
}

// dirt is what has to be read again.
type dirt struct {
	rows     map[ticketing.ConversationID]bool
	presence map[team.StaffID]bool
	counts   bool
	board    bool
}

// NewConsole checks the options.
func NewConsole(o ConsoleOptions) (*Console, error) {
	if o.DB == nil || o.Desk == nil || o.Bus == nil || o.Auth == nil || o.Voice == nil || o.Board == nil || o.Origin == "" || o.Now == nil {
		return nil, errors.New("live: ConsoleOptions needs everything but Log")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Console{
		o: o, do: make(chan func(), 256), tell: make(chan bus.Signal, 256), begun: o.Now(), seats: map[*seat]bool{},
		rows: rowBook{}, viewers: viewerBook{}, names: map[team.StaffID]string{}, busy: map[string]bool{},
		dirty: dirt{rows: map[ticketing.ConversationID]bool{}, presence: map[team.StaffID]bool{}},
	}, nil
}

// topics are what consoles hear of.
func topics() []string {
	return []string{bus.Conversation, bus.Outbox, bus.Typing, bus.Viewing, bus.Presence, bus.Queue, bus.Ticket, bus.Approval, bus.Record,
		bus.Session, bus.Wallboard, bus.Article, bus.Setting, bus.Attachment, bus.Mention, bus.View}
}

// Run is the hub, until ctx ends; then it closes all sockets. It waits for Redis
// as long as it takes: meanwhile consoles work by their own requests.
func (c *Console) Run(ctx context.Context) error {
	signals := c.subscribe(ctx)
	go c.publish(ctx)
	ticks := map[string]*time.Ticker{"read": time.NewTicker(CoalesceEvery), "check": time.NewTicker(checkEvery), "beat": time.NewTicker(beatEvery),
		"look": time.NewTicker(lookEvery)}
	for _, tick := range ticks {
		defer tick.Stop()
	}
	for {
		select {
		case <-ctx.Done():
			c.closeAll()
			return nil
		case f := <-c.do:
			f()
		case s, ok := <-signals:
			if !ok {
				signals = nil // ctx has ended, or is about to
				continue
			}
			c.hear(ctx, s)
		case <-ticks["read"].C:
			c.readDirty(ctx)
		case <-ticks["check"].C:
			c.checkSessions(ctx)
		case <-ticks["look"].C:
			c.look(time.Now())
		case <-ticks["beat"].C:
			c.beat(ctx)
		}
	}
}

// subscribe tries until Redis answers; what happened before is caught up by
// greeting every console anew.
func (c *Console) subscribe(ctx context.Context) <-chan bus.Signal {
	out := make(chan bus.Signal)
	go func() {
		defer close(out)
		pause := time.NewTicker(time.Second)
		defer pause.Stop()
		for ctx.Err() == nil {
			signals, err := c.o.Bus.Subscribe(ctx, topics()...)
			if err == nil {
				pass(ctx, out, bus.Signal{Topic: bus.Lost})
				for s := range signals {
					pass(ctx, out, s)
				}
				return
			}
			c.o.Log.WarnContext(ctx, "consoles hear no signals yet", "error", err)
			select {
			case <-ctx.Done():
			case <-pause.C:
			}
		}
	}()
	return out
}

func pass(ctx context.Context, out chan<- bus.Signal, s bus.Signal) {
	select {
	case out <- s:
	case <-ctx.Done():
	}
}

// publish sends what the hub has to say to the other processes, in order.
func (c *Console) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-c.tell:
			_ = c.o.Bus.Publish(ctx, s) // viewing is said again every beat
		}
	}
}

func (c *Console) say(s bus.Signal) {
	select {
	case c.tell <- s:
	default: // Redis is slow; the next beat says it again
	}
}

// later runs f on the hub; it gives up when the caller's context ends.
func (c *Console) later(ctx context.Context, f func()) {
	select {
	case c.do <- f:
	case <-ctx.Done():
	}
}

// aside runs a job beside the hub, one of a name at a time, and its end on the
// hub.
func (c *Console) aside(ctx context.Context, name string, job func(context.Context) func()) {
	if c.busy[name] {
		return
	}
	c.busy[name] = true
	go func() {
		bounded, cancel := context.WithTimeout(ctx, readWithin)
		end := job(bounded)
		cancel()
		c.later(ctx, func() {
			delete(c.busy, name)
			if end != nil {
				end()
			}
		})
	}()
}

// hear takes one signal.
func (c *Console) hear(ctx context.Context, s bus.Signal) {
	switch s.Topic {
	case bus.Lost:
		c.greetAll(ctx)
	case bus.Conversation:
		c.dirty.rows[ticketing.ConversationID(s.ID)] = true
		c.dirty.board = true
	case bus.Outbox:
		c.receipt(s)
	case bus.Typing:
		c.typing(ctx, s)
	case bus.Viewing:
		c.viewing(ctx, s)
	case bus.Presence:
		c.dirty.presence[team.StaffID(s.ID)] = true
		c.dirty.board = true
	case bus.Queue, bus.Wallboard:
		c.dirty.counts, c.dirty.board = true, true
	case bus.Session:
		c.endSessions(team.StaffID(s.ID), s.Data["session"])
	default:
		c.stale(s)
	}
}

// stale tells consoles that may see such things to ask for one again.
func (c *Console) stale(s bus.Signal) {
	key, need := "", access.Permission("")
	switch s.Topic {
	case bus.Ticket:
		key, need = "ticket:"+s.ID, access.TicketRead
		c.dirty.board = true
	case bus.Approval:
		key, need = "approvals", access.ApprovalRead
	case bus.Record:
		key, need = "record:"+s.ID, access.RecordRead
	case bus.Article:
		key, need = "articles", access.KnowledgeRead
	case bus.View:
		key, need = "views", access.ConversationRead
	case bus.Setting:
		key, need = "settings:"+s.ID, access.SettingsEdit
		c.dirty.board = true
		if s.ID == "outage" { // told to everybody
			need = ""
		}
	case bus.Mention:
		for seat := range c.seats {
			if seat.reads && seat.staff() == team.StaffID(s.ID) {
				seat.stale("mentions")
			}
		}
		return
	case bus.Attachment:
		c.toOpen(ticketing.ConversationID(s.ID), func(seat *seat) { seat.stale("conversation:" + s.ID) })
		return
	}
	for seat := range c.seats {
		if need == "" || seat.actor.May(need) {
			seat.stale(key)
		}
	}
}

// toOpen does something for every console that has a conversation open and may
// still see it.
func (c *Console) toOpen(id ticketing.ConversationID, do func(*seat)) {
	for seat := range c.seats {
		if seat.open[id] && c.rows.sees(seat, id) {
			do(seat)
		}
	}
}

// endSessions closes the sockets of one session, or of all of somebody's.
func (c *Console) endSessions(staff team.StaffID, session string) {
	for seat := range c.seats {
		if seat.staff() == staff && (session == "" || seat.session == session) {
			seat.end()
		}
	}
}

func (c *Console) closeAll() {
	for seat := range c.seats {
		seat.socket.Close(CloseGoingAway, "restart")
	}
}
