package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/web/wire"
)

// The road of a supervisor who writes first: an approved message is registered, a
// typed number is written to by SMS, and the reply after it is held and scheduled.
func TestBeginAndHoldOverTheEdge(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin, b := e.as(e.person(access.Admin)), e.as(e.person(access.Supervisor))
	var kept wire.Items[wire.TemplateSetting]
	body := wire.TemplateSetting{Name: "kabar", Language: "ind", Category: "utility", Ref: "HX1", Body: "Ada kabar, {{1}}.", Status: "active"}
	admin.do("POST", "/settings/templates", body).want(http.StatusOK).into(&kept)
	body.Version, body.Body = kept.Items[0].Version, "Kabar untuk {{1}}."
	admin.do("PUT", "/settings/templates/"+kept.Items[0].ID, body).want(http.StatusOK)
	admin.do("PUT", "/settings/templates/"+kept.Items[0].ID, body).problem(http.StatusConflict, "stale")
	var usable wire.Items[wire.Template]
	b.do("GET", "/templates", nil).want(http.StatusOK).into(&usable)
	if len(usable.Items) != 1 || usable.Items[0].Places != 1 || usable.Items[0].Body != "Kabar untuk {{1}}." {
		t.Fatalf("templates %+v", usable)
	}

	first := map[string]any{"echo": "a", "inbox_id": string(e.SMS.ID), "phone": "0812 3450 0888", "text": "Kami menelepon tadi."}
	var begun wire.Begun
	b.do("POST", "/conversations", first).want(http.StatusOK).into(&begun)
	var c wire.Conversation
	b.do("GET", "/conversations/"+begun.ConversationID, nil).want(http.StatusOK).into(&c)
	if c.State != "snoozed" || c.Assignee == nil || c.Assignee.Name != b.staff.Name || !c.Limits.Undo {
		t.Fatalf("begun %+v", c)
	}
	var options struct {
		Inboxes []wire.InboxChoice `json:"inboxes"`
		Phones  []wire.Phone       `json:"phones"`
	}
	b.do("GET", "/outreach?contact_id="+c.Person.ContactID, nil).want(http.StatusOK).into(&options)
	if len(options.Phones) != 1 || strings.Contains(options.Phones[0].Masked, "3450088") || len(options.Inboxes) != 2 {
		t.Fatalf("options %+v", options)
	}
	var reach wire.Reach
	b.do("GET", "/outreach/reach?inbox_id="+string(e.SMS.ID)+"&point_id="+options.Phones[0].PointID, nil).want(http.StatusOK).into(&reach)
	if reach.ConversationID != begun.ConversationID || !reach.FreeText {
		t.Errorf("reach %+v", reach)
	}

	path := "/conversations/" + begun.ConversationID + "/held"
	b.do("POST", path, map[string]any{"echo": "h", "text": "Salah ketik"}).want(http.StatusOK).into(&c)
	if len(c.Held) != 1 || !c.Held[0].Undo || c.Held[0].Author.Name != b.staff.Name {
		t.Fatalf("held %+v", c.Held)
	}
	b.do("DELETE", path+"/"+c.Held[0].ID, nil).want(http.StatusOK).into(&c)
	if len(c.Held) != 0 {
		t.Errorf("still held: %+v", c.Held)
	}
	night := map[string]any{"echo": "n", "text": "Besok", "at": e.Clock.Now().Add(14 * time.Hour)}
	if told := b.do("POST", path, night).problem(http.StatusUnprocessableEntity, "invalid"); len(told.Errors) != 1 || told.Errors[0].Rule != "desk_hours" {
		t.Errorf("a night hour: %+v", told)
	}
	b.do("POST", path, map[string]any{"echo": "s", "text": "Besok", "at": e.Clock.Now().Add(3 * time.Hour)}).want(http.StatusOK).into(&c)
	b.do("PUT", path+"/"+c.Held[0].ID, map[string]any{"at": e.Clock.Now().Add(4 * time.Hour), "seen_seq": c.AgentReadSeq + 10}).want(http.StatusOK).into(&c)
	b.do("POST", path+"/"+c.Held[0].ID+"/send", map[string]any{"seen_seq": c.AgentReadSeq + 10}).want(http.StatusOK).into(&c)
	if len(c.Held) != 0 || c.State != "agent" {
		t.Errorf("after sending: %d held, %s", len(c.Held), c.State)
	}
	var me wire.Me
	b.do("PATCH", "/me", map[string]any{"undo_seconds": 10}).want(http.StatusOK).into(&me)
	if me.UndoSeconds != 10 {
		t.Errorf("undo %d", me.UndoSeconds)
	}
}
