// Package pace slows down whoever asks faster than people do: by session, by
// network. It never locks anybody out: a moment later the next request passes.
// Each process counts for itself, without Redis, so that the limits hold when
// Redis is away; behind N processes they are N times as wide.
package pace

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are how fast one key may go on, and how much it may do at once.
type Limits struct {
	PerMinute int
	Burst     int
}

// Limiter keeps one bucket per key that was used lately. Safe for concurrent use.
type Limiter struct {
	limits Limits
	now    func() time.Time

	mu    sync.Mutex
	known map[string]*bucket
	swept time.Time
}

type bucket struct {
	limiter *rate.Limiter
	used    time.Time
}

// New makes a limiter; the limits are above zero.
func New(limits Limits, now func() time.Time) *Limiter {
	return &Limiter{limits: limits, now: now, known: map[string]*bucket{}, swept: now()}
}

// Wait is zero when the key may go on; else how long until it may, and nothing is
// used up.
func (l *Limiter) Wait(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	one := l.known[key]
	if one == nil {
		one = &bucket{limiter: rate.NewLimiter(rate.Every(time.Minute/time.Duration(l.limits.PerMinute)), l.limits.Burst)}
		l.known[key] = one
	}
	one.used = now
	turn := one.limiter.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now)
	}
	return wait
}

// sweep forgets buckets that are full again.
func (l *Limiter) sweep(now time.Time) {
	rest := time.Duration(l.limits.Burst) * time.Minute / time.Duration(l.limits.PerMinute)
	if now.Sub(l.swept) < rest {
		return
	}
	l.swept = now
	for key, one := range l.known {
		if now.Sub(one.used) > rest {
			delete(l.known, key)
		}
	}
}

// Network is what counts as one place of an address: itself, or its /64 of IPv6,
// the least that a household or a phone is given, through which one machine could
// walk for ever.
func Network(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || !parsed.Is6() || parsed.Is4In6() {
		return address
	}
	prefix, err := parsed.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
