package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"time"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page load its own files only. Pictures may also be
// blobs: the preview of a file before it is sent.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pages serves the phone and its stream of changes.
func (c *Carrier) pages() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the embedded folder is part of the program
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events", c.streamChanges)
	mux.Handle("GET /", http.FileServerFS(files))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

// keepAlive is how often an idle stream says that it lives.
const keepAlive = 15 * time.Second

// streamChanges sends changes as server-sent events until either side ends.
func (c *Carrier) streamChanges(w http.ResponseWriter, r *http.Request) {
	changes := c.ledger.feed.listen()
	defer c.ledger.feed.leave(changes)
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1000\nevent: hello\ndata: {}\n\n")
	flush := http.NewResponseController(w).Flush
	idle := time.NewTicker(keepAlive)
	defer idle.Stop()
	for flush() == nil {
		select {
		case change, open := <-changes:
			if !open || writeChange(w, change) != nil {
				return
			}
		case <-idle.C:
			fmt.Fprint(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		case <-c.done:
			return
		}
	}
}

func writeChange(w http.ResponseWriter, change Change) error {
	data := []byte("{}")
	if change.Message != nil {
		var err error
		if data, err = json.Marshal(change.Message); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", change.Kind, data)
	return err
}
