package ticketing

import (
	"context"
	"database/sql"
	"errors"

	"sapa/channels"
	"sapa/channels/attachment"
)

func attachmentIDs(plain []string) []channels.AttachmentID {
	ids := make([]channels.AttachmentID, len(plain))
	for i, id := range plain {
		ids[i] = channels.AttachmentID(id)
	}
	return ids
}

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// bind ties uploaded files to the conversation, so that nobody sends another's.
func (w *work) bind(ctx context.Context, c *Conversation, ids []string) error {
	err := attachment.Bind(ctx, w, string(c.ID), w.at, attachmentIDs(ids)...)
	if errors.Is(err, channels.ErrNotFound) {
		return &Invalid{Field: "attachments", Rule: "unknown"}
	}
	return err
}

// expect records the files that the provider holds for a message; they are
// fetched after the commit.
func (w *work) expect(ctx context.Context, c *Conversation, media []channels.Media) ([]string, error) {
	ids := make([]string, 0, len(media))
	for _, file := range media {
		id, err := w.desk.files.Expect(ctx, w, attachment.Expected{
			InboxID: c.InboxID, ConversationID: string(c.ID), Reporter: string(c.Point), Media: file,
		})
		if err != nil {
			return nil, err
		}
		ids = append(ids, string(id))
		w.files = append(w.files, id)
	}
	return ids, nil
}

// wakeFetch hands the expected files to the queue; a lost task is found by the
// sweeper of attachments.
func (d *Desk) wakeFetch(ctx context.Context, ids []channels.AttachmentID) {
	if len(ids) > 0 {
		d.fetching.WakeFetch(ctx, 0, 0, ids...)
	}
}
