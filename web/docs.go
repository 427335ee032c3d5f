package web

import (
	"embed"
	"encoding/json"
	"net/http"
)

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
