package bot

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"time"

	"sapa/channels"
	"sapa/program"
	"sapa/program/account"
	"sapa/program/intent"
	"sapa/ticketing"
)

// purpose binds one-time codes to the bot's dialogue.
const purpose = "bot"

// mostTries is how often a step is asked again before a person takes over.
const mostTries = 3

// prove begins, or goes on with, proving who is speaking. Somebody who writes
// from a phone needs not tell its number.
func (t *turn) prove(ctx context.Context) error {
	if t.Wants != "" {
		t.understood(t.Wants)
	}
	if participant, has := t.whom(); participant != "" {
		return t.proven(ctx, participant, has)
	}
	if t.from.Kind == channels.AddressPhone {
		people, err := t.o.Program.ByPhone(ctx, t.tx, t.from.Value)
		if err != nil {
			return err
		}
		if len(people) > 0 {
			t.Phone = t.from.Value
			return t.sendCode(ctx)
		}
	}
	t.Step, t.Tries = askPhone, 0
	t.say("bot.ask.phone", nil, t.offer(pressCancel, "bot.button.cancel"), t.human())
	return nil
}

var phoneShape = regexp.MustCompile(`\+?[0-9(][0-9 ().-]{7,18}[0-9]`)

func (t *turn) takePhone(ctx context.Context) error {
	phone, err := channels.ParsePhone(phoneShape.FindString(t.text))
	if err != nil {
		return t.again(ctx, "bot.ask.phone_again")
	}
	if phone.E164 != t.Phone {
		t.Phone, t.Code = phone.E164, ""
	}
	return t.sendCode(ctx)
}

// opened goes on with the people whose phone has just been proved. Only now may
// the talk depend on who they are: whoever reads it has the phone.
func (t *turn) opened(ctx context.Context, people []program.ParticipantID) error {
	switch len(people) {
	case 0: // the number was taken off the record since the code was sent
		return t.handOver(ctx, "bot.handover.unproved")
	case 1:
		return t.identified(ctx, people[0])
	}
	t.Step, t.Tries, t.Among, t.Opened = askName, 0, people, t.o.Now()
	t.say("bot.ask.name", nil, t.offer(pressCancel, "bot.button.cancel"), t.human())
	return nil
}

// identified: the phone is proved, and which of its people speaks is known.
func (t *turn) identified(ctx context.Context, participant program.ParticipantID) error {
	if err := t.o.Proofs.SignedIn(ctx, t.tx, participant); err != nil {
		return err
	}
	t.Among = nil
	t.answer.Proved = &proved{Participant: string(participant), Assurance: ticketing.AssuranceOTP}
	return t.proven(ctx, participant, ticketing.AssuranceOTP)
}

// takeName finds which of those who share the phone speaks. A name may read like
// a question ("Selamat"), so it is tried as a name first.
func (t *turn) takeName(ctx context.Context) error {
	if t.o.Now().Sub(t.Opened) > ticketing.ProofIdle {
		return t.prove(ctx)
	}
	people, err := t.o.Program.Summaries(ctx, t.tx, t.Among...)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(p program.Summary) bool { return !program.SameName(p.Name, t.text) })
	switch code := intent.Code(t.heard.Intent); {
	case len(people) == 1:
		return t.identified(ctx, people[0].ID)
	case len(people) > 1: // namesakes under one roof: a person tells them apart
		return t.handOver(ctx, "bot.handover.unproved")
	case t.changesSubject(code):
		t.Step = ""
		return t.answerIntent(ctx, code)
	}
	return t.again(ctx, "bot.ask.name_again")
}

// again repeats a question, and hands over when it keeps failing.
func (t *turn) again(ctx context.Context, key string) error {
	t.Tries++
	if t.Tries >= mostTries {
		return t.handOver(ctx, "bot.handover.unproved")
	}
	t.say(key, nil, t.offer(pressCancel, "bot.button.cancel"), t.human())
	return nil
}

// sendCode announces a code. Whoever asks too early keeps the one under way.
func (t *turn) sendCode(ctx context.Context) error {
	if t.Phone == "" {
		return t.prove(ctx)
	}
	t.Step, t.Tries, t.Among = askCode, 0, nil
	inbox, err := t.o.Inboxes.BySlug(ctx, channels.SMS, t.o.CodeInbox)
	if err != nil {
		return err
	}
	started, err := t.o.Proofs.StartOTP(ctx, t.tx, account.Start{
		Address: t.Phone, Channel: "sms", InboxID: inbox.ID, Purpose: purpose, Language: t.spoken(), ConversationID: string(t.conv.ID),
		Network: t.conv.Network,
	})
	if errors.Is(err, account.ErrCapped) {
		t.noCode()
		return nil
	}
	if wait := (*account.Wait)(nil); errors.As(err, &wait) {
		return t.mustWait(ctx, wait)
	}
	if err != nil {
		return err
	}
	t.Code = started.CodeID
	if started.OutboxID != "" {
		t.codes = append(t.codes, started.OutboxID)
	}
	t.say("bot.ask.code", map[string]any{"Phone": started.AddressMasked, "Minutes": int(account.CodeLife / time.Minute)},
		t.offer(pressResend, "bot.button.resend"), t.human())
	return nil
}

// noCode offers a person. A code that was asked for before may still be typed.
func (t *turn) noCode() {
	if t.Code == "" {
		t.Step = ""
	}
	t.say("bot.code.none", nil, t.human())
}

func (t *turn) mustWait(ctx context.Context, wait *account.Wait) error {
	if wait.Locked {
		return t.handOver(ctx, "bot.handover.locked")
	}
	t.say("notice.otp.wait", map[string]any{"Seconds": int(wait.For/time.Second) + 1}, t.offer(pressResend, "bot.button.resend"), t.human())
	return nil
}

func (t *turn) takeCode(ctx context.Context) error {
	if t.Code == "" { // none was sent in this dialogue, since another has just asked for one
		t.Tries++
		return t.wrongCode(ctx, account.CodeTries-t.Tries)
	}
	verdict, err := t.o.Proofs.CheckOTP(ctx, t.tx, t.Code, purpose, t.text)
	if err != nil {
		return err
	}
	switch verdict.State {
	case account.Proved:
		return t.opened(ctx, verdict.People)
	case account.Wrong:
		return t.wrongCode(ctx, verdict.Left)
	case account.Expired, account.Spent:
		t.say("notice.otp.expired", nil, t.offer(pressResend, "bot.button.resend"), t.human())
		return nil
	case account.Locked:
		return t.handOver(ctx, "bot.handover.locked")
	}
	return t.again(ctx, "bot.ask.code_again")
}

func (t *turn) wrongCode(ctx context.Context, left int) error {
	if left <= 0 {
		return t.handOver(ctx, "bot.handover.unproved")
	}
	t.say("notice.otp.wrong", map[string]any{"Left": left}, t.offer(pressResend, "bot.button.resend"), t.human())
	return nil
}

// proven answers from the record, after one fact more where money is spoken of.
func (t *turn) proven(ctx context.Context, participant program.ParticipantID, has ticketing.Assurance) error {
	if !has.Covers(need(t.asks())) {
		t.Step, t.Tries, t.Participant = askFact, 0, string(participant)
		t.say("bot.ask.birthday", nil, t.human())
		return nil
	}
	return t.fromRecord(ctx)
}

func (t *turn) takeFact(ctx context.Context) error {
	if participant, _ := t.whom(); string(participant) != t.Participant { // the proof is over
		return t.prove(ctx)
	}
	verdict, err := t.o.Proofs.MatchFact(ctx, t.tx, account.FactCheck{
		ParticipantID: program.ParticipantID(t.Participant), Kind: account.BirthDay, Answer: t.text, CaseID: string(t.conv.ID),
	})
	if err != nil {
		return err
	}
	if verdict.Matched {
		t.answer.Proved = &proved{Participant: t.Participant, Assurance: ticketing.AssuranceFact}
		return t.fromRecord(ctx)
	}
	if verdict.Left <= 0 {
		return t.handOver(ctx, "bot.handover.unproved")
	}
	t.say("bot.ask.birthday_again", map[string]any{"Left": verdict.Left}, t.human())
	return nil
}
