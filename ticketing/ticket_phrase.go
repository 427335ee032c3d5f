package ticketing

import (
	"net/url"
	"time"
)

// SecretMask stands for a tracking code wherever staff read what was sent.
const SecretMask = "••••-••••-••••"

// TrackPath is the tracking page's address on the public site.
const TrackPath = "/complaints/track"

// TrackLink leads to the tracking page with the number filled in. The code is
// never part of an address: addresses end up in logs and histories.
func TrackLink(site, number string) string {
	return site + TrackPath + "?n=" + url.QueryEscape(number)
}

// TicketWords are what a notice about a ticket is put together from beside the
// ticket itself: the machine that counts its days, the public site, and how the
// reader's language writes a day and names a class.
type TicketWords struct {
	Machine *TicketMachine
	Site    string
	Date    func(time.Time) string
	Class   func(TicketClass) string
}

// Notice is the catalogue's key and parameters of a notice to the reporter.
func (words TicketWords) Notice(t Ticket, notice TicketNotice) Phrase {
	text := Phrase{Key: "ticket.notice." + string(notice), Params: map[string]any{"Number": t.Number}}
	set := func(name string, value any) { text.Params[name] = value }
	switch notice {
	case NoticeRegistered:
		text.Key = "notice.ticket.registered"
		set("Class", words.Class(t.Class))
		set("Code", SecretMask)
		set("Link", TrackLink(words.Site, t.Number))
		words.due(&text, t.DueAt)
	case NoticeResolved:
		text.Key = "notice.ticket.resolved"
		set("Answer", t.PublicAnswer)
		set("Link", TrackLink(words.Site, t.Number))
		if until, ok := words.Machine.ContestUntil(t); ok {
			words.due(&text, &until)
		}
	case NoticeRejected:
		set("Answer", t.PublicAnswer)
		set("Link", TrackLink(words.Site, t.Number))
	case NoticeClosed:
		text.Key = "notice.ticket.closed"
	case NoticeReferred:
		set("Body", t.ReferredTo)
		set("Reference", t.ReferredRef)
	case NoticeInterim:
		set("Party", t.ThirdParty)
		if t.ExpectedAt != nil {
			set("Date", words.Date(*t.ExpectedAt))
		}
	case NoticeExtended:
		set("Reason", t.ExtensionReason)
		set("Due", "")
		if t.ExtendedDueAt != nil {
			set("Due", words.Date(*t.ExtendedDueAt))
		}
	case NoticeLaterDue:
		text.Key = "notice.ticket.delayed"
		set("Due", "")
		if t.DueAt != nil {
			set("Due", words.Date(*t.DueAt))
		}
	}
	return text
}

// due changes to the text that names a day, where the day is known.
func (words TicketWords) due(text *Phrase, at *time.Time) {
	if at != nil {
		text.Key += "_due"
		text.Params["Due"] = words.Date(*at)
	}
}
