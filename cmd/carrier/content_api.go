package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxContentBody bounds a template as posted, in bytes.
const maxContentBody = 64 << 10

// createContent answers POST /v1/Content (at Twilio a host of its own,
// content.twilio.com).
func (c *Carrier) createContent(w http.ResponseWriter, r *http.Request) {
	var t template
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxContentBody)).Decode(&t)
	if err != nil || len(t.Types) == 0 || t.Language == "" {
		writeProblem(w, problem(http.StatusBadRequest, 20001, "A template needs language and types"))
		return
	}
	t.Sid, t.Account = newSid("HX"), c.config.AccountSid
	t.Created = c.now().UTC().Format(time.RFC3339)
	t.Updated = t.Created
	t.URL = c.config.PublicURL + "/v1/Content/" + t.Sid
	t.Links = map[string]string{"approval_create": t.URL + "/ApprovalRequests/whatsapp", "approval_fetch": t.URL + "/ApprovalRequests"}
	c.contents.mu.Lock()
	full := len(c.contents.known) >= maxContents
	if !full {
		c.contents.known[t.Sid] = t
	}
	c.contents.mu.Unlock()
	if full {
		writeProblem(w, problem(http.StatusTooManyRequests, 20429, "%s", explain(20429)))
		return
	}
	writeJSON(w, http.StatusCreated, t)
}

func (c *Carrier) fetchContent(w http.ResponseWriter, r *http.Request) {
	t, ok := c.contents.find(r.PathValue("content"))
	if !ok {
		writeProblem(w, notFound(r.URL.Path))
		return
	}
	writeJSON(w, http.StatusOK, t)
}

func (c *Carrier) listContents(w http.ResponseWriter, _ *http.Request) {
	c.contents.mu.Lock()
	all := slices.SortedFunc(maps.Values(c.contents.known), func(a, b template) int { return strings.Compare(a.Sid, b.Sid) })
	c.contents.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"contents": all,
		"meta":     map[string]any{"page": 0, "page_size": maxContents, "key": "contents", "next_page_url": nil, "previous_page_url": nil},
	})
}

func (c *Carrier) deleteContent(w http.ResponseWriter, r *http.Request) {
	c.contents.mu.Lock()
	_, ok := c.contents.known[r.PathValue("content")]
	delete(c.contents.known, r.PathValue("content"))
	c.contents.mu.Unlock()
	if !ok {
		writeProblem(w, notFound(r.URL.Path))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
