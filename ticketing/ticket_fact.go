package ticketing

import (
	"strings"
	"time"

	"sapa/ticketing/sla"
)

// TicketFacts are what a command brings with it: what the actor entered, and
// what the caller found in other rows. They are stored with the event, so that
// the ticket can be rebuilt and the decision understood. Each act reads only
// its own; [TicketMachine.Offers] names the ones that an actor fills in.
type TicketFacts struct {
	// Who acts.
	IsReporter        bool `json:"is_reporter,omitempty"`        // proved to be this ticket's reporter: its secret, or its contact
	ForReporter       bool `json:"for_reporter,omitempty"`       // staff acts on the reporter's word
	HoldsConversation bool `json:"holds_conversation,omitempty"` // agent of the conversation it arose in
	InUnit            bool `json:"in_unit,omitempty"`            // officer of the unit that has the ticket

	// Registration.
	Number        string   `json:"number,omitempty"`
	Channel       string   `json:"channel,omitempty"`
	Contact       string   `json:"contact,omitempty"`
	Participant   string   `json:"participant,omitempty"`
	Conversation  string   `json:"conversation,omitempty"`
	FollowUpOf    TicketID `json:"follow_up_of,omitempty"`
	AboutStaff    string   `json:"about_staff,omitempty"`
	AboutUnit     string   `json:"about_unit,omitempty"`
	Anonymous     bool     `json:"anonymous,omitempty"`
	Confidential  bool     `json:"confidential,omitempty"`
	HasAttachment bool     `json:"has_attachment,omitempty"`
	Subject       string   `json:"subject,omitempty"`
	Text          string   `json:"text,omitempty"`

	// Classification.
	Class     TicketClass `json:"class,omitempty"`
	Oversight *bool       `json:"oversight,omitempty"`
	Category  string      `json:"category,omitempty"`
	Priority  int         `json:"priority,omitempty"`
	Target    sla.Amount  `json:"target,omitzero"` // the category's own target; zero takes the one of the class

	// Routing.
	Queue        string `json:"queue,omitempty"`
	Unit         string `json:"unit,omitempty"`
	Owner        string `json:"owner,omitempty"`
	OwnerActive  bool   `json:"owner_active,omitempty"`
	OwnerSkilled bool   `json:"owner_skilled,omitempty"`
	Reason       string `json:"reason,omitempty"`    // of a return, transfer, appeal, decision; the instruction of an overturn
	Cause        string `json:"cause,omitempty"`     // of an escalation: the timer, or words
	Level        int    `json:"level,omitempty"`     // to escalate to; 0 is the next one
	Extension    int    `json:"extension,omitempty"` // working days by which a second promise is later

	// Waiting.
	QuestionSent  bool       `json:"question_sent,omitempty"`
	Question      string     `json:"question,omitempty"`
	Reminders     int        `json:"reminders,omitempty"` // delivered or attempted since the question
	ThirdParty    string     `json:"third_party,omitempty"`
	ExpectedAt    *time.Time `json:"expected_at,omitempty"`
	PauseApprover string     `json:"pause_approver,omitempty"` // supervisor who lets the business clock pause on hold

	// Decisions.
	Outcome         TicketOutcome `json:"outcome,omitempty"`
	RootCause       RootCause     `json:"root_cause,omitempty"`
	Rejection       Rejection     `json:"rejection,omitempty"`
	PublicAnswer    string        `json:"public_answer,omitempty"`
	MoneyCorrection bool          `json:"money_correction,omitempty"`
	CoSigner        string        `json:"co_signer,omitempty"` // supervisor
	Body            string        `json:"body,omitempty"`      // outside body
	Reference       string        `json:"reference,omitempty"`
	PersonalData    bool          `json:"personal_data,omitempty"` // leave with the referral
	Consent         bool          `json:"consent,omitempty"`
	Merge           *TicketMerge  `json:"merge,omitempty"`

	// Afterwards.
	LastMessageAt *time.Time `json:"last_message_at,omitempty"` // of reporter or staff, since the decision
	NewFacts      bool       `json:"new_facts,omitempty"`
	RetentionOver bool       `json:"retention_over,omitempty"`
}

// TicketMerge is what is known of the other ticket of a merge: its target when
// merging, its source when absorbing.
type TicketMerge struct {
	ID           TicketID    `json:"id"`
	State        TicketState `json:"state"`
	Class        TicketClass `json:"class"`
	MergedInto   TicketID    `json:"merged_into,omitempty"`
	RegisteredAt time.Time   `json:"registered_at"`
	SameReporter bool        `json:"same_reporter,omitempty"`
	SameIncident bool        `json:"same_incident,omitempty"`
}

// erased is the facts without what was said, or by whom it was reported.
func (f TicketFacts) erased() TicketFacts {
	f.Contact, f.Participant, f.Conversation = "", "", ""
	f.Subject, f.Text, f.PublicAnswer, f.Reason, f.Cause = "", "", "", "", ""
	f.Reference, f.Question = "", ""
	return f
}

// has reports whether a field that an act requires is filled in. It knows the
// fields that the table of acts names, and no others.
func (f TicketFacts) has(field string) bool {
	filled := func(text string) bool { return strings.TrimSpace(text) != "" }
	switch field {
	case "number":
		return filled(f.Number)
	case "text":
		return filled(f.Text)
	case "question_sent":
		return f.QuestionSent
	case "rejection":
		return filled(string(f.Rejection))
	case "public_answer":
		return filled(f.PublicAnswer)
	case "merge":
		return f.Merge != nil
	case "owner":
		return filled(f.Owner)
	case "reason", "told_reason":
		return filled(f.Reason)
	case "extension":
		return f.Extension != 0
	case "cause":
		return filled(f.Cause)
	case "unit":
		return filled(f.Unit)
	case "body":
		return filled(f.Body)
	case "reference":
		return filled(f.Reference)
	case "third_party":
		return filled(f.ThirdParty)
	case "expected_at":
		return f.ExpectedAt != nil
	case "outcome":
		return filled(string(f.Outcome))
	case "root_cause":
		return filled(string(f.RootCause))
	case "target":
		return f.Target.N > 0
	case "retention_over":
		return f.RetentionOver
	default:
		return false
	}
}

// check refuses values that no act takes, whoever sends them.
func (f TicketFacts) check() error {
	for _, err := range []error{
		checkCode("class", f.Class, TicketClasses()),
		checkCode("outcome", f.Outcome, TicketOutcomes()),
		checkCode("root_cause", f.RootCause, RootCauses()),
	} {
		if err != nil {
			return err
		}
	}
	if f.Rejection == rejectionNotOurs {
		return &Invalid{Field: "rejection", Rule: "transfer_or_refer"}
	}
	if err := checkCode("rejection", f.Rejection, Rejections()); err != nil {
		return err
	}
	if f.Priority < 0 || f.Priority > 4 {
		return &Invalid{Field: "priority", Rule: "between_1_and_4"}
	}
	if f.Level < 0 || f.Level > sla.MaxLevel {
		return &Invalid{Field: "level", Rule: "between_0_and_3"}
	}
	if f.Target != (sla.Amount{}) && f.Target.Check() != nil {
		return &Invalid{Field: "target", Rule: "amount"}
	}
	return nil
}
