package ticketing

import "slices"

// ticketRow is one line of the table of transitions. What is in no row cannot
// happen.
type ticketRow struct {
	number   int // in the published table, for reading the two side by side
	act      TicketAct
	from     []TicketState
	to       TicketState
	closed   ClosedReason // when to is closed
	roles    []TicketRole
	needs    []string // facts that must be there
	optional []string // facts that an actor may fill in
	guard    func(ticketStep) error
	follows  func(*ticketFollow) // clocks and notices
}

// Stand-ins for a state in the column to.
const (
	sameTicketState  TicketState = "="
	priorTicketState TicketState = "<" // the one before pending
)

// ticketRowFor finds the row of an act in a state.
func ticketRowFor(act TicketAct, from TicketState) (ticketRow, bool) {
	for _, row := range ticketTable() {
		if row.act == act && slices.Contains(row.from, from) {
			return row, true
		}
	}
	return ticketRow{}, false
}

// ticketTable is the state machine: every transition there is, one row each.
func ticketTable() []ticketRow {
	type states = []TicketState
	type roles = []TicketRole
	type fields = []string
	classification := fields{"class", "oversight", "category", "priority", "queue"}
	return []ticketRow{
		{
			number: 1, act: ActRegister, from: states{""}, to: TicketNew, roles: roles{RoleReporter, RoleAgent, RoleSystem, RoleBot},
			needs: fields{"number"}, guard: guardRegister, follows: followRegister,
		},
		{
			number: 2, act: ActVerify, from: states{TicketNew}, to: TicketOpen, roles: roles{RoleVerifier, RoleSupervisor, RoleAgent},
			optional: classification, guard: guardVerify, follows: followVerify,
		},
		{
			number: 3, act: ActAskReporter, from: states{TicketNew, TicketOpen, TicketInProgress}, to: TicketPending,
			roles: roles{RoleVerifier, RoleOwner, RoleAgent}, needs: fields{"question_sent"}, follows: followAsk,
		},
		{
			number: 4, act: ActReporterReply, from: states{TicketPending}, to: priorTicketState,
			roles: roles{RoleReporter, RoleSystem, RoleBot}, follows: followReply,
		},
		{
			number: 5, act: ActReporterTimeout, from: states{TicketPending}, to: TicketClosed, closed: ClosedNoResponse,
			roles: roles{RoleSystem}, guard: guardReporterTimeout, follows: followClose(NoticeNoResponse),
		},
		{
			number: 6, act: ActReject, from: states{TicketNew, TicketOpen}, to: TicketRejected, roles: roles{RoleVerifier, RoleSupervisor},
			needs: fields{"rejection", "public_answer"}, guard: guardReject, follows: followDecide(NoticeRejected),
		},
		{
			number: 7, act: ActMerge, from: states{TicketNew, TicketOpen, TicketInProgress, TicketPending}, to: TicketClosed, closed: ClosedMerged,
			roles: roles{RoleVerifier, RoleOwner}, needs: fields{"merge"}, guard: guardMerge, follows: followMerge,
		},
		{ // the other half of row 7, done with it
			number: 7, act: ActAbsorb, from: unclosed(), to: sameTicketState, roles: roles{RoleSystem},
			needs: fields{"merge"}, guard: guardAbsorb, follows: followAbsorb,
		},
		{
			number: 8, act: ActAccept, from: states{TicketOpen}, to: TicketInProgress, roles: roles{RoleAgent, RoleOwner},
			guard: guardOwner, follows: followMove,
		},
		{
			number: 8, act: ActAssign, from: states{TicketOpen}, to: TicketInProgress, roles: roles{RoleSupervisor, RoleSystem},
			needs: fields{"owner"}, optional: fields{"unit"}, guard: guardOwner, follows: followMove,
		},
		{
			number: 9, act: ActReturn, from: states{TicketInProgress}, to: TicketOpen, roles: roles{RoleOwner, RoleSupervisor},
			needs: fields{"reason"}, follows: followMove,
		},
		{
			number: 10, act: ActTransfer, from: states{TicketOpen, TicketInProgress}, to: TicketOpen,
			roles: roles{RoleOwner, RoleVerifier, RoleSupervisor},
			needs: fields{"unit"}, optional: fields{"queue", "reason"}, guard: guardTransfer, follows: followMove,
		},
		{
			number: 11, act: ActReferOut, from: states{TicketOpen, TicketInProgress}, to: TicketClosed, closed: ClosedReferred,
			roles: roles{RoleSupervisor}, needs: fields{"body", "reference"}, optional: fields{"personal_data", "consent"},
			guard: guardReferOut, follows: followClose(NoticeReferred),
		},
		{
			number: 12, act: ActHold, from: states{TicketInProgress}, to: TicketOnHold, roles: roles{RoleOwner},
			needs: fields{"third_party", "expected_at"}, optional: fields{"pause_approver"}, guard: guardHold, follows: followHold,
		},
		{
			number: 13, act: ActResume, from: states{TicketOnHold}, to: TicketInProgress, roles: roles{RoleOwner, RoleSystem},
			guard: guardResume, follows: followResume,
		},
		{
			number: 14, act: ActResolve, from: states{TicketInProgress, TicketOnHold}, to: TicketResolved, roles: roles{RoleOwner},
			needs: fields{"outcome", "root_cause", "public_answer"}, optional: fields{"co_signer"},
			guard: guardResolve, follows: followDecide(NoticeResolved),
		},
		{
			number: 15, act: ActConfirm, from: states{TicketResolved}, to: TicketClosed, closed: ClosedConfirmed,
			roles: roles{RoleReporter}, follows: followClose(""),
		},
		{
			number: 16, act: ActContestTimeout, from: states{TicketResolved}, to: TicketClosed, closed: ClosedAutoNoReply,
			roles: roles{RoleSystem}, guard: guardContestTimeout, follows: followClose(""),
		},
		{
			number: 16, act: ActContestTimeout, from: states{TicketRejected}, to: TicketClosed, closed: ClosedRejectedFinal,
			roles: roles{RoleSystem}, guard: guardContestTimeout, follows: followClose(""),
		},
		{
			number: 17, act: ActReopen, from: states{TicketResolved}, to: TicketInProgress, roles: roles{RoleReporter, RoleAgent},
			optional: fields{"reason", "for_reporter"}, guard: guardReopen, follows: followReopen,
		},
		{
			number: 18, act: ActReopen, from: states{TicketRejected}, to: TicketOpen, roles: roles{RoleReporter, RoleAgent},
			optional: fields{"reason", "for_reporter", "new_facts"}, guard: guardReopen, follows: followReopen,
		},
		{
			number: 19, act: ActAppeal, from: states{TicketResolved, TicketRejected, TicketClosed}, to: TicketAppealed,
			roles: roles{RoleReporter}, optional: fields{"reason"}, guard: guardAppeal, follows: followAppeal,
		},
		{
			number: 20, act: ActUphold, from: states{TicketAppealed}, to: TicketClosed, closed: ClosedAppealDecided,
			roles: roles{RoleAppellate}, needs: fields{"reason"}, guard: guardAppellate, follows: followClose(NoticeAppealUpheld),
		},
		{
			number: 21, act: ActOverturn, from: states{TicketAppealed}, to: TicketInProgress, roles: roles{RoleAppellate},
			needs: fields{"reason", "target"}, optional: fields{"owner"}, guard: guardOverturn, follows: followOverturn,
		},
		{
			number: 22, act: ActWithdraw, from: states{TicketNew, TicketOpen, TicketInProgress, TicketPending, TicketOnHold},
			to: TicketClosed, closed: ClosedWithdrawn, roles: roles{RoleReporter}, guard: guardWithdraw, follows: followClose(NoticeWithdrawn),
		},
		{
			number: 23, act: ActEscalate, from: unclosed(), to: sameTicketState, roles: roles{RoleSystem, RoleOwner, RoleSupervisor},
			needs: fields{"cause"}, optional: fields{"level"}, guard: guardEscalate, follows: followEscalate,
		},
		{
			number: 24, act: ActReclassify, from: unclosed(), to: sameTicketState, roles: roles{RoleVerifier, RoleSupervisor},
			optional: classification, guard: guardReclassify, follows: followReclassify,
		},
		{
			number: 25, act: ActInbound, from: states{TicketClosed}, to: sameTicketState, roles: roles{RoleSystem, RoleBot}, follows: followInbound,
		},
		{
			number: 26, act: ActAnonymise, from: states{TicketClosed}, to: sameTicketState, roles: roles{RoleSystem},
			needs: fields{"retention_over"}, guard: guardErase, follows: followErase,
		},
		{
			number: 26, act: ActDelete, from: states{TicketClosed}, to: sameTicketState, roles: roles{RoleSystem},
			needs: fields{"retention_over"}, guard: guardErase, follows: followErase,
		},
	}
}

// unclosed is every state but closed.
func unclosed() []TicketState {
	return []TicketState{
		TicketNew, TicketOpen, TicketInProgress, TicketPending, TicketOnHold, TicketResolved, TicketRejected, TicketAppealed,
	}
}
