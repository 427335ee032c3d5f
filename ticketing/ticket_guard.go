package ticketing

import (
	"errors"
	"strings"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

// Guards say what must hold beside state, role and required facts. They are
// named after the act they stand before.

func guardRegister(s ticketStep) error {
	switch {
	case s.c.Ticket == "":
		return &Invalid{Field: "ticket", Rule: "required"}
	case s.f.Contact == "" && !s.f.Anonymous:
		return &Invalid{Field: "contact", Rule: "required"}
	case strings.TrimSpace(s.f.Text) == "" && !s.f.HasAttachment:
		return &Invalid{Field: "text", Rule: "required"}
	}
	return nil
}

// guardVerify lets an agent verify what he entered himself or has in
// conversation, unless it needs an inquiry: four eyes only where they matter.
func guardVerify(s ticketStep) error {
	after := s.t
	after.classify(s.f)
	own := s.t.EnteredBy == s.c.Actor.ID || s.t.Owner == s.c.Actor.ID || s.f.HoldsConversation
	if s.role == RoleAgent && (!own || after.guarded()) {
		return ErrRole
	}
	return checkClassified(after)
}

// checkClassified refuses a ticket that is not fit to be worked on.
func checkClassified(t Ticket) error {
	switch {
	case t.Class == "":
		return &Invalid{Field: "class", Rule: "required"}
	case t.Class == ClassComplaint && t.Oversight == nil:
		return &Invalid{Field: "oversight", Rule: "required"}
	case t.Category == "":
		return &Invalid{Field: "category", Rule: "required"}
	case t.Priority == 0:
		return &Invalid{Field: "priority", Rule: "required"}
	case t.Queue == "":
		return &Invalid{Field: "queue", Rule: "required"}
	}
	return nil
}

func guardReporterTimeout(s ticketStep) error {
	due, err := s.m.calendars.Due(*s.t.AskedAt, s.m.targets.Reporter)
	if err != nil {
		return err
	}
	if !s.at.After(due) {
		return &Invalid{Field: "at", Rule: "too_early"}
	}
	if s.f.Reminders < minReminders {
		return &Invalid{Field: "reminders", Rule: "too_few"}
	}
	return nil
}

func guardReject(s ticketStep) error {
	if s.role == RoleVerifier && (s.t.Priority == 1 || s.t.Class == ClassIntegrity) {
		return ErrRole
	}
	if s.f.Rejection.needsQuestion() && s.t.AskedAt == nil {
		return &Invalid{Field: "rejection", Rule: "ask_first"}
	}
	return nil
}

// guardMerge keeps merges a tree: the target is open and merged nowhere itself.
func guardMerge(s ticketStep) error {
	into := s.f.Merge
	switch {
	case into == nil || into.ID == "":
		return &Invalid{Field: "merge", Rule: "required"}
	case into.ID == s.t.ID:
		return &Invalid{Field: "merge", Rule: "itself"}
	case into.State == TicketClosed || into.MergedInto != "":
		return &Invalid{Field: "merge", Rule: "closed"}
	case !into.SameReporter && !into.SameIncident:
		return &Invalid{Field: "merge", Rule: "unrelated"}
	case s.t.Class == ClassIntegrity && into.Class != ClassIntegrity:
		return &Invalid{Field: "merge", Rule: "integrity"}
	}
	return nil
}

func guardAbsorb(s ticketStep) error {
	from := s.f.Merge
	switch {
	case from == nil || from.ID == "" || from.ID == s.t.ID || from.MergedInto != s.t.ID:
		return &Invalid{Field: "merge", Rule: "not_merged_here"}
	case from.RegisteredAt.IsZero():
		return &Invalid{Field: "merge", Rule: "registered_at"}
	}
	return nil
}

// guardOwner stands before accept and assign.
func guardOwner(s ticketStep) error {
	owner, unit := s.f.Owner, s.t.Unit
	if s.row.act == ActAccept {
		owner = s.c.Actor.ID
	}
	takeOver(&unit, s.f.Unit)
	switch {
	case owner == "":
		return &Invalid{Field: "owner", Rule: "required"}
	case owner == s.t.AboutStaff, unit != "" && unit == s.t.AboutUnit:
		return &Invalid{Field: "owner", Rule: "subject_of_complaint"}
	case !s.f.OwnerActive:
		return &Invalid{Field: "owner", Rule: "inactive"}
	case !s.f.OwnerSkilled:
		return &Invalid{Field: "owner", Rule: "unskilled"}
	}
	return checkClassified(s.t)
}

func guardTransfer(s ticketStep) error {
	switch {
	case s.f.Unit == s.t.Unit:
		return &Invalid{Field: "unit", Rule: "same"}
	case s.f.Unit == s.t.AboutUnit:
		return &Invalid{Field: "unit", Rule: "subject_of_complaint"}
	case s.t.Hops >= maxHops && s.role != RoleSupervisor:
		return ErrRole
	}
	return nil
}

func guardReferOut(s ticketStep) error {
	if s.f.PersonalData && !s.f.Consent {
		return &Invalid{Field: "consent", Rule: "required"}
	}
	return nil
}

func guardHold(s ticketStep) error {
	latest, err := s.m.calendars.Due(s.at, sla.InWorkingDays(maxHoldDays))
	if errors.Is(err, calendar.ErrYearMissing) {
		latest, err = calendar.AddCalendarDays(s.at, maxHoldDays) // the stricter reading
	}
	switch {
	case err != nil:
		return err
	case s.f.ExpectedAt == nil || !s.f.ExpectedAt.After(s.at):
		return &Invalid{Field: "expected_at", Rule: "in_the_past"}
	case s.f.ExpectedAt.After(latest):
		return &Invalid{Field: "expected_at", Rule: "too_late"}
	case s.f.PauseApprover != "" && s.f.PauseApprover == s.c.Actor.ID:
		return &Invalid{Field: "pause_approver", Rule: "same_person"}
	}
	return nil
}

// guardRelease lets go of an owner only.
func guardRelease(s ticketStep) error {
	if s.t.Owner == "" {
		return &Invalid{Field: "owner", Rule: "required"}
	}
	return nil
}

func guardResume(s ticketStep) error {
	if s.role == RoleSystem && s.t.ExpectedAt != nil && s.at.Before(*s.t.ExpectedAt) {
		return &Invalid{Field: "at", Rule: "too_early"}
	}
	return nil
}

// guardResolve asks a second pair of eyes for conduct and money. An agent of
// the first line decides no inquiry, with or without them.
func guardResolve(s ticketStep) error {
	if s.t.guarded() && employed(s.c.Actor) == RoleAgent {
		return ErrRole
	}
	if !s.t.guarded() && !s.f.MoneyCorrection {
		return nil
	}
	switch s.f.CoSigner {
	case "":
		return &Invalid{Field: "co_signer", Rule: "required"}
	case s.c.Actor.ID:
		return &Invalid{Field: "co_signer", Rule: "same_person"}
	}
	return nil
}

// guardContestTimeout waits until the window is over and nobody has written for
// as long.
func guardContestTimeout(s ticketStep) error {
	quiet := latestOf(*s.t.DecidedAt, s.f.LastMessageAt)
	due, err := s.m.calendars.Due(quiet, s.m.targets.Contest)
	if err != nil {
		return err
	}
	if !s.at.After(due) {
		return &Invalid{Field: "at", Rule: "too_early"}
	}
	return nil
}

// guardReopen measures the window from the stored decision: neither a comment
// nor the request can stretch it.
func guardReopen(s ticketStep) error {
	if s.role == RoleAgent && !s.f.ForReporter {
		return &Invalid{Field: "for_reporter", Rule: "required"}
	}
	due, err := s.m.calendars.Due(*s.t.DecidedAt, s.m.targets.Contest)
	switch {
	case errors.Is(err, calendar.ErrYearMissing):
		// Our missing list is not the citizen's loss: the window stays open.
	case err != nil:
		return err
	case s.at.After(due):
		return &Invalid{Field: "at", Rule: "too_late"}
	}
	if s.t.State == TicketRejected && !s.f.NewFacts {
		return &Invalid{Field: "new_facts", Rule: "required"}
	}
	return nil
}

func guardAppeal(s ticketStep) error {
	switch {
	case s.t.State == TicketClosed && !appealable(s.t.ClosedReason):
		return ErrTransition
	case s.t.AppealedAt != nil:
		return &Invalid{Field: "appeal", Rule: "once"}
	case s.t.ErasedAt != nil:
		return ErrTransition
	}
	due, err := calendar.AddCalendarDays(*s.t.DecidedAt, appealDays)
	if err == nil && s.at.After(due) {
		return &Invalid{Field: "at", Rule: "too_late"}
	}
	return err
}

func appealable(r ClosedReason) bool {
	return r == ClosedAutoNoReply || r == ClosedRejectedFinal || r == ClosedConfirmed
}

// guardAppellate keeps everybody out who had a hand in the ticket.
func guardAppellate(s ticketStep) error {
	for _, id := range append([]string{s.t.EnteredBy, s.t.AboutStaff}, s.t.Handlers...) {
		if id == s.c.Actor.ID {
			return &Invalid{Field: "actor", Rule: "in_history"}
		}
	}
	return nil
}

func guardOverturn(s ticketStep) error {
	if err := guardAppellate(s); err != nil {
		return err
	}
	switch {
	case s.t.Owner == "" && s.f.Owner == "":
		return &Invalid{Field: "owner", Rule: "required"}
	case s.f.Owner != "" && (s.f.Owner == s.t.AboutStaff || s.f.Owner == s.c.Actor.ID):
		return &Invalid{Field: "owner", Rule: "not_this_person"}
	}
	return nil
}

func guardWithdraw(s ticketStep) error {
	if s.t.Class == ClassIntegrity {
		return &Invalid{Field: "class", Rule: "integrity"}
	}
	return nil
}

// guardEscalate climbs by one level, or to the level a timer names.
func guardEscalate(s ticketStep) error {
	switch {
	case s.t.Level >= sla.MaxLevel:
		return &Invalid{Field: "act", Rule: "highest_level"}
	case s.f.Level != 0 && s.f.Level <= s.t.Level:
		return &Invalid{Field: "level", Rule: "lower"}
	}
	return nil
}

// guardExtend lets a promise be put off once, and not beyond all measure.
func guardExtend(s ticketStep) error {
	switch {
	case s.t.ExtensionDays != 0:
		return &Invalid{Field: "act", Rule: "once"}
	case s.f.Extension < 1 || s.f.Extension > maxExtension:
		return &Invalid{Field: "extension", Rule: "between_1_and_14"}
	}
	return nil
}

// level is the one an escalation leads to.
func (s ticketStep) level() int {
	if s.f.Level != 0 {
		return s.f.Level
	}
	return s.t.Level + 1
}

// guardReclassify leaves two things to supervisors: a later promise, and to
// take a ticket out of the restricted class.
func guardReclassify(s ticketStep) error {
	after := s.t
	after.classify(s.f)
	leaves := s.t.Class == ClassIntegrity && after.Class != ClassIntegrity
	if s.role != RoleSupervisor && (leaves || s.target().Longer(s.t.Target())) {
		return ErrRole
	}
	if s.t.VerifiedAt == nil {
		return nil
	}
	return checkClassified(after)
}

// target is the business target once the facts are taken over: the one that is
// named, else what it was while category and work are the same, else that of
// the work.
func (s ticketStep) target() sla.Amount {
	after := s.t
	takeOver(&after.Class, ClassComplaint)
	takeOver(&after.Class, s.t.Class)
	after.classify(s.f)
	switch {
	case !s.f.Target.IsZero():
		return s.f.Target
	case s.t.TargetN != 0 && after.Category == s.t.Category && after.Work() == s.t.Work():
		return s.t.Target()
	default:
		return s.m.targets.Resolve[after.Work()]
	}
}

func guardErase(s ticketStep) error {
	if s.t.LegalHold {
		return &Invalid{Field: "legal_hold", Rule: "held"}
	}
	return nil
}

// latestOf is the later of two instants, of which the second may be missing.
func latestOf(a time.Time, b *time.Time) time.Time {
	if b != nil && b.After(a) {
		return *b
	}
	return a
}
