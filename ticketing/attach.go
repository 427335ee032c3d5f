package ticketing

import (
	"context"
	"database/sql"
	"errors"

	"sapa/channels"
)

func attachmentIDs(plain []string) []channels.AttachmentID {
	ids := make([]channels.AttachmentID, len(plain))
	for i, id := range plain {
		ids[i] = channels.AttachmentID(id)
	}
	return ids
}

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// fetch asks for the files that the provider holds for a message.
func (w *work) fetch(context.Context, channels.Inbox, *Conversation, *Message, []channels.Media) error {
	return nil
}
