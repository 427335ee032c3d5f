package channels

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Throttle spaces the messages of an inbox over all processes, by handing out
// turns: whoever asks gets the next free one. It lives in Redis, since a lost
// turn costs nothing.
type Throttle struct{ redis *redis.Client }

// NewThrottle panics without Redis.
func NewThrottle(client *redis.Client) *Throttle {
	if client == nil {
		panic("channels: NewThrottle needs Redis")
	}
	return &Throttle{redis: client}
}

// burst is how far ahead of its pace an idle inbox may run, in microseconds: a
// second's worth of turns, so that single messages never wait.
const burst = 1_000_000

// takeTurn keeps, per inbox, the time up to which turns are given out, in
// microseconds, and returns how long the caller has to wait for its own.
const takeTurn = `
local now, gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local given = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now - burst)
redis.call('SET', KEYS[1], string.format('%.0f', given + gap), 'PX', 3600000)
return math.max(0, math.ceil(given + gap - now))`

// Turn reserves the inbox's next turn and returns how long to wait for it. A
// rate of zero or less means no limit. The turn is used up even if the caller
// does not send.
func (t *Throttle) Turn(ctx context.Context, inbox InboxID, perSecond int, now time.Time) (time.Duration, error) {
	if perSecond <= 0 {
		return 0, nil
	}
	gap := time.Second / time.Duration(perSecond)
	wait, err := t.redis.Eval(ctx, takeTurn, []string{"sapa:throttle:" + string(inbox)},
		now.UnixMicro(), gap.Microseconds(), burst).Int64()
	if err != nil {
		return 0, fmt.Errorf("throttle: %w", err)
	}
	return time.Duration(wait) * time.Microsecond, nil
}
