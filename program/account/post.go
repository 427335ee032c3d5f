package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
)

// post is the only place that knows how a code leaves the house. The code goes
// as the draft's secret: sealed in the outbox, erased after sending. A number that
// may not be written to is told nothing else than any other, so that the answer
// says nothing of it; the log does.
func (d *Desk) post(ctx context.Context, tx bun.IDB, s Start, code string, now time.Time) (channels.OutboxID, error) {
	id, err := d.options.Send(ctx, tx, channels.Draft{
		InboxID: s.InboxID, To: s.Address, Purpose: channels.PurposeOTP, ConversationID: s.ConversationID,
		Key: "notice.otp.code", Params: map[string]any{"Minutes": int(CodeLife / time.Minute)}, Language: s.Language,
		Secret: code, At: now, ExpiresAt: now.Add(CodeLife),
	})
	var blocked *channels.Blocked
	if errors.As(err, &blocked) {
		d.options.Log.WarnContext(ctx, "one-time code not sent", "conversation", s.ConversationID, "reason", blocked.Reason)
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("send code: %w", err)
	}
	return id, nil
}

func mask(channel, address string) string {
	if channel == "email" {
		return channels.MaskEmail(address)
	}
	return channels.MaskPhone(address)
}
