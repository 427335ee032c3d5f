package bot

import (
	"context"
	"slices"
	"strings"

	"sapa/channels"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/intent"
	"sapa/ticketing"
)

// Bounds of one answer: more is not read on a phone.
const (
	mostFindings = 2
	mostTickets  = 3
)

// fromRecord answers the question from the proved person's own record.
func (t *turn) fromRecord(ctx context.Context) error {
	code := t.asks()
	t.Step, t.Misses = "", 0
	if code == intent.TicketStatus {
		return t.tellTickets(ctx)
	}
	record, err := t.read(ctx)
	if err != nil {
		return err
	}
	findings := relevant(record, code)
	for _, d := range findings {
		text := t.o.Texts.Diagnosis(t.spoken(), d)
		if advice := t.o.Texts.Advice(t.spoken(), d); advice != "" && !strings.HasPrefix(advice, "advice.") {
			text += "\n" + advice
		}
		t.tell(text)
	}
	if len(findings) == 0 {
		t.tellFacts(record, code)
	}
	t.closeRecord(findings)
	return nil
}

// read opens the record of whoever was proved; the ledger gets its row in the
// turn's transaction.
func (t *turn) read(ctx context.Context) (program.Record, error) {
	participant, _ := t.whom()
	return t.o.Program.Record(ctx, t.tx, robot, participant, program.Why{Reason: "bot.answer", CaseID: string(t.conv.ID)})
}

// relevant picks what is wrong with the matter asked about; if nothing is, what
// else is at fault.
func relevant(r program.Record, code intent.Code) []program.Diagnosis {
	var asked, faults []program.Diagnosis
	for _, d := range r.Diagnoses {
		switch {
		case slices.Contains(d.Intents, code):
			asked = append(asked, d)
		case d.Severity == program.Fault && intent.Group(code) == "incentive":
			faults = append(faults, d) // whatever is at fault may hold the money
		}
	}
	if len(asked) == 0 {
		asked = faults
	}
	return asked[:min(len(asked), mostFindings)]
}

// tellFacts says what the record knows of the matter, when nothing is wrong.
func (t *turn) tellFacts(r program.Record, code intent.Code) {
	said := 0
	for _, fact := range r.Facts {
		if slices.Contains(fact.Intents, code) && said < mostFindings {
			t.tell(t.o.Texts.Fact(t.spoken(), fact))
			said++
		}
	}
	if said == 0 {
		t.say("bot.record.nothing", nil)
	}
}

// closeRecord offers a person where a person can mend it.
func (t *turn) closeRecord(findings []program.Diagnosis) {
	mendable := slices.ContainsFunc(findings, func(d program.Diagnosis) bool {
		return d.Severity == program.Fault && len(d.Remedies) > 0
	})
	if mendable {
		t.say("bot.record.mendable", nil, t.human(), t.offer(pressDone, "bot.button.later"))
		return
	}
	t.say("bot.helped", nil, t.offer(pressDone, "bot.button.clear"), t.human())
}

// tellTickets says how far the proved person's newest tickets are. The desk is
// asked as itself, bounded to this person; what is confidential or under inquiry
// is left to people.
func (t *turn) tellTickets(ctx context.Context) error {
	participant, _ := t.whom()
	rows, err := t.o.Desk.TicketsOfPerson(ctx, access.Timer(), t.conv.Contact, string(participant))
	if err != nil {
		return err
	}
	said := 0
	var reopening []channels.Button
	for _, row := range rows {
		if said == mostTickets || row.Confidential || row.Class == ticketing.ClassIntegrity {
			continue
		}
		said++
		t.say("bot.ticket.state."+string(row.State), map[string]any{"Number": row.Number})
		if button := t.contest(row); len(reopening) == 0 { // of the newest: they all look alike
			reopening = button
		}
		if row.DueAt != nil && row.State.InBacklog() && row.State != ticketing.TicketAppealed {
			t.say("bot.ticket.due", map[string]any{"Number": row.Number, "Due": t.o.Desk.Day(t.spoken(), *row.DueAt)})
		}
	}
	if said == 0 {
		t.say("bot.ticket.none", nil)
	}
	t.say("bot.helped", nil, append(reopening, t.offer(pressDone, "bot.button.clear"), t.human())...)
	return nil
}

// contest says how one appeals against a decided ticket, and returns the button
// that reopens an answered one. The desk itself does that when it is pressed, and
// measures whether it is still possible; the bot changes no ticket.
func (t *turn) contest(row ticketing.TicketRow) []channels.Button {
	if !row.State.Decided() {
		return nil
	}
	t.say("bot.ticket.contest", map[string]any{"Number": row.Number, "Link": t.o.Desk.TrackLink(row.Number)})
	if row.State != ticketing.TicketResolved {
		return nil
	}
	return []channels.Button{t.offer(ticketing.PressReopen+row.Number, "notice.ticket.button.reopen")}
}
