package web

import (
	"embed"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"sapa/program/access"
)

// Names of the ways in, as the description of the API has them.
const (
	schemeSession = "session"
	schemeKey     = "key"
)

func securitySchemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		schemeSession: {Type: "apiKey", In: "cookie", Name: "sapa", Description: "A browser's session; writing needs X-CSRF-Token as well."},
		schemeKey:     {Type: "http", Scheme: "bearer", Description: "An API key, made under Settings; its scopes say what it may do."},
	}
}

// security says which ways in a route has; a key needs the scope that is named.
func (n need) security() []map[string][]string {
	ways := []map[string][]string{{schemeSession: {}}}
	switch {
	case n.public:
		return []map[string][]string{}
	case !n.self && !n.person && slices.Contains(access.Scopes(), n.permission):
		ways = append(ways, map[string][]string{schemeKey: {string(n.permission)}})
	}
	return ways
}

//go:embed apidocs
var docs embed.FS

// openAPI serves the description of the API, made once.
func (s *Server) openAPI() http.HandlerFunc {
	body, err := json.Marshal(s.api.OpenAPI())
	return func(w http.ResponseWriter, r *http.Request) {
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body)
	}
}

// handleDocs serves the viewer: three files of our own, which the strict policy
// of every page allows.
func (s *Server) handleDocs(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	switch name {
	case "":
		name = "index.html"
	case "viewer.css", "viewer.js":
	default:
		s.refuse(w, r, errNotFound)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, docs, "apidocs/"+name)
}
