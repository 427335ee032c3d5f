package web

import (
	"net/http"
	"strings"
)

// policy is what pages of the desk may do: nothing from elsewhere but pictures
// and sound of the files' origin, no inline script or style, no frames around
// them (security test 37).
func (s *Server) policy() string {
	files := s.options.FilesURL.Scheme + "://" + s.options.FilesURL.Host
	socket := "ws://" + s.options.PublicURL.Host
	upgrade := ""
	if s.secure() {
		socket, upgrade = "wss://"+s.options.PublicURL.Host, "; upgrade-insecure-requests"
	}
	return "default-src 'self'; img-src 'self' data: " + files + "; media-src 'self' " + files + "; connect-src 'self' " + socket +
		"; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" + upgrade
}

// secure tells whether browsers reach the desk over TLS.
func (s *Server) secure() bool { return s.options.PublicURL.Scheme == "https" }

// harden sets what every answer carries; a handler may set its own.
func (s *Server) harden(next http.Handler) http.Handler {
	policy := s.policy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		if strings.HasPrefix(r.URL.Path, "/api/v1/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// Bodies in bytes. Sources: security tests 6 (1 MiB) and 16 (20 MiB a file, five
// files a complaint).
const (
	bodyLimit     = 1 << 20
	fileLimit     = 20 << 20
	formOverhead  = 1 << 20
	complaintBody = 5*fileLimit + formOverhead
)

func limitOf(path string) int64 {
	switch {
	case path == "/api/v1/attachments", path == "/chat/attachments":
		return fileLimit + formOverhead
	case strings.HasPrefix(path, "/complaints/"):
		return complaintBody
	default:
		return bodyLimit
	}
}

// bound refuses bodies that say they are too large, and cuts the others off.
func (s *Server) bound(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := limitOf(r.URL.Path)
		if r.ContentLength > limit {
			s.refuse(w, r, errTooLarge)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// filesPath is where the files' origin has its files; see attachment.SignLink.
const filesPath = "/f/"

// apart keeps the two origins apart: the files' host serves files and nothing
// else, every other host everything else (security test 19). Machines that look
// after the process may use any.
func (s *Server) apart(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files := strings.HasPrefix(r.URL.Path, filesPath)
		operations := r.URL.Path == "/healthz" || r.URL.Path == "/readyz" || r.URL.Path == "/metrics"
		if !operations && files != (r.Host == s.options.FilesURL.Host) {
			s.refuse(w, r, errNotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site makes a browser send (security test 28).
// The chat proves itself by a bearer secret and has its own list of origins;
// providers are no browsers.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	_ = guard.AddTrustedOrigin(s.options.PublicURL.Scheme + "://" + s.options.PublicURL.Host)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exempt := strings.HasPrefix(r.URL.Path, "/chat/") || strings.HasPrefix(r.URL.Path, "/hooks/")
		if !exempt && guard.Check(r) != nil {
			s.refuse(w, r, errCSRF)
			return
		}
		next.ServeHTTP(w, r)
	})
}
