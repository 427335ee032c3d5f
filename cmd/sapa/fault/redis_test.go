package fault

import (
	"net"
	"os/exec"
	"testing"

	"github.com/redis/go-redis/v9"
)

// redisServer is one that a test may wipe and stop.
type redisServer struct {
	t       *testing.T
	path    string
	address string
	folder  string
	process *process
	client  *redis.Client
}

func newRedis(t *testing.T) *redisServer {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatalf("redis-server is needed, `make test` installs it: %v", err)
	}
	r := &redisServer{t: t, path: path, address: freeAddress(t), folder: t.TempDir()}
	r.client = redis.NewClient(&redis.Options{Addr: r.address})
	t.Cleanup(func() { _ = r.client.Close() })
	r.start()
	return r
}

// start begins with nothing in memory.
func (r *redisServer) start() {
	r.t.Helper()
	host, port, _ := net.SplitHostPort(r.address)
	r.process = run(r.t, r.path, nil, "--bind", host, "--port", port, "--dir", r.folder, "--save", "", "--appendonly", "no", "--loglevel", "warning")
	until(r.t, "redis answers", func() bool { return r.client.Ping(r.t.Context()).Err() == nil })
}

func (r *redisServer) stop() { r.process.kill() }

func (r *redisServer) wipe() {
	r.t.Helper()
	must(r.t, r.client.FlushAll(r.t.Context()).Err())
}

func (r *redisServer) url() string { return "redis://" + r.address + "/0" }
