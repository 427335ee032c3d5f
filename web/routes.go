package web

import "sapa/program/access"

// routes is the table of everything the API answers and what it takes to be let
// in. A test walks it as every role and as nobody; what is in no line is refused.
func routes() []route {
	var all []route
	for _, part := range [][]route{ownRoutes(), conversationRoutes(), fileRoutes(), peopleRoutes(), ticketRoutes(), deskRoutes(), settingRoutes()} {
		all = append(all, part...)
	}
	return all
}

func ownRoutes() []route {
	return []route{
		on("POST", "/session", anybody(), "Sign in: first step", (*Server).signIn),
		on("POST", "/session/totp", anybody(), "Sign in: second step", (*Server).signInCode),
		on("POST", "/links/open", anybody(), "Whom a link to set a password greets", (*Server).openLink),
		on("POST", "/links/use", anybody(), "Set the password with it", (*Server).useLink),
		on("GET", "/session", self(), "Who is signed in", (*Server).readSession),
		on("DELETE", "/session", self(), "Sign out", (*Server).signOut),
		on("POST", "/session/socket-ticket", self(), "Single-use ticket for the console's socket", (*Server).issueSocketTicket),
		on("PATCH", "/me", self(), "Language, theme, time to undo", (*Server).changeLooks),
		on("POST", "/me/totp", self(), "Begin to set up a second factor", (*Server).enrol),
		on("POST", "/me/totp/confirm", self(), "Turn the second factor on", (*Server).confirmEnrolment),
		on("POST", "/me/password", self(), "Change the password", (*Server).changePassword),
		on("PUT", "/me/presence", may(access.PresenceSet), "Sign on, take a break, sign off", (*Server).setPresence),
		on("GET", "/presence/reasons", self(), "Reasons for a break", (*Server).breakReasons),
	}
}

func conversationRoutes() []route {
	const read = access.ConversationRead
	return []route{
		on("GET", "/conversations", may(read), "A list of conversations", (*Server).listConversations),
		on("GET", "/conversations/counts", may(read), "Sizes of the lists", (*Server).countConversations),
		on("GET", "/conversations/{id}", may(read), "One conversation", (*Server).readConversation),
		on("GET", "/conversations/{id}/messages", may(read), "A stretch of its thread", (*Server).readMessages),
		on("POST", "/conversations/{id}/messages", may(access.ConversationNote), "Reply or note", (*Server).write),
		on("POST", "/conversations", may(access.ConversationStart), "Begin one", (*Server).begin),
		on("GET", "/outreach", may(access.ConversationStart), "Where a conversation can be begun, and with which phones", (*Server).readOutreach),
		on("GET", "/outreach/reach", may(access.ConversationStart), "What may be said to an address now", (*Server).readReach),
		on("GET", "/templates", may(access.ConversationReply), "Approved messages for a closed window", (*Server).listTemplates),
		on("POST", "/conversations/{id}/held", may(access.ConversationReply), "Write a reply that goes out later", (*Server).hold),
		on("PUT", "/conversations/{id}/held/{held}", may(access.ConversationReply), "Give it another hour", (*Server).reschedule),
		on("DELETE", "/conversations/{id}/held/{held}", may(access.ConversationReply), "Take it back", (*Server).takeReplyBack),
		on("POST", "/conversations/{id}/held/{held}/send", may(access.ConversationReply), "Send it now", (*Server).sendHeld),
		on("PUT", "/conversations/{id}/draft", may(access.ConversationNote), "Keep what was begun", (*Server).saveDraft),
		on("DELETE", "/conversations/{id}/draft", may(access.ConversationNote), "Throw it away", (*Server).dropDraft),
		on("POST", "/conversations/{id}/claim", may(access.ConversationClaim), "Take it", (*Server).claim),
		on("POST", "/conversations/{id}/accept", may(access.ConversationClaim), "Accept the offer", (*Server).accept),
		on("POST", "/conversations/{id}/decline", may(access.ConversationClaim), "Decline the offer", (*Server).decline),
		on("POST", "/conversations/{id}/assign", may(access.ConversationAssign), "Give it to a colleague, a queue or a unit", (*Server).assign),
		on("GET", "/snooze-choices", may(read), "Moments to put a conversation aside to", (*Server).snoozeChoices),
		on("POST", "/conversations/{id}/snooze", may(access.ConversationReply), "Put it aside until a time or the next message", (*Server).snooze),
		on("POST", "/conversations/{id}/wake", may(access.ConversationReply), "Bring it back", (*Server).wake),
		on("POST", "/conversations/{id}/tags", may(access.ConversationNote), "Put tags on, take tags off", (*Server).tagConversation),
		on("POST", "/conversations/{id}/end", may(access.ConversationEnd), "End it with an outcome", (*Server).end),
		on("POST", "/conversations/{id}/wrap-up/done", may(access.ConversationEnd), "It is written up", (*Server).wrapUpDone),
		on("POST", "/conversations/{id}/read", may(read).inPerson(), "Read up to a line", (*Server).markRead),
		on("POST", "/conversations/{id}/subject", may(access.ConversationSubject), "Say whom it is about", (*Server).setSubject),
		on("GET", "/conversations/{id}/colleagues", may(access.ConversationNote), "Whom a note in it may call", (*Server).listColleagues),
		on("POST", "/conversations/{id}/mentions/read", may(read), "The notes in it that call me are read", (*Server).readMentions),
		on("GET", "/views", may(read), "Saved views of the inbox", (*Server).listViews),
		on("POST", "/views", may(read), "Save one", (*Server).createView),
		on("POST", "/views/order", may(read), "Put one's own into an order", (*Server).orderViews),
		on("PUT", "/views/{id}", may(read), "Change one", (*Server).saveView),
		on("DELETE", "/views/{id}", may(read), "Remove one", (*Server).dropView),
		on("GET", "/mentions", may(read), "Notes that call me", (*Server).listMentions),
		on("GET", "/mentions/unread", may(read), "How many of them I have not opened", (*Server).countMentions),
		on("GET", "/conversations/{id}/suggestions", may(read), "Articles and macros that may help", (*Server).suggest),
		on("GET", "/conversations/{id}/duplicates", may(access.TicketRead).inPerson(), "Open tickets that may be the same matter", (*Server).listDuplicates),
		on("GET", "/conversations/{id}/history", may(read), "Earlier conversations and tickets", (*Server).readHistory),
		on("POST", "/conversations/{id}/csat/ask", may(access.CSATAsk), "Ask for the rating", (*Server).askCSAT),
		on("GET", "/conversations/{id}/record", may(access.RecordRead), "The record of whom it is about", (*Server).readSubject),
	}
}

func fileRoutes() []route {
	return []route{
		plain("POST", "/attachments", may(access.AttachmentAdd), "Upload a file", (*Server).upload),
		on("POST", "/attachments/{id}/fetch", may(access.AttachmentAdd), "Ask the provider once more for a missing file", (*Server).refetch),
		on("GET", "/outbox/failed", may(access.OutboxRead), "Messages that did not arrive", (*Server).listFailed),
		on("POST", "/outbox/{id}/retry", may(access.OutboxRetry), "Send one again", (*Server).retry),
	}
}

func peopleRoutes() []route {
	return []route{
		on("POST", "/participants/search", may(access.PeopleSearch), "Find people by number, phone, NIK, name or e-mail", (*Server).findPeople),
		on("GET", "/participants/{id}", may(access.RecordRead), "A record, leaving a row in the ledger", (*Server).readRecord),
		on("POST", "/participants/{id}/unmask", may(access.RecordUnmask), "One field in clear", (*Server).unmask),
		on("POST", "/participants/{id}/remedies/{code}/preview", may(access.RemedyRun), "What a remedy would do", (*Server).previewRemedy),
		on("POST", "/participants/{id}/remedies/{code}", may(access.RemedyRun), "Run a remedy", (*Server).runRemedy),
		on("GET", "/participants/{id}/access", may(access.RecordLedger), "Who has seen the record", (*Server).readAccess),
		on("GET", "/approvals", may(access.ApprovalRead), "Acts that wait for a second person", (*Server).listApprovals),
		on("GET", "/approvals/{id}", may(access.ApprovalRead), "One of them", (*Server).readApproval),
		on("POST", "/approvals/{id}/approve", may(access.ApprovalRead), "Approve", (*Server).approve),
		on("POST", "/approvals/{id}/refuse", may(access.ApprovalRead), "Refuse", (*Server).refuseApproval),
	}
}

func ticketRoutes() []route {
	return []route{
		on("GET", "/tickets", may(access.TicketRead), "A list of tickets", (*Server).listTickets),
		on("POST", "/tickets", may(access.TicketRegister), "Register a ticket", (*Server).registerTicket),
		on("GET", "/tickets/{id}", may(access.TicketRead), "One ticket, by id or number", (*Server).readTicket),
		on("POST", "/tickets/{id}/events", may(access.TicketRead).inPerson(), "Act on it, as its page offers", (*Server).actOnTicket),
		on("POST", "/tickets/{id}/tags", may(access.TicketWork), "Put tags on, take tags off", (*Server).tagTicket),
		on("GET", "/categories", may(access.TicketRead), "What tickets are about", (*Server).listCategories),
		on("GET", "/codes", may(access.TicketRead), "Outcomes, causes and reasons", (*Server).listCodes),
	}
}

func deskRoutes() []route {
	return []route{
		on("POST", "/search", may(access.ConversationRead), "Tickets, people and conversations, by one box", (*Server).search),
		on("GET", "/staff", may(access.StaffRead), "Colleagues", (*Server).listStaff),
		on("GET", "/queues", may(access.StaffRead), "Queues", (*Server).listQueues),
		on("GET", "/tags", may(access.StaffRead), "Tags that may be put on a case", (*Server).listTags),
		on("GET", "/articles", may(access.KnowledgeRead), "Search the knowledge base", (*Server).listArticles),
		on("POST", "/articles", may(access.KnowledgeEdit), "A new article", (*Server).createArticle),
		on("GET", "/articles/{id}", may(access.KnowledgeRead), "One article", (*Server).readArticle),
		on("PUT", "/articles/{id}/versions/{language}", may(access.KnowledgeEdit), "Write a draft", (*Server).saveVersion),
		on("POST", "/articles/{id}/publish", may(access.KnowledgeEdit), "Publish the draft", (*Server).publishArticle),
		on("GET", "/macros", may(access.MacroUse), "Canned replies", (*Server).listMacros),
		on("GET", "/reports", may(access.ReportRead), "What happened in a period", (*Server).readReport),
		plain("GET", "/reports/export", may(access.ReportRead), "The same as CSV or XLSX", (*Server).exportReport),
		on("GET", "/wallboard", may(access.WallboardRead), "The board", (*Server).readWallboard),
		on("GET", "/wallboard/cases", may(access.ConversationRead), "What one of its numbers counts", (*Server).listCases),
		on("GET", "/wallboard/formulas", may(access.WallboardRead), "How its figures are worked out", (*Server).readFormulas),
	}
}

func settingRoutes() []route {
	const staff, edit = access.StaffManage, access.SettingsEdit
	return []route{
		on("GET", "/settings/staff", may(staff), "Everybody who works or worked here", (*Server).listStaffSettings),
		on("POST", "/settings/staff", may(staff), "Invite somebody", (*Server).invite),
		on("GET", "/settings/staff/{id}", may(staff), "One of them", (*Server).readStaffSetting),
		on("PUT", "/settings/staff/{id}", may(staff), "Change name, role, teams, skills", (*Server).saveStaff),
		on("POST", "/settings/staff/{id}/link", may(staff), "A link to set the password", (*Server).linkStaff),
		on("POST", "/settings/staff/{id}/totp/reset", may(staff), "Forget a lost second factor", (*Server).resetTOTP),
		on("POST", "/settings/staff/{id}/offboard", may(staff), "End somebody's work here", (*Server).offboard),
		on("POST", "/settings/staff/{id}/return", may(staff), "Let them work here again", (*Server).takeBack),
		on("GET", "/settings/roles", may(staff), "What each role may do", (*Server).listRoles),
		on("GET", "/settings/teams", may(edit), "Teams", (*Server).listTeamSettings),
		on("POST", "/settings/teams", may(edit), "A new team", (*Server).createTeam),
		on("PUT", "/settings/teams/{id}", may(edit), "Rename, close or reopen a team", (*Server).saveTeam),
		on("GET", "/settings/skills", may(edit), "Skills", (*Server).listSkillSettings),
		on("POST", "/settings/skills", may(edit), "A new skill", (*Server).createSkill),
		on("PUT", "/settings/skills/{code}", may(edit), "Rename, close or reopen a skill", (*Server).saveSkill),
		on("GET", "/settings/queues", may(edit), "Queues", (*Server).listQueueSettings),
		on("POST", "/settings/queues", may(edit), "A new queue", (*Server).createQueue),
		on("PUT", "/settings/queues/{id}", may(edit), "Change, close or reopen a queue", (*Server).saveQueue),
		on("GET", "/settings/hours", may(edit), "Service hours", (*Server).listHours),
		on("POST", "/settings/hours", may(edit), "Service hours from a day on", (*Server).createHours),
		on("PUT", "/settings/hours/{id}", may(edit), "Change hours that do not hold yet", (*Server).saveHours),
		on("POST", "/settings/hours/{id}/drop", may(edit), "Take back hours that do not hold yet", (*Server).dropHours),
		on("GET", "/settings/holidays/{year}", may(edit), "The days off of a year", (*Server).listHolidays),
		on("POST", "/settings/holidays", may(edit), "A day off more", (*Server).addHoliday),
		on("POST", "/settings/holidays/withdraw", may(edit), "A day off less", (*Server).withdrawHoliday),
		on("POST", "/settings/holidays/{year}/import", may(edit), "Load the list of a year", (*Server).importHolidays),
		on("GET", "/settings/csat", may(edit), "The question about satisfaction", (*Server).readCSAT),
		on("PUT", "/settings/csat", may(edit), "Write the question anew", (*Server).saveCSAT),
		on("GET", "/outages", self(), "What is out of order", (*Server).listOutages),
		on("GET", "/settings/outages", may(access.OutageTell), "Notices of what is out of order", (*Server).listOutageSettings),
		on("POST", "/settings/outages", may(access.OutageTell), "A new notice", (*Server).createOutage),
		on("PUT", "/settings/outages/{id}", may(access.OutageTell), "Change a notice", (*Server).saveOutage),
		on("POST", "/settings/outages/{id}/end", may(access.OutageTell), "End a notice now", (*Server).endOutage),
		on("GET", "/settings/api-keys", may(edit), "Keys with which programs call this API", (*Server).listKeys),
		on("POST", "/settings/api-keys", may(edit), "A new key; its secret is told once", (*Server).makeKey),
		on("POST", "/settings/api-keys/{id}/revoke", may(edit), "End a key", (*Server).revokeKey),
		on("GET", "/settings/webhooks", may(edit), "Other systems that are told what happens", (*Server).listWebhooks),
		on("POST", "/settings/webhooks", may(edit), "A new one; its secret is told once", (*Server).createWebhook),
		on("PUT", "/settings/webhooks/{id}", may(edit), "Change, pause or close one", (*Server).saveWebhook),
		on("POST", "/settings/webhooks/{id}/secret", may(edit), "Another secret; the old one signs for a day more", (*Server).rotateWebhook),
		on("POST", "/settings/webhooks/{id}/test", may(edit), "Send it a test event", (*Server).testWebhook),
		on("GET", "/settings/webhooks/{id}/deliveries", may(edit), "What it was told, newest first", (*Server).listDeliveries),
		on("POST", "/settings/webhooks/{id}/replay", may(edit), "Tell it again", (*Server).replayWebhook),
		on("GET", "/settings/templates", may(edit), "Approved messages", (*Server).listTemplateSettings),
		on("POST", "/settings/templates", may(edit), "A new one", (*Server).createTemplate),
		on("PUT", "/settings/templates/{id}", may(edit), "Change, close or reopen one", (*Server).saveTemplate),
		on("GET", "/settings/tags", may(edit), "Tags", (*Server).listTagSettings),
		on("POST", "/settings/tags", may(edit), "A new tag", (*Server).createTag),
		on("PUT", "/settings/tags/{id}", may(edit), "Rename, colour, close or reopen a tag", (*Server).saveTag),
		on("POST", "/settings/tags/{id}/merge", may(edit), "Give its cases to another tag", (*Server).mergeTag),
		on("GET", "/settings/inboxes", may(edit), "Addresses under which citizens reach the desk", (*Server).listInboxSettings),
		on("POST", "/settings/inboxes", may(edit), "A new one", (*Server).createInbox),
		on("PUT", "/settings/inboxes/{id}", may(edit), "Change, pause, close or reopen one", (*Server).saveInbox),
		on("POST", "/settings/inboxes/{id}/check", may(edit), "Ask its provider whether it takes the credentials", (*Server).checkInbox),
		on("GET", "/settings/history/{object}", may(edit), "Who changed settings of a kind", (*Server).settingHistory),
	}
}
