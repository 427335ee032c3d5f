package live

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"sapa/channels"
	"sapa/channels/words"
	"sapa/web/auth"
)

// Bounds of the plain requests.
const (
	frameBody = FrameBytes
	longest   = 25 * time.Second // of a poll; proxies cut silence at 30 s and more
)

type visitorHandler func(http.ResponseWriter, *http.Request, visitor)

// allowed: pages of the desk itself and those the inbox names.
func (c *Chat) allowed(v visitor, origin string) bool {
	return origin == c.o.Origin || v.inbox.Settings.AllowsOrigin(origin)
}

// open answers for calls of other pages before a session is known; begin checks
// the origin against the inbox it names.
func (c *Chat) open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.share(w, r)
		if c.slow(w, tongue(r), c.paces.network, c.network(r)) {
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, frameBody)
		next.ServeHTTP(w, r)
	})
}

// known finds the visitor of the bearer secret and checks the page's origin.
func (c *Chat) known(next visitorHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.share(w, r)
		if c.slow(w, tongue(r), c.paces.network, c.network(r)) { // before the secret is looked up: guesses count too
			return
		}
		v, err := c.bySecret(r.Context(), r.Header.Get("Authorization"))
		if err != nil {
			c.refuse(w, r, err, http.StatusUnauthorized, "session")
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && !c.allowed(v, origin) {
			c.refuse(w, r, nil, http.StatusForbidden, "origin")
			return
		}
		v.network = c.network(r)
		next(w, r, v)
	})
}

// share lets scripts of the asking page read the answer. The right to call lies
// in the bearer secret, never in a cookie, so this opens nothing.
func (c *Chat) share(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
		w.Header().Add("Vary", "Origin")
	}
	w.Header().Set("Cache-Control", "no-store")
}

func (c *Chat) preflight(w http.ResponseWriter, r *http.Request) {
	c.share(w, r)
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
	w.Header().Set("Access-Control-Max-Age", "3600")
	w.WriteHeader(http.StatusNoContent)
}

// begin opens a chat: POST /chat/sessions.
func (c *Chat) begin(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Inbox    string `json:"inbox"`
		Language string `json:"language"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		c.refuse(w, r, nil, http.StatusBadRequest, "body")
		return
	}
	inbox, err := c.o.Inboxes.BySlug(r.Context(), channels.Webchat, asked.Inbox)
	if err != nil {
		c.refuse(w, r, err, http.StatusNotFound, "inbox")
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" && !c.allowed(visitor{inbox: inbox}, origin) {
		c.refuse(w, r, nil, http.StatusForbidden, "origin")
		return
	}
	if !words.Known(asked.Language) { // a slip in somebody's page must not keep their visitors from us
		asked.Language = inbox.Language
	}
	secret, v, err := c.newSession(r.Context(), inbox, asked.Language, c.network(r))
	if errors.Is(err, errTooMany) {
		c.slowDown(w, asked.Language, sessionsRetry)
		return
	}
	if err != nil {
		c.refuse(w, r, err, 0, "")
		return
	}
	ticket, err := c.issue(r.Context(), v)
	if err != nil {
		c.refuse(w, r, err, 0, "")
		return
	}
	answer(w, http.StatusCreated, map[string]string{"session": secret, "ticket": ticket})
}

// ticket gives a single-use ticket for a socket: POST /chat/tickets.
func (c *Chat) ticket(w http.ResponseWriter, r *http.Request, v visitor) {
	ticket, err := c.issue(r.Context(), v)
	if err != nil {
		c.refuse(w, r, err, 0, "")
		return
	}
	answer(w, http.StatusOK, map[string]string{"ticket": ticket})
}

func (c *Chat) issue(ctx context.Context, v visitor) (string, error) {
	return auth.IssueTicket(ctx, c.o.DB, ticketSubject+v.session, c.o.Now())
}

// post takes one frame without a socket: POST /chat/messages. A frame that has
// no answer gets 204.
func (c *Chat) post(w http.ResponseWriter, r *http.Request, v visitor) {
	var f visitorFrame
	r.Body = http.MaxBytesReader(w, r.Body, frameBody)
	if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
		c.refuse(w, r, nil, http.StatusBadRequest, "body")
		return
	}
	reply, err := c.act(r.Context(), v, f)
	if err != nil {
		c.refuse(w, r, err, 0, "")
		return
	}
	if reply == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answer(w, http.StatusOK, reply)
}

// poll returns what came after a sequence, waiting for it up to 25 s when
// nothing has: GET /chat/messages?after=n&wait=25.
func (c *Chat) poll(w http.ResponseWriter, r *http.Request, v visitor) {
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	seconds, _ := strconv.Atoi(r.URL.Query().Get("wait"))
	wait := min(max(0, time.Duration(seconds)*time.Second), longest)
	news := make(chan struct{}, 1)
	poke := func() {
		select {
		case news <- struct{}{}:
		default:
		}
	}
	ctx, end := context.WithCancel(r.Context())
	defer end()
	hears := &listener{session: v.session, poke: poke, typing: func(bool) {}, end: end}
	defer c.enter(hears)()
	frames, err := c.await(ctx, v, max(0, after), wait, hears, news)
	if err != nil {
		c.refuse(w, r, err, 0, "")
		return
	}
	answer(w, http.StatusOK, map[string]any{"frames": frames})
}

// await reads once, and again at each signal, until there is more than the
// standing to tell or the time is over.
func (c *Chat) await(ctx context.Context, v visitor, after int64, wait time.Duration, hears *listener, news <-chan struct{}) ([]any, error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	told, first := progress{seq: after}, "state"
	var frames []any
	for {
		more, chat, err := c.news(ctx, v, &told, first)
		if err != nil {
			return nil, err
		}
		c.hear(hears, chat)
		frames = append(frames, more...)
		if told.seq > after && chat.Conversation != "" {
			err = c.o.Desk.VisitorDelivered(ctx, chat.Conversation, told.seq)
		}
		if err != nil || wait == 0 || told.seq > after || (first == "" && len(more) > 0) {
			return frames, err
		}
		first = ""
		select {
		case <-news:
		case <-over.C:
			return frames, nil
		case <-ctx.Done():
			return frames, nil
		}
	}
}

// refuse answers with a code. An error that is not one of ours to expect becomes
// 503, so that the window keeps what it has and tries again.
func (c *Chat) refuse(w http.ResponseWriter, r *http.Request, err error, status int, code string) {
	expected := err == nil || errors.Is(err, errNoSession) ||
		errors.Is(err, channels.ErrNoInbox) || errors.Is(err, auth.ErrTicket)
	if !expected {
		c.o.Log.ErrorContext(r.Context(), "chat request failed", "path", r.URL.Path, "error", err)
		status, code = http.StatusServiceUnavailable, "unavailable"
	}
	answer(w, status, map[string]string{"code": code})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the browser may be gone
}
