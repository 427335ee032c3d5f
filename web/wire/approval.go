package wire

import (
	"time"

	"sapa/program"
)

// Papers hold what corrections and approvals name by id: files, ticket numbers
// and people.
type Papers struct {
	Files   map[string]Attachment
	Numbers map[string]string
	People  map[program.ParticipantID]program.Summary
}

// Change is one correction of a record, before and after by label.
type Change struct {
	ID           string            `json:"id"`
	Remedy       string            `json:"remedy"`
	Label        string            `json:"label"`
	At           time.Time         `json:"at"`
	Actor        string            `json:"actor"`
	Approver     string            `json:"approver,omitempty"`
	Reason       string            `json:"reason"`
	Before       map[string]string `json:"before"`
	After        map[string]string `json:"after"`
	Evidence     []Attachment      `json:"evidence" nullable:"false"`
	TicketNumber string            `json:"ticket_number,omitempty"`
}

// Change shapes a correction.
func (v Voice) Change(c program.Change, papers Papers) Change {
	change := Change{
		ID: c.ID, Remedy: c.Remedy, Label: v.Texts.RemedyLabel(v.Language, c.Remedy), At: c.At.UTC(), Actor: v.Actor(c.Actor), Reason: c.Reason,
		Before: v.byLabel(c.Before), After: v.byLabel(c.After), Evidence: pick(papers.Files, c.Evidence), TicketNumber: papers.Numbers[c.Case.TicketID],
	}
	if c.Approver != nil {
		change.Approver = v.Actor(*c.Approver)
	}
	return change
}

func (v Voice) byLabel(lines []program.Line) map[string]string {
	labelled := map[string]string{}
	for _, l := range v.Texts.Lines(v.Language, lines) {
		labelled[l.Label] = l.Value
	}
	return labelled
}

// Lines shapes one side of a before/after view.
func (v Voice) Lines(lines []program.Line) []LabelValue {
	return Each(v.Texts.Lines(v.Language, lines), func(l program.Labelled) LabelValue { return LabelValue{Label: l.Label, Value: l.Value} })
}

// ApprovalRow is an act that waits, or waited, for a second person.
type ApprovalRow struct {
	ID             string         `json:"id"`
	Act            string         `json:"act"`
	Label          string         `json:"label"`
	State          string         `json:"state" enum:"open,approved,refused,expired"`
	Amount         int64          `json:"amount,omitempty"`
	Participant    ParticipantRow `json:"participant"`
	RequestedBy    string         `json:"requested_by"`
	RequestedAt    time.Time      `json:"requested_at"`
	ExpiresAt      time.Time      `json:"expires_at"`
	Reason         string         `json:"reason"`
	Before         []LabelValue   `json:"before" nullable:"false"`
	After          []LabelValue   `json:"after" nullable:"false"`
	Evidence       []Attachment   `json:"evidence" nullable:"false"`
	ConversationID string         `json:"conversation_id,omitempty"`
	TicketNumber   string         `json:"ticket_number,omitempty"`
	DecidedBy      string         `json:"decided_by,omitempty"`
	DecidedAt      *time.Time     `json:"decided_at,omitempty"`
	Note           string         `json:"note,omitempty"`
	CanDecide      bool           `json:"can_decide"`
	WhyNot         string         `json:"why_not,omitempty"`
}

// Approval shapes an approval; whyNot is why the reader may not decide it, ""
// when they may.
func (v Voice) Approval(a program.Approval, papers Papers, whyNot string) ApprovalRow {
	row := ApprovalRow{
		ID: a.ID, Act: a.Act, Label: v.Texts.RemedyLabel(v.Language, a.Act), State: a.State, Amount: a.Amount,
		Participant: Participant(papers.People[a.ParticipantID]), RequestedBy: v.Actor(a.RequestedBy), RequestedAt: a.RequestedAt.UTC(),
		ExpiresAt: a.ExpiresAt.UTC(), Reason: a.Reason, Before: v.Lines(a.Before), After: v.Lines(a.After), Evidence: pick(papers.Files, a.Evidence),
		ConversationID: a.Case.ConversationID, TicketNumber: papers.Numbers[a.Case.TicketID], DecidedAt: instant(a.DecidedAt), Note: a.Note,
		CanDecide: whyNot == "", WhyNot: whyNot,
	}
	if a.DecidedBy != nil {
		row.DecidedBy = v.Actor(*a.DecidedBy)
	}
	return row
}
