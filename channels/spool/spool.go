// Package spool keeps webhooks on disk while PostgreSQL is away: one file each,
// encrypted and flushed before the provider gets its answer, and replayed once
// the database is back. What was proved and accepted is not lost by a crash.
package spool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/google/uuid"

	"sapa/channels"
	"sapa/channels/seal"
)

// maxTries is after how many failed replays an event is parked, so that one that
// can never be stored does not hold up the rest.
const maxTries = 5

// DefaultMaxBytes is how much a spool holds by default: a day of webhooks at the
// peak of the programme has some 300 MB.
const DefaultMaxBytes = 1 << 30

// Errors of a spool.
var (
	// ErrFull means that the webhook cannot be kept: answer 503, so that the
	// provider comes again.
	ErrFull = errors.New("spool: full")
	// ErrAway is what a replay's function returns, or wraps, when the database is
	// away after all: the replay ends and no event is counted as tried.
	ErrAway = errors.New("spool: the database is away")
)

// Record is a proved webhook.
type Record struct {
	Kind    channels.Kind    `json:"kind"`
	Inbox   string           `json:"inbox"` // slug
	Request channels.Request `json:"request"`
}

// Options are what a Spool needs; Dir and Seal are required. The folder belongs
// to one Spool at a time and must be on a local disk.
type Options struct {
	Dir      string
	Seal     *seal.Box
	MaxBytes int64 // zero means DefaultMaxBytes
	Log      *slog.Logger
}

// Spool is one folder of waiting webhooks. Safe for concurrent use.
type Spool struct {
	dir, parked string
	seal        *seal.Box
	maxBytes    int64
	log         *slog.Logger

	mu      sync.Mutex
	bytes   int64
	replays sync.Mutex // one replay at a time
	lock    *os.File
}

// Open makes the folder when it is absent, takes it for this process, and counts
// what waits in it. Close it at the end.
func Open(o Options) (*Spool, error) {
	if o.Dir == "" || o.Seal == nil {
		return nil, errors.New("spool: Options needs Dir and Seal")
	}
	s := &Spool{dir: o.Dir, parked: filepath.Join(o.Dir, "parked"), seal: o.Seal, maxBytes: o.MaxBytes, log: o.Log}
	if s.maxBytes == 0 {
		s.maxBytes = DefaultMaxBytes
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(s.parked, 0o700); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("spool: %s belongs to another process: %w", s.dir, err)
	}
	s.lock = lock
	names, err := s.names()
	if err != nil {
		_ = lock.Close()
		return nil, err
	}
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(s.dir, name)); err == nil {
			s.bytes += info.Size()
		}
	}
	return s, nil
}

// Close gives the folder back.
func (s *Spool) Close() error { return s.lock.Close() }

// Write keeps the record and returns only when it would survive a power cut. Any
// error means that it was not kept: answer 503.
func (s *Spool) Write(record Record) error {
	plain, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("spool: encode: %w", err)
	}
	// UUIDv7 sorts by time, so a replay follows the order of arrival.
	id := uuid.Must(uuid.NewV7()).String()
	sealed, err := s.seal.Seal(plain, sealContext(id))
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	if !s.reserve(int64(len(sealed))) {
		return ErrFull
	}
	if err := s.store(fileName(id, 0), sealed); err != nil {
		s.reserve(-int64(len(sealed)))
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

func (s *Spool) reserve(size int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if size > 0 && s.bytes+size > s.maxBytes {
		return false
	}
	s.bytes += size
	return true
}

// store writes under a hidden name, flushes, renames, and flushes the folder.
func (s *Spool) store(name string, body []byte) error {
	temporary := filepath.Join(s.dir, "."+name)
	out, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(body)
	if err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary, filepath.Join(s.dir, name))
	}
	if err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return flushFolder(s.dir)
}

func flushFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// fileName holds the id and the number of failed tries.
func fileName(id string, tries int) string { return fmt.Sprintf("%s.%d", id, tries) }

func splitName(name string) (id string, tries int, ok bool) {
	id, number, found := strings.Cut(name, ".")
	tries, err := strconv.Atoi(number)
	return id, tries, found && err == nil && uuid.Validate(id) == nil
}

func sealContext(id string) string { return "spool:" + id }

// names lists waiting files, oldest first; half-written ones are hidden.
func (s *Spool) names() ([]string, error) { return namesIn(s.dir) }

func namesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if _, _, ok := splitName(entry.Name()); ok && entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// Waiting counts events that wait, and those that were parked for a person to
// look at (in the folder "parked").
func (s *Spool) Waiting() (waiting, parked int, err error) {
	names, err := s.names()
	if err != nil {
		return 0, 0, err
	}
	apart, err := namesIn(s.parked)
	return len(names), len(apart), err
}

// Ahead tells, at the cost of a few microseconds, whether records wait that a
// new one must not overtake: write that one, too. A record that was refused
// before holds nobody up.
func (s *Spool) Ahead() bool {
	folder, err := os.Open(s.dir)
	if err != nil {
		return false
	}
	defer folder.Close()
	for {
		some, err := folder.Readdirnames(16)
		if slices.ContainsFunc(some, isUntried) {
			return true
		}
		if err != nil {
			return false
		}
	}
}

func isUntried(name string) bool {
	_, tries, ok := splitName(name)
	return ok && tries == 0
}

// Replay hands every waiting record to store, oldest first, once, and removes
// what it took, until nothing more has come meanwhile. A record that store
// refuses is tried again at the next replay and parked after five; ErrAway ends
// the replay at once. It returns how many were taken. A crash between storing
// and removing hands a record over twice: receipts take care of that.
func (s *Spool) Replay(ctx context.Context, store func(context.Context, Record) error) (int, error) {
	s.replays.Lock()
	defer s.replays.Unlock()
	taken, last := 0, ""
	for {
		names, err := s.after(last)
		if err != nil || len(names) == 0 {
			return taken, err
		}
		n, err := s.replay(ctx, names, store)
		taken += n
		if err != nil {
			return taken, err
		}
		last = names[len(names)-1]
	}
}

// after lists what came after a file that was handed over. Only the id counts:
// a refused record has a new name by now.
func (s *Spool) after(last string) ([]string, error) {
	names, err := s.names()
	lastID, _, _ := splitName(last)
	return slices.DeleteFunc(names, func(name string) bool {
		id, _, _ := splitName(name)
		return id <= lastID
	}), err
}

func (s *Spool) replay(ctx context.Context, names []string, store func(context.Context, Record) error) (int, error) {
	taken := 0
	for _, name := range names {
		if ctx.Err() != nil {
			return taken, ctx.Err()
		}
		err := s.replayOne(ctx, name, store)
		switch {
		case errors.Is(err, ErrAway):
			return taken, err
		case err != nil:
			s.log.Warn("spooled event not stored", "file", name, "error", err)
			if err := s.count(name); err != nil {
				return taken, err
			}
		default:
			taken++
			if err := s.remove(name); err != nil {
				return taken, err
			}
		}
	}
	return taken, nil
}

func (s *Spool) replayOne(ctx context.Context, name string, store func(context.Context, Record) error) error {
	id, _, _ := splitName(name)
	sealed, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		return err
	}
	plain, err := s.seal.Open(sealed, sealContext(id))
	if err != nil {
		return err
	}
	var record Record
	if err := json.Unmarshal(plain, &record); err != nil {
		return err
	}
	return store(ctx, record)
}

// count notes a failed try in the file's name, and parks it after the last.
func (s *Spool) count(name string) error {
	id, tries, _ := splitName(name)
	tries++
	target := filepath.Join(s.dir, fileName(id, tries))
	if tries >= maxTries {
		target = filepath.Join(s.parked, fileName(id, tries))
		s.log.Error("spooled event parked", "file", fileName(id, tries))
		s.release(name)
	}
	if err := os.Rename(filepath.Join(s.dir, name), target); err != nil {
		return fmt.Errorf("spool: count try: %w", err)
	}
	return nil
}

func (s *Spool) remove(name string) error {
	s.release(name)
	if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("spool: remove: %w", err)
	}
	return nil
}

func (s *Spool) release(name string) {
	if info, err := os.Stat(filepath.Join(s.dir, name)); err == nil {
		s.reserve(-info.Size())
	}
}
