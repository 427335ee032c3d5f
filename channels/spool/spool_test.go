package spool_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/channels/spool"
	"sapa/migrations/sealtest"
)

func open(t *testing.T, dir string, box *seal.Box, maxBytes int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(spool.Options{Dir: dir, Seal: box, MaxBytes: maxBytes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func record(text string) spool.Record {
	return spool.Record{Kind: channels.WhatsApp, Inbox: "wa", Request: channels.Request{
		Path: "/hooks/whatsapp/wa", RawQuery: "a=1", Header: http.Header{"X-Twilio-Signature": {"canary-signature"}},
		Body: []byte(text), At: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC),
	}}
}

func write(t *testing.T, s *spool.Spool, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err := s.Write(record(text)); err != nil {
			t.Fatal(err)
		}
	}
}

// take collects what a replay hands over.
type take struct {
	texts []string
	fails func(text string) error
}

func (k *take) store(_ context.Context, r spool.Record) error {
	text := string(r.Request.Body)
	if k.fails != nil {
		if err := k.fails(text); err != nil {
			return err
		}
	}
	k.texts = append(k.texts, text)
	return nil
}

func want(t *testing.T, s *spool.Spool, waiting, parked int) {
	t.Helper()
	gotWaiting, gotParked, err := s.Waiting()
	if err != nil || gotWaiting != waiting || gotParked != parked {
		t.Fatalf("%d wait, %d parked, %v, want %d and %d", gotWaiting, gotParked, err, waiting, parked)
	}
}

func TestReplayIsCompleteOrderedAndOnce(t *testing.T) {
	t.Parallel()
	dir, box := t.TempDir(), sealtest.Box(t)
	s := open(t, dir, box, 0)
	write(t, s, "1", "2", "3")
	_ = s.Close()

	// Another process takes over after a crash.
	s = open(t, dir, box, 0)
	write(t, s, "4")
	want(t, s, 4, 0)
	var k take
	n, err := s.Replay(t.Context(), func(ctx context.Context, r spool.Record) error {
		if r.Kind != channels.WhatsApp || r.Inbox != "wa" || r.Request.RawQuery != "a=1" || r.Request.At.IsZero() ||
			r.Request.Header.Get("X-Twilio-Signature") != "canary-signature" {
			t.Errorf("record = %+v", r)
		}
		return k.store(ctx, r)
	})
	if n != 4 || err != nil || strings.Join(k.texts, "") != "1234" {
		t.Fatalf("took %d %v, %v, want 1234", n, k.texts, err)
	}
	if n, err := s.Replay(t.Context(), k.store); n != 0 || err != nil {
		t.Fatalf("second replay took %d, %v", n, err)
	}
	want(t, s, 0, 0)
}

// What comes while a replay is under way is handed over by it, after the rest.
func TestReplayTakesWhatComesMeanwhile(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), sealtest.Box(t), 0)
	if s.Ahead() {
		t.Fatal("something waits in a new spool")
	}
	write(t, s, "1", "poison", "2")
	k := take{fails: func(text string) error {
		switch text {
		case "poison":
			return errors.New("cannot be stored")
		case "2":
			write(t, s, "3")
		case "3":
			write(t, s, "4")
		}
		if !s.Ahead() {
			t.Errorf("nothing waits while %s is being stored", text)
		}
		return nil
	}}
	if n, err := s.Replay(t.Context(), k.store); n != 4 || err != nil || strings.Join(k.texts, "") != "1234" {
		t.Fatalf("took %d %v, %v, want 1234", n, k.texts, err)
	}
	want(t, s, 1, 0) // refused once, not again and again
	if s.Ahead() {
		t.Fatal("a record that was refused holds up the others")
	}
}

func TestPoisonIsParkedAndTheRestProceeds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, sealtest.Box(t), 0)
	write(t, s, "good 1", "poison", "good 2")
	k := take{fails: func(text string) error {
		if text == "poison" {
			return errors.New("cannot be stored")
		}
		return nil
	}}
	for try := 1; try <= 5; try++ {
		if _, err := s.Replay(t.Context(), k.store); err != nil {
			t.Fatal(err)
		}
		if try == 1 && strings.Join(k.texts, ",") != "good 1,good 2" {
			t.Fatalf("took %v", k.texts)
		}
		if try < 5 {
			want(t, s, 1, 0)
		}
	}
	want(t, s, 0, 1)
}

func TestDatabaseAwayCountsNoTry(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), sealtest.Box(t), 0)
	write(t, s, "1", "2")
	k := take{fails: func(string) error { return fmt.Errorf("dial: %w", spool.ErrAway) }}
	for range 10 {
		if _, err := s.Replay(t.Context(), k.store); !errors.Is(err, spool.ErrAway) {
			t.Fatalf("err = %v, want ErrAway", err)
		}
	}
	want(t, s, 2, 0)
	k.fails = nil
	if n, err := s.Replay(t.Context(), k.store); n != 2 || err != nil {
		t.Fatalf("took %d, %v, want 2", n, err)
	}
}

func TestFilesTellNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	box := sealtest.Box(t)
	s := open(t, dir, box, 0)
	write(t, s, "Body=NIK+3201011234560001")
	var found int
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || info.Name() == "lock" {
			return err
		}
		found++
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v, want 0600", info.Name(), info.Mode())
		}
		body, err := os.ReadFile(path)
		for _, secret := range []string{"3201011234560001", "canary-signature", "whatsapp"} {
			if strings.Contains(string(body), secret) || strings.Contains(path, secret) {
				t.Errorf("the file tells %s", secret)
			}
		}
		return err
	})
	if err != nil || found != 1 {
		t.Fatalf("%d files, %v, want 1", found, err)
	}
	// Without the keys, and with a changed byte, nothing is handed over.
	_ = s.Close()
	s = open(t, dir, sealtest.Box(t), 0)
	var k take
	if n, err := s.Replay(t.Context(), k.store); n != 0 || err != nil || len(k.texts) != 0 {
		t.Fatalf("took %v, %v with other keys", k.texts, err)
	}
}

func TestFullSpoolRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), sealtest.Box(t), 2000)
	var err error
	n := 0
	for ; err == nil; n++ {
		err = s.Write(record(strings.Repeat("x", 100)))
	}
	if !errors.Is(err, spool.ErrFull) || n < 3 {
		t.Fatalf("err = %v after %d, want ErrFull after some", err, n)
	}
	var k take
	if _, err := s.Replay(t.Context(), k.store); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(record("x")); err != nil {
		t.Fatalf("after the replay: %v", err)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, sealtest.Box(t), 0)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(record("x")); err == nil {
		t.Fatal("written nowhere")
	}
	if _, err := spool.Open(spool.Options{}); err == nil {
		t.Fatal("opened without options")
	}
}

func TestFolderBelongsToOneProcess(t *testing.T) {
	t.Parallel()
	dir, box := t.TempDir(), sealtest.Box(t)
	open(t, dir, box, 0)
	if _, err := spool.Open(spool.Options{Dir: dir, Seal: box}); err == nil {
		t.Fatal("opened twice")
	}
}

// A crash in mid-write leaves a hidden file that no replay looks at.
func TestHalfWrittenFileIsIgnored(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, sealtest.Box(t), 0)
	write(t, s, "whole")
	for _, name := range []string{".01890000-0000-7000-8000-000000000001.0", "README", "01890000-0000-7000-8000-00000000000.x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var k take
	if n, err := s.Replay(t.Context(), k.store); n != 1 || err != nil {
		t.Fatalf("took %d, %v, want 1", n, err)
	}
	if s.Ahead() {
		t.Fatal("a half-written file counts as waiting")
	}
}

func TestConcurrentWritesAndReplays(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), sealtest.Box(t), 0)
	var mu sync.Mutex
	var seen []string
	store := func(_ context.Context, r spool.Record) error {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, string(r.Request.Body))
		return nil
	}
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if err := s.Write(record(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
			if i%10 == 0 {
				if _, err := s.Replay(context.Background(), store); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if _, err := s.Replay(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 50 || len(seen) != 50 {
		t.Fatalf("%d handed over, want each of 50 once", len(seen))
	}
}
