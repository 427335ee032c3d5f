package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/kb"
	"sapa/program"
	"sapa/ticketing"
	"sapa/ticketing/category"
	"sapa/ticketing/team"
	"sapa/ticketing/webhook"
	"sapa/web/auth"
	"sapa/web/wire"
)

// problem is a refusal as RFC 9457 has it. Code is for programs, Title and
// Detail are for people, in their language.
type problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail"`
	Code    string         `json:"code"`
	Request string         `json:"request,omitempty"`
	Errors  []fault        `json:"errors,omitempty"`
	News    []wire.Message `json:"news,omitempty"`
}

// fault is one field that breaks a rule.
type fault struct {
	Field   string `json:"field"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
}

// Error is the code; huma asks for it.
func (p *problem) Error() string { return p.Code }

// GetStatus tells huma the status.
func (p *problem) GetStatus() int { return p.Status }

// ContentType tells huma what a problem is sent as.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// coded is an error of the edge itself.
type coded struct {
	status int
	code   string
}

func (c coded) Error() string { return "web: " + c.code }

// What the edge itself refuses for.
var (
	errBadRequest  = coded{http.StatusBadRequest, "bad_request"}
	errSignedOut   = coded{http.StatusUnauthorized, "signed_out"}
	errForbidden   = coded{http.StatusForbidden, "forbidden"}
	errCSRF        = coded{http.StatusForbidden, "csrf"}
	errMustEnrol   = coded{http.StatusForbidden, "second_factor_required"}
	errNotFound    = coded{http.StatusNotFound, "not_found"}
	errMethod      = coded{http.StatusMethodNotAllowed, "method_not_allowed"}
	errTooFast     = coded{http.StatusTooManyRequests, "too_fast"}
	errTooLarge    = coded{http.StatusRequestEntityTooLarge, "too_large"}
	errUnsupported = coded{http.StatusUnsupportedMediaType, "unsupported_type"}
	errBroken      = coded{http.StatusInternalServerError, "broken"}
	errAway        = coded{http.StatusServiceUnavailable, "away"}
)

// refusal says how an error of the rooms is told.
type refusal struct {
	err    error
	status int
	code   string
}

// refusals is the table from the rooms' sentinels to the API. The first that
// matches counts.
func refusals() []refusal {
	const (
		unauthorized, forbidden, missing = http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound
		conflict, unprocessable          = http.StatusConflict, http.StatusUnprocessableEntity
	)
	return []refusal{
		{auth.ErrCredentials, unauthorized, "invalid_credentials"},
		{auth.ErrKey, unauthorized, "key_refused"},
		{auth.ErrCode, unauthorized, "invalid_code"},
		{auth.ErrSession, unauthorized, "signed_out"},
		{auth.ErrTicket, unauthorized, "signed_out"},
		{auth.ErrNoKey, missing, "not_found"},
		{auth.ErrLink, missing, "link_gone"},
		{team.ErrLastAdmin, conflict, "last_admin"},
		{team.ErrTaken, conflict, "email_taken"},
		{auth.ErrSlowDown, http.StatusTooManyRequests, "slow_down"},
		{auth.ErrPasswordShort, unprocessable, "password_short"},
		{auth.ErrPasswordLong, unprocessable, "password_long"},
		{auth.ErrPasswordCommon, unprocessable, "password_common"},

		{ticketing.ErrNoSubject, missing, "no_subject"},
		{ticketing.ErrNotFound, missing, "not_found"},
		{team.ErrNotFound, missing, "not_found"},
		{category.ErrNotFound, missing, "not_found"},
		{webhook.ErrNotFound, missing, "not_found"},
		{channels.ErrNotFound, missing, "not_found"},
		{channels.ErrNoInbox, missing, "not_found"},
		{kb.ErrNotFound, missing, "not_found"},
		{program.ErrUnknown, missing, "not_found"},

		{ticketing.ErrForbidden, forbidden, "forbidden"},
		{ticketing.ErrRole, forbidden, "role"},
		{program.ErrForbidden, forbidden, "forbidden"},
		{program.ErrSamePerson, forbidden, "same_person"},

		{ticketing.ErrNews, conflict, "stale_thread"},
		{ticketing.ErrNotYours, conflict, "not_yours"},
		{ticketing.ErrTaken, conflict, "taken"},
		{ticketing.ErrEnded, conflict, "ended"},
		{ticketing.ErrHeld, conflict, "held"},
		{ticketing.ErrBusy, conflict, "busy"},
		{ticketing.ErrRated, conflict, "rated"},
		{ticketing.ErrTransition, conflict, "transition"},
		{ticketing.ErrStale, conflict, "stale"},
		{team.ErrStale, conflict, "stale"},
		{webhook.ErrStale, conflict, "stale"},
		{channels.ErrStale, conflict, "stale"},
		{kb.ErrStale, conflict, "stale"},
		{program.ErrDecided, conflict, "decided"},
		{program.ErrStale, conflict, "stale"},

		{program.ErrEvidence, unprocessable, "evidence_missing"},
		{program.ErrReason, unprocessable, "reason_missing"},
	}
}

// tell makes the problem of an error in the reader's language. What is none of
// the table's is a fault of ours: it is logged here, once, and the reader learns
// no more than that.
func (s *Server) tell(ctx context.Context, language string, err error) *problem {
	p := &problem{Type: "about:blank", Request: visitOf(ctx).id}
	params := map[string]any{"Limit": int64(0)}
	s.classify(p, err, params, s.voice(language))
	if p.Code == "" && errors.Is(ctx.Err(), context.Canceled) {
		p.Status, p.Code = errBadRequest.status, errBadRequest.code // the client left; nobody reads this
	}
	if p.Code == "" {
		p.Status, p.Code = errBroken.status, errBroken.code
		if away(err) {
			p.Status, p.Code = errAway.status, errAway.code
		}
		s.options.Log.ErrorContext(ctx, "request failed", "request", p.Request, "error", err)
	}
	if malformed(err) {
		s.options.Log.WarnContext(ctx, "value that PostgreSQL cannot read", "request", p.Request)
	}
	p.Title = s.words.Say(language, "problem.title."+strconv.Itoa(p.Status), nil)
	if p.Detail == "" {
		p.Detail = s.words.Say(language, "problem."+p.Code, params)
	}
	return p
}

func (s *Server) classify(p *problem, err error, params map[string]any, voice wire.Voice) {
	var told *problem
	var own coded
	var body *http.MaxBytesError
	var blocked *channels.Blocked
	var news *ticketing.News
	var refused *program.Refused
	var rejected *attachment.Rejected
	switch {
	case errors.As(err, &told):
		*p = *told
	case errors.As(err, &own):
		p.Status, p.Code = own.status, own.code
	case errors.As(err, &body):
		p.Status, p.Code = errTooLarge.status, errTooLarge.code
	case errors.As(err, &blocked):
		p.Status, p.Code = http.StatusUnprocessableEntity, string(blocked.Reason)
		params["Limit"] = blocked.Limit
	case errors.As(err, &news):
		p.Status, p.Code = http.StatusConflict, "stale_thread"
		p.News = wire.Each(news.Messages, func(m ticketing.Message) wire.Message { return voice.Message(m, nil) })
	case errors.As(err, &refused):
		p.Status, p.Code, p.Detail = http.StatusConflict, "refused", voice.Texts.Note(voice.Language, refused.Because)
	case errors.As(err, &rejected):
		s.rejected(p, rejected.Reason, voice.Language)
	case s.invalid(p, err, voice):
	case malformed(err):
		p.Status, p.Code = http.StatusUnprocessableEntity, "invalid"
	default:
		for _, r := range refusals() {
			if errors.Is(err, r.err) {
				p.Status, p.Code = r.status, r.code
				return
			}
		}
	}
}

// invalid tells the faults of fields that the rooms found.
func (s *Server) invalid(p *problem, err error, voice wire.Voice) bool {
	var desk *ticketing.Invalid
	var person team.Invalid
	var key auth.Invalid
	var endpoint webhook.Invalid
	var channel *channels.Invalid
	var article kb.Invalid
	var record program.Faults
	switch {
	case errors.As(err, &desk):
		p.Errors = []fault{{Field: desk.Field, Rule: desk.Rule}}
	case errors.As(err, &person):
		p.Errors = []fault{{Field: person.Field, Rule: person.Rule}}
	case errors.As(err, &key):
		p.Errors = []fault{{Field: key.Field, Rule: key.Rule}}
	case errors.As(err, &endpoint):
		p.Errors = []fault{{Field: endpoint.Field, Rule: endpoint.Rule}}
	case errors.As(err, &channel):
		p.Errors = []fault{{Field: channel.Field, Rule: channel.Rule}}
	case errors.As(err, &article):
		p.Errors = []fault{{Field: article.Field, Rule: article.Rule}}
	case errors.As(err, &record):
		p.Errors = recordFaults(record, voice)
	default:
		return false
	}
	p.Status, p.Code = http.StatusUnprocessableEntity, "invalid"
	for i := range p.Errors {
		if p.Errors[i].Message == "" {
			p.Errors[i].Message = s.rule(voice.Language, p.Errors[i].Rule)
		}
	}
	return true
}

// recordFaults are said by the programme's own catalogue.
func recordFaults(faults program.Faults, voice wire.Voice) []fault {
	return wire.Each(faults, func(f program.Invalid) fault {
		return fault{Field: f.Field, Rule: f.Rule, Message: voice.Texts.Rule(voice.Language, f.Rule)}
	})
}

// rule says what is wrong with a field.
func (s *Server) rule(language, rule string) string {
	if !s.words.Has("rule." + rule) {
		rule = "invalid"
	}
	return s.words.Say(language, "rule."+rule, nil)
}

// refuse writes a problem outside of huma's handlers.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := s.tell(r.Context(), s.languageOf(r), err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}

func (s *Server) logFault(r *http.Request, fault any) {
	s.options.Log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request", visitOf(r.Context()).id),
		slog.String("route", r.Pattern), slog.Any("fault", fault), slog.String("stack", string(debug.Stack())))
}

// languageOf is the language somebody reads: staff chose theirs, others' browsers
// name it.
func (s *Server) languageOf(r *http.Request) string {
	if identity, ok := auth.From(r.Context()); ok && identity.Key == nil {
		return identity.Staff.Language
	}
	return accepted(r.Header.Get("Accept-Language"))
}

// accepted is eng when the header names English before Indonesian, else ind.
func accepted(header string) string {
	for _, part := range strings.Split(header, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch strings.ToLower(strings.SplitN(tag, "-", 2)[0]) {
		case "en":
			return "eng"
		case "id", "in":
			return "ind"
		}
	}
	return "ind"
}

// voice speaks a language.
func (s *Server) voice(language string) wire.Voice {
	return wire.Voice{Language: language, Words: s.words, Texts: s.options.Texts}
}
