package access

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Seal is one link of the audit log's hash chain. Its hash belongs into the
// process log too: a copy outside the database is what a forger cannot reach.
type Seal struct {
	bun.BaseModel `bun:"table:audit_seals"`

	ID       int64     `bun:"id,pk,autoincrement"`
	FromTx   int64     `bun:"from_tx"`
	FromID   int64     `bun:"from_id"`
	ToTx     int64     `bun:"to_tx"`
	ToID     int64     `bun:"to_id"`
	Rows     int       `bun:"rows"`
	Previous []byte    `bun:"previous"`
	Hash     []byte    `bun:"hash"`
	SealedAt time.Time `bun:"sealed_at"`
}

// sealBatch bounds the rows of one link, so that sealing a backlog does not
// hold them all in memory.
const sealBatch = 10_000

// auditSealLock lets one process seal at a time: "seal" in ASCII.
const auditSealLock = 0x7365616c

// ErrBroken is wrapped by VerifyAudit when a sealed row was changed or removed.
var ErrBroken = errors.New("access: audit log does not match its seals")

// SealAudit closes the next link over all rows whose transactions have ended.
// Run it each minute, inside a transaction, until it returns a Seal with no
// rows, which means that nothing was left to seal.
func SealAudit(ctx context.Context, tx bun.IDB, now time.Time) (Seal, error) {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", auditSealLock); err != nil {
		return Seal{}, fmt.Errorf("take seal lock: %w", err)
	}
	last, err := lastSeal(ctx, tx)
	if err != nil {
		return Seal{}, err
	}
	rows, err := unsealed(ctx, tx, last)
	if err != nil || len(rows) == 0 {
		return Seal{}, err
	}
	first, end := rows[0], rows[len(rows)-1]
	seal := Seal{
		FromTx: first.Tx, FromID: first.ID, ToTx: end.Tx, ToID: end.ID, Rows: len(rows),
		Previous: last.Hash, Hash: chain(last.Hash, rows), SealedAt: now.UTC(),
	}
	if seal.Previous == nil {
		seal.Previous = []byte{}
	}
	if _, err := tx.NewInsert().Model(&seal).Exec(ctx); err != nil {
		return Seal{}, fmt.Errorf("write audit seal: %w", err)
	}
	return seal, nil
}

func lastSeal(ctx context.Context, db bun.IDB) (Seal, error) {
	var seals []Seal
	if err := db.NewSelect().Model(&seals).OrderExpr("id DESC").Limit(1).Scan(ctx); err != nil {
		return Seal{}, fmt.Errorf("read last audit seal: %w", err)
	}
	if len(seals) == 0 {
		return Seal{}, nil
	}
	return seals[0], nil
}

// sealed is an audit row as it goes into the hash: every column as text, in the
// form PostgreSQL prints it.
type sealed struct {
	Tx   int64
	ID   int64
	Body []byte
}

// rowBody prints a row the same way at sealing and at checking.
const rowBody = `SELECT tx, id, convert_to(row_to_json(a)::text, 'UTF8') AS body FROM audit_log AS a`

func unsealed(ctx context.Context, db bun.IDB, last Seal) ([]sealed, error) {
	var edge int64
	if err := db.NewRaw("SELECT settled_before()").Scan(ctx, &edge); err != nil {
		return nil, fmt.Errorf("find edge of audit log: %w", err)
	}
	var rows []sealed
	err := db.NewRaw(rowBody+` WHERE (tx, id) > (?, ?) AND tx < ? ORDER BY tx, id LIMIT ?`,
		last.ToTx, last.ToID, edge, sealBatch).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read unsealed audit rows: %w", err)
	}
	return rows, nil
}

func chain(previous []byte, rows []sealed) []byte {
	sum := sha256.New()
	sum.Write(previous)
	var size [8]byte
	for _, row := range rows {
		binary.BigEndian.PutUint64(size[:], uint64(len(row.Body)))
		sum.Write(size[:])
		sum.Write(row.Body)
	}
	return sum.Sum(nil)
}

// VerifyAudit walks the whole chain and returns the last good seal. The error
// wraps ErrBroken and names the first bad link.
func VerifyAudit(ctx context.Context, db bun.IDB) (Seal, error) {
	var good Seal
	for {
		var next []Seal
		if err := db.NewSelect().Model(&next).Where("id > ?", good.ID).OrderExpr("id").Limit(1).Scan(ctx); err != nil {
			return good, fmt.Errorf("read audit seals: %w", err)
		}
		if len(next) == 0 {
			return good, nil
		}
		if err := verifyLink(ctx, db, good, next[0]); err != nil {
			return good, err
		}
		good = next[0]
	}
}

func verifyLink(ctx context.Context, db bun.IDB, good, link Seal) error {
	var rows []sealed
	err := db.NewRaw(rowBody+` WHERE (tx, id) > (?, ?) AND (tx, id) <= (?, ?) ORDER BY tx, id`,
		good.ToTx, good.ToID, link.ToTx, link.ToID).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("read sealed audit rows: %w", err)
	}
	intact := len(rows) == link.Rows && bytes.Equal(link.Previous, good.Hash) && bytes.Equal(link.Hash, chain(good.Hash, rows))
	if !intact {
		return fmt.Errorf("link %d, rows %d to %d: %w", link.ID, link.FromID, link.ToID, ErrBroken)
	}
	return nil
}
