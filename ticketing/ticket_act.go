package ticketing

import (
	"slices"

	"sapa/program/access"
)

// TicketAct is something done to a ticket: the event of the state machine.
type TicketAct string

// The acts. [TicketMachine] knows who may do which from where.
const (
	ActRegister        TicketAct = "register"
	ActVerify          TicketAct = "verify"
	ActAskReporter     TicketAct = "ask_reporter"
	ActReporterReply   TicketAct = "reporter_reply"
	ActReporterTimeout TicketAct = "reporter_timeout"
	ActReject          TicketAct = "reject"
	ActMerge           TicketAct = "merge"
	ActAbsorb          TicketAct = "absorb" // the other half of merge, on the ticket that goes on
	ActAccept          TicketAct = "accept" // take it oneself
	ActAssign          TicketAct = "assign" // give it to somebody
	ActReturn          TicketAct = "return"
	ActRelease         TicketAct = "release" // its owner has left the desk
	ActTransfer        TicketAct = "transfer"
	ActReferOut        TicketAct = "refer_out"
	ActHold            TicketAct = "hold"
	ActResume          TicketAct = "resume"
	ActResolve         TicketAct = "resolve"
	ActConfirm         TicketAct = "confirm"
	ActContestTimeout  TicketAct = "contest_timeout"
	ActReopen          TicketAct = "reopen"
	ActAppeal          TicketAct = "appeal"
	ActUphold          TicketAct = "uphold"
	ActOverturn        TicketAct = "overturn"
	ActWithdraw        TicketAct = "withdraw"
	ActEscalate        TicketAct = "escalate"
	ActReclassify      TicketAct = "reclassify"
	ActWrite           TicketAct = "write"   // one more message of the reporter, on the tracking page
	ActExtend          TicketAct = "extend"  // a second promise, once
	ActInbound         TicketAct = "inbound" // a message to a closed ticket
	ActAnonymise       TicketAct = "anonymise"
	ActDelete          TicketAct = "delete"
)

// InboundAct is the act that a message of the reporter amounts to, on whatever
// channel it came; ok is false when it is only one more message.
func InboundAct(s TicketState) (act TicketAct, ok bool) {
	switch s {
	case TicketPending:
		return ActReporterReply, true
	case TicketClosed:
		return ActInbound, true
	default: // ActWrite, where there is no conversation to keep it
		return "", false
	}
}

// TicketRole is the part somebody plays in one ticket.
type TicketRole string

// The roles. Owner is whoever the ticket is assigned to, whatever they are
// employed for, and an officer of its unit while it has no owner.
const (
	RoleReporter   TicketRole = "reporter"
	RoleAgent      TicketRole = "agent"
	RoleVerifier   TicketRole = "verifier"
	RoleOwner      TicketRole = "owner"
	RoleSupervisor TicketRole = "supervisor"
	RoleAppellate  TicketRole = "appellate"
	RoleAdmin      TicketRole = "admin"  // configures, handles no ticket
	RoleSystem     TicketRole = "system" // timers, router, intake
	RoleBot        TicketRole = "bot"    // intake only: it decides nothing
)

// staff reports whether the role is played by a person of the desk.
func (r TicketRole) staff() bool {
	return r != RoleReporter && r != RoleSystem && r != RoleBot
}

// employed is the role an actor brings along; "" for those who have no part in
// tickets, such as a training provider.
func employed(a access.Actor) TicketRole {
	switch a.Kind {
	case access.Reporter, access.Participant:
		return RoleReporter
	case access.System:
		return RoleSystem
	case access.Bot, access.Machine: // a program takes in and decides nothing
		return RoleBot
	case access.Staff:
		return employedAs(a.Role)
	default:
		return ""
	}
}

func employedAs(r access.Role) TicketRole {
	switch r {
	case access.Agent:
		return RoleAgent
	case access.UnitOfficer:
		return RoleOwner
	case access.Verifier:
		return RoleVerifier
	case access.Supervisor:
		return RoleSupervisor
	case access.Appellate:
		return RoleAppellate
	case access.Admin:
		return RoleAdmin
	default:
		return ""
	}
}

// part is the role among wanted that the actor plays in the ticket, or "".
func (t Ticket) part(a access.Actor, f TicketFacts, wanted []TicketRole) TicketRole {
	role := employed(a)
	owns := role.staff() && t.Owner == a.ID
	switch {
	case role.staff() && a.ID == "":
		return "" // nobody acts without a name
	case !slices.Contains(wanted, role) && slices.Contains(wanted, RoleAgent) && t.firstLine(a, f):
		return RoleAgent
	case role == RoleOwner && !owns && !(t.Owner == "" && f.InUnit):
		return "" // an officer, but of another unit
	case slices.Contains(wanted, role):
		return role
	case owns && slices.Contains([]TicketRole{RoleAgent, RoleVerifier, RoleSupervisor}, role) && slices.Contains(wanted, RoleOwner):
		return RoleOwner
	default:
		return ""
	}
}

// firstLine: whoever settles cases may take a call as an agent does. What they
// enter, and then have in conversation, they handle as first line.
func (t Ticket) firstLine(a access.Actor, f TicketFacts) bool {
	if !slices.Contains([]TicketRole{RoleVerifier, RoleOwner, RoleSupervisor}, employed(a)) {
		return false
	}
	return t.State == "" || t.EnteredBy == a.ID && f.HoldsConversation
}
