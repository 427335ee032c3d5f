package web_test

import (
	"net/http"
	"slices"
	"testing"

	"sapa/program/access"
	"sapa/web/wire"
)

// What is marked, and who is called by a note, reaches open consoles at once.
func TestConsoleHearsOfTagsAndMentions(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin, writer, called := e.as(e.person(access.Admin)), e.as(e.person(access.Agent)), e.person(access.Agent)
	var tags wire.Items[wire.TagSetting]
	admin.do("POST", "/settings/tags", map[string]string{"name": "Butuh bukti", "tone": "amber"}).want(http.StatusOK).into(&tags)
	reader := e.as(called)
	c := reader.connect("all")
	id := string(e.Citizen().Waiting())
	writer.do("POST", "/conversations/"+id+"/tags", map[string]any{"add": []string{tags.Items[0].ID}}).want(http.StatusOK)
	row := c.await("the tag on the row", func(f frame) bool { return f.Type == "row" && f.Row.ID == id && len(f.Row.Tags) == 1 })
	if got := row.Row.Tags[0]; got.Name != "Butuh bukti" || got.Tone != "amber" {
		t.Errorf("tag %+v", got)
	}

	note := map[string]any{"echo": "n1", "kind": "note", "text": "@" + called.Name, "mentions": []string{string(called.ID)}}
	writer.do("POST", "/conversations/"+id+"/messages", note).want(http.StatusOK)
	isStale := func(f frame) bool { return f.Type == "stale" && slices.Contains(f.Keys, "mentions") }
	c.await("the mention", isStale)
	var unread wire.Unread
	if reader.do("GET", "/mentions/unread", nil).want(http.StatusOK).into(&unread); unread.Count != 1 {
		t.Errorf("%d unread mentions, want 1", unread.Count)
	}
	reader.do("POST", "/conversations/"+id+"/mentions/read", map[string]string{}).want(http.StatusNoContent)
	c.await("the mention being read", isStale)
	if reader.do("GET", "/mentions/unread", nil).want(http.StatusOK).into(&unread); unread.Count != 0 {
		t.Errorf("%d unread mentions after reading", unread.Count)
	}
}
