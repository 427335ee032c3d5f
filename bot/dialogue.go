package bot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program"
	"sapa/program/intent"
	"sapa/ticketing"
)

// step is what the bot waits for; "" waits for nothing in particular.
type step string

const (
	askPhone     step = "phone"     // the registered phone number
	askCode      step = "code"      // the one-time code
	askName      step = "name"      // which of the people who share the proved phone
	askFact      step = "fact"      // the birthday, before money is spoken of
	askComplaint step = "complaint" // what happened, for the person who takes over
)

// memory is what the bot remembers of a conversation from turn to turn.
type memory struct {
	Step step `json:"step,omitempty"`
	// Wants is the question that waits for the proof.
	Wants intent.Code `json:"wants,omitempty"`
	// Participant is being proved, not proved yet.
	Participant string `json:"participant,omitempty"`
	// Among are the people who share the phone that was proved at Opened.
	Among  []program.ParticipantID `json:"among,omitempty"`
	Opened time.Time               `json:"opened,omitzero"`
	Phone  string                  `json:"phone,omitempty"`
	// Code is the id of the one-time code, whether or not it was sent to anybody:
	// the dialogue is the same, so that it tells nobody who is registered.
	Code string `json:"code,omitempty"`
	// Tries counts wrong answers to a step, Misses turns in a row that were not
	// understood, Turns all of them.
	Tries  int `json:"tries,omitempty"`
	Misses int `json:"misses,omitempty"`
	Turns  int `json:"turns,omitempty"`
}

// answer is what a turn decided, complete enough to be carried out again.
type answer struct {
	Upto     int64               `json:"upto"`
	Lines    []ticketing.BotLine `json:"lines,omitempty"`
	Heard    []ticketing.Heard   `json:"heard,omitempty"`
	Language string              `json:"language,omitempty"`
	Intent   string              `json:"intent,omitempty"`
	Proved   *proved             `json:"proved,omitempty"`
	Handover *ticketing.Handover `json:"handover,omitempty"`
	End      bool                `json:"end,omitempty"`
}

type proved struct {
	Participant string              `json:"participant"`
	Assurance   ticketing.Assurance `json:"assurance"`
}

// dialogue is the stored row.
type dialogue struct {
	bun.BaseModel `bun:"table:bot_dialogues"`

	Conversation ticketing.ConversationID `bun:"conversation_id,pk,type:uuid"`
	Decided      int64                    `bun:"decided"`
	Memory       memory                   `bun:"memory,type:jsonb"`
	Answer       answer                   `bun:"answer,type:jsonb"`
	UpdatedAt    time.Time                `bun:"updated_at"`
}

// loadDialogue returns the zero dialogue for a conversation that is new.
func loadDialogue(ctx context.Context, db bun.IDB, id ticketing.ConversationID) (dialogue, error) {
	var row dialogue
	err := db.NewSelect().Model(&row).Where("conversation_id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return dialogue{}, nil
	}
	if err != nil {
		return dialogue{}, fmt.Errorf("load dialogue: %w", err)
	}
	return row, nil
}

func saveDialogue(ctx context.Context, db bun.IDB, row dialogue) error {
	_, err := db.NewInsert().Model(&row).On("CONFLICT (conversation_id) DO UPDATE").
		Set("decided = EXCLUDED.decided").Set("memory = EXCLUDED.memory").
		Set("answer = EXCLUDED.answer").Set("updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("save dialogue: %w", err)
	}
	return nil
}
