package bot

import (
	"context"
	"errors"
	"strings"

	"sapa/channels"
	"sapa/kb"
	"sapa/program/account"
	"sapa/program/intent"
	"sapa/ticketing"
)

// Bounds of patience.
const (
	mostMisses = 2  // not understood in a row before a person takes over
	mostTurns  = 60 // in one conversation: above it, two machines are talking
)

// choose decides what this turn answers.
func (t *turn) choose(ctx context.Context) error {
	t.Turns++
	code := intent.Code(t.heard.Intent)
	switch {
	case t.Turns > mostTurns:
		return t.handOver(ctx, "bot.handover.long")
	case t.button == pressHuman, t.heard.Sure() && code == intent.AgentRequest:
		t.understood(intent.AgentRequest)
		return t.handOver(ctx, "bot.handover.asked")
	case t.button != "":
		return t.pressed(ctx)
	case t.Step == askName, t.Step != "" && !t.changesSubject(code):
		return t.goOn(ctx)
	}
	t.Step = ""
	return t.answerIntent(ctx, code)
}

// pressed follows a button.
func (t *turn) pressed(ctx context.Context) error {
	topic, isTopic := strings.CutPrefix(t.button, pressTopic)
	switch {
	case isTopic && intent.Valid(intent.Code(topic)):
		t.Misses, t.Step = 0, ""
		return t.about(ctx, intent.Code(topic))
	case t.button == pressRecord:
		return t.prove(ctx)
	case t.button == pressResend:
		return t.sendCode(ctx)
	case t.button == pressDone:
		t.understood(intent.Goodbye)
		t.say("bot.goodbye", nil)
		t.answer.End = true
		return nil
	}
	t.Step, t.Wants = "", ""
	t.menu("bot.menu")
	return nil
}

// goOn takes the message as the answer to what the bot asked.
func (t *turn) goOn(ctx context.Context) error {
	if t.Wants != "" {
		t.understood(t.Wants)
	}
	switch t.Step {
	case askPhone:
		return t.takePhone(ctx)
	case askName:
		return t.takeName(ctx)
	case askCode:
		return t.takeCode(ctx)
	case askFact:
		return t.takeFact(ctx)
	}
	return t.handOver(ctx, "bot.handover.complaint")
}

// changesSubject tells a new question from an answer to the bot's own: it is
// understood for certain, and holds no digits that could be the answer. What
// happened in a complaint may be about anything, so it never changes the subject.
func (t *turn) changesSubject(code intent.Code) bool {
	if t.Step == askComplaint || strings.ContainsAny(t.text, "0123456789") {
		return false
	}
	return t.heard.Sure() && code != t.Wants && t.heard.Confidence >= surelyAnother
}

// surelyAnother is the confidence with which a message must be another question
// to break off a dialogue: half-way between nlu.Threshold and certainty.
const surelyAnother = 0.7

func (t *turn) answerIntent(ctx context.Context, code intent.Code) error {
	if code == intent.OutOfScope && t.heard.Confidence >= surelyAnother {
		t.understood(code)
		return t.missed(ctx, "bot.out_of_scope")
	}
	if !t.heard.Sure() {
		return t.missed(ctx, "bot.clarify")
	}
	t.Misses = 0
	return t.about(ctx, code)
}

// missed asks back, with the likeliest matters to choose from. What keeps being
// missed goes to a person, as does a language that the bot does not speak.
func (t *turn) missed(ctx context.Context, key string) error {
	t.Misses++
	if t.Misses > mostMisses || t.answer.Language != t.spoken() {
		return t.handOver(ctx, "bot.handover.missed")
	}
	var choices []channels.Button
	if key == "bot.clarify" {
		for _, one := range t.heard.Top {
			if code := intent.Code(one.Intent); answerable(code) && len(choices) < 3 {
				choices = append(choices, t.topic(code))
			}
		}
	}
	t.say(key, nil, append(choices, t.human())...)
	return nil
}

// answerable intents have an article; the others are about the talk itself.
func answerable(code intent.Code) bool {
	switch code {
	case intent.Greeting, intent.Thanks, intent.Goodbye, intent.AgentRequest, intent.LanguageSwitch, intent.OutOfScope, "":
		return false
	}
	return true
}

// about answers one intent.
func (t *turn) about(ctx context.Context, code intent.Code) error {
	t.understood(code)
	switch code {
	case intent.Greeting:
		t.menu("bot.greeting")
		return nil
	case intent.Thanks:
		t.say("bot.thanks", nil, t.offer(pressDone, "bot.button.done"), t.offer(pressMenu, "bot.button.more"))
		return nil
	case intent.Goodbye:
		t.say("bot.goodbye", nil)
		t.answer.End = true
		return nil
	case intent.LanguageSwitch:
		t.switchLanguage()
		return nil
	case intent.OutOfScope:
		return t.missed(ctx, "bot.out_of_scope")
	}
	t.Wants = code
	if participant, has := t.whom(); participant != "" && has.Covers(need(code)) && need(code) != ticketing.AssuranceNone {
		return t.fromRecord(ctx)
	}
	return t.fromArticle(ctx, code)
}

// fromArticle says what holds for everybody, and offers to look at the record
// where that can say more.
func (t *turn) fromArticle(ctx context.Context, code intent.Code) error {
	found, err := kb.ForIntent(ctx, t.tx, code, t.spoken())
	if errors.Is(err, kb.ErrNotFound) {
		return t.missed(ctx, "bot.clarify")
	}
	if err != nil {
		return err
	}
	t.tell(found.Text)
	switch {
	case need(code) != ticketing.AssuranceNone:
		t.say("bot.offer.record", nil, t.offer(pressRecord, "bot.button.record"), t.human(), t.offer(pressDone, "bot.button.clear"))
	case complaint(code):
		t.Step = askComplaint
		t.say("bot.offer.complaint", nil, t.human())
	default:
		t.say("bot.helped", nil, t.offer(pressDone, "bot.button.clear"), t.human())
	}
	return nil
}

func complaint(code intent.Code) bool { return intent.Group(code) == "complaint" }

// need is how sure the desk must be of the person before the record may answer.
func need(code intent.Code) ticketing.Assurance {
	switch account.Need(code) {
	case account.OTPPlusFact:
		return ticketing.AssuranceFact
	case account.OTP:
		return ticketing.AssuranceOTP
	}
	return ticketing.AssuranceNone
}

// menu greets or shows what the bot can do.
func (t *turn) menu(key string) {
	t.say(key, nil, t.topic(intent.IncentiveStatus), t.topic(intent.BatchResult), t.topic(intent.TrainingCertificate), t.human())
}

// switchLanguage goes over to the language that is named, else offers them.
func (t *turn) switchLanguage() {
	named := map[string]string{"jawa": "jav", "javanese": "jav", "jowo": "jav", "sunda": "sun", "sundanese": "sun",
		"inggris": "eng", "english": "eng", "indonesia": "ind", "indonesian": "ind"}
	for word := range strings.FieldsFuncSeq(strings.ToLower(t.text), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if language := named[word]; language != "" {
			t.answer.Language = language
			t.menu("bot.language.switched")
			return
		}
	}
	t.say("bot.language.which", nil, t.human())
}
