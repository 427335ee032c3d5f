package access

import "slices"

// Role is what a member of staff is employed for.
type Role string

// The roles of staff. An admin configures and handles no case; a wallboard
// reader sees sums only.
const (
	Agent           Role = "agent"
	UnitOfficer     Role = "unit_officer"
	Verifier        Role = "verifier"
	Approver        Role = "approver"
	Supervisor      Role = "supervisor"
	QualityReviewer Role = "quality_reviewer"
	Appellate       Role = "appellate"
	Admin           Role = "admin"
	WallboardReader Role = "wallboard_reader"
)

// Roles lists every role, in the order screens show them.
func Roles() []Role {
	return []Role{Agent, UnitOfficer, Verifier, Approver, Supervisor, QualityReviewer, Appellate, Admin, WallboardReader}
}

// Known reports whether r is one of Roles.
func (r Role) Known() bool { return slices.Contains(Roles(), r) }

// Permission is one thing that staff may be allowed to do. What a ticket's
// state allows to whom is decided further by the ticket itself.
type Permission string

// Every permission there is. A route that names none of them is refused.
const (
	ConversationRead    Permission = "conversation.read"
	ConversationReply   Permission = "conversation.reply"
	ConversationNote    Permission = "conversation.note"
	ConversationClaim   Permission = "conversation.claim"
	ConversationAssign  Permission = "conversation.assign"
	ConversationTake    Permission = "conversation.take" // out of a colleague's hands
	ConversationEnd     Permission = "conversation.end"
	ConversationStart   Permission = "conversation.start" // with an address the desk knows
	ConversationDial    Permission = "conversation.dial"  // with a number that is typed
	ConversationSubject Permission = "conversation.subject"
	ViewShare           Permission = "view.share" // saved views for everybody
	CSATAsk             Permission = "csat.ask"
	AttachmentAdd       Permission = "attachment.add"
	AttachmentRead      Permission = "attachment.read"
	PresenceSet         Permission = "presence.set"

	TicketRead       Permission = "ticket.read"
	TicketRegister   Permission = "ticket.register"
	TicketVerify     Permission = "ticket.verify"
	TicketWork       Permission = "ticket.work"
	TicketAssign     Permission = "ticket.assign"
	TicketEscalate   Permission = "ticket.escalate"
	TicketReclassify Permission = "ticket.reclassify"
	TicketExtend     Permission = "ticket.extend"
	TicketRefer      Permission = "ticket.refer"
	TicketCosign     Permission = "ticket.cosign"
	TicketIntegrity  Permission = "ticket.integrity"
	TicketAppeal     Permission = "ticket.appeal"

	PeopleSearch Permission = "people.search"
	RecordRead   Permission = "record.read"
	RecordUnmask Permission = "record.unmask"
	RecordLedger Permission = "record.ledger" // who has read this record
	RemedyRun    Permission = "remedy.run"
	ExportAsk    Permission = "export.ask"

	ApprovalRead             Permission = "approval.read"
	ApprovalDecideMoney      Permission = "approval.decide.money"
	ApprovalDecideAttendance Permission = "approval.decide.attendance"
	ApprovalDecideExport     Permission = "approval.decide.export"

	WallboardRead   Permission = "wallboard.read"
	WallboardAgents Permission = "wallboard.agents" // names and ids on the board
	ReportRead      Permission = "report.read"
	QualityReview   Permission = "quality.review"

	KnowledgeRead Permission = "kb.read"
	KnowledgeEdit Permission = "kb.edit"
	MacroUse      Permission = "macro.use"
	MacroEdit     Permission = "macro.edit"

	StaffRead    Permission = "staff.read"
	StaffManage  Permission = "staff.manage"
	SettingsEdit Permission = "settings.edit"
	OutageTell   Permission = "outage.tell" // to everybody, that something is out of order
	OutboxRead   Permission = "outbox.read"
	OutboxRetry  Permission = "outbox.retry"
	AuditRead    Permission = "audit.read"
)

// conversing is what everybody needs who talks with citizens.
func conversing() []Permission {
	return []Permission{
		ConversationRead, ConversationReply, ConversationNote, ConversationClaim, ConversationAssign,
		ConversationEnd, ConversationStart, ConversationSubject, CSATAsk, AttachmentAdd, AttachmentRead, PresenceSet,
		KnowledgeRead, MacroUse, StaffRead, OutboxRead, OutboxRetry,
	}
}

// casework is what everybody needs who settles cases against the record.
func casework() []Permission {
	return []Permission{TicketRead, TicketRegister, TicketWork, TicketAssign, TicketEscalate, PeopleSearch, RecordRead, RecordUnmask, RemedyRun, ApprovalRead}
}

// table is the one place where a role gets its permissions.
func table() map[Role][]Permission {
	both := append(conversing(), casework()...)
	watching := []Permission{ConversationRead, AttachmentRead, TicketRead, KnowledgeRead, StaffRead}
	return map[Role][]Permission{
		Agent:       with(both, TicketVerify, WallboardRead),
		UnitOfficer: with(both, TicketVerify, WallboardRead),
		Verifier:    with(both, TicketVerify, TicketReclassify, WallboardRead),
		Approver: with(watching, PeopleSearch, RecordRead, RecordUnmask, ApprovalRead,
			ApprovalDecideMoney, ApprovalDecideAttendance, ApprovalDecideExport),
		Supervisor: with(both, TicketVerify, TicketReclassify, TicketExtend, TicketRefer, TicketCosign, TicketIntegrity,
			ConversationTake, ConversationDial, ViewShare, RecordLedger, ExportAsk, ApprovalDecideMoney, ApprovalDecideAttendance,
			WallboardRead, WallboardAgents, ReportRead, QualityReview, KnowledgeEdit, MacroEdit, OutageTell),
		QualityReviewer: with(watching, QualityReview, ReportRead, WallboardRead),
		Appellate:       with(watching, RecordRead, PeopleSearch, TicketAppeal, TicketIntegrity),
		Admin: {KnowledgeRead, KnowledgeEdit, MacroUse, MacroEdit, StaffRead, StaffManage, SettingsEdit, OutageTell, OutboxRead, OutboxRetry,
			AuditRead, RecordLedger, WallboardRead, WallboardAgents, ReportRead, PresenceSet},
		WallboardReader: {WallboardRead},
	}
}

func with(base []Permission, more ...Permission) []Permission {
	return append(slices.Clone(base), more...)
}

// Allows reports whether the role holds the permission. An unknown role or
// permission is refused.
func Allows(role Role, p Permission) bool { return slices.Contains(table()[role], p) }

// Permissions lists what the role may do, sorted, for the browser's menus.
func Permissions(role Role) []Permission {
	list := slices.Clone(table()[role])
	slices.Sort(list)
	return slices.Compact(list)
}

// botMay is the bot's whole list: it reads the verified person's own record,
// writes messages, registers tickets and asks for a rating.
func botMay(p Permission) bool {
	switch p {
	case ConversationRead, ConversationReply, TicketRegister, RecordRead, KnowledgeRead, CSATAsk:
		return true
	}
	return false
}

// Scopes lists what an API key may be given. What needs a person is not among
// them: talking with citizens, deciding, correcting records, opening what is
// masked, and administering.
func Scopes() []Permission {
	return []Permission{
		ConversationRead, TicketRead, TicketRegister, PeopleSearch, RecordRead, KnowledgeRead, KnowledgeEdit, MacroUse,
		StaffRead, OutboxRead, OutboxRetry, WallboardRead, ReportRead,
	}
}
