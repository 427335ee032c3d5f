package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"sapa/channels"
)

// receiveWithin bounds the storing of a webhook's events. Twilio waits 15 s for
// an answer; when PostgreSQL hangs there must be time left to spool.
const receiveWithin = 5 * time.Second

// nestingLimit of a JSON body. Source: security test 6.
const nestingLimit = 20

// handleHook takes a provider's webhook: limits, inbox, proof, events, answer. It
// answers 2xx only when what it was told is in PostgreSQL or in the spool.
func (s *Server) handleHook(w http.ResponseWriter, r *http.Request) {
	kind := channels.Kind(r.PathValue("kind"))
	outcome, err := s.hook(w, r, kind)
	if !kind.Valid() {
		kind = "unknown"
	}
	s.metrics.hooks.WithLabelValues(string(kind), outcome).Inc()
	if err != nil {
		s.refuseHook(w, r, outcome, err)
	}
}

// hook does the work; on success it has answered. The outcome is a word for the
// metrics.
func (s *Server) hook(w http.ResponseWriter, r *http.Request, kind channels.Kind) (string, error) {
	contentType := typeOf(r.Header.Get("Content-Type"))
	if contentType != formType && contentType != jsonType {
		return "unsupported", errUnsupported
	}
	body, err := io.ReadAll(r.Body) // the server has bounded it
	if err != nil {
		return "unreadable", orBadRequest(err)
	}
	if contentType == jsonType && nesting(body) > nestingLimit {
		return "unreadable", errBadRequest
	}
	inbox, err := s.options.Inboxes.BySlug(r.Context(), kind, r.PathValue("inbox"))
	if errors.Is(err, channels.ErrNoInbox) {
		return "unknown", errNotFound
	}
	if err != nil {
		return "away", errAway // never read yet, or its settings do not open: nothing can be proved
	}
	adapter, err := s.options.Adapters.Of(inbox.Kind)
	if err != nil {
		return "unknown", errNotFound
	}
	request := channels.NewRequest(r, body, s.options.Now())
	events, err := adapter.Parse(r.Context(), inbox, request)
	if err != nil {
		s.options.Inboxes.Heard(r.Context(), inbox.ID, !errors.Is(err, channels.ErrForged))
		return parseOutcome(err), parseRefusal(err)
	}
	s.options.Inboxes.Heard(r.Context(), inbox.ID, true)
	outcome, err := s.take(r.Context(), inbox, events, request)
	if err != nil {
		return outcome, err
	}
	adapter.Ack(w)
	return outcome, nil
}

// take stores the events, or the request they came in when that is not possible
// now, or when earlier ones still wait: a citizen's lines must not overtake each
// other. Nothing here ends because the provider hung up.
func (s *Server) take(ctx context.Context, inbox channels.Inbox, events []channels.Event, request channels.Request) (string, error) {
	if s.options.Spool.Ahead() && s.options.Spool.Write(spooled(inbox, request)) == nil {
		return "spooled", nil
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), receiveWithin)
	err := s.options.Desk.Receive(bounded, inbox, events)
	cancel()
	if err == nil {
		return "received", nil
	}
	s.options.Log.ErrorContext(ctx, "webhook not stored, spooling it", "request", visitOf(ctx).id, "inbox", inbox, "error", err)
	if err := s.options.Spool.Write(spooled(inbox, request)); err != nil {
		s.options.Log.ErrorContext(ctx, "webhook not spooled, the provider must send it again", "request", visitOf(ctx).id, "inbox", inbox, "error", err)
		return "away", errAway
	}
	return "spooled", nil
}

func parseOutcome(err error) string {
	switch {
	case errors.Is(err, channels.ErrForged):
		return "forged"
	case errors.Is(err, channels.ErrMalformed):
		return "malformed"
	default:
		return "failed"
	}
}

func parseRefusal(err error) error {
	switch {
	case errors.Is(err, channels.ErrForged):
		return errForbidden
	case errors.Is(err, channels.ErrMalformed):
		return errBadRequest
	default:
		return err
	}
}

// refuseHook answers without words for people: no person reads it.
func (s *Server) refuseHook(w http.ResponseWriter, r *http.Request, outcome string, err error) {
	status := http.StatusInternalServerError
	var own coded
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &own):
		status = own.status
	case errors.As(err, &tooLarge):
		status = http.StatusRequestEntityTooLarge
	}
	s.options.Log.WarnContext(r.Context(), "webhook refused", "request", visitOf(r.Context()).id, "outcome", outcome, "status", status, "error", err)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	http.Error(w, http.StatusText(status), status)
}

// The two types that providers send.
const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

func typeOf(header string) string {
	kind, _, err := mime.ParseMediaType(header)
	if err != nil {
		return ""
	}
	return kind
}

// nesting is how deep a JSON text goes.
func nesting(body []byte) int {
	depth, deepest, inString, escaped := 0, 0, false, false
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = b == '\\', b != '"'
		case b == '"':
			inString = true
		case b == '{' || b == '[':
			depth++
			deepest = max(deepest, depth)
		case b == '}' || b == ']':
			depth--
		}
	}
	return deepest
}
