package main

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Options is all that a Carrier needs; every field is required.
type Options struct {
	Config Config
	Now    func() time.Time
	Log    *slog.Logger
}

// Carrier is the stand-in: the REST API, the webhooks and the phone page over
// one ledger. Make it with New, end it with Close.
type Carrier struct {
	config   Config
	now      func() time.Time
	log      *slog.Logger
	ledger   *Ledger
	board    *Board
	contents *contents
	target   atomic.Pointer[string]
	client   *http.Client // to the desk
	spawn    func(work func(context.Context))
	done     chan struct{} // closed when long answers must end
	hangUp   func()
	Close    func() // ends deliveries under way and waits for them
}

// New starts no listener; the caller serves Handler.
func New(o Options) *Carrier {
	c := &Carrier{
		config: o.Config, now: o.Now, log: o.Log,
		ledger: newLedger(o.Config.Keep, o.Now),
		board: newBoard(Faults{
			StatusStepMS: int(o.Config.StatusStep.Milliseconds()),
			Read:         o.Config.Read, Window: windowRefuse,
		}),
		contents: newContents(),
		client:   newClient(),
		done:     make(chan struct{}),
	}
	c.target.Store(&o.Config.Target)
	c.hangUp = sync.OnceFunc(func() { close(c.done) })
	var deliveries sync.WaitGroup
	life, end := context.WithCancel(context.Background())
	c.spawn = func(work func(context.Context)) { deliveries.Go(func() { work(life) }) }
	c.Close = func() {
		c.hangUp()
		end()
		deliveries.Wait()
		c.client.CloseIdleConnections()
	}
	return c
}

// Handler holds every address of the stand-in.
func (c *Carrier) Handler() http.Handler {
	mux := http.NewServeMux()
	account := "/" + apiVersion + "/Accounts/{account}/"
	rest := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, c.guard(h)) }
	rest("GET /"+apiVersion+"/Accounts/{file}", c.fetchAccount)
	rest("POST "+account+"Messages.json", c.createMessage)
	rest("GET "+account+"Messages.json", c.listMessages)
	rest("GET "+account+"Messages/{message}", c.fetchMessage)
	rest("GET "+account+"Messages/{message}/Media.json", c.listMedia)
	rest("GET "+account+"Messages/{message}/Media/{media}", c.getMedia)
	rest("POST /v1/Content", c.createContent)
	rest("GET /v1/Content", c.listContents)
	rest("GET /v1/Content/{content}", c.fetchContent)
	rest("DELETE /v1/Content/{content}", c.deleteContent)
	rest("/"+apiVersion+"/", func(w http.ResponseWriter, r *http.Request) { writeProblem(w, notFound(r.URL.Path)) })
	mux.HandleFunc("GET /media/{media}", c.serveSignedMedia)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.Handle("/control", c.controls())
	mux.Handle("/control/", c.controls())
	mux.Handle("/", c.pages())
	return mux
}

// guard proves the caller by basic auth, as every REST call must, and plays
// the faults that strike all calls.
func (c *Carrier) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		faults := c.board.Faults()
		if !pause(r.Context(), c.done, faults.AnswerDelayMS) {
			return
		}
		account := r.PathValue("account")
		switch {
		case faults.Stop:
			writeProblem(w, problem(http.StatusServiceUnavailable, 20503, "%s", explain(20503)))
		case !c.proves(r), account != "" && account != c.config.AccountSid:
			writeProblem(w, problem(http.StatusUnauthorized, 20003, "Authenticate"))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (c *Carrier) proves(r *http.Request) bool {
	name, password, ok := r.BasicAuth()
	same := func(a, b string) int { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) }
	return ok && same(name, c.config.AccountSid)&same(password, c.config.AuthToken) == 1
}

// pause waits; false when ctx or done ended first.
func pause(ctx context.Context, done <-chan struct{}, ms int) bool {
	if ms <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(time.Duration(ms) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-done:
	}
	return false
}
