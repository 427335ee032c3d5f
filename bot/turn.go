package bot

import (
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"sapa/bot/nlu"
	"sapa/bot/phrase"
	"sapa/channels"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/intent"
	"sapa/ticketing"
)

// robot is the bot as the other rooms know it.
var robot = access.Robot()

// Buttons the bot offers; the ids come back when one is pressed.
const (
	pressHuman  = "agent.request"
	pressRecord = "bot.record" // look at my record
	pressResend = "bot.resend"
	pressCancel = "bot.cancel"
	pressDone   = "bot.done"   // all is well
	pressTopic  = "bot.topic:" // followed by an intent
	pressMenu   = "bot.menu"
)

// turn is one turn under way.
type turn struct {
	*Bot
	memory
	answer answer
	tx     bun.IDB
	conv   ticketing.Conversation
	from   channels.Address
	news   []ticketing.Message
	text   string // everything new, as one
	button string
	heard  nlu.Result
	codes  []channels.OutboxID
}

func (b *Bot) newTurn(read ticketing.Turn, m memory) *turn {
	t := &turn{Bot: b, conv: read.Conversation, from: read.Address, news: read.News}
	texts := make([]string, 0, len(read.News))
	for _, line := range read.News {
		if line.Text != "" {
			texts = append(texts, line.Text)
		}
		t.button = line.Button
	}
	t.text = strings.Join(texts, "\n")
	if t.button == "" {
		t.button = chosen(t.text, read.Earlier)
	}
	t.heard = b.o.Model.Classify(t.text, read.Conversation.Language)
	t.reset(m)
	return t
}

// reset makes the turn decide from the beginning; a transaction may run twice.
func (t *turn) reset(m memory) {
	t.memory, t.codes = m, nil
	t.answer = answer{Language: t.language(), Upto: t.conv.BotSeq}
	if len(t.news) > 0 {
		t.answer.Upto = t.news[len(t.news)-1].Seq
	}
}

// sureLanguage is how sure the identifier must be before the bot changes its
// tongue, and fewestWords how much it must have read: short greetings look alike
// in many languages. A name belongs to none.
const (
	sureLanguage = 0.6
	fewestWords  = 3
)

// language in which the turn is answered: the citizen's newest one when it is
// plain, else what the conversation was in.
func (t *turn) language() string {
	if t.Step != askName && t.heard.LanguageConfidence >= sureLanguage && len(strings.Fields(t.text)) >= fewestWords {
		return t.heard.Language
	}
	if t.conv.Language != "" {
		return t.conv.Language
	}
	return "ind"
}

// chosen reads an answer such as "2" or a button's own words as a press of one
// of the buttons under the last line that had some, for channels where buttons
// are a numbered list.
func chosen(text string, earlier []ticketing.Message) string {
	for _, line := range slices.Backward(earlier) {
		if line.Author == ticketing.FromCitizen || len(line.Buttons) == 0 {
			continue
		}
		if button, ok := channels.MatchChoice(text, line.Buttons); ok {
			return button.ID
		}
		return ""
	}
	return ""
}

// say adds a line in the citizen's language.
func (t *turn) say(key string, params map[string]any, buttons ...channels.Button) {
	t.tell(t.words.Say(t.spoken(), key, params), buttons...)
}

// tell adds a line as it is.
func (t *turn) tell(text string, buttons ...channels.Button) {
	t.answer.Lines = append(t.answer.Lines, ticketing.BotLine{Text: text, Buttons: buttons})
}

// spoken is the language of the bot's own words.
func (t *turn) spoken() string {
	if phrase.Spoken(t.answer.Language) {
		return t.answer.Language
	}
	return "ind"
}

func (t *turn) offer(id, key string) channels.Button {
	return channels.Button{ID: id, Label: t.words.Say(t.spoken(), key, nil)}
}

func (t *turn) human() channels.Button { return t.offer(pressHuman, "bot.button.human") }

func (t *turn) topic(code intent.Code) channels.Button {
	return t.offer(pressTopic+string(code), "bot.topic."+string(code))
}

// understood notes what the lines were about.
func (t *turn) understood(code intent.Code) {
	t.answer.Intent = string(code)
	for _, line := range t.news {
		t.answer.Heard = append(t.answer.Heard, ticketing.Heard{Seq: line.Seq, Language: t.answer.Language, Intent: string(code)})
	}
}

// asks is the intent that counts for the whole conversation: what the citizen
// waits for, else what was just understood, else what the talk was about.
func (t *turn) asks() intent.Code {
	switch {
	case t.Wants != "":
		return t.Wants
	case t.answer.Intent != "":
		return intent.Code(t.answer.Intent)
	}
	return intent.Code(t.conv.Intent)
}

// whom is the proved participant, with this turn's proof counted in.
func (t *turn) whom() (program.ParticipantID, ticketing.Assurance) {
	if t.answer.Proved != nil {
		return program.ParticipantID(t.answer.Proved.Participant), t.answer.Proved.Assurance
	}
	if t.conv.Assurance.Covers(ticketing.AssuranceOTP) {
		return program.ParticipantID(t.conv.Participant), t.conv.Assurance
	}
	return "", ticketing.AssuranceNone
}
