package program

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/program/approval"
	"sapa/program/record"
	"sapa/program/registration"
)

// remedy finds one by code.
func (c *Core) remedy(code string) (record.Remedy, error) {
	list := c.remedies()
	at := slices.IndexFunc(list, func(m record.Remedy) bool { return m.Code == code })
	if at < 0 {
		return record.Remedy{}, fmt.Errorf("remedy %q: %w", code, ErrUnknown)
	}
	return list[at], nil
}

// PreviewRemedy shows what a remedy would do. Faults of the input are part of the
// answer; a remedy the record forbids is a *Refused error. It leaves an access
// row, since it shows part of the record.
func (c *Core) PreviewRemedy(ctx context.Context, tx bun.IDB, actor access.Actor, id ParticipantID, code string, input Input) (Preview, error) {
	if !actor.May(access.RemedyRun) {
		return Preview{}, fmt.Errorf("preview %s: %w", code, ErrForbidden)
	}
	remedy, err := c.remedy(code)
	if err != nil {
		return Preview{}, err
	}
	plan, _, err := c.plan(ctx, tx, remedy, actor, id, input)
	var faults Faults
	if errors.As(err, &faults) {
		return Preview{Errors: faults, Approval: remedy.Approval}, nil
	}
	if err != nil {
		return Preview{}, err
	}
	err = access.Record(ctx, tx, access.Entry{Actor: actor, ParticipantID: string(id), Fields: []string{"remedy." + code}, Reason: "preview", At: c.now()})
	return Preview{Before: plan.Before, After: plan.After, Changed: changed(plan), Approval: remedy.Approval}, err
}

// plan locks the participant, reads the record as it is now and asks the remedy
// what it would do.
func (c *Core) plan(ctx context.Context, tx bun.IDB, remedy record.Remedy, actor access.Actor, id ParticipantID, input Input) (record.Plan, Record, error) {
	if err := registration.Lock(ctx, tx, id); err != nil {
		return record.Plan{}, Record{}, err
	}
	r, err := c.read(ctx, tx, id)
	if err != nil {
		return record.Plan{}, Record{}, err
	}
	if because := remedy.Blocked(r); because != nil {
		return record.Plan{}, r, &Refused{Because: *because}
	}
	plan, err := remedy.Plan(ctx, tx, record.Task{Record: r, Input: input, Actor: actor, Now: r.At})
	return plan, r, err
}

// changed names the fields whose value differs.
func changed(plan record.Plan) []string {
	names := []string{}
	for i, line := range plan.After {
		if i >= len(plan.Before) || !reflect.DeepEqual(plan.Before[i], line) {
			names = append(names, line.Field)
		}
	}
	return names
}

// RunRemedy does one correction, or asks a second person for it. Errors: Faults,
// *Refused, ErrForbidden, ErrReason, ErrEvidence, ErrStale, ErrUnknown. The same
// actor with the same key gets the first outcome again; the same key with
// another input is ErrStale.
func (c *Core) RunRemedy(ctx context.Context, tx bun.IDB, actor access.Actor, q RemedyRequest) (Outcome, error) {
	remedy, err := c.checkRequest(actor, q)
	if err != nil {
		return Outcome{}, err
	}
	if err := registration.Lock(ctx, tx, q.ParticipantID); err != nil {
		return Outcome{}, err
	}
	hash, err := inputHash(q)
	if err != nil {
		return Outcome{}, err
	}
	done, found, err := earlier(ctx, tx, actor, q, hash)
	if err != nil || found {
		return done, err
	}
	plan, _, err := c.plan(ctx, tx, remedy, actor, q.ParticipantID, q.Input)
	if err != nil {
		return Outcome{}, err
	}
	outcome := Outcome{Status: Applied, Before: plan.Before, After: plan.After}
	if remedy.Approval != "" {
		outcome.Status = AwaitingApproval
		outcome.ApprovalID, err = c.ask(ctx, tx, remedy, actor, q, plan)
	} else {
		outcome.ChangeID, err = c.apply(ctx, tx, q.ParticipantID, plan, Change{
			Remedy: q.Code, Actor: actor, Reason: q.Reason, Evidence: q.Evidence, Case: q.Case})
	}
	if err != nil {
		return Outcome{}, err
	}
	return outcome, remember(ctx, tx, actor, q, hash, outcome, c.now())
}

func (c *Core) checkRequest(actor access.Actor, q RemedyRequest) (record.Remedy, error) {
	remedy, err := c.remedy(q.Code)
	switch {
	case err != nil:
		return remedy, err
	case actor.Kind != access.Staff || !actor.May(access.RemedyRun):
		return remedy, fmt.Errorf("run %s: %w", q.Code, ErrForbidden)
	case q.Reason == "":
		return remedy, fmt.Errorf("run %s: %w", q.Code, ErrReason)
	case remedy.NeedsEvidence && len(q.Evidence) == 0:
		return remedy, fmt.Errorf("run %s: %w", q.Code, ErrEvidence)
	case len(q.Key) < 8 || len(q.Key) > 100:
		return remedy, Faults{{Field: "key", Rule: record.RuleFormat}}
	}
	return remedy, nil
}

// apply does the act and writes history, audit log and event.
func (c *Core) apply(ctx context.Context, tx bun.IDB, id ParticipantID, plan record.Plan, change Change) (string, error) {
	if err := plan.Do(ctx, tx); err != nil {
		return "", err
	}
	now := c.now()
	change.ID, change.At, change.Before, change.After = uuid.Must(uuid.NewV7()).String(), now, plan.Before, plan.After
	if err := writeChange(ctx, tx, id, change); err != nil {
		return "", err
	}
	before, after, err := bothJSON(plan)
	if err != nil {
		return "", err
	}
	err = access.Audit(ctx, tx, access.AuditEntry{Actor: change.Actor, Action: "remedy." + change.Remedy, Object: "participant", ObjectID: string(id),
		Before: before, After: after, Reason: change.Reason, At: now})
	if err != nil {
		return "", err
	}
	err = record.Emit(ctx, tx, Event{Kind: record.EventChanged, ParticipantID: id, ObjectID: change.ID, At: now,
		Data: map[string]any{"remedy": change.Remedy, "conversation": change.Case.ConversationID, "ticket": change.Case.TicketID, "approval": change.ApprovalID}})
	if err != nil {
		return "", err
	}
	return change.ID, c.react(ctx, tx, id, change.Remedy)
}

// ask opens the approval; the input is sealed, it may hold an account number.
func (c *Core) ask(ctx context.Context, tx bun.IDB, remedy record.Remedy, actor access.Actor, q RemedyRequest, plan record.Plan) (string, error) {
	days, err := c.options.Calendar(ctx)
	if err != nil {
		return "", err
	}
	now := c.now()
	expires, err := approval.ExpiresAt(days, now)
	if err != nil {
		return "", err
	}
	input, err := json.Marshal(q.Input)
	if err != nil {
		return "", fmt.Errorf("encode input: %w", err)
	}
	sealed, err := c.options.Box.Seal(input, approvalContext(q.ParticipantID, q.Code))
	if err != nil {
		return "", err
	}
	opened, err := approval.Ask(ctx, tx, approval.Request{InputSealed: sealed, Approval: Approval{
		Act: q.Code, Kind: remedy.Approval, ObjectID: plan.ObjectID, ParticipantID: q.ParticipantID, Amount: plan.Amount,
		Before: plan.Before, After: plan.After, Reason: q.Reason, Evidence: q.Evidence, Case: q.Case,
		RequestedBy: actor, RequestedAt: now, ExpiresAt: expires,
	}})
	if err != nil {
		return "", err
	}
	return opened.ID, c.announce(ctx, tx, opened, record.EventApprovalOpened, actor, now)
}

func approvalContext(id ParticipantID, code string) string {
	return "approvals.input:" + string(id) + ":" + code
}

func bothJSON(plan record.Plan) (before, after json.RawMessage, err error) {
	if before, err = json.Marshal(plan.Before); err != nil {
		return nil, nil, fmt.Errorf("encode before: %w", err)
	}
	if after, err = json.Marshal(plan.After); err != nil {
		return nil, nil, fmt.Errorf("encode after: %w", err)
	}
	return before, after, nil
}

// inputHash tells a repeated request from another one under the same key. Go
// writes the keys of a map in order, so equal inputs hash equally.
func inputHash(q RemedyRequest) ([]byte, error) {
	raw, err := json.Marshal([]any{q.ParticipantID, q.Code, q.Input})
	if err != nil {
		return nil, fmt.Errorf("encode input: %w", err)
	}
	sum := sha256.Sum256(raw)
	return sum[:], nil
}

// earlier returns what this key has led to.
func earlier(ctx context.Context, tx bun.IDB, actor access.Actor, q RemedyRequest, hash []byte) (Outcome, bool, error) {
	var rows []struct {
		InputHash []byte
		Outcome   json.RawMessage
	}
	err := tx.NewRaw(`SELECT input_hash, outcome FROM remedy_keys WHERE actor_id = ? AND key = ?`, actor.ID, q.Key).Scan(ctx, &rows)
	if err != nil {
		return Outcome{}, false, fmt.Errorf("look for key: %w", err)
	}
	if len(rows) == 0 {
		return Outcome{}, false, nil
	}
	if !bytes.Equal(rows[0].InputHash, hash) {
		return Outcome{}, false, fmt.Errorf("key was used for another request: %w", ErrStale)
	}
	var outcome Outcome
	if err := json.Unmarshal(rows[0].Outcome, &outcome); err != nil {
		return Outcome{}, false, fmt.Errorf("read earlier outcome: %w", err)
	}
	return outcome, true, nil
}

func remember(ctx context.Context, tx bun.IDB, actor access.Actor, q RemedyRequest, hash []byte, outcome Outcome, now time.Time) error {
	raw, err := json.Marshal(outcome)
	if err != nil {
		return fmt.Errorf("encode outcome: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO remedy_keys (key, actor_id, participant_id, remedy, input_hash, outcome, at) VALUES (?, ?, ?, ?, ?, ?::jsonb, ?)`,
		q.Key, actor.ID, q.ParticipantID, q.Code, hash, string(raw), now)
	if err != nil {
		return fmt.Errorf("keep key: %w", err)
	}
	return nil
}
