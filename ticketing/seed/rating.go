package seed

import (
	"strconv"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/program/seed/draw"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// csatRest is the time within which nobody is asked twice.
const csatRest = 24 * time.Hour

// ask sends the question of satisfaction, about the talk or about a ticket,
// unless the person was asked lately; it returns the question.
func (t *talk) ask(ticket ticketing.TicketID, queue team.QueueID, staff team.StaffID) *ticketing.CSAT {
	if !t.who.askedAt.IsZero() && t.now.Sub(t.who.askedAt) < csatRest {
		return nil
	}
	question := t.g.desk.question
	if !t.notice("notice.csat.question", map[string]any{"Question": question.In(t.c.Language)}, ticketing.CSATButtons()...) {
		return nil
	}
	t.who.askedAt = t.now
	asked := &ticketing.CSAT{ID: draw.ID(t.rng, t.now), Conversation: t.c.ID, Ticket: ticket, Contact: t.c.Contact, Participant: t.c.Participant,
		Point: t.c.Point, Kind: t.c.Kind, Queue: queue, Staff: staff, AskedAt: t.now, Question: question.Version}
	t.rows = append(t.rows, asked)
	return asked
}

// rate answers the question for those who answer: a third, as in the reports'
// surveys by message (ours). scores are weights of 1 to 5.
func (t *talk) rate(asked *ticketing.CSAT, scores ...int) {
	if asked == nil || !chance(t.rng, 34) {
		return
	}
	at := t.now.Add(around(t.rng, 95*time.Second, 0.9, 25*time.Minute))
	if at.After(t.g.now.Add(-30 * time.Second)) {
		return
	}
	t.now = at
	asked.Score, asked.RatedAt = 1+draw.Weighted(t.rng, scores...), &at
	score := strconv.Itoa(asked.Score)
	if t.c.Kind != channels.Webchat { // in the chat window the stars are no message
		button := ""
		if t.c.Kind == channels.WhatsApp {
			button = "csat:" + score
		}
		t.line(ticketing.Message{Author: ticketing.FromCitizen, Kind: ticketing.LineMessage, Text: score, Button: button})
	} else if chance(t.rng, 22) {
		asked.Comment = t.g.texts.pick(t.rng, "comment "+goodOrBad(asked.Score)+" ind")
	}
	t.tell("line.rated", map[string]any{"Score": asked.Score})
	t.event(access.Actor{Kind: access.Reporter}, "rated", map[string]any{"score": asked.Score})
	t.notice("notice.csat.thanks", nil)
}

func goodOrBad(score int) string {
	if score >= 4 {
		return "good"
	}
	return "bad"
}

// scoresFor are the weights of 1 to 5 stars for how a talk went. Together they
// come to the reports' 85 to 94 % of fours and fives.
func scoresFor(outcome string) []int {
	switch outcome {
	case ticketing.EndSolved, ticketing.EndAnswered:
		return []int{1, 1, 3, 20, 75}
	case ticketing.EndBotSolved:
		return []int{1, 2, 4, 28, 65}
	case ticketing.EndTicket:
		return []int{2, 3, 6, 34, 55}
	case ticketing.EndUnsolved, ticketing.EndReferred:
		return []int{14, 14, 22, 30, 20}
	}
	return []int{3, 3, 8, 33, 53}
}
