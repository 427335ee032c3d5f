package attachment_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/uptrace/bun"
	"gocloud.dev/blob"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/channels/seal"
	"sapa/migrations/dbtest"
	"sapa/migrations/redistest"
	"sapa/migrations/sealtest"
)

func TestMain(m *testing.M) {
	redistest.Flush(redistest.Attachments)
	code := m.Run()
	redistest.Flush(redistest.Attachments)
	os.Exit(code)
}

// room is everything a test of files needs.
type room struct {
	t      *testing.T
	db     *bun.DB
	bucket *blob.Bucket
	folder string
	box    *seal.Box
	store  *attachment.Store
	files  *httptest.Server

	mu  sync.Mutex
	now time.Time
}

func (r *room) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *room) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

func newRoom(t *testing.T, scan attachment.Scanner) *room {
	t.Helper()
	box := sealtest.Box(t)
	r := &room{t: t, db: dbtest.New(t), folder: t.TempDir(), box: box, now: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)}
	var err error
	if r.bucket, err = attachment.OpenBucket(t.Context(), "file://"+r.folder); err != nil {
		t.Fatal(err)
	}
	client := redistest.New(t, redistest.Attachments)
	r.files = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.store.Handler().ServeHTTP(w, request)
	}))
	t.Cleanup(func() {
		r.files.Close()
		_ = r.bucket.Close()
	})
	r.store = attachment.New(attachment.Options{
		DB: r.db, Bucket: r.bucket, Seal: box, FilesURL: r.files.URL, Scan: scan, Now: r.Now,
		Inboxes: channels.NewInboxCache(channels.InboxCacheOptions{DB: r.db, Seal: box, Now: r.Now}),
		Queue:   channels.NewQueue(asynq.NewClientFromRedisClient(client), nil),
		Bus:     bus.New(bus.Options{Redis: client}),
	})
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) put(name, mime string, body []byte) (attachment.Attachment, error) {
	return r.store.Put(r.t.Context(), r.db, attachment.Upload{Reporter: "visitor", Name: name, Mime: mime, Body: strings.NewReader(string(body))})
}

// objects lists the keys in the bucket.
func (r *room) objects() []string {
	r.t.Helper()
	var keys []string
	all := r.bucket.List(nil)
	for {
		object, err := all.Next(r.t.Context())
		if err != nil {
			return keys
		}
		keys = append(keys, object.Key)
	}
}

func (r *room) rows() int {
	r.t.Helper()
	var n int
	r.must(r.db.NewRaw("SELECT count(*) FROM attachments").Scan(r.t.Context(), &n))
	return n
}

func newConversation() string { return uuid.Must(uuid.NewV7()).String() }
