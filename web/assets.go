package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"sapa/web/ui"
)

// asset is one file of the console, compressed once at the start.
type asset struct {
	mime    string
	body    []byte
	zipped  []byte // nil where it does not pay
	tag     string
	forever bool // the name holds a hash of the content
}

// assets are the files of the console by the path below /console/.
type assets struct {
	files map[string]asset
	index asset
}

// loadAssets reads what npm built; without a build the placeholder is the index.
func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	err := fs.WalkDir(ui.Dist, "dist", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := ui.Dist.ReadFile(name)
		if err != nil {
			return err
		}
		rest := strings.TrimPrefix(name, "dist/")
		a.files[rest], err = newAsset(rest, body)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("web: read console: %w", err)
	}
	var ok bool
	if a.index, ok = a.files["index.html"]; !ok {
		a.index = a.files["placeholder.html"]
	}
	return a, nil
}

func newAsset(name string, body []byte) (asset, error) {
	sum := sha256.Sum256(body)
	a := asset{mime: mime.TypeByExtension(path.Ext(name)), body: body, tag: `"` + hex.EncodeToString(sum[:8]) + `"`, forever: strings.HasPrefix(name, "assets/")}
	switch path.Ext(name) { // the system's table may lack these
	case ".js":
		a.mime = "text/javascript; charset=utf-8"
	case ".woff2":
		a.mime = "font/woff2"
	case ".svg":
		a.mime = "image/svg+xml"
	}
	if strings.HasPrefix(a.mime, "font/") || strings.HasPrefix(a.mime, "image/png") {
		return a, nil
	}
	var out bytes.Buffer
	writer, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return asset{}, err
	}
	if _, err := writer.Write(body); err != nil {
		return asset{}, err
	}
	if err := writer.Close(); err != nil {
		return asset{}, err
	}
	if out.Len() < len(body)*9/10 {
		a.zipped = out.Bytes()
	}
	return a, nil
}

// serve writes an asset; browsers keep what has a hash in its name for ever and
// ask again for the rest.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mime)
	h.Set("ETag", a.tag)
	h.Set("Cache-Control", "no-cache")
	if a.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := a.body
	if a.zipped != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.zipped
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// handleUI serves the console: its files by name, its page for every other
// address below it, where the page's own router takes over.
func (s *Server) handleUI(w http.ResponseWriter, r *http.Request) {
	name, below := strings.CutPrefix(r.URL.Path, "/console/")
	if file, ok := s.assets.files[name]; below && ok && name != "placeholder.html" {
		file.serve(w, r)
		return
	}
	if below && strings.HasPrefix(name, "assets/") { // of an older build: no page in place of a script
		s.refuse(w, r, errNotFound)
		return
	}
	s.assets.index.serve(w, r)
}

// handleWidget serves the chat window's script, which other sites may embed; the
// inbox's list of origins says which of them may chat.
func (s *Server) handleWidget(w http.ResponseWriter, r *http.Request) {
	file, ok := s.assets.files["widget.js"]
	if !ok {
		s.refuse(w, r, errNotFound)
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	file.serve(w, r)
}
