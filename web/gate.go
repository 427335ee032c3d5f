package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"sapa/program/access"
	"sapa/web/auth"
	"sapa/web/wire"
)

// gate lets a request of huma's in or refuses it.
func (s *Server) gate(n need, numbers bool) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		err := s.admit(r, n)
		if id := r.PathValue("id"); err == nil && !numbers && id != "" && uuid.Validate(id) != nil {
			err = errNotFound // nothing has such an id
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		next(ctx)
	}
}

// admit checks session or key, anti-CSRF proof and permission, in this order. A key
// proves by itself that no foreign page made the request.
func (s *Server) admit(r *http.Request, n need) error {
	visit := visitOf(r.Context())
	visit.route = r.Pattern
	identity, _ := auth.From(r.Context())
	visit.staff = string(identity.Staff.ID)
	err := n.check(r.Context())
	if errors.Is(err, errSignedOut) {
		return err
	}
	if !n.public && identity.Key == nil && !s.options.Auth.CSRFOK(r) {
		return errCSRF
	}
	return err
}

// problemOf tells an error of a handler in the language of whoever asked.
func (s *Server) problemOf(ctx context.Context, err error) error {
	return s.tell(ctx, languageIn(ctx), err)
}

// languageIn is the language of a request's person; huma's handlers see no
// headers.
func languageIn(ctx context.Context) string {
	if identity, ok := auth.From(ctx); ok && identity.Key == nil {
		return identity.Staff.Language
	}
	if who, ok := ctx.Value(askingKey{}).(asking); ok {
		return who.language
	}
	return "ind"
}

// actor is who a request is by; the gate has checked that there is one.
func actor(ctx context.Context) access.Actor {
	identity, _ := auth.From(ctx)
	return identity.Actor()
}

// speak is the voice for whoever asked.
func (s *Server) speak(ctx context.Context) wire.Voice { return s.voice(languageIn(ctx)) }

// translate turns huma's own refusals into ours. They may quote what was sent,
// so only place and rule are taken over.
func (s *Server) translate(ctx huma.Context, _ string, body any) (any, error) {
	model, ok := body.(*huma.ErrorModel)
	if !ok {
		return body, nil
	}
	language := languageIn(ctx.Context())
	p := s.tell(ctx.Context(), language, statusError(model.Status))
	p.Status = model.Status // huma has written it already
	for _, e := range model.Errors {
		if e.Location == "" || p.Status != http.StatusUnprocessableEntity {
			continue
		}
		rule := ruleOf(e.Message)
		f := fault{Field: fieldOf(e), Rule: rule, Message: s.rule(language, rule)}
		if !slices.Contains(p.Errors, f) {
			p.Errors = append(p.Errors, f)
		}
	}
	return p, nil
}

func statusError(status int) error {
	for _, known := range []coded{errBadRequest, errTooLarge, errUnsupported, errMethod, errNotFound} {
		if known.status == status {
			return known
		}
	}
	switch {
	case status == http.StatusUnprocessableEntity:
		return coded{status, "invalid"}
	case status == http.StatusRequestTimeout, status == http.StatusNotAcceptable:
		return coded{http.StatusBadRequest, "bad_request"}
	default:
		return errBroken
	}
}

// fieldOf is the name of a field as forms know it: body.items[2].name is
// items[2].name; a missing or unexpected property is named itself.
func fieldOf(e *huma.ErrorDetail) string {
	_, field, found := strings.Cut(e.Location, ".")
	if !found {
		field = ""
	}
	if rest, ok := strings.CutPrefix(e.Message, "expected required property "); ok {
		name, _, _ := strings.Cut(rest, " ")
		return strings.Trim(field+"."+name, ".")
	}
	return field
}

// ruleOf makes a code of huma's sentences.
func ruleOf(message string) string {
	for _, known := range []struct{ begins, rule string }{
		{"expected required property", "required"}, {"unexpected property", "unexpected"}, {"expected value to be one of", "unknown"},
		{"expected length <=", "too_long"}, {"expected length >=", "required"}, {"expected array length <=", "too_many"},
		{"expected array length >=", "required"}, {"expected number >=", "too_small"}, {"expected number <=", "too_large"},
		{"expected string to", "format"}, {"required", "required"},
	} {
		if strings.HasPrefix(message, known.begins) {
			return known.rule
		}
	}
	return "format"
}
