package channels

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Checker is implemented by adapters whose provider can be asked, without any
// effect, whether it takes the inbox's credentials.
type Checker interface {
	// Check returns nil when it does. Errors: as Send's.
	Check(context.Context, Inbox) error
}

// checkWithin bounds the question: a person waits for the answer.
const checkWithin = 10 * time.Second

// What Check found.
const (
	CheckGood        = "good"
	CheckCredentials = "credentials" // refused, or no such account
	CheckAccount     = "account"     // known, and not active
	CheckBusy        = "busy"
	CheckDown        = "down"
	CheckSealed      = "sealed" // our own settings do not open
)

// Check asks the provider whether it takes the stored credentials of an inbox. Of
// the provider's own answer nothing is told but one of these words. Error: *Invalid
// for a kind that has no account.
func (r Registry) Check(ctx context.Context, inbox Inbox) (string, error) {
	checker, ok := r[inbox.Kind].(Checker)
	if !ok {
		return "", &Invalid{Field: "kind", Rule: "no_account"}
	}
	if inbox.Sealed() {
		return CheckSealed, nil
	}
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	err := checker.Check(ctx, inbox)
	var temporary *Temporary
	var permanent *Permanent
	switch {
	case err == nil:
		return CheckGood, nil
	case errors.As(err, &temporary):
		return strings.TrimPrefix(temporary.Key, ErrorKey("")), nil
	case errors.As(err, &permanent):
		return CheckCredentials, nil
	}
	return CheckDown, nil
}
