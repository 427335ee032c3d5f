package ticketing

import (
	"context"
	"errors"
	"fmt"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Offboard ends somebody's work here, as their account stood at version: what
// they hold in conversation goes back to its place in the queue, their open
// tickets to their units, each with a line of history; their name stays in every
// history. Their sessions are the caller's to end. Errors: ErrForbidden,
// team.ErrNotFound, team.ErrStale, team.ErrLastAdmin, team.Invalid.
func (d *Desk) Offboard(ctx context.Context, actor access.Actor, id team.StaffID, version int64) error {
	return d.onStaff(ctx, actor, id, "staff.offboard", func(ctx context.Context, w *work, before team.Staff) error {
		if err := team.SaveStatus(ctx, w, id, team.StatusDisabled, version, w.at); err != nil {
			return err
		}
		return w.dismiss(ctx, id)
	})
}

// Return lets somebody who left work here again, with the roles and teams they
// had. Errors: as Offboard.
func (d *Desk) Return(ctx context.Context, actor access.Actor, id team.StaffID, version int64) error {
	return d.onStaff(ctx, actor, id, "staff.return", func(ctx context.Context, w *work, before team.Staff) error {
		return team.SaveStatus(ctx, w, id, team.StatusActive, version, w.at)
	})
}

// ChangeStaff stores somebody's profile as it stood at staff.Version: name, role,
// capacity, limits, languages, skills and teams. Nobody changes their own role.
// Whoever may talk with citizens no more gives back what they hold.
// Errors: as Offboard.
func (d *Desk) ChangeStaff(ctx context.Context, actor access.Actor, staff team.Staff) error {
	return d.onStaff(ctx, actor, staff.ID, "staff.change", func(ctx context.Context, w *work, before team.Staff) error {
		if staff.Role != before.Role && string(staff.ID) == actor.ID {
			return team.Invalid{Field: "role", Rule: "same_person"}
		}
		if err := team.Save(ctx, w, staff, w.at); err != nil {
			return err
		}
		w.route = true // more hands, skills or teams may fit what waits
		w.touch(staff.ID)
		if access.Allows(before.Role, access.ConversationReply) && !access.Allows(staff.Role, access.ConversationReply) {
			return w.dismiss(ctx, staff.ID)
		}
		return nil
	})
}

// onStaff changes somebody's account and leaves the audit row.
func (d *Desk) onStaff(ctx context.Context, actor access.Actor, id team.StaffID, action string,
	change func(context.Context, *work, team.Staff) error,
) error {
	if !actor.May(access.StaffManage) {
		return ErrForbidden
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		before, err := team.ByID(ctx, w, id)
		if err != nil {
			return err
		}
		if action == "staff.offboard" && string(id) == actor.ID {
			return team.Invalid{Field: "status", Rule: "same_person"}
		}
		if err := change(ctx, w, before); err != nil {
			return err
		}
		w.signal(bus.Setting, "staff", 0)
		after, err := team.ByID(ctx, w, id)
		if err != nil {
			return err
		}
		entry := access.AuditEntry{Actor: actor, Action: action, Object: "staff", ObjectID: string(id), At: w.at}
		return access.AuditChange(ctx, w, entry, before.Profile(), after.Profile())
	})
}

// dismiss takes somebody off duty and everything out of their hands.
func (w *work) dismiss(ctx context.Context, staff team.StaffID) error {
	if err := w.choose(ctx, staff, ChosenOffline, "", "left"); err != nil {
		return err
	}
	var ids []TicketID
	err := w.NewRaw(`SELECT id FROM tickets WHERE owner_id = ? AND state IN ('in_progress','pending','on_hold') ORDER BY id`, staff).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("tickets of %s: %w", staff, err)
	}
	for _, id := range ids {
		t, err := w.lockCase(ctx, id)
		if err != nil {
			return err
		}
		if err := w.release(ctx, &t); err != nil {
			return err
		}
	}
	return nil
}

// release gives a ticket back to its unit because its owner has left.
func (w *work) release(ctx context.Context, t *Ticket) error {
	err := w.bySystem(func() error { return w.act(ctx, t, ActRelease, TicketFacts{Cause: "owner_left"}) })
	if errors.Is(err, ErrTransition) {
		return nil // it has moved on meanwhile
	}
	return err
}

// releaseIfLeft gives back a ticket that an act has just put into the hands of
// somebody who works here no more: a reopened one goes to its old owner.
func (w *work) releaseIfLeft(ctx context.Context, t *Ticket) error {
	if t.Owner == "" || t.State != TicketInProgress {
		return nil
	}
	owner, err := team.ByID(ctx, w, team.StaffID(t.Owner))
	if err != nil {
		return err
	}
	if owner.Status == team.StatusActive {
		return nil
	}
	return w.release(ctx, t)
}
