package live

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sapa/web/pace"
)

// paces are the limits of the chat. Those of a session are narrow: a person stays
// below, a script does not. Those of a network are wide: a carrier hides whole
// districts behind one address.
type paces struct {
	messages, tickets, polls, files, network *pace.Limiter
}

func newPaces(now func() time.Time) paces {
	return paces{
		// A fast typist writes 15 short lines a minute.
		messages: pace.New(pace.Limits{PerMinute: 30, Burst: 10}, now),
		// A window on a bad line tries some six times at once, then every 15 s, with
		// a few tabs open.
		tickets: pace.New(pace.Limits{PerMinute: 20, Burst: 30}, now),
		// A poll comes back with each line: an agent and a bot write less than one a
		// second.
		polls: pace.New(pace.Limits{PerMinute: 60, Burst: 30}, now),
		// Five files a message; a photo takes a phone some seconds.
		files: pace.New(pace.Limits{PerMinute: 10, Burst: 10}, now),
		// The whole country's peak is 41,000 chats a day, some 4,000 open at once; a
		// thousand phones behind one address that all poll ask 40 times a second, and
		// all come back together after an outage.
		network: pace.New(pace.Limits{PerMinute: 3000, Burst: 3000}, now),
	}
}

// slow answers 429 with Retry-After when the key must wait; the window heeds it.
func (c *Chat) slow(w http.ResponseWriter, language string, by *pace.Limiter, key string) bool {
	wait := by.Wait(key)
	if wait == 0 {
		return false
	}
	c.slowDown(w, language, wait)
	return true
}

func (c *Chat) slowDown(w http.ResponseWriter, language string, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	answer(w, http.StatusTooManyRequests, map[string]string{"code": "slow_down", "detail": c.o.Words.Say(language, "chat.refused.too_fast", nil)})
}

// paced holds a session to a limit of its own.
func (c *Chat) paced(by *pace.Limiter, next visitorHandler) visitorHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) {
		if !c.slow(w, v.language, by, v.session) {
			next(w, r, v)
		}
	}
}

// network is where a request comes from, as far as limits go.
func (c *Chat) network(r *http.Request) string { return pace.Network(c.o.Address(r)) }

// tongue is the language of a browser before its session is known.
func tongue(r *http.Request) string {
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		return "eng"
	}
	return "ind"
}
