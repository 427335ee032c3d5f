package channels

import (
	"context"
	"errors"
	"fmt"
)

// compose puts together what the adapter gets. It fails with *Permanent when that
// can never succeed; everything else may pass.
func (s *Sender) compose(ctx context.Context, row outboxRow) (Outgoing, error) {
	secret, err := row.openSecret(s.outbox.seal)
	if err != nil {
		return Outgoing{}, err
	}
	text, err := s.outbox.render(row, secret)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		ID: row.ID, To: row.Address, Text: text, Buttons: row.Buttons, Template: row.Template,
		ChatID: row.ConversationID, Seq: row.MessageSeq, CalledAt: row.CalledAt,
	}
	if row.Template != "" {
		if out.Variables, err = variables(row, secret); err != nil {
			return Outgoing{}, err
		}
	}
	if len(row.Attachments) > 0 {
		out.Media, err = s.media(ctx, s.outbox.db, row.attachments())
	}
	if errors.Is(err, ErrNotFound) {
		err = &Permanent{Key: ErrorKey("media"), Text: "a file of the message is gone"}
	}
	return out, err
}

// variables of a template are the row's parameters, and the one-time password
// as the first.
func variables(row outboxRow, secret string) (map[string]string, error) {
	params, err := row.params()
	if err != nil {
		return nil, err
	}
	values := make(map[string]string, len(params)+1)
	for name, value := range params {
		values[name] = fmt.Sprint(value)
	}
	if secret != "" {
		values["1"] = secret
	}
	return values, nil
}

// uncomposed judges a message that could not be put together. The provider was
// not called, so nothing is doubled by another try; only what is known to be
// hopeless fails for good.
func (s *Sender) uncomposed(ctx context.Context, row outboxRow, err error) outcome {
	if ctx.Err() != nil {
		return outcome{state: StateQueued, dueAt: s.outbox.now(), slotAt: row.SlotAt, uncall: true}
	}
	s.log.Error("message not put together", "outbox", row.ID, "key", row.Key, "attempt", row.Attempts, "error", err)
	if permanent := (*Permanent)(nil); errors.As(err, &permanent) {
		return outcome{state: StateFailed, errorCode: permanent.Code, errorKey: orElse(permanent.Key, "render")}
	}
	return s.again(row, Temporary{Key: ErrorKey("ours")})
}
