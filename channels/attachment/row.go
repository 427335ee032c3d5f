package attachment

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
)

// row is a row of table attachments.
type row struct {
	bun.BaseModel `bun:"table:attachments,alias:a"`

	ID             channels.AttachmentID `bun:"type:uuid"`
	ConversationID string                `bun:"type:uuid,nullzero"`
	InboxID        channels.InboxID      `bun:"type:uuid,nullzero"`
	Reporter       string                `bun:"reporter"`
	Name           string                `bun:"name"`
	Mime           string                `bun:"mime"`
	Bytes          int64                 `bun:"bytes"`
	Width          int                   `bun:"width"`
	Height         int                   `bun:"height"`
	SHA256         []byte                `bun:"sha256"`
	State          State                 `bun:"state"`
	Reason         Reason                `bun:"reason"`
	BlobKey        string                `bun:"blob_key"`
	SourceURL      string                `bun:"source_url"`
	Attempts       int                   `bun:"attempts"`
	DueAt          time.Time             `bun:",nullzero"`
	CreatedAt      time.Time             `bun:"created_at"`
	UpdatedAt      time.Time             `bun:"updated_at"`
}

func (r row) attachment() Attachment {
	return Attachment{
		ID: r.ID, ConversationID: r.ConversationID, InboxID: r.InboxID, Name: r.Name, Mime: r.Mime,
		Bytes: r.Bytes, Width: r.Width, Height: r.Height, State: r.State, Reason: r.Reason, Held: r.SourceURL != "", CreatedAt: r.CreatedAt,
	}
}

// findRows reads rows in the order of their ids; channels.ErrNotFound when one
// does not exist.
func findRows(ctx context.Context, db bun.IDB, ids []channels.AttachmentID) ([]row, error) {
	rows, err := findThere(ctx, db, ids)
	if err == nil && len(rows) < len(ids) {
		return nil, fmt.Errorf("%d of %d attachments: %w", len(ids)-len(rows), len(ids), channels.ErrNotFound)
	}
	return rows, err
}

// findThere leaves out what does not exist.
func findThere(ctx context.Context, db bun.IDB, ids []channels.AttachmentID) ([]row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []row
	if err := db.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("find attachments: %w", err)
	}
	byID := make(map[channels.AttachmentID]row, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	ordered := make([]row, 0, len(ids))
	for _, id := range ids {
		if r, ok := byID[id]; ok {
			ordered = append(ordered, r)
		}
	}
	return ordered, nil
}

// Find reads attachments in the order of their ids; channels.ErrNotFound when
// one does not exist. Who may see them is the caller's question.
func Find(ctx context.Context, db bun.IDB, ids ...channels.AttachmentID) ([]Attachment, error) {
	rows, err := findRows(ctx, db, ids)
	return shown(rows), err
}

// FindThere is Find for showing what was sent: files removed after their time are
// left out.
func FindThere(ctx context.Context, db bun.IDB, ids ...channels.AttachmentID) ([]Attachment, error) {
	rows, err := findThere(ctx, db, ids)
	return shown(rows), err
}

func shown(rows []row) []Attachment {
	found := make([]Attachment, len(rows))
	for i, r := range rows {
		found[i] = r.attachment()
	}
	return found
}

// Bind gives attachments that belong to no conversation yet to one, and proves
// that all of them belong to it; channels.ErrNotFound otherwise. Call it where
// a message with attachments is stored, so that nobody sends another's file.
func Bind(ctx context.Context, db bun.IDB, conversation string, at time.Time, ids ...channels.AttachmentID) error {
	if len(ids) == 0 {
		return nil
	}
	result, err := db.NewRaw(`UPDATE attachments SET conversation_id = ?0, updated_at = ?1
		WHERE id IN (?2) AND (conversation_id IS NULL OR conversation_id = ?0)`, conversation, at, bun.List(ids)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("bind attachments: %w", err)
	}
	if n, _ := result.RowsAffected(); int(n) != len(ids) {
		return fmt.Errorf("attachment of conversation %s: %w", conversation, channels.ErrNotFound)
	}
	return nil
}

// usedToday is what the reporter has sent within 24 hours, in bytes.
func usedToday(ctx context.Context, db bun.IDB, reporter string, now time.Time) (int64, error) {
	var used int64
	err := db.NewRaw("SELECT coalesce(sum(bytes), 0) FROM attachments WHERE reporter = ? AND created_at > ?",
		reporter, now.Add(-24*time.Hour)).Scan(ctx, &used)
	if err != nil {
		return 0, fmt.Errorf("sum of attachments: %w", err)
	}
	return used, nil
}
