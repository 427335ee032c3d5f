// Package approval keeps acts that need a second person: who asked, what would
// change, until when, and how it was decided. What an approved act does is run
// by package program, in the same transaction.
package approval

import (
	"errors"
	"fmt"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/record"
)

// WorkingDays is how long an approval may wait before it expires (our choice:
// as long as the verification of a new report, R-17).
const WorkingDays = 3

// fallbackDays is how long it may wait when the days off of the coming year are
// not loaded yet: three working days end within a week in an ordinary week.
const fallbackDays = 7

// ExpiresAt is the end of the last day on which an approval may be decided.
func ExpiresAt(c *calendar.Calendar, asked time.Time) (time.Time, error) {
	at, err := c.AddWorkingDays(asked, WorkingDays)
	if errors.Is(err, calendar.ErrYearMissing) {
		return calendar.AddCalendarDays(asked, fallbackDays)
	}
	return at, err
}

// PermissionFor is what a member of staff needs to decide a kind of approval.
func PermissionFor(kind string) access.Permission {
	switch kind {
	case record.ApprovalMoney:
		return access.ApprovalDecideMoney
	case record.ApprovalAttendance:
		return access.ApprovalDecideAttendance
	case record.ApprovalExport:
		return access.ApprovalDecideExport
	}
	return ""
}

// CheckDecider says whether the actor may decide this approval now:
// record.ErrDecided when it is no longer open, record.ErrSamePerson for the
// requester himself, record.ErrForbidden without the permission. Web asks it to
// show or hide the buttons, Close asks it again.
func CheckDecider(a record.Approval, actor access.Actor, now time.Time) error {
	switch {
	case a.State != Open || now.After(a.ExpiresAt):
		return fmt.Errorf("approval %s: %w", a.ID, record.ErrDecided)
	case actor.Same(a.RequestedBy):
		return fmt.Errorf("approval %s: %w", a.ID, record.ErrSamePerson)
	case actor.Kind != access.Staff || !actor.May(PermissionFor(a.Kind)):
		return fmt.Errorf("approval %s: %w", a.ID, record.ErrForbidden)
	}
	return nil
}

// The states of an approval.
const (
	Open     = "open"
	Approved = "approved"
	Refused  = "refused"
	Expired  = "expired"
)
