package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Media is one attached file.
type Media struct {
	Sid         string `json:"sid"`
	Name        string `json:"name,omitempty"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"` // bytes
	bytes       []byte
}

// mediaTotal bounds the bytes of all files held; the oldest go first.
const mediaTotal = 256 << 20

// mediaStore holds the bytes beside the messages, so that message copies stay
// small. Guarded by the ledger's lock.
type mediaStore struct {
	files map[string]Media
	order []string
	total int
}

func (s *mediaStore) put(m Media) {
	s.files[m.Sid] = m
	s.order = append(s.order, m.Sid)
	s.total += m.Size
	for s.total > mediaTotal && len(s.order) > 1 {
		s.forget(s.order[0])
	}
}

func (s *mediaStore) drop(gone []Media) {
	for _, m := range gone {
		s.forget(m.Sid)
	}
}

func (s *mediaStore) forget(sid string) {
	m, ok := s.files[sid]
	if !ok {
		return
	}
	delete(s.files, sid)
	s.total -= m.Size
	for i, o := range s.order {
		if o == sid {
			s.order = append(s.order[:i:i], s.order[i+1:]...)
			return
		}
	}
}

// KeepMedia files the bytes and returns the entry for a message, without them.
func (l *Ledger) KeepMedia(name, contentType string, data []byte) Media {
	m := Media{Sid: newSid("ME"), Name: name, ContentType: contentType, Size: len(data), bytes: data}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.media.put(m)
	m.bytes = nil
	return m
}

// File returns one file with its bytes.
func (l *Ledger) File(sid string) (Media, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, ok := l.media.files[sid]
	return m, ok
}

// mediaLife is how long the address behind the redirect works; Twilio's lives
// a few minutes too, so that desks fetch at receipt.
const mediaLife = 5 * time.Minute

// mediaPath is where media of a message are found with basic auth.
func mediaPath(account, message, media string) string {
	return "/" + apiVersion + "/Accounts/" + account + "/Messages/" + message + "/Media/" + media
}

// getMedia answers .../Media/{MESid}: a redirect to a short-lived address, or
// the description when the path ends in .json.
func (c *Carrier) getMedia(w http.ResponseWriter, r *http.Request) {
	sid, described := strings.CutSuffix(r.PathValue("media"), ".json")
	m, ok := c.ledger.Find(r.PathValue("message"))
	for _, file := range m.Media {
		if !ok || file.Sid != sid {
			continue
		}
		if described {
			writeJSON(w, http.StatusOK, c.describeMedia(m, file))
			return
		}
		http.Redirect(w, r, c.signedMediaURL(sid), http.StatusTemporaryRedirect)
		return
	}
	writeProblem(w, notFound(r.URL.Path))
}

// listMedia answers .../Media.json.
func (c *Carrier) listMedia(w http.ResponseWriter, r *http.Request) {
	m, ok := c.ledger.Find(r.PathValue("message"))
	if !ok {
		writeProblem(w, notFound(r.URL.Path))
		return
	}
	list := []map[string]string{}
	for _, file := range m.Media {
		list = append(list, c.describeMedia(m, file))
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"media_list": list, "page": 0, "page_size": 50, "start": 0, "end": max(0, len(list)-1),
		"uri": r.URL.RequestURI(), "first_page_uri": r.URL.RequestURI(), "next_page_uri": nil, "previous_page_uri": nil,
	})
}

func (c *Carrier) describeMedia(m Message, file Media) map[string]string {
	return map[string]string{
		"sid": file.Sid, "account_sid": c.config.AccountSid, "parent_sid": m.Sid,
		"content_type": file.ContentType,
		"date_created": twilioTime(m.Created), "date_updated": twilioTime(m.Updated),
		"uri": mediaPath(c.config.AccountSid, m.Sid, file.Sid) + ".json",
	}
}

func (c *Carrier) signedMediaURL(sid string) string {
	expires := strconv.FormatInt(c.now().Add(mediaLife).Unix(), 10)
	return fmt.Sprintf("%s/media/%s?Expires=%s&Signature=%s", c.config.PublicURL, sid, expires, c.mediaSignature(sid, expires))
}

func (c *Carrier) mediaSignature(sid, expires string) string {
	mac := hmac.New(sha256.New, []byte(c.config.AuthToken))
	mac.Write([]byte("media " + sid + " " + expires))
	return hex.EncodeToString(mac.Sum(nil))
}

// serveSignedMedia answers the address behind the redirect, which needs no
// password but the right signature, and dies.
func (c *Carrier) serveSignedMedia(w http.ResponseWriter, r *http.Request) {
	sid, q := r.PathValue("media"), r.URL.Query()
	expires, err := strconv.ParseInt(q.Get("Expires"), 10, 64)
	right := hmac.Equal([]byte(q.Get("Signature")), []byte(c.mediaSignature(sid, q.Get("Expires"))))
	if err != nil || !right || c.now().Unix() > expires {
		http.Error(w, "the address has expired or was changed", http.StatusForbidden)
		return
	}
	c.serveMedia(w, r)
}

// serveMedia sends the bytes; nothing but plain pictures is ever shown inline.
func (c *Carrier) serveMedia(w http.ResponseWriter, r *http.Request) {
	file, ok := c.ledger.File(r.PathValue("media"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.ContentType)
	h.Set("Content-Length", strconv.Itoa(file.Size))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if !isPicture(file.ContentType) {
		h.Set("Content-Disposition", "attachment")
	}
	w.Write(file.bytes)
}

func isPicture(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/webp", "image/gif":
		return true
	}
	return false
}
