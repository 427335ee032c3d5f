// Package ticketing is the desk: conversations with citizens, the queues and
// people that answer them, and the tickets that outlive a conversation.
//
// Every exported method of Desk is one use-case in one transaction. What must
// happen outside the database (signals, tasks) happens after its commit and may
// be lost: Sweep repairs it from the rows.
package ticketing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/channels/words"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/team"
	"sapa/ticketing/webhook"
)

// Options are what the desk needs. All but Queue, Bus, Log and the durations
// are required.
type Options struct {
	DB      *bun.DB
	Outbox  *channels.Outbox
	Inboxes *channels.InboxCache
	Program *program.Core
	Files   *attachment.Store
	// Fetch wakes the fetching of files that providers hold.
	Fetch *channels.Queue
	// Bus carries signals to other processes; nil sends none.
	Bus *bus.Bus
	// Queue takes the bot's turns and the timers; nil leaves them to Sweep.
	Queue *asynq.Client
	Now   func() time.Time
	Log   *slog.Logger
	Pace  Pace
	// Site is the public address of the citizens' pages, without a slash at its
	// end: notices link to the tracking page.
	Site string
}

// Pace is the desk's settings of time. A zero field takes its default.
type Pace struct {
	// SilenceWarn is how long a citizen is silent before being asked whether
	// they are still there; default 10 minutes.
	SilenceWarn time.Duration
	// SilenceEnd is how long after the warning the interaction ends; default 15
	// minutes (decision 2).
	SilenceEnd time.Duration
	// BotPatience is how long a citizen waits for the bot before the
	// conversation opens to people; default 45 seconds.
	BotPatience time.Duration
	// HeartbeatLost is how long an agent may be unheard of; default 60 seconds,
	// twice the interval at which a hidden browser tab still runs timers.
	HeartbeatLost time.Duration
	// DeclineRest is for how long a conversation is not offered again to
	// somebody who declined or missed it; default 5 minutes: three people in turn
	// can pass on it within the 15 minutes promised on WhatsApp.
	DeclineRest time.Duration
	// DeclineRestAlone is the same when everybody on duty who could take it has
	// passed on it; default 1 minute, the time promised in the chat, so that the
	// citizen is not left waiting for a colleague who does not come.
	DeclineRestAlone time.Duration
	// BotFailures is after how many failed turns people take over; default 3.
	BotFailures int
}

func (p Pace) orDefaults() Pace {
	set := func(d *time.Duration, fallback time.Duration) {
		if *d == 0 {
			*d = fallback
		}
	}
	set(&p.SilenceWarn, 10*time.Minute)
	set(&p.SilenceEnd, 15*time.Minute)
	set(&p.BotPatience, 45*time.Second)
	set(&p.HeartbeatLost, time.Minute)
	set(&p.DeclineRest, 5*time.Minute)
	set(&p.DeclineRestAlone, time.Minute)
	if p.BotFailures == 0 {
		p.BotFailures = 3
	}
	return p
}

// Desk runs the use-cases. It is safe for concurrent use and keeps no state of
// its own but the messages that are on their way into one transaction.
type Desk struct {
	intake   *intake
	db       *bun.DB
	outbox   *channels.Outbox
	inboxes  *channels.InboxCache
	program  *program.Core
	files    *attachment.Store
	fetching *channels.Queue
	notices  *words.Catalogue
	bus      *bus.Bus
	queue    *asynq.Client
	now      func() time.Time
	log      *slog.Logger
	pace     Pace
	born     time.Time
	site     string
}

// New checks the options and makes a desk.
func New(o Options) (*Desk, error) {
	var faults []error
	need := func(missing bool, name string) {
		if missing {
			faults = append(faults, fmt.Errorf("ticketing: Options.%s is required", name))
		}
	}
	need(o.DB == nil, "DB")
	need(o.Outbox == nil, "Outbox")
	need(o.Inboxes == nil, "Inboxes")
	need(o.Program == nil, "Program")
	need(o.Files == nil, "Files")
	need(o.Fetch == nil, "Fetch")
	need(o.Now == nil, "Now")
	need(o.Site == "", "Site")
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d := &Desk{db: o.DB, outbox: o.Outbox, inboxes: o.Inboxes, program: o.Program, files: o.Files, fetching: o.Fetch, notices: Texts(), bus: o.Bus, queue: o.Queue,
		now: o.Now, log: o.Log, pace: o.Pace.orDefaults(), born: o.Now(), site: o.Site}
	d.intake = &intake{store: d.receiveTogether}
	return d, nil
}

// DB is the database the desk works on, for readers that compose its store
// functions.
func (d *Desk) DB() *bun.DB { return d.db }

// work is one use-case under way: its transaction, its instant, who does it, and
// what is to happen once it is committed.
type work struct {
	bun.Tx
	desk  *Desk
	at    time.Time
	actor access.Actor

	held    map[ConversationID]*Conversation
	tickets *TicketMachine
	days    *calendar.Calendar
	hours   *calendar.Desk
	// question is the text of an ask_reporter under way.
	question string
	// secret is the tracking code of a ticket being registered, until it went out.
	secret string

	signals []bus.Signal
	outbox  []channels.OutboxID
	changes []channels.Delivery
	files   []channels.AttachmentID
	tasks   []task
	told    []webhook.Event
	touched []team.StaffID
	// agreeing are those of the touched who may hold nothing while they are off.
	agreeing []team.StaffID
	route    bool
}

// tries is how often a use-case is begun before its error is told. Deadlocks and
// hand-overs that cross a sign-off are rare, so the second try all but always
// does.
const tries = 3

// errAgain rolls a use-case back that was decided on what has changed meanwhile;
// it is done anew.
var errAgain = errors.New("ticketing: changed meanwhile")

// passing tells whether an error is over when the use-case is begun again:
// PostgreSQL chose it as the victim of a deadlock, or a race was lost.
func passing(err error) bool {
	var fault *pgconn.PgError
	return errors.Is(err, errAgain) || errors.As(err, &fault) && fault.Code == "40P01"
}

// do runs one use-case in one transaction and then does what it asked for. use
// may be called more than once, each time with a work of its own.
func (d *Desk) do(ctx context.Context, actor access.Actor, use func(context.Context, *work) error) error {
	for try := 1; ; try++ {
		w := work{desk: d, at: d.now().UTC().Truncate(time.Microsecond), actor: actor, held: map[ConversationID]*Conversation{}}
		err := d.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			w.Tx = tx
			if err := use(ctx, &w); err != nil {
				return err
			}
			if err := w.refreshPresence(ctx); err != nil {
				return err
			}
			return webhook.Record(ctx, w, w.told, w.at)
		})
		if err == nil {
			d.after(ctx, &w)
			return nil
		}
		if try == tries || !passing(err) {
			return err
		}
		d.log.WarnContext(ctx, "use-case begun again", "try", try, "error", err)
	}
}

// after tells the world what was committed. Nothing here can fail the use-case:
// a lost signal is caught up by sequence, a lost task by the sweeper.
func (d *Desk) after(ctx context.Context, w *work) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second) // the commit is done, the caller may be gone
	defer cancel()
	if d.bus != nil && len(w.signals) > 0 {
		if err := d.bus.Publish(ctx, w.signals...); err != nil {
			d.log.WarnContext(ctx, "signals lost", "error", err)
		}
	}
	d.outbox.Wake(ctx, w.outbox...)
	d.outbox.Announce(ctx, w.changes...)
	d.wakeFetch(ctx, w.files)
	d.enqueue(ctx, w.tasks)
	if w.route {
		if _, err := d.Route(ctx); err != nil {
			d.log.ErrorContext(ctx, "routing failed", "error", err)
		}
	}
}

// signal asks for a signal after the commit.
func (w *work) signal(topic, id string, seq int64) {
	w.signals = append(w.signals, bus.Signal{Topic: topic, ID: id, Seq: seq})
}
