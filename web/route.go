package web

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"sapa/program/access"
	"sapa/web/auth"
)

// base is where the API lives.
const base = "/api/v1"

// need is what a request must bring to be let in. The zero need lets nobody in.
type need struct {
	public     bool
	self       bool
	person     bool // whoever holds the permission, but no program
	permission access.Permission
}

// anybody needs no session: signing in.
func anybody() need { return need{public: true} }

// self is every member of staff who is signed in, also before the second factor
// that their role demands is set up: their own profile.
func self() need { return need{self: true} }

// may is staff whose role, or a program whose key, holds the permission.
func may(p access.Permission) need { return need{permission: p} }

// inPerson keeps programs out, whatever their key holds.
func (n need) inPerson() need {
	n.person = true
	return n
}

// check says why a request is not let in, nil when it is.
func (n need) check(ctx context.Context) error {
	identity, ok := auth.From(ctx)
	switch {
	case ok && identity.Key != nil:
		return n.checkKey(identity)
	case n.public:
		return nil
	case !ok:
		return errSignedOut
	case n.self:
		return nil
	case identity.MustEnrol:
		return errMustEnrol
	case n.permission == "" || !identity.May(n.permission):
		return errForbidden
	default:
		return nil
	}
}

// checkKey lets a program in where its key holds the permission: signing in and
// a person's own profile are nothing for it.
func (n need) checkKey(identity auth.Identity) error {
	if n.public || n.self || n.person || n.permission == "" || !identity.May(n.permission) {
		return errForbidden
	}
	return nil
}

// route is one line of the table: what may be asked, by whom, and what answers.
type route struct {
	method  string
	path    string // below base
	need    need
	summary string
	mount   func(*Server, route)
}

// none is an answer without a body.
type none struct{}

// answer is what huma wants around a body.
type answer[O any] struct {
	Status int
	Body   O
}

// on makes a route of a handler: I holds path, query and body as huma reads
// them, O is the body of the answer; none, or a nil pointer, for 204.
func on[I, O any](method, path string, n need, summary string, handle func(*Server, context.Context, *I) (O, error)) route {
	return route{method: method, path: path, need: n, summary: summary, mount: func(s *Server, r route) {
		operation := s.operation(r)
		empty := reflect.TypeFor[O]() == reflect.TypeFor[none]()
		if empty {
			operation.DefaultStatus = http.StatusNoContent
			huma.Register(s.api, operation, func(ctx context.Context, in *I) (*none, error) {
				if _, err := handle(s, ctx, in); err != nil {
					return nil, s.problemOf(ctx, err)
				}
				return nil, nil
			})
			return
		}
		huma.Register(s.api, operation, func(ctx context.Context, in *I) (*answer[O], error) {
			body, err := handle(s, ctx, in)
			if err != nil {
				return nil, s.problemOf(ctx, err)
			}
			if v := reflect.ValueOf(body); v.Kind() == reflect.Pointer && v.IsNil() {
				return &answer[O]{Status: http.StatusNoContent}, nil
			}
			return &answer[O]{Status: http.StatusOK, Body: body}, nil
		})
	}}
}

// plain makes a route of a handler that reads and writes by itself: uploads.
func plain(method, path string, n need, summary string, handle func(*Server, http.ResponseWriter, *http.Request)) route {
	return route{method: method, path: path, need: n, summary: summary, mount: func(s *Server, r route) {
		operation := s.operation(r)
		operation.Responses = map[string]*huma.Response{"200": {Description: "OK"}}
		s.api.OpenAPI().AddOperation(&operation)
		s.mux.HandleFunc(r.method+" "+base+r.path, func(w http.ResponseWriter, req *http.Request) {
			if err := s.admit(req, r.need); err != nil {
				s.refuse(w, req, err)
				return
			}
			handle(s, w, req)
		})
	}}
}

func (s *Server) operation(r route) huma.Operation {
	tag := strings.Split(strings.Trim(r.path, "/"), "/")[0]
	return huma.Operation{
		Method: r.method, Path: base + r.path, Summary: r.summary, Tags: []string{tag}, MaxBodyBytes: bodyLimit,
		OperationID: strings.ToLower(r.method) + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(r.path),
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
		Security:    r.need.security(),
		Middlewares: huma.Middlewares{s.gate(r.need, strings.HasPrefix(r.path, "/tickets/"))},
	}
}
