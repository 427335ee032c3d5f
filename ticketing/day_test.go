package ticketing_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// stay and talk are what somebody with a notebook would write down beside the
// desk: they know no table of it.
type stay struct {
	kind         channels.Kind
	queue        team.QueueID
	offered      time.Time
	left         time.Time
	how          string
	staff        team.StaffID
	conversation ticketing.ConversationID
}

type talk struct {
	kind           channels.Kind
	queue          team.QueueID
	staff          team.StaffID
	from, talked   time.Time
	ended          time.Time
	answered, over bool
}

// talker is one conversation as last seen.
type talker struct {
	id      ticketing.ConversationID
	citizen *fix.Citizen
	row     ticketing.Row
	stay    *stay
	talk    *talk
	heard   bool // a person has written
	rated   bool
}

// day plays a random history of a desk and keeps a notebook of it.
type day struct {
	t       *testing.T
	w       *fix.World
	random  *rand.Rand
	agents  []team.Staff
	talkers []*talker
	stays   []*stay
	talks   []*talk
	scores  []score
	states  map[team.StaffID]map[ticketing.PresenceState]time.Duration
	written int
}

type score struct {
	at    time.Time
	kind  channels.Kind
	queue team.QueueID
	score int
}

func newDay(t *testing.T, seed uint64) *day {
	d := &day{t: t, w: fix.New(t), random: rand.New(rand.NewPCG(seed, 7)), states: map[team.StaffID]map[ticketing.PresenceState]time.Duration{}}
	for range 3 {
		agent := d.w.Agent(func(s *team.Staff) { s.Capacity = 1 + d.random.IntN(3) })
		d.agents = append(d.agents, agent)
		d.states[agent.ID] = map[ticketing.PresenceState]time.Duration{}
	}
	return d
}

func (d *day) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// play does n random things; half way it becomes the next morning.
func (d *day) play(n int) {
	for i := range n {
		d.wait(time.Duration(1+d.random.IntN(44)) * time.Second)
		if i == n/2 {
			d.wait(15 * time.Hour)
		}
		for range 1 + d.random.IntN(3) {
			d.act()
			d.look("")
		}
	}
}

// wait lets time pass in steps short enough that no console is missed.
func (d *day) wait(pass time.Duration) {
	ctx := context.Background()
	for pass > 0 {
		step := min(pass, 45*time.Second)
		if pass > time.Hour {
			step = pass // the night: whoever is signed on is missed
		}
		for _, agent := range d.agents {
			now, err := d.w.Desk.PresenceOf(ctx, agent.ID)
			d.must(err)
			d.states[agent.ID][now.State] += step
		}
		d.w.Clock.Add(step)
		pass -= step
		for _, agent := range d.agents {
			d.must(d.w.Desk.Heartbeat(ctx, agent.ID))
		}
		d.must(d.w.Desk.Sweep(ctx))
		d.look("")
	}
}

func (d *day) act() {
	ctx := context.Background()
	switch d.random.IntN(14) {
	case 0, 1, 2:
		d.arrive()
	case 3:
		agent := d.agents[d.random.IntN(len(d.agents))]
		chosen, reason := ticketing.ChosenAvailable, ""
		if d.random.IntN(2) == 0 {
			chosen, reason = ticketing.ChosenBreak, "meal"
		}
		_, err := d.w.Desk.SetPresence(ctx, agent.Actor(), chosen, reason)
		d.must(err)
	case 4:
		d.with(func(c *talker) bool { return c.row.State == ticketing.StateQueued }, func(c *talker) {
			d.must(d.w.Desk.Claim(ctx, d.agents[d.random.IntN(len(d.agents))].Actor(), c.id))
		})
	case 5, 6:
		d.with(func(c *talker) bool { return held(c) && d.w.Clock.Now().Sub(c.row.OpenedAt) < 24*time.Hour }, func(c *talker) {
			d.written++
			_, err := reply(d.w, d.holder(c), c.id, ticketing.Reply{Echo: fmt.Sprint("r", d.written), Text: "halo"})
			d.must(err)
			c.heard = true
			d.leave(c, "answered", c.row.Assignee)
			c.talk.answered = true
		})
	case 7:
		d.with(held, func(c *talker) {
			queue := d.w.Queues[[]string{"insentif", "umum"}[d.random.IntN(2)]]
			d.must(d.w.Desk.Assign(ctx, d.holder(c).Actor(), c.id, ticketing.Assignment{Queue: queue.ID}))
			d.look(c.id)
		})
	case 8:
		d.with(held, func(c *talker) {
			d.must(d.w.Desk.End(ctx, d.holder(c).Actor(), c.id, ticketing.EndSolved))
		})
	case 9:
		d.with(func(c *talker) bool {
			return c.citizen != nil && c.row.State.Open() && c.row.State != ticketing.StateBot
		}, func(c *talker) {
			d.must(d.w.Desk.VisitorEnd(ctx, d.w.Chat.ID, c.citizen.Point))
		})
	case 10:
		d.with(func(c *talker) bool { return c.row.State == ticketing.StateWrapUp }, func(c *talker) {
			d.must(d.w.Desk.WrapUpDone(ctx, d.holder(c).Actor(), c.id))
		})
	default:
		d.with(func(c *talker) bool {
			return c.citizen != nil && c.heard && !c.rated && !c.row.State.Open() && d.w.Clock.Now().Sub(*c.row.EndedAt) < time.Hour
		}, func(c *talker) {
			c.rated = true
			n := 1 + d.random.IntN(5)
			c.citizen.Writes(fmt.Sprint(n))
			d.scores = append(d.scores, score{d.w.Clock.Now(), c.row.Kind, c.row.Queue, n})
		})
	}
}

func held(c *talker) bool { return c.row.State == ticketing.StateAgent }

func (d *day) holder(c *talker) team.Staff {
	for _, agent := range d.agents {
		if agent.ID == c.row.Assignee {
			return agent
		}
	}
	d.t.Fatalf("%s is held by nobody of the day", c.id)
	return team.Staff{}
}

// with does something to a random conversation of a sort, if there is one.
func (d *day) with(sort func(*talker) bool, do func(*talker)) {
	var fit []*talker
	for _, c := range d.talkers {
		if sort(c) {
			fit = append(fit, c)
		}
	}
	if len(fit) > 0 {
		do(fit[d.random.IntN(len(fit))])
	}
}

// arrive lets somebody write, by chat or WhatsApp; most are handed over.
func (d *day) arrive() {
	ctx := context.Background()
	c := &talker{}
	if d.random.IntN(3) > 0 {
		c.citizen = d.w.Citizen()
		c.id = c.citizen.Writes("insentif saya belum cair").Conversation
	} else {
		number := fmt.Sprintf("+62820%08d", len(d.talkers)+1)
		d.must(d.w.Desk.Receive(ctx, d.w.WhatsApp, []channels.Event{d.w.Message(number, "SM"+number, "halo")}))
		d.must(d.w.DB.NewRaw("SELECT id FROM conversations ORDER BY id DESC LIMIT 1").Scan(ctx, &c.id))
	}
	d.talkers = append(d.talkers, c)
	if d.random.IntN(6) > 0 {
		d.w.HandOver(c.id, func(h *ticketing.Handover) { h.Queue = []string{"insentif", "umum"}[d.random.IntN(2)] })
	}
}

// look writes down what changed; requeued was just sent to a queue, even if
// somebody has it again already.
func (d *day) look(requeued ticketing.ConversationID) {
	ctx, now := context.Background(), d.w.Clock.Now()
	ids := make([]ticketing.ConversationID, len(d.talkers))
	for i, c := range d.talkers {
		ids[i] = c.id
	}
	rows, err := d.w.Desk.RowsByID(ctx, ids...)
	d.must(err)
	byID := map[ticketing.ConversationID]ticketing.Row{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	for _, c := range d.talkers {
		before := c.row
		c.row = byID[c.id]
		if c.row.EndedAt != nil && before.EndedAt == nil && c.stay != nil {
			how := "abandoned"
			if c.row.EndedBy == ticketing.ByAgent {
				how = "answered"
			}
			d.leave(c, how, c.row.Assignee)
		}
		if c.stay != nil && c.stay.queue != c.row.Queue {
			d.leave(c, "flow_out", "")
		}
		fresh := before.Queue == "" || before.State == ticketing.StateBot
		if c.stay == nil && c.row.EndedAt == nil && c.row.Queue != "" && (c.row.State == ticketing.StateQueued || fresh || c.id == requeued) {
			c.stay = &stay{kind: c.row.Kind, queue: c.row.Queue, offered: now, conversation: c.id}
			d.stays = append(d.stays, c.stay)
		}
		d.hands(c, before, now)
	}
}

// hands writes down who works on a conversation.
func (d *day) hands(c *talker, before ticketing.Row, now time.Time) {
	if c.talk != nil && (c.row.Assignee != c.talk.staff || !c.row.State.Held()) {
		if c.talk.talked.IsZero() {
			c.talk.talked = now
		}
		c.talk.ended, c.talk.over, c.talk = now, true, nil
	}
	if c.talk != nil && c.row.State == ticketing.StateWrapUp && c.talk.talked.IsZero() {
		c.talk.talked = now
	}
	if c.talk == nil && c.row.State == ticketing.StateAgent {
		c.talk = &talk{kind: c.row.Kind, queue: c.row.Queue, staff: c.row.Assignee, from: now}
		d.talks = append(d.talks, c.talk)
	}
}

func (d *day) leave(c *talker, how string, staff team.StaffID) {
	if c.stay == nil {
		return
	}
	c.stay.left, c.stay.how, c.stay.staff = d.w.Clock.Now(), how, staff
	c.stay = nil
}

// openSeconds walks the clock second by second: the desk is open from 08:00 to
// 20:00 WIB.
func openSeconds(from, to time.Time) (n int) {
	wib := time.FixedZone("WIB", 7*3600)
	for at := from.In(wib); at.Before(to); at = at.Add(time.Second) {
		if at.Hour() >= 8 && at.Hour() < 20 {
			n++
		}
	}
	return n
}

func (s *stay) waited() int { return openSeconds(s.offered, s.left) }

func (s *stay) inTime() bool {
	target := map[channels.Kind]int{channels.Webchat: 60, channels.WhatsApp: 15 * 60}[s.kind]
	return s.how == "answered" && s.waited() <= target
}

// supervisor reads the board of the day.
func (d *day) supervisor() team.Staff { return d.w.Staff(access.Supervisor) }
