package attachment_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"
	"gocloud.dev/blob"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/channels/seal"
	"sapa/migrations/dbtest"
)

// testRedis is this package's own Redis database.
const testRedis = 12

func TestMain(m *testing.M) {
	client := newRedis()
	_ = client.FlushDB(context.Background()).Err()
	code := m.Run()
	_ = client.FlushDB(context.Background()).Err()
	os.Exit(code)
}

func newRedis() *redis.Client {
	address := os.Getenv("SAPA_REDIS_URL")
	if address == "" {
		address = "redis://127.0.0.1:6379/0"
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		panic(err)
	}
	options.DB = testRedis
	return redis.NewClient(options)
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
	raw, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, db: dbtest.New(t), folder: t.TempDir(), box: box, now: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)}
	if r.bucket, err = attachment.OpenBucket(t.Context(), "file://"+r.folder); err != nil {
		t.Fatal(err)
	}
	client := newRedis()
	r.files = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.store.Handler().ServeHTTP(w, request)
	}))
	t.Cleanup(func() {
		r.files.Close()
		_ = r.bucket.Close()
		_ = client.Close()
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
