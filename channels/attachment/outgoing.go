package attachment

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"sapa/channels"
)

// Outgoing turns attachments into links that a provider may fetch, for
// channels.SenderOptions.Media. A file that nobody can send any more is
// *channels.Permanent or channels.ErrNotFound; a bucket or database that does not
// answer is any other error. It looks for the bytes first, since a provider that
// finds none refuses the message for good.
func (s *Store) Outgoing(ctx context.Context, db bun.IDB, ids []channels.AttachmentID) ([]channels.OutgoingMedia, error) {
	rows, err := findRows(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	media := make([]channels.OutgoingMedia, len(rows))
	for i, r := range rows {
		if r.State != Ready {
			return nil, unsendable("attachment %s is %s", r.ID, r.State)
		}
		there, err := s.bucket.Exists(ctx, r.BlobKey)
		if err != nil {
			return nil, fmt.Errorf("look for the bytes of attachment %s: %w", r.ID, err)
		}
		if !there {
			return nil, unsendable("the bytes of attachment %s are gone", r.ID)
		}
		media[i] = channels.OutgoingMedia{URL: s.SignLink(r.ID, MaxLink), Name: r.Name, Mime: r.Mime, Bytes: r.Bytes}
	}
	return media, nil
}

func unsendable(why string, args ...any) error {
	return &channels.Permanent{Key: channels.ErrorKey("media"), Text: fmt.Sprintf(why, args...)}
}
