package incentive

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/calendar"
	"sapa/program/record"
)

// OrderDue orders up to limit scheduled incentives whose day has come. One
// without a usable account in the participant's own name waits for the account
// instead. It returns how many were ordered and how many now wait.
func OrderDue(ctx context.Context, tx bun.IDB, now time.Time, limit int) (ordered, waiting int, err error) {
	var due []struct {
		ID            string
		ParticipantID record.ParticipantID
		Amount        int64
		Name          string
		AccountID     string
		Holder        string
		AccountState  string
		Attempts      int
	}
	err = tx.NewRaw(`SELECT i.id, i.participant_id, i.amount, p.name, coalesce(a.id::text, '') AS account_id,
			coalesce(a.holder, '') AS holder, coalesce(a.state, '') AS account_state,
			(SELECT count(*) FROM transfers AS t WHERE t.incentive_id = i.id) AS attempts
		FROM incentives AS i JOIN participants AS p ON p.id = i.participant_id
		LEFT JOIN payout_accounts AS a ON a.participant_id = i.participant_id AND a.state <> 'replaced'
		WHERE i.state = 'scheduled' AND i.due_at <= ? ORDER BY i.due_at LIMIT ? FOR UPDATE OF i SKIP LOCKED`, now, limit).Scan(ctx, &due)
	if err != nil {
		return 0, 0, fmt.Errorf("read due incentives: %w", err)
	}
	for _, d := range due {
		if d.AccountState != Linked || !record.SameName(d.Holder, d.Name) {
			if _, err := tx.ExecContext(ctx, `UPDATE incentives SET state = 'waiting', waits_for = 'account' WHERE id = ?`, d.ID); err != nil {
				return 0, 0, fmt.Errorf("hold incentive %s: %w", d.ID, err)
			}
			waiting++
			continue
		}
		order := transferOrder{ID: uuid.Must(uuid.NewV7()).String(), Ref: newOrderRef(now), IncentiveID: d.ID,
			Participant: d.ParticipantID, AccountID: d.AccountID, Attempt: d.Attempts + 1, Amount: d.Amount, At: now}
		if err := orderTransfer(ctx, tx, order, Scheduled); err != nil {
			return 0, 0, err
		}
		ordered++
	}
	return ordered, waiting, nil
}

// File is one day's list of orders for the bank.
type File struct {
	ID    string
	Day   calendar.Date
	Place int // first, second, ... file of the day
	Lines int
	Total int64 // whole rupiah
}

// MakeFile gathers all orders that are in no file yet into the day's next file.
// The orders stay "ordered": they are sent only when MarkSent says that the bank
// took the file. A File without lines means that there was nothing to order.
func MakeFile(ctx context.Context, tx bun.IDB, now time.Time) (File, error) {
	file := File{ID: uuid.Must(uuid.NewV7()).String(), Day: calendar.DateIn(now, calendar.WIB)}
	if _, err := tx.ExecContext(ctx, "LOCK TABLE payout_files IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		return File{}, fmt.Errorf("lock payout files: %w", err)
	}
	err := tx.NewRaw(`WITH open AS (SELECT id, amount FROM transfers WHERE state = 'ordered' AND file_id IS NULL FOR UPDATE),
		made AS (INSERT INTO payout_files (id, day, place, lines, total, made_at)
			SELECT ?, ?, 1 + (SELECT count(*) FROM payout_files WHERE day = ?), count(*), sum(amount), ? FROM open HAVING count(*) > 0
			RETURNING place, lines, total)
		SELECT place, lines, total FROM made`, file.ID, file.Day.String(), file.Day.String(), now).Scan(ctx, &file.Place, &file.Lines, &file.Total)
	if isNoRows(err) {
		return File{}, nil
	}
	if err != nil {
		return File{}, fmt.Errorf("make payout file: %w", err)
	}
	result, err := tx.ExecContext(ctx, `UPDATE transfers SET file_id = ? WHERE state = 'ordered' AND file_id IS NULL`, file.ID)
	if err != nil {
		return File{}, fmt.Errorf("fill payout file: %w", err)
	}
	if n, _ := result.RowsAffected(); int(n) != file.Lines {
		return File{}, fmt.Errorf("payout file of %d lines got %d: %w", file.Lines, n, record.ErrStale)
	}
	return file, nil
}

// MarkSent says that the bank has taken the file: its orders are under way.
func MarkSent(ctx context.Context, tx bun.IDB, fileID string, now time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE payout_files SET sent_at = ? WHERE id = ? AND sent_at IS NULL`, now, fileID)
	if err != nil {
		return fmt.Errorf("mark payout file %s: %w", fileID, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("payout file %s: %w", fileID, record.ErrStale)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE transfers SET state = 'sent', sent_at = ? WHERE file_id = ? AND state = 'ordered'`, now, fileID); err != nil {
		return fmt.Errorf("mark transfers of file %s: %w", fileID, err)
	}
	return nil
}
