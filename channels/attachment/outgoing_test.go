package attachment_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"sapa/channels"
)

func TestOutgoingTellsGoneFromAway(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	file, err := r.put("a.pdf", "application/pdf", []byte(pdf))
	r.must(err)
	ids := []channels.AttachmentID{file.ID}
	media, err := r.store.Outgoing(t.Context(), r.db, ids)
	if err != nil || len(media) != 1 || media[0].Mime != "application/pdf" {
		t.Fatalf("media = %+v, %v", media, err)
	}

	r.must(r.bucket.Delete(t.Context(), r.objects()[0]))
	var permanent *channels.Permanent
	if _, err := r.store.Outgoing(t.Context(), r.db, ids); !errors.As(err, &permanent) {
		t.Fatalf("err = %v without the bytes, want *Permanent", err)
	}
	link := r.store.SignLink(file.ID, time.Minute)
	if status, _ := r.get(link); status != http.StatusNotFound {
		t.Fatalf("%d without the bytes, want 404", status)
	}

	r.must(r.bucket.Close())
	if _, err := r.store.Outgoing(t.Context(), r.db, ids); err == nil || errors.As(err, &permanent) {
		t.Fatalf("err = %v without a bucket, want one that may pass", err)
	}
	if status, response := r.get(link); status != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Fatalf("%d without a bucket, want 503 and when to come back", status)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := r.store.Outgoing(ended, r.db, ids); err == nil || errors.As(err, &permanent) {
		t.Fatalf("err = %v at the end of the time, want one that may pass", err)
	}
}
