package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/program/approval"
	"sapa/program/record"
)

// ApprovalFilter chooses approvals for a list: open (oldest first), mine (asked
// by ActorID), done; or all of one participant.
type ApprovalFilter = approval.Filter

// Approvals returns a page of approvals and the cursor of the next, "" at the end.
func (c *Core) Approvals(ctx context.Context, db bun.IDB, f ApprovalFilter) ([]Approval, string, error) {
	return approval.List(ctx, db, f)
}

// Approval returns one; ErrUnknown when there is none.
func (c *Core) Approval(ctx context.Context, db bun.IDB, id string) (Approval, error) {
	return approval.One(ctx, db, id)
}

// CanDecide says why the actor may not decide this approval now (ErrSamePerson,
// ErrForbidden, ErrDecided), nil when he may.
func (c *Core) CanDecide(a Approval, actor access.Actor) error {
	return approval.CheckDecider(a, actor, c.now())
}

// Decide approves or refuses. Approving looks at the record again: when it no
// longer is as it was shown to the approver the answer is ErrStale, the approval
// stays open and nothing happens. Refusing needs a note, which the requester is
// told. Of two deciders at once one gets ErrDecided.
func (c *Core) Decide(ctx context.Context, tx bun.IDB, actor access.Actor, id string, approve bool, note string) (Approval, error) {
	open, err := approval.Lock(ctx, tx, id)
	if err != nil {
		return Approval{}, err
	}
	now := c.now()
	if err := approval.CheckDecider(open.Approval, actor, now); err != nil {
		return Approval{}, err
	}
	decision := approval.Decision{State: approval.Approved, By: actor, Note: note, At: now}
	kind := record.EventApprovalApproved
	if approve {
		decision.ChangeID, err = c.carryOut(ctx, tx, open, actor)
	} else {
		decision.State, kind = approval.Refused, record.EventApprovalRefused
		if note == "" {
			err = fmt.Errorf("refuse approval %s: %w", id, ErrReason)
		}
	}
	if err != nil {
		return Approval{}, err
	}
	if err := approval.Close(ctx, tx, id, decision); err != nil {
		return Approval{}, err
	}
	decided, err := approval.One(ctx, tx, id)
	if err != nil {
		return Approval{}, err
	}
	return decided, c.announce(ctx, tx, decided, kind, actor, now)
}

// carryOut plans the stored act anew and does it when it is still the same.
func (c *Core) carryOut(ctx context.Context, tx bun.IDB, open approval.Locked, approver access.Actor) (string, error) {
	if open.Kind == record.ApprovalExport {
		return "", nil // the export itself is made by whoever asked, against this approval
	}
	remedy, err := c.remedy(open.Act)
	if err != nil {
		return "", err
	}
	raw, err := c.options.Box.Open(open.InputSealed, approvalContext(open.ParticipantID, open.Act))
	if err != nil {
		return "", err
	}
	var input Input
	if err := json.Unmarshal(raw, &input); err != nil {
		return "", fmt.Errorf("read input of approval %s: %w", open.ID, err)
	}
	plan, _, err := c.plan(ctx, tx, remedy, open.RequestedBy, open.ParticipantID, input)
	var faults Faults
	var refused *Refused
	if errors.As(err, &faults) || errors.As(err, &refused) {
		return "", fmt.Errorf("approval %s no longer fits (%w): %w", open.ID, err, ErrStale)
	}
	if err != nil {
		return "", err
	}
	if err := stillSame(open.Approval, plan); err != nil {
		return "", err
	}
	return c.apply(ctx, tx, open.ParticipantID, plan, Change{
		Remedy: open.Act, Actor: open.RequestedBy, Approver: &approver, Reason: open.Reason, Evidence: open.Evidence, Case: open.Case, ApprovalID: open.ID,
	})
}

// stillSame compares what was shown with what would happen, as JSON, the form in
// which it was kept.
func stillSame(shown Approval, plan record.Plan) error {
	before, after, err := bothJSON(plan)
	if err != nil {
		return err
	}
	oldBefore, oldAfter, err := bothJSON(record.Plan{Before: shown.Before, After: shown.After})
	if err != nil {
		return err
	}
	if string(before) != string(oldBefore) || string(after) != string(oldAfter) || plan.Amount != shown.Amount {
		return fmt.Errorf("approval %s: %w", shown.ID, ErrStale)
	}
	return nil
}

// ExpireApprovals closes open approvals whose time is over, up to 100 a call,
// and tells the requesters by event. It returns how many.
func (c *Core) ExpireApprovals(ctx context.Context, tx bun.IDB) (int, error) {
	now := c.now()
	due, err := approval.Due(ctx, tx, now, 100)
	if err != nil {
		return 0, err
	}
	for _, a := range due {
		decision := approval.Decision{State: approval.Expired, By: access.Timer(), At: now}
		if err := approval.Close(ctx, tx, a.ID, decision); err != nil {
			return 0, err
		}
		if err := c.announce(ctx, tx, a, record.EventApprovalExpired, access.Timer(), now); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// announce tells the rooms above and the audit log what became of an approval.
func (c *Core) announce(ctx context.Context, tx bun.IDB, a Approval, kind string, actor access.Actor, now time.Time) error {
	err := record.Emit(ctx, tx, Event{Kind: kind, ParticipantID: a.ParticipantID, ObjectID: a.ID, At: now, Data: map[string]any{
		"act": a.Act, "kind": a.Kind, "amount": a.Amount, "requester": a.RequestedBy.ID, "note": a.Note, "change": a.ChangeID,
		"conversation": a.Case.ConversationID, "ticket": a.Case.TicketID}})
	if err != nil {
		return err
	}
	return access.Audit(ctx, tx, access.AuditEntry{Actor: actor, Action: kind, Object: "approval", ObjectID: a.ID, Reason: a.Reason, At: now})
}
