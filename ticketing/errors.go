package ticketing

import "errors"

// What a use-case refuses for, beside Invalid, ErrStale and ErrNotFound.
var (
	// ErrForbidden: the actor's role, teams or hands do not allow it.
	ErrForbidden = errors.New("ticketing: not allowed")
	// ErrNotYours: the conversation is in nobody's or in somebody else's hands.
	ErrNotYours = errors.New("ticketing: conversation is not yours")
	// ErrTaken: somebody else was quicker.
	ErrTaken = errors.New("ticketing: taken by somebody else")
	// ErrEnded: the conversation is over.
	ErrEnded = errors.New("ticketing: conversation has ended")
	// ErrHeld: people hold the conversation, the bot must be silent.
	ErrHeld = errors.New("ticketing: held by people")
	// ErrBusy: another worker has the bot's lease.
	ErrBusy = errors.New("ticketing: lease is taken")
	// ErrNews is wrapped by *News.
	ErrNews = errors.New("ticketing: citizen wrote meanwhile")
	// ErrNoSubject: the conversation is not about a known participant.
	ErrNoSubject = errors.New("ticketing: no subject")
	// ErrRated: the rating was given already.
	ErrRated = errors.New("ticketing: already rated")
)

// News refuses a reply that was written before its author saw the citizen's
// newest message, and carries what came in.
type News struct{ Messages []Message }

func (n *News) Error() string { return ErrNews.Error() }

// Unwrap makes errors.Is(err, ErrNews) true.
func (n *News) Unwrap() error { return ErrNews }
