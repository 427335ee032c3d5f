package bot

import (
	"context"
	"strings"

	"sapa/program"
	"sapa/ticketing"
)

// Bounds of what the person who takes over is given to read.
const (
	summaryRunes = 400
	mostFacts    = 6
)

// handOver gives the conversation to people with everything the bot knows, so
// that the citizen repeats nothing. key is the bot's last sentence.
func (t *turn) handOver(ctx context.Context, key string) error {
	t.say(key, nil)
	h := &ticketing.Handover{
		Upto: t.answer.Upto, Intent: string(t.asks()), Language: t.answer.Language, Lines: t.answer.Lines, Heard: t.answer.Heard,
	}
	said := []string{t.topicName()}
	participant, _ := t.whom()
	if participant != "" {
		record, err := t.read(ctx)
		if err != nil {
			return err
		}
		for _, d := range relevant(record, t.asks()) {
			said = append(said, t.o.Texts.Diagnosis("ind", d))
		}
		h.Facts = facts(record)
	}
	if words := t.ownWords(); words != "" {
		said = append(said, "“"+words+"”")
	}
	h.Summary = strings.Join(said, " ")
	t.answer.Handover, t.answer.Lines = h, nil
	t.memory = memory{Turns: t.Turns}
	return nil
}

// topicName is what it is about, in the language of the desk.
func (t *turn) topicName() string {
	code := t.asks()
	if !answerable(code) {
		return t.words.Say("ind", "bot.summary.human", nil)
	}
	return t.words.Say("ind", "bot.topic."+string(code), nil) + "."
}

// ownWords quotes what the citizen has just written, unless a button said it.
func (t *turn) ownWords() string {
	if t.button != "" {
		return ""
	}
	text := strings.Join(strings.Fields(t.text), " ")
	if runes := []rune(text); len(runes) > summaryRunes {
		text = string(runes[:summaryRunes-1]) + "…"
	}
	return text
}

func facts(r program.Record) []program.Fact {
	return r.Facts[:min(len(r.Facts), mostFacts)]
}
