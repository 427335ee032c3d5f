package wire

import (
	"time"

	"sapa/ticketing"
)

// Figure is one number with its meaning; value is null for "no data".
type Figure struct {
	Value   *float64   `json:"value"`
	Unit    string     `json:"unit" enum:"count,seconds,ratio,score"`
	State   string     `json:"state" enum:"ok,warn,alarm,no_data"`
	Formula string     `json:"formula"`
	N       *int64     `json:"n,omitempty"`
	Trend   []*float64 `json:"trend" nullable:"false"`
}

// Headline are the six large figures.
type Headline struct {
	Waiting         Figure `json:"waiting"`
	LongestWait     Figure `json:"longest_wait"`
	ServiceLevel    Figure `json:"service_level"`
	Abandoned       Figure `json:"abandoned"`
	AgentsAvailable Figure `json:"agents_available"`
	CSAT            Figure `json:"csat"`
}

// Alarm is something that needs somebody now.
type Alarm struct {
	Code     string    `json:"code"`
	Text     string    `json:"text"`
	Since    time.Time `json:"since"`
	Severity string    `json:"severity" enum:"warn,alarm"`
}

// WallRow is one channel of one queue, today; null is "no data".
type WallRow struct {
	Kind         string   `json:"kind"`
	QueueID      string   `json:"queue_id"`
	Queue        string   `json:"queue"`
	Waiting      int64    `json:"waiting"`
	LongestWait  *float64 `json:"longest_wait_s"`
	Offered      int64    `json:"offered"`
	Answered     int64    `json:"answered"`
	Abandoned    int64    `json:"abandoned"`
	ServiceLevel *float64 `json:"service_level"`
	ASA          *float64 `json:"asa_s"`
	AHT          *float64 `json:"aht_s"`
	CSAT         *float64 `json:"csat"`
	Bot          int64    `json:"bot"`
	WithAgent    int64    `json:"with_agent"`
}

// WallAgent is one agent's tile; id and name are empty for those who may not
// know them.
type WallAgent struct {
	ID       string    `json:"id,omitempty"`
	Name     string    `json:"name"`
	State    string    `json:"state" enum:"offline,available,ringing,on_contact,wrap_up,break"`
	Reason   string    `json:"reason,omitempty"`
	Since    time.Time `json:"since"`
	Load     int       `json:"load"`
	Capacity int       `json:"capacity"`
	Free     bool      `json:"free"`
}

// TicketCounts are the sizes of the lists of tickets.
type TicketCounts struct {
	Open     int64 `json:"open"`
	AtRisk   int64 `json:"at_risk"`
	Breached int64 `json:"breached"`
}

// Wallboard is what a supervisor sees at a glance.
type Wallboard struct {
	At          time.Time      `json:"at"`
	TodayFrom   time.Time      `json:"today_from"`
	Headline    Headline       `json:"headline"`
	Alarms      []Alarm        `json:"alarms" nullable:"false"`
	Rows        []WallRow      `json:"rows" nullable:"false"`
	Agents      []WallAgent    `json:"agents" nullable:"false"`
	AgentCounts map[string]int `json:"agent_counts"`
	Tickets     TicketCounts   `json:"tickets"`
}

// Wallboard shapes a board.
func (v Voice) Wallboard(b ticketing.Wallboard) Wallboard {
	h := b.Headline
	board := Wallboard{
		At: b.At.UTC(), TodayFrom: b.TodayFrom.UTC(), Alarms: Each(b.Alarms, v.alarm), Rows: Each(b.Rows, wallRow), Agents: Each(b.Agents, wallAgent),
		Headline: Headline{Waiting: figure(h.Waiting), LongestWait: figure(h.LongestWait), ServiceLevel: figure(h.ServiceLevel),
			Abandoned: figure(h.Abandoned), AgentsAvailable: figure(h.AgentsAvailable), CSAT: figure(h.CSAT)},
		AgentCounts: map[string]int{}, Tickets: TicketCounts{Open: b.Tickets.Open, AtRisk: b.Tickets.AtRisk, Breached: b.Tickets.Breached},
	}
	for state, n := range b.AgentCounts {
		board.AgentCounts[string(state)] = n
	}
	return board
}

func figure(f ticketing.Figure) Figure {
	shaped := Figure{Value: f.Value, Unit: f.Unit, State: f.State, Formula: f.Formula, Trend: f.Trend}
	if f.N > 0 {
		shaped.N = &f.N
	}
	if shaped.Trend == nil {
		shaped.Trend = []*float64{}
	}
	return shaped
}

func (v Voice) alarm(a ticketing.Alarm) Alarm {
	return Alarm{Code: a.Code, Text: v.Say("wallboard.alarm."+a.Code, a.Params), Since: a.Since.UTC(), Severity: a.Severity}
}

func wallRow(r ticketing.WallRow) WallRow {
	return WallRow{Kind: string(r.Kind), QueueID: string(r.Queue), Queue: r.QueueName, Waiting: r.Waiting, LongestWait: r.LongestWait,
		Offered: r.Offered, Answered: r.Answered, Abandoned: r.Abandoned, ServiceLevel: r.ServiceLevel, ASA: r.ASA, AHT: r.AHT, CSAT: r.CSAT,
		Bot: r.Bot, WithAgent: r.WithAgent}
}

func wallAgent(a ticketing.WallAgent) WallAgent {
	return WallAgent{ID: string(a.Staff), Name: a.Name, State: string(a.State), Reason: a.Reason, Since: a.Since.UTC(), Load: a.Load, Capacity: a.Capacity, Free: a.Free}
}

// Formula explains one figure; cases are the measures whose lists it opens.
type Formula struct {
	Code  string   `json:"code" enum:"waiting,longest_wait,service_level,abandoned,agents_available,csat,with_agent,bot,offered,answered,abandoned_count,asa,aht,tickets_open,tickets_at_risk,tickets_breached,agent_states,agent_load"`
	Title string   `json:"title"`
	Text  string   `json:"text"`
	Cases []string `json:"cases" nullable:"false" enum:"waiting,offered,answered,abandoned,left_queue,service_level,within,outside,handled,csat,csat_good,bot,with_agent,held,tickets_open,tickets_at_risk,tickets_breached"`
}

// Formulas explain the figures of the board.
func (v Voice) Formulas() []Formula {
	return Each(ticketing.Formulas(), func(f ticketing.Formula) Formula {
		key := "wallboard.formula." + f.Code
		return Formula{Code: f.Code, Title: v.Say(key+".title", nil), Text: v.Say(key+".text", nil), Cases: texts(f.Cases)}
	})
}

// Case is one row that a number of the board counts.
type Case struct {
	ID           string           `json:"id"`
	At           time.Time        `json:"at"`
	Seconds      *float64         `json:"seconds"`
	How          string           `json:"how"`
	Score        int              `json:"score,omitempty"`
	Staff        string           `json:"staff"`
	Queue        string           `json:"queue"`
	Conversation *ConversationRow `json:"conversation,omitempty"`
	Ticket       *TicketRow       `json:"ticket,omitempty"`
}

// Cases are a page of what a number counts; total is the number, hidden how many
// of them the reader may not open.
type Cases struct {
	Page[Case]
	At     time.Time `json:"at"`
	Total  int64     `json:"total"`
	Hidden int64     `json:"hidden"`
}

// Cases shapes a page of cases.
func (v Voice) Cases(c ticketing.Cases) Cases {
	return Cases{Page: PageOf(c.Items, c.Next, v.oneCase), At: c.At.UTC(), Total: c.Total, Hidden: c.Hidden}
}

func (v Voice) oneCase(c ticketing.Case) Case {
	shaped := Case{ID: c.ID, At: c.At.UTC(), Seconds: c.Seconds, How: c.How, Score: c.Score, Staff: c.StaffName, Queue: c.QueueName}
	if c.Conversation != nil {
		row := Row(*c.Conversation)
		shaped.Conversation = &row
	}
	if c.Ticket != nil {
		row := v.TicketRow(*c.Ticket)
		shaped.Ticket = &row
	}
	return shaped
}
