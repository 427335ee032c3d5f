package bot_test

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/channels"
)

// noMedia is for messages without files.
func noMedia(context.Context, bun.IDB, []channels.AttachmentID) ([]channels.OutgoingMedia, error) {
	return nil, nil
}
