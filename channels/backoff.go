package channels

import (
	"context"
	"errors"
	"time"
)

// backoff is the wait after each failed call; when it is used up the message has
// failed for good and waits among the dead letters.
func backoff() []time.Duration {
	return []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour}
}

// jitter spreads retries by this share to either side, so that an outage does
// not end in a stampede.
const jitter = 0.2

// judge turns a call's result into what is stored.
func (s *Sender) judge(row outboxRow, sent Sent, err error) outcome {
	var temporary *Temporary
	var permanent *Permanent
	switch {
	case err == nil:
		return accepted(sent)
	case errors.As(err, &permanent):
		return outcome{state: StateFailed, errorCode: permanent.Code, errorKey: orElse(permanent.Key, "rejected")}
	case errors.As(err, &temporary):
		return s.again(row, *temporary)
	case errors.Is(err, ErrUnknown):
		return s.unknown()
	case errors.Is(err, context.Canceled):
		// The adapter says ErrUnknown once the request was written, so it was not.
		return outcome{state: StateQueued, dueAt: s.outbox.now(), uncall: true}
	}
	// Nobody says whether it was sent, so it is not sent again by itself, and not
	// given up either.
	s.log.Error("adapter returned an error it should have judged", "outbox", row.ID, "error", err)
	return s.unknown()
}

// unknown is the outcome of a call whose answer never came.
func (s *Sender) unknown() outcome {
	return outcome{state: StateUnknown, errorKey: ErrorKey("unknown"), dueAt: s.outbox.now().Add(askAfter()[0])}
}

// accepted is the outcome of a call that the provider answered.
func accepted(sent Sent) outcome {
	o := outcome{state: sent.Status, providerID: sent.ProviderID, errorCode: sent.ErrorCode, errorKey: sent.ErrorKey}
	if o.state == "" {
		o.state = StateSent
	}
	return o
}

// again plans the next try, or gives up. The provider's wish for a longer wait
// is respected, and never shortens ours.
func (s *Sender) again(row outboxRow, t Temporary) outcome {
	waits := backoff()
	if row.Attempts > len(waits) {
		return outcome{state: StateFailed, errorCode: t.Code, errorKey: ErrorKey("gave_up")}
	}
	wait := waits[max(row.Attempts, 1)-1]
	wait += time.Duration((2*s.random() - 1) * jitter * float64(wait))
	at := s.outbox.now().Add(max(wait, t.After))
	return outcome{state: StateQueued, errorCode: t.Code, errorKey: orElse(t.Key, "down"), dueAt: at}
}

func orElse(key, name string) string {
	if key != "" {
		return key
	}
	return ErrorKey(name)
}
