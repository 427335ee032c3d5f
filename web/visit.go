package web

import (
	"bufio"
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// visit is what is known of a request for the log: never what is in it.
type visit struct {
	id    string
	staff string
	key   string // id of the API key
	route string // of the API, whose mux is behind another
}

type visitKey struct{}

// visitOf is the visit of a request; outside of one it is empty.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// answerWriter remembers what was answered.
type answerWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader remembers the first status.
func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts bytes.
func (w *answerWriter) Write(body []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(body)
	w.bytes += int64(n)
	return n, err
}

// Hijack hands the connection over to a socket.
func (w *answerWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap lets http.ResponseController and upgrades reach the connection.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// watch gives the request an id, logs and measures it, and catches panics. The
// log names the route, not the address, since addresses may hold what somebody
// searched for.
func (s *Server) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{id: uuid.Must(uuid.NewV7()).String()}
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
		w.Header().Set("X-Request-Id", v.id)
		answer := &answerWriter{ResponseWriter: w}
		begun := time.Now()
		defer func() {
			s.caught(answer, r, recover())
			s.note(r, v, answer, time.Since(begun))
		}()
		next.ServeHTTP(answer, r)
	})
}

// caught answers a panic without telling what it was; the stack is in the log.
func (s *Server) caught(w *answerWriter, r *http.Request, fault any) {
	if fault == nil {
		return
	}
	if fault == http.ErrAbortHandler {
		panic(fault)
	}
	s.logFault(r, fault)
	if w.status == 0 {
		s.refuse(w, r, errBroken)
	}
}

func (s *Server) note(r *http.Request, v *visit, w *answerWriter, took time.Duration) {
	route := v.route
	if route == "" {
		route = r.Pattern
	}
	if route == "" {
		route = "none"
	}
	status := w.status
	if status == 0 { // hijacked by a socket, or nothing was written
		status = http.StatusOK
	}
	s.metrics.request(r.Method, route, status, took)
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.options.Log.LogAttrs(r.Context(), level, "request", slog.String("request", v.id), slog.String("method", r.Method), slog.String("route", route),
		slog.Int("status", status), slog.Int64("bytes", w.bytes), slog.Duration("took", took), slog.String("staff", v.staff), slog.String("key", v.key))
}
