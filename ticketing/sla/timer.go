package sla

// Timer names a clock of a ticket, a contact or a data-protection case.
type Timer string

// The timers. What each waits for stands in [Rules], how long in [Targets].
const (
	TimerAck      Timer = "ack"       // automatic acknowledgement
	TimerLive     Timer = "live"      // first human reply on a live channel
	TimerVerify   Timer = "verify"    // report verified
	TimerFollowUp Timer = "follow_up" // first follow-up of the unit
	TimerResolve  Timer = "resolve"   // the business clock
	TimerState    Timer = "state"     // the state clock, drives escalation
	TimerReporter Timer = "reporter"  // the reporter's time to answer
	TimerContest  Timer = "contest"   // the reporter's time to reopen
	TimerAppeal   Timer = "appeal"    // decision on an appeal
	TimerDSR      Timer = "dsr"       // data-subject request
	TimerBreach   Timer = "breach"    // notice of a data breach
	TimerAge      Timer = "age"       // the reporter clock: age, no target
)

// Kind says which marks a clock obeys.
type Kind string

// The three clocks, kept apart. Mixing them is how deadlines get "lost".
const (
	// Business clocks pause and resume. They start once: nothing done to a
	// ticket resets one, a reopening goes on with the time used.
	Business Kind = "business"
	// State clocks pause too, and start anew with each state or level.
	State Kind = "state"
	// Steady clocks never pause: the reporter's age and all promises that
	// run by the clock. They can start again after they stopped.
	Steady Kind = "steady"
)

// Expiry is what is to happen when a timer runs out.
type Expiry string

// The consequences of an expiry.
const (
	ExpiryNone        Expiry = "none"
	ExpiryAlarm       Expiry = "alarm_operations"
	ExpiryMiss        Expiry = "count_against_service_level"
	ExpiryLevelOne    Expiry = "level_one"
	ExpiryLevelUp     Expiry = "level_up"
	ExpiryBreach      Expiry = "breach_and_level_up"
	ExpiryNoResponse  Expiry = "close_no_response"
	ExpiryContestOver Expiry = "close_uncontested"
	ExpiryLevelThree  Expiry = "level_three"
	ExpiryPageDPO     Expiry = "page_data_protection_officer"
)

// Rule is what is fixed about a timer, whatever its target.
type Rule struct {
	Timer    Timer
	Kind     Kind
	Starts   string   // the event that starts it
	PausedIn []string // ticket states, or the phase of the contact
	Expiry   Expiry
}

// Rules is the table of timers in the order of their lives.
func Rules() []Rule {
	pending := []string{"pending"}
	return []Rule{
		{TimerAck, Steady, "register", nil, ExpiryAlarm},
		// The bot phase does not pause it: the clock starts at the queue.
		{TimerLive, Steady, "queue_entry", nil, ExpiryMiss},
		{TimerVerify, Business, "register", pending, ExpiryLevelOne},
		{TimerFollowUp, Business, "verify", pending, ExpiryLevelOne},
		// On hold only with a supervisor's approval: the citizen cannot
		// tell our waiting from our idling.
		{TimerResolve, Business, "register", []string{"pending", "on_hold_approved"}, ExpiryBreach},
		{TimerState, State, "state_or_level", pending, ExpiryLevelUp},
		{TimerReporter, Steady, "ask_reporter", nil, ExpiryNoResponse},
		{TimerContest, Steady, "resolve_or_reject", nil, ExpiryContestOver},
		{TimerAppeal, Steady, "appeal", nil, ExpiryLevelThree},
		{TimerDSR, Steady, "data_subject_request", nil, ExpiryPageDPO},
		{TimerBreach, Steady, "breach_declared", nil, ExpiryPageDPO},
		{TimerAge, Steady, "register", nil, ExpiryNone},
	}
}

// RuleOf is the rule of one timer; ok is false when there is no such timer.
func RuleOf(t Timer) (rule Rule, ok bool) {
	for _, rule := range Rules() {
		if rule.Timer == t {
			return rule, true
		}
	}
	return Rule{}, false
}
