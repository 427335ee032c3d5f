package main

import (
	"net/http"
	"strings"
)

// fetchAccount answers GET Accounts/{Sid}.json.
func (c *Carrier) fetchAccount(w http.ResponseWriter, r *http.Request) {
	if sid, ok := strings.CutSuffix(r.PathValue("file"), ".json"); !ok || sid != c.config.AccountSid {
		writeProblem(w, notFound(r.URL.Path))
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"sid": c.config.AccountSid, "friendly_name": "Sapa", "status": "active", "type": "Full", "uri": r.URL.Path,
	})
}
