package attachment

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"gocloud.dev/blob"
	"golang.org/x/sync/semaphore"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/channels/seal"
)

// atOnce is how many files are judged at the same time. Each may hold its bytes
// twice (20 MiB and a stripped copy), so three stay well below 256 MiB.
const atOnce = 3

// Options are what a Store needs; all are required but Scan and Log.
type Options struct {
	DB       *bun.DB
	Bucket   *blob.Bucket
	Seal     *seal.Box
	Inboxes  *channels.InboxCache
	Queue    *channels.Queue
	Bus      *bus.Bus
	FilesURL string  // the origin files are served from: https://files.example.id
	Scan     Scanner // Clamd, or nil: then only the test virus is found
	Now      func() time.Time
	Log      *slog.Logger
}

// Store keeps and serves files. Safe for concurrent use.
type Store struct {
	db       *bun.DB
	bucket   *blob.Bucket
	seal     *seal.Box
	inboxes  *channels.InboxCache
	queue    *channels.Queue
	bus      *bus.Bus
	filesURL string
	scan     Scanner
	now      func() time.Time
	log      *slog.Logger
	slots    *semaphore.Weighted
}

// New panics when a need is missing.
func New(o Options) *Store {
	if o.DB == nil || o.Bucket == nil || o.Seal == nil || o.Inboxes == nil || o.Queue == nil || o.Bus == nil || o.Now == nil {
		panic("attachment: Options needs everything but Scan and Log")
	}
	origin, err := url.Parse(o.FilesURL)
	if err != nil || origin.Host == "" {
		panic("attachment: Options.FilesURL is not a URL")
	}
	if o.Scan == nil {
		o.Scan = func(context.Context, []byte) (bool, error) { return true, nil }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Store{
		db: o.DB, bucket: o.Bucket, seal: o.Seal, inboxes: o.Inboxes, queue: o.Queue, bus: o.Bus,
		filesURL: strings.TrimRight(o.FilesURL, "/"), scan: o.Scan, now: o.Now, log: o.Log,
		slots: semaphore.NewWeighted(atOnce),
	}
}

// Upload is a file somebody sends us.
type Upload struct {
	Reporter       string // visitor, contact or staff id: whose quota it is
	ConversationID string // may come later, by Bind
	Name, Mime     string // as declared
	Body           io.Reader
	KeepPlace      bool // the reporter wants place and camera kept in a photograph
}

// Put judges, stores and records an upload. *Rejected when it may not be kept:
// then nothing of it was. An infected file is kept apart and recorded as
// Refused, without an error, since the case it belongs to goes on. Call it
// outside a transaction: it takes as long as the sender does.
func (s *Store) Put(ctx context.Context, db bun.IDB, u Upload) (Attachment, error) {
	if err := s.slots.Acquire(ctx, 1); err != nil {
		return Attachment{}, err
	}
	defer s.slots.Release(1)
	body, err := readAll(u.Body)
	if err != nil {
		return Attachment{}, err
	}
	r := row{
		ID: channels.NewAttachmentID(), ConversationID: u.ConversationID, Reporter: u.Reporter,
		CreatedAt: s.now(), UpdatedAt: s.now(),
	}
	if err := s.keep(ctx, db, &r, u.Name, u.Mime, body, u.KeepPlace); err != nil {
		return Attachment{}, err
	}
	if _, err := db.NewInsert().Model(&r).Exec(ctx); err != nil {
		s.drop(ctx, r.BlobKey)
		return Attachment{}, fmt.Errorf("record attachment: %w", err)
	}
	return r.attachment(), nil
}

// readAll stops one byte after the limit, so that an endless body costs no more
// than an allowed one.
func readAll(from io.Reader) ([]byte, error) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(io.LimitReader(from, MaxBytes+1)); err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if body.Len() > MaxBytes {
		return nil, &Rejected{TooLarge}
	}
	return body.Bytes(), nil
}

// keep judges the bytes, writes them and fills the row.
func (s *Store) keep(ctx context.Context, db bun.IDB, r *row, name, declared string, body []byte, place bool) error {
	file, err := inspect(name, declared, body, place)
	if err != nil {
		return err
	}
	used, err := usedToday(ctx, db, r.Reporter, s.now())
	if err != nil {
		return err
	}
	if used+int64(len(body)) > MaxDayBytes {
		return &Rejected{OverQuota}
	}
	if !file.infected {
		clean, err := s.scan(ctx, body)
		if err != nil {
			return fmt.Errorf("scan file: %w", err)
		}
		file.infected = !clean
	}
	sum := sha256.Sum256(file.body)
	r.Name, r.Mime, r.Bytes, r.SHA256 = file.name, file.mime, int64(len(file.body)), sum[:]
	r.Width, r.Height, r.State, r.Reason = file.width, file.height, Ready, ""
	r.BlobKey = "files/" + s.now().UTC().Format("2006/01/") + rand.Text()
	if file.infected {
		r.State, r.Reason, r.BlobKey = Refused, Infected, "quarantine/"+rand.Text()
		s.log.Error("infected file kept apart", "attachment", r.ID)
	}
	if err := s.write(ctx, r.BlobKey, file.body); err != nil {
		s.drop(ctx, r.BlobKey)
		return err
	}
	return nil
}

// write leaves nothing when it fails: the bucket shows an object only once it
// is whole.
func (s *Store) write(ctx context.Context, key string, body []byte) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	writer, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/octet-stream", DisableContentTypeDetection: true})
	if err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	if _, err := writer.Write(body); err != nil {
		cancel()
		_ = writer.Close()
		return fmt.Errorf("store file: %w", err)
	}
	if err := writer.Close(); err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	return nil
}

// drop removes bytes that no row speaks of; what is already gone is fine.
func (s *Store) drop(ctx context.Context, key string) {
	if key == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if exists, err := s.bucket.Exists(ctx, key); err == nil && !exists {
		return
	}
	if err := s.bucket.Delete(ctx, key); err != nil {
		s.log.Warn("bytes of a file not removed", "key", key, "error", err)
	}
}

// Remove deletes attachments, bytes first: a row whose bytes are gone can be
// removed again, bytes without a row could not be found.
func (s *Store) Remove(ctx context.Context, db bun.IDB, ids ...channels.AttachmentID) error {
	rows, err := findRows(ctx, db, ids)
	if err != nil {
		return err
	}
	var faults []error
	for _, r := range rows {
		if r.BlobKey != "" {
			if exists, err := s.bucket.Exists(ctx, r.BlobKey); err != nil || exists {
				if err := s.bucket.Delete(ctx, r.BlobKey); err != nil {
					faults = append(faults, fmt.Errorf("remove file %s: %w", r.ID, err))
					continue
				}
			}
		}
		if _, err := db.NewRaw("DELETE FROM attachments WHERE id = ?", r.ID).Exec(ctx); err != nil {
			faults = append(faults, fmt.Errorf("remove attachment %s: %w", r.ID, err))
		}
	}
	return errors.Join(faults...)
}
