package web

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"sapa/web/auth"
	"sapa/web/pace"
)

// keyPace is how fast one API key may ask: ten requests a second for as long as it
// likes, a hundred at once. A nightly job of 41,000 conversations takes 70 minutes.
var keyPace = pace.Limits{PerMinute: 600, Burst: 100}

// signedOn lets a program in by its key and everybody else by their session. Who
// brings a key is a program, whatever cookies come along.
func (s *Server) signedOn(next http.Handler) http.Handler {
	browsers := s.options.Auth.MiddlewareOr(s.refuse, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret, ok := auth.Bearer(r)
		if !ok {
			browsers.ServeHTTP(w, r)
			return
		}
		ctx, key, err := s.options.Auth.WithKey(r.Context(), secret, s.address(r))
		if err != nil {
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.refuse(w, r, err)
			return
		}
		visitOf(r.Context()).key = key.ID
		if wait := s.keys.Wait(key.ID); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(float64(wait)/float64(time.Second)))))
			s.refuse(w, r, errTooFast)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
