package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

// sendPicture lets a citizen send a picture that the provider at that address
// holds, and returns conversation and attachment.
func (e *edge) sendPicture(b *browser, base string) (conversation, file string) {
	e.t.Helper()
	ctx := context.Background()
	e.WhatsApp.Settings.APIBase = base
	_, err := channels.SaveInbox(ctx, e.DB, e.Box, e.WhatsApp, e.Clock.Now())
	must(e.t, err)
	e.Inboxes.Forget()
	event := e.Message("+6281299990008", "MMin", "ini fotonya")
	event.Media = []channels.Media{{URL: base + "/media", Mime: "image/png"}}
	must(e.t, e.Desk.Receive(ctx, e.WhatsApp, []channels.Event{event}))
	must(e.t, e.DB.NewRaw("SELECT id, conversation_id FROM attachments").Scan(ctx, &file, &conversation))
	b.do("POST", "/conversations/"+conversation+"/claim", map[string]string{}).want(http.StatusOK)
	return conversation, file
}

// A picture that the provider did not give is asked for again from the thread,
// by whoever works on the conversation, and shows up in the open console.
func TestMissingPictureIsFetchedAgain(t *testing.T) {
	t.Parallel()
	e := open(t)
	var there atomic.Bool
	body := picture(t)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !there.Load() {
			w.WriteHeader(http.StatusGone)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(body)
	}))
	defer provider.Close()
	b := e.as(e.person(access.Agent))
	id, file := e.sendPicture(b, provider.URL)
	must(t, e.Files.Fetch(t.Context(), channels.AttachmentID(file)))
	shown := func() wire.Attachment {
		t.Helper()
		var thread wire.Messages
		b.do("GET", "/conversations/"+id+"/messages", nil).want(http.StatusOK).into(&thread)
		for _, m := range thread.Items {
			if len(m.Attachments) == 1 {
				return m.Attachments[0]
			}
		}
		t.Fatal("no line with a file")
		return wire.Attachment{}
	}
	if got := shown(); got.State != "missing" || !got.Again || got.URL != "" {
		t.Fatalf("shown %+v, want a placeholder that offers another try", got)
	}
	path := "/attachments/" + file + "/fetch"
	outsider := e.as(e.person(access.Agent, func(s *team.Staff) { s.Teams = nil }))
	outsider.do("POST", path, map[string]string{}).problem(http.StatusNotFound, "not_found")
	e.as(e.person(access.QualityReviewer)).do("POST", path, map[string]string{}).problem(http.StatusForbidden, "forbidden")

	console := b.connect()
	console.say(map[string]any{"type": "open", "conversation": id, "after": 0})
	console.await("the thread so far", func(f frame) bool { return f.Type == "thread" })
	there.Store(true)
	var got wire.Attachment
	b.do("POST", path, map[string]string{}).want(http.StatusOK).into(&got)
	if got.State != "fetching" || got.Again {
		t.Fatalf("answer %+v, want it on its way", got)
	}
	b.do("POST", path, map[string]string{}).problem(http.StatusConflict, "stale")
	must(t, e.Files.Fetch(t.Context(), channels.AttachmentID(file)))
	console.await("the picture to be shown", func(f frame) bool { return slices.Contains(f.Keys, "conversation:"+id) && shown().State == "ready" })
	if got := shown(); got.URL == "" || got.Again {
		t.Fatalf("shown %+v, want the picture", got)
	}
}
