package ticketing

import (
	"slices"
	"testing"
	"time"

	"sapa/program/intent"
	"sapa/ticketing/category"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

func TestExpectedWait(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                  string
		place, samples, slots int
		median                time.Duration
		from, to              int // minutes, 0 when silent
	}{
		{"too few samples", 3, 9, 2, 5 * time.Minute, 0, 0},
		{"nobody on duty", 3, 50, 0, 5 * time.Minute, 0, 0},
		{"third of two slots", 3, 50, 2, 8 * time.Minute, 6, 18},
		{"next", 1, 10, 6, 6 * time.Minute, 1, 2},
		{"far away", 40, 200, 10, 10 * time.Minute, 20, 60},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := expect(tt.place, tt.samples, tt.slots, tt.median)
			if got.Place != tt.place || minutes(got.From) != tt.from || minutes(got.To) != tt.to || got.Known() != (tt.to > 0) {
				t.Errorf("got %+v, want %d to %d minutes", got, tt.from, tt.to)
			}
		})
	}
}

func TestPair(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	serve := func(id team.StaffID, free, load int, change ...func(*server)) server {
		s := server{Staff: id, Free: free, Load: load, Since: now.Add(-time.Hour), Queues: []string{"q"}}
		for _, f := range change {
			f(&s)
		}
		return s
	}
	wait := func(id ConversationID, change ...func(*waiter)) waiter {
		w := waiter{ID: id, Queue: "q", Language: "ind", QueuedAt: now.Add(-time.Second)}
		for _, f := range change {
			f(&w)
		}
		return w
	}
	jav := func(s *server) { s.Languages = []string{"jav"} }
	passed := func(staff team.StaffID, seconds int) func(*waiter) {
		return func(w *waiter) {
			w.Declined = w.Declined.add(staff, now.Add(-time.Duration(seconds)*time.Second))
		}
	}
	pace := Pace{}.orDefaults()
	elsewhere := func(s *server) { s.Queues = []string{"r"} }
	chat := func(w *waiter) { w.Kind = "webchat" }
	asksJav := func(w *waiter) { w.Language = "jav" }
	tests := []struct {
		name    string
		waiting []waiter
		servers []server
		want    map[ConversationID]team.StaffID
	}{
		{"nobody", []waiter{wait("1")}, nil, nil},
		{"least in hand first", []waiter{wait("1"), wait("2"), wait("3")}, []server{serve("a", 2, 1), serve("b", 3, 0)},
			map[ConversationID]team.StaffID{"1": "b", "2": "a", "3": "b"}},
		{"longest without first", []waiter{wait("1")}, []server{serve("a", 1, 0, func(s *server) { s.Since = now }), serve("b", 1, 0)},
			map[ConversationID]team.StaffID{"1": "b"}},
		{"never over capacity", []waiter{wait("1"), wait("2")}, []server{serve("a", 1, 2)}, map[ConversationID]team.StaffID{"1": "a"}},
		{"another queue", []waiter{wait("1", func(w *waiter) { w.Queue = "r" })}, []server{serve("a", 1, 0)}, nil},
		{"lacks the skill", []waiter{wait("1", func(w *waiter) { w.Skill = "fraud" })}, []server{serve("a", 1, 0)}, nil},
		{"has the skill", []waiter{wait("1", func(w *waiter) { w.Skill = "fraud" })},
			[]server{serve("a", 1, 0, func(s *server) { s.Skills = map[string]int{"fraud": 2} })}, map[ConversationID]team.StaffID{"1": "a"}},
		{"declined, another is busy", []waiter{wait("1", passed("a", 299))}, []server{serve("a", 1, 0), serve("b", 0, 3)}, nil},
		{"declined long ago", []waiter{wait("1", passed("a", 300))}, []server{serve("a", 1, 0), serve("b", 0, 3)},
			map[ConversationID]team.StaffID{"1": "a"}},
		{"declined, nobody else", []waiter{wait("1", passed("a", 59))}, []server{serve("a", 1, 0), serve("b", 1, 0, elsewhere)}, nil},
		{"declined, nobody else, and rested", []waiter{wait("1", passed("a", 60))}, []server{serve("a", 1, 0), serve("b", 1, 0, elsewhere)},
			map[ConversationID]team.StaffID{"1": "a"}},
		{"the oldest again first", []waiter{wait("1", passed("a", 60)), wait("2")}, []server{serve("a", 1, 0)},
			map[ConversationID]team.StaffID{"1": "a"}},
		{"has it, but not well enough", []waiter{wait("1", func(w *waiter) { w.Skill, w.SkillLevel = "fraud", 3 })},
			[]server{serve("a", 1, 0, func(s *server) { s.Skills = map[string]int{"fraud": 2} })}, nil},
		{"speaks none of the queue's languages", []waiter{wait("1", func(w *waiter) { w.Wanted = []string{"jav", "sun"} })}, []server{serve("a", 1, 0)}, nil},
		{"speaks one of them", []waiter{wait("1", func(w *waiter) { w.Wanted = []string{"sun", "jav"} })}, []server{serve("a", 1, 0, jav)},
			map[ConversationID]team.StaffID{"1": "a"}},
		{"no third chat, but a text message", []waiter{wait("1", chat), wait("2", chat), wait("3", chat), wait("4")},
			[]server{serve("a", 9, 0, func(s *server) { s.Limits = team.Limits{"webchat": 2} })},
			map[ConversationID]team.StaffID{"1": "a", "2": "a", "4": "a"}},
		{"the queue's own limit, what is in hand counted", []waiter{wait("1", chat, func(w *waiter) { w.Limits = team.Limits{"webchat": 1} })},
			[]server{serve("a", 9, 1, func(s *server) { s.Held = map[string]int{"webchat": 1} })}, nil},
		{"speaker, though busier", []waiter{wait("1", asksJav)}, []server{serve("a", 3, 0), serve("b", 1, 2, jav)},
			map[ConversationID]team.StaffID{"1": "b"}},
		{"waits for the busy speaker", []waiter{wait("1", asksJav)}, []server{serve("a", 3, 0), serve("b", 0, 3, jav)}, nil},
		{"but not for long", []waiter{wait("1", asksJav, func(w *waiter) { w.QueuedAt = now.Add(-languageGrace) })},
			[]server{serve("a", 3, 0), serve("b", 0, 3, jav)}, map[ConversationID]team.StaffID{"1": "a"}},
		{"no speaker on duty", []waiter{wait("1", asksJav)}, []server{serve("a", 3, 0)}, map[ConversationID]team.StaffID{"1": "a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := map[ConversationID]team.StaffID{}
			for _, m := range pace.pair(tt.waiting, tt.servers, now) {
				got[m.waiter.ID] = m.staff
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for id, staff := range tt.want {
				if got[id] != staff {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}

// at risk from 80 %, breached past the due time, judged when it was kept.
func TestPromise(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	due := from.Add(100 * time.Second)
	at := func(seconds int) *time.Time {
		instant := from.Add(time.Duration(seconds) * time.Second)
		return &instant
	}
	tests := []struct {
		name string
		due  *time.Time
		kept *time.Time
		now  int
		want string
	}{
		{"none", nil, nil, 0, SLANone},
		{"early", &due, nil, 79, SLAOnTrack},
		{"80 %", &due, nil, 80, SLAAtRisk},
		{"the last second", &due, nil, 100, SLAAtRisk},
		{"late", &due, nil, 101, SLABreached},
		{"kept", &due, at(99), 5000, SLAMet},
		{"kept late", &due, at(101), 5000, SLABreached},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := promise(&from, tt.due, tt.kept, *at(tt.now), "live").State; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestScoreOf(t *testing.T) {
	t.Parallel()
	for in, want := range map[[2]string]int{
		{"csat:5", ""}: 5, {"csat:6", ""}: 0, {"", "4"}: 4, {"", " 3. "}: 3, {"", "5 ⭐"}: 5, {"", "0"}: 0, {"", "12"}: 0, {"", "lima"}: 0, {"faq:4", "4x"}: 0,
	} {
		if got := scoreOf(in[0], in[1]); got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

// Every code that a screen shows can be said in both languages, and both say it
// with the same parameters.
func TestEveryCodeCanBeSaid(t *testing.T) {
	t.Parallel()
	c := Texts()
	if problems := Catalogue().Problems(); len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	if missing := Catalogue().Missing("eng"); len(missing) > 0 {
		t.Errorf("English lacks %v", missing)
	}
	var keys []string
	add := func(prefix string, codes ...string) {
		for _, code := range codes {
			keys = append(keys, prefix+code)
		}
	}
	for _, one := range category.Defaults() {
		add("category.", one.Code)
		add("category.group.", one.Group)
	}
	add("outcome.", append(AgentOutcomes(), EndCitizenEnded, EndBotSolved)...)
	add("break.", BreakReasons()...)
	for _, s := range PresenceStates() {
		add("presence.", string(s))
	}
	for _, s := range append(unclosed(), TicketClosed) {
		add("ticket.state.", string(s))
	}
	for _, row := range ticketTable {
		add("ticket.act.", string(row.act))
		if slices.Contains([]TicketAct{ActRegister, ActAbsorb, ActAnonymise, ActDelete}, row.act) {
			continue // nobody fills them in by hand
		}
		for _, name := range append(slices.Clone(row.needs), row.optional...) {
			if name == "question_sent" {
				name = "question"
			}
			add("ticket.field.", name)
		}
	}
	for _, x := range TicketClasses() {
		add("ticket.class.", string(x))
	}
	for _, x := range ClosedReasons() {
		add("ticket.closed.", string(x))
	}
	for _, x := range TicketOutcomes() {
		add("ticket.outcome.", string(x))
	}
	for _, x := range RootCauses() {
		add("ticket.cause.", string(x))
	}
	for _, x := range Rejections() {
		add("ticket.rejection.", string(x))
	}
	for _, rule := range sla.Rules() {
		add("ticket.clock.", string(rule.Timer))
	}
	for _, x := range Formulas() {
		add("wallboard.formula.", x.Code+".title", x.Code+".text")
	}
	for _, key := range keys {
		if !c.Has(key) {
			t.Errorf("no text for %s", key)
		}
	}
}

// The tree has a leaf for every intent that can become work, and only for those.
func TestCategoriesHangOnIntents(t *testing.T) {
	t.Parallel()
	tree := category.Defaults()
	if len(tree) != 43 {
		t.Errorf("%d leaves, want 43 of 49 intents", len(tree))
	}
	for _, leaf := range tree {
		if !intent.Valid(intent.Code(leaf.Code)) || leaf.TargetHours%24 != 0 || leaf.Queue == "" {
			t.Errorf("leaf %+v", leaf)
		}
	}
}
