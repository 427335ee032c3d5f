package ticketing

import (
	"context"
	"slices"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/metric"
	"sapa/ticketing/team"
)

// Wallboard is what a supervisor sees at a glance. "Today" counts from 00:00 WIB
// for every reader.
type Wallboard struct {
	At        time.Time
	TodayFrom time.Time
	Headline  Headline
	Alarms    []Alarm
	Rows      []WallRow
	Agents    []WallAgent
	// AgentCounts counts agents by state, with a zero for states nobody is in.
	AgentCounts map[PresenceState]int
	Tickets     TicketCounts
}

// Headline are the six large figures.
type Headline struct {
	Waiting, LongestWait, ServiceLevel, Abandoned, AgentsAvailable, CSAT Figure
}

// Figure is one number with its meaning. Value is nil for "no data"; Trend holds
// it as it stood at each of the last 60 minutes, oldest first, nil where nothing
// was recorded. Formula is a code: keys "wallboard.formula."+Formula+".title" and
// ".text". N is over how many contacts it is taken.
type Figure struct {
	Value   *float64
	Unit    string // count, seconds, ratio, score
	State   string // ok, warn, alarm, no_data
	Formula string
	N       int64
	Trend   []*float64
}

// States of a figure.
const (
	FigureOK     = "ok"
	FigureWarn   = "warn"
	FigureAlarm  = "alarm"
	FigureNoData = "no_data"
)

// Thresholds of the board. The alarms are R-66's defaults; the warnings, at half
// the wait and at the usual target of 80 %, are ours.
const (
	alarmWaitSeconds  = 120
	warnWaitSeconds   = 60
	alarmServiceLevel = 0.60
	warnServiceLevel  = 0.80
	warnAbandoned     = 0.10
)

// Alarm is something that needs somebody now: key "wallboard.alarm."+Code.
type Alarm struct {
	Code     string
	Params   map[string]any
	Since    time.Time
	Severity string // warn, alarm
}

// WallRow is one channel of one queue, today. Nil values are "no data".
type WallRow struct {
	Kind         channels.Kind
	Queue        team.QueueID
	QueueName    string
	Waiting      int64
	LongestWait  *float64 // seconds of desk hours
	Offered      int64
	Answered     int64
	Abandoned    int64
	ServiceLevel *float64
	ASA          *float64 // seconds
	AHT          *float64 // seconds
	CSAT         *float64
	Bot          int64 // conversations that the bot has now
	WithAgent    int64 // conversations that people have now

	counts   metric.Queue
	ratings  metric.CSATCounts
	oldest   *time.Time // from when the longest wait counts
	dueFirst *time.Time // of the one that has waited longest
	free     int64      // slots of agents who could take one
}

// WallAgent is one agent's tile.
type WallAgent struct {
	Presence
	Name string
	// Free is one of those that "agents available" counts.
	Free bool
}

// TicketCounts are the sizes of the lists of tickets now.
type TicketCounts struct{ Open, AtRisk, Breached int64 }

// Wallboard reads the whole board in eight queries. Who lacks
// access.WallboardAgents gets agents without id and name. Error: ErrForbidden.
func (d *Desk) Wallboard(ctx context.Context, actor access.Actor) (Wallboard, error) {
	if !actor.May(access.WallboardRead) {
		return Wallboard{}, ErrForbidden
	}
	board, err := d.board(ctx)
	if err != nil {
		return Wallboard{}, err
	}
	if !actor.May(access.WallboardAgents) {
		for i := range board.Agents {
			board.Agents[i].Staff, board.Agents[i].Name = "", ""
		}
	}
	return board, nil
}

func (d *Desk) board(ctx context.Context) (Wallboard, error) {
	now := d.now().UTC()
	board := Wallboard{At: now, TodayFrom: calendar.DayStart(now).UTC()}
	times := boardTimes{Today: board.TodayFrom, Now: now, Alive: now.Add(-d.pace.HeartbeatLost)}
	read := boardReader{db: d.db, now: now, times: times, rows: map[rowKey]*WallRow{}}
	if err := read.all(ctx); err != nil {
		return Wallboard{}, err
	}
	board.Rows, board.Agents, board.Tickets = read.sorted(), read.agents, read.tickets
	board.AgentCounts = countStates(board.Agents)
	board.Headline = read.headline(board)
	board.Alarms = read.alarms(board)
	return board, nil
}

func countStates(agents []WallAgent) map[PresenceState]int {
	counts := map[PresenceState]int{}
	for _, state := range PresenceStates() {
		counts[state] = 0
	}
	for _, agent := range agents {
		counts[agent.State]++
	}
	return counts
}

// headline adds the rows up: sums over raw contacts, never averages of rows.
func (r *boardReader) headline(board Wallboard) Headline {
	var counts metric.Queue
	var ratings metric.CSATCounts
	var waiting int64
	var longest *WallRow
	for i := range board.Rows {
		row := &board.Rows[i]
		counts = addCounts(counts, row.counts)
		for score := range ratings {
			ratings[score] += row.ratings[score]
		}
		waiting += row.Waiting
		if row.LongestWait != nil && (longest == nil || *row.LongestWait > *longest.LongestWait) {
			longest = row
		}
	}
	level := counts.ServiceLevel(metric.SLOffered)
	lost := counts.AbandonmentRate()
	csat := ratings.CSAT()
	h := Headline{
		Waiting:         figure("waiting", "count", float64(waiting), true),
		LongestWait:     figure("longest_wait", "seconds", 0, waiting > 0),
		ServiceLevel:    figure("service_level", "ratio", level.Value, level.OK),
		Abandoned:       figure("abandoned", "ratio", lost.Value, lost.OK),
		AgentsAvailable: figure("agents_available", "count", float64(r.available), true),
		CSAT:            figure("csat", "ratio", csat.Value, csat.OK),
	}
	if longest != nil {
		h.LongestWait.Value = longest.LongestWait
		h.LongestWait.State = longest.waitState(r.now)
	}
	h.ServiceLevel.N, h.Abandoned.N, h.CSAT.N = counts.Answered+counts.Abandoned, counts.Offered(), ratings.Valid()
	h.ServiceLevel.State = levelState(level)
	if lost.OK && lost.Value > warnAbandoned {
		h.Abandoned.State = FigureWarn
	}
	if r.available == 0 && waiting > 0 {
		h.AgentsAvailable.State = FigureAlarm
	}
	r.trends(&h)
	return h
}

func addCounts(a, b metric.Queue) metric.Queue {
	return metric.Queue{
		Answered: a.Answered + b.Answered, AnsweredWithin: a.AnsweredWithin + b.AnsweredWithin,
		Abandoned: a.Abandoned + b.Abandoned, AbandonedWithin: a.AbandonedWithin + b.AbandonedWithin,
		ShortAbandoned: a.ShortAbandoned + b.ShortAbandoned,
		FlowOuts:       a.FlowOuts + b.FlowOuts, FlowOutsWithin: a.FlowOutsWithin + b.FlowOutsWithin,
	}
}

func figure(formula, unit string, value float64, ok bool) Figure {
	f := Figure{Unit: unit, Formula: formula, State: FigureNoData}
	if ok {
		f.Value, f.State = &value, FigureOK
	}
	return f
}

func levelState(level metric.Ratio) string {
	switch {
	case !level.OK:
		return FigureNoData
	case level.Value < alarmServiceLevel:
		return FigureAlarm
	case level.Value < warnServiceLevel:
		return FigureWarn
	default:
		return FigureOK
	}
}

// waitState: two minutes are long where the promise is one; where the promise is
// longer, as on WhatsApp, the promise is the measure.
func (row *WallRow) waitState(now time.Time) string {
	overdue := row.dueFirst != nil && now.After(*row.dueFirst)
	switch {
	case row.LongestWait == nil:
		return FigureNoData
	case *row.LongestWait > alarmWaitSeconds && overdue:
		return FigureAlarm
	case *row.LongestWait > warnWaitSeconds && overdue:
		return FigureWarn
	default:
		return FigureOK
	}
}

// alarms lists what needs somebody now, the oldest first.
func (r *boardReader) alarms(board Wallboard) []Alarm {
	alarms := []Alarm{}
	add := func(code, severity string, since time.Time, params map[string]any) {
		alarms = append(alarms, Alarm{Code: code, Params: params, Since: since, Severity: severity})
	}
	for _, row := range board.Rows {
		if state := row.waitState(r.now); state == FigureAlarm || state == FigureWarn {
			add("longest_wait", state, *row.dueFirst, map[string]any{"Queue": row.QueueName, "Seconds": int64(*row.LongestWait)})
		}
		if level := row.counts.ServiceLevel(metric.SLOffered); levelState(level) == FigureAlarm {
			add("service_level", FigureAlarm, r.levelSince(), map[string]any{"Queue": row.QueueName, "Percent": level.Percent()})
		}
	}
	for _, queue := range r.unserved(board.Rows) {
		add("no_agents", FigureAlarm, *queue.oldest, map[string]any{"Queue": queue.QueueName, "Waiting": queue.Waiting})
	}
	if board.Tickets.Breached > 0 {
		add("tickets_breached", FigureWarn, r.breachedSince, map[string]any{"Count": board.Tickets.Breached})
	}
	if r.undated > 0 {
		add("holidays_missing", FigureAlarm, r.now, map[string]any{"Count": r.undated})
	}
	slices.SortStableFunc(alarms, func(a, b Alarm) int { return a.Since.Compare(b.Since) })
	return alarms
}

// unserved adds up, over the channels of each queue, who waits where nobody is
// available. What came in after hours begins to wait when the desk opens.
func (r *boardReader) unserved(rows []WallRow) []WallRow {
	var queues []WallRow
	for _, row := range rows {
		if row.Waiting == 0 || row.free > 0 || row.oldest == nil || row.oldest.After(r.now) {
			continue
		}
		at := slices.IndexFunc(queues, func(q WallRow) bool { return q.Queue == row.Queue })
		if at < 0 {
			queues = append(queues, row)
			continue
		}
		queues[at].Waiting += row.Waiting
		if row.oldest.Before(*queues[at].oldest) {
			queues[at].oldest = row.oldest
		}
	}
	return queues
}
