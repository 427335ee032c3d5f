package attachment

import (
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"gocloud.dev/gcerrors"

	"sapa/channels"
)

// MaxLink is how long a link to a file lives at most.
const MaxLink = 5 * time.Minute

// linkContext keeps the signatures of links apart from other uses of the keys.
const linkContext = "attachment.link"

// SignLink makes a link to the file that works for ttl, at most MaxLink, for
// whoever has it: the caller has checked that this person may see the
// conversation. The address tells nothing, not even the file's name.
func (s *Store) SignLink(id channels.AttachmentID, ttl time.Duration) string {
	until := strconv.FormatInt(s.now().Add(min(ttl, MaxLink)).Unix(), 10)
	return s.filesURL + "/f/" + url.PathEscape(string(id)) + "?until=" + until + "&sign=" + s.signature(string(id), until)
}

func (s *Store) signature(id, until string) string {
	return base64.RawURLEncoding.EncodeToString(s.seal.Sign(id+" "+until, linkContext))
}

// Handler serves GET /f/{id} on the files origin, and nothing else.
func (s *Store) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /f/{id}", s.serve)
	return mux
}

func (s *Store) serve(w http.ResponseWriter, r *http.Request) {
	harden(w.Header())
	id, until := r.PathValue("id"), r.URL.Query().Get("until")
	given := r.URL.Query().Get("sign")
	seconds, err := strconv.ParseInt(until, 10, 64)
	if !hmac.Equal([]byte(given), []byte(s.signature(id, until))) || err != nil || s.now().Unix() > seconds {
		http.Error(w, "this link is not valid any more", http.StatusForbidden)
		return
	}
	if uuid.Validate(id) != nil {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	rows, err := findRows(r.Context(), s.db, []channels.AttachmentID{channels.AttachmentID(id)})
	if err != nil && !errors.Is(err, channels.ErrNotFound) {
		s.log.Error("row of a file not read", "attachment", id, "error", err)
		comeBack(w)
		return
	}
	if err != nil || rows[0].State != Ready {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	file := rows[0]
	reader, err := s.bucket.NewReader(r.Context(), file.BlobKey, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		s.log.Error("bytes of a file are gone", "attachment", file.ID, "error", err)
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	if err != nil {
		s.log.Error("bytes of a file not read", "attachment", file.ID, "error", err)
		comeBack(w)
		return
	}
	defer reader.Close()
	w.Header().Set("Content-Type", file.Mime)
	w.Header().Set("Content-Disposition", disposition(file.Name))
	http.ServeContent(w, r, "", time.Time{}, io.ReadSeeker(reader))
}

// comeBack says that the file may well be there: a provider told 404 gives up.
func comeBack(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	http.Error(w, "the file cannot be read now", http.StatusServiceUnavailable)
}

// harden sets what keeps a file from acting as a page of ours. It may be shown
// inside our own pages, which live on another origin.
func harden(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
}

// disposition makes every file a download, under its name in both forms of
// RFC 6266.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	if plain == name {
		return mime.FormatMediaType("attachment", map[string]string{"filename": name})
	}
	encoded := strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, encoded)
}
