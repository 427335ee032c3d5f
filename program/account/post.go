package account

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
)

// post is the only place that knows how a code leaves the house. The code goes
// as the draft's secret: sealed in the outbox, erased after sending.
func (d *Desk) post(ctx context.Context, tx bun.IDB, s Start, address, code string, now time.Time) (channels.OutboxID, error) {
	return d.options.Send(ctx, tx, channels.Draft{
		InboxID: s.InboxID, To: address, Purpose: channels.PurposeOTP, ConversationID: s.ConversationID,
		Key: "notice.otp.code", Params: map[string]any{"Minutes": int(CodeLife / time.Minute)}, Language: s.Language,
		Secret: code, At: now, ExpiresAt: now.Add(CodeLife),
	})
}

func mask(channel, address string) string {
	if channel == "email" {
		return channels.MaskEmail(address)
	}
	return channels.MaskPhone(address)
}
