package ticketing

import (
	"context"
	"errors"

	"sapa/channels"
)

// takeWish answers a citizen's wish about being written to, once. It stands in the
// thread where one is open, for staff to see, but begins no conversation and gives
// the bot no turn: nothing is asked.
func (w *work) takeWish(ctx context.Context, inbox channels.Inbox, point Point, event channels.Event, confirm bool) error {
	key := "notice.consent.in"
	if event.Consent == channels.ConsentOut {
		key = "notice.consent.out"
	}
	c, err := w.current(ctx, inbox.ID, point.ID)
	if err != nil {
		return err
	}
	if c == nil {
		if !confirm {
			return nil
		}
		return w.confirmWish(ctx, inbox, point, key)
	}
	_, err = w.append(ctx, c, Message{Author: FromCitizen, Kind: LineMessage, Text: event.Text, ProviderID: event.ProviderID})
	if err == nil && confirm {
		err = w.notify(ctx, c, channels.PurposeBot, Notice{Key: key})
	}
	if err != nil {
		return err
	}
	return w.save(ctx, c)
}

// confirmWish answers outside a conversation. A channel that does not carry the
// answer keeps nobody's wish from counting.
func (w *work) confirmWish(ctx context.Context, inbox channels.Inbox, point Point, key string) error {
	id, err := w.desk.outbox.Post(ctx, w, channels.Draft{
		InboxID: inbox.ID, To: point.Value, Purpose: channels.PurposeBot, Key: key, Language: inbox.Language,
	})
	if blocked := (*channels.Blocked)(nil); errors.As(err, &blocked) {
		return nil
	}
	if err != nil {
		return err
	}
	w.outbox = append(w.outbox, id)
	return nil
}
