package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

func TestConversationFromQueueToEnd(t *testing.T) {
	t.Parallel()
	e := open(t)
	citizen := e.Citizen()
	id := string(citizen.Waiting())
	b := e.as(e.person(access.Agent))
	var page wire.Page[wire.ConversationRow]
	b.do("GET", "/conversations?list=unassigned", nil).want(http.StatusOK).into(&page)
	if len(page.Items) != 1 || page.Items[0].ID != id || page.Items[0].State != "queued" || page.Items[0].Person.Name != "Siti Contoh" || page.Next != nil {
		t.Fatalf("unassigned %+v", page)
	}
	var counts wire.Counts
	b.do("GET", "/conversations/counts", nil).want(http.StatusOK).into(&counts)
	if counts.Unassigned != 1 || counts.Mine != 0 || counts.Team != 1 {
		t.Errorf("counts %+v", counts)
	}
	b.do("POST", "/conversations/"+id+"/messages", reply2("e0", "reply", "halo")).problem(http.StatusConflict, "not_yours")
	var c wire.Conversation
	b.do("POST", "/conversations/"+id+"/claim", map[string]string{}).want(http.StatusOK).into(&c)
	if c.State != "agent" || c.Assignee == nil || c.Assignee.Name != b.staff.Name || len(c.EndOutcomes) == 0 || !strings.Contains(strings.Join(c.Can, ","), "reply") {
		t.Fatalf("claimed %+v", c)
	}
	e.replies(b, id, citizen)
	var ended wire.Conversation
	b.do("POST", "/conversations/"+id+"/end", map[string]string{"outcome": "nonsense"}).problem(http.StatusUnprocessableEntity, "invalid")
	b.do("POST", "/conversations/"+id+"/end", map[string]string{"outcome": "solved"}).want(http.StatusOK).into(&ended)
	if ended.State != "wrap_up" || ended.Outcome == nil || ended.Outcome.Code != "solved" || ended.Outcome.Label == "solved" || ended.EndedAt == nil {
		t.Errorf("ended %+v", ended)
	}
	b.do("POST", "/conversations/"+id+"/wrap-up/done", map[string]string{}).want(http.StatusOK).into(&ended)
	if ended.State != "ended" {
		t.Errorf("written up: state %s", ended.State)
	}
	b.do("POST", "/conversations/"+id+"/messages", reply2("e9", "reply", "halo lagi")).problem(http.StatusConflict, "ended")
}

// replies: the same echo is one message, news stop a blind reply, notes stay
// among colleagues, drafts wait on the server.
func (e *edge) replies(b *browser, id string, citizen interface {
	Writes(string) ticketing.Message
}) {
	e.t.Helper()
	path := "/conversations/" + id
	var first, again wire.Message
	b.do("POST", path+"/messages", reply2("e1", "reply", "Selamat pagi")).want(http.StatusOK).into(&first)
	b.do("POST", path+"/messages", reply2("e1", "reply", "Selamat pagi")).want(http.StatusOK).into(&again)
	if first.ID == "" || first.ID != again.ID || first.Delivery == nil || first.Author == nil || first.Echo != "e1" {
		e.t.Fatalf("reply %+v, again %+v", first, again)
	}
	news := citizen.Writes("masih di sini").Seq
	stale := map[string]any{"echo": "e2", "kind": "reply", "text": "baik", "seen_seq": first.Seq}
	if p := b.do("POST", path+"/messages", stale).problem(http.StatusConflict, "stale_thread"); len(p.News) != 1 || p.News[0].Text != "masih di sini" {
		e.t.Errorf("news %+v", p.News)
	}
	for _, kind := range []string{"reply", "note"} {
		b.do("PUT", path+"/draft", map[string]any{"kind": kind, "text": "belum selesai " + kind, "attachments": []string{}}).want(http.StatusNoContent)
	}
	var c wire.Conversation
	b.do("GET", path, nil).want(http.StatusOK).into(&c)
	if len(c.Drafts) != 2 || c.Drafts[0].Text != "belum selesai note" || c.Drafts[1].Text != "belum selesai reply" || c.Unread != 1 {
		e.t.Errorf("drafts %+v, unread %d", c.Drafts, c.Unread)
	}
	b.do("POST", path+"/read", map[string]any{"seq": news}).want(http.StatusNoContent)
	b.do("DELETE", path+"/draft?kind=reply", nil).want(http.StatusNoContent)
	var note wire.Message
	b.do("POST", path+"/messages", reply2("e3", "note", "cek rekening")).want(http.StatusOK).into(&note)
	if note.Kind != "note" || note.Delivery != nil {
		e.t.Errorf("note %+v", note)
	}
	var thread wire.Messages
	b.do("GET", path+"/messages?after="+fmt.Sprint(first.Seq), nil).want(http.StatusOK).into(&thread)
	if len(thread.Items) != 2 || thread.Items[0].Text != "masih di sini" || thread.LastSeq != note.Seq {
		e.t.Errorf("thread %+v", thread)
	}
}

func reply2(echo, kind, text string) map[string]any {
	return map[string]any{"echo": echo, "kind": kind, "text": text, "attachments": []string{}}
}

// TestOthersQueuesAreInvisible is the HTTP half of security test 12.
func TestOthersQueuesAreInvisible(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := string(e.Citizen().Waiting())
	outsider := e.as(e.person(access.Agent, func(s *team.Staff) { s.Teams = nil }))
	for _, path := range []string{"", "/messages", "/history", "/suggestions", "/record"} {
		outsider.do("GET", "/conversations/"+id+path, nil).problem(http.StatusNotFound, "not_found")
	}
	var page wire.Page[wire.ConversationRow]
	outsider.do("GET", "/conversations?list=all", nil).want(http.StatusOK).into(&page)
	if len(page.Items) != 0 {
		t.Errorf("an outsider lists %+v", page.Items)
	}
}

func TestAssignMovesOutOfSight(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := string(e.Citizen().Waiting())
	queue := e.Queues["pengaduan"]
	var service []team.Team
	for _, one := range e.Teams {
		if one.ID != queue.TeamID {
			service = append(service, one)
		}
	}
	b := e.as(e.person(access.Agent, func(s *team.Staff) { s.Teams = service }))
	b.do("POST", "/conversations/"+id+"/claim", map[string]string{}).want(http.StatusOK)
	b.do("POST", "/conversations/"+id+"/assign", map[string]string{"queue_id": string(queue.ID), "note": "tolong dicek"}).want(http.StatusNoContent)
	b.do("GET", "/conversations/"+id, nil).problem(http.StatusNotFound, "not_found")
}

// file is an upload of one file.
func (b *browser) file(name, mime string, body []byte, conversation string) *reply {
	b.t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename="%s"`, name)}, "Content-Type": {mime}})
	must(b.t, err)
	_, err = part.Write(body)
	must(b.t, err)
	must(b.t, writer.WriteField("conversation_id", conversation))
	must(b.t, writer.Close())
	request, err := http.NewRequest("POST", b.e.server.URL+"/api/v1/attachments", &form)
	must(b.t, err)
	request.Header.Set("Content-Type", writer.FormDataContentType())
	request.Header.Set("X-CSRF-Token", b.csrf)
	return b.send(request)
}

func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, image.NewRGBA(image.Rect(0, 0, 3, 2))))
	return out.Bytes()
}

func TestUpload(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := string(e.Citizen().Waiting())
	other := string(e.Citizen().Waiting())
	b := e.as(e.person(access.Agent))
	b.do("POST", "/conversations/"+id+"/claim", map[string]string{}).want(http.StatusOK)
	var file wire.Attachment
	b.file("bukti.png", "image/png", picture(t), id).want(http.StatusOK).into(&file)
	if file.State != "ready" || file.Width != 3 || file.Height != 2 || !strings.Contains(file.URL, "/f/"+file.ID) {
		t.Fatalf("file %+v", file)
	}
	b.file("bukti.pdf", "application/pdf", []byte("<html>halo</html>"), id).problem(http.StatusUnsupportedMediaType, "unsupported_type")
	b.file("besar.png", "image/png", make([]byte, 20<<20+1), id).problem(http.StatusRequestEntityTooLarge, "too_large")
	b.file("lebih.png", "image/png", make([]byte, 22<<20), id).problem(http.StatusRequestEntityTooLarge, "too_large")
	b.file("bukti.png", "image/png", picture(t), somebody).problem(http.StatusNotFound, "not_found")

	var m wire.Message
	sent := map[string]any{"echo": "f1", "kind": "reply", "text": "", "attachments": []string{file.ID}}
	b.do("POST", "/conversations/"+id+"/messages", sent).want(http.StatusOK).into(&m)
	if len(m.Attachments) != 1 || m.Attachments[0].Name != "bukti.png" || m.Attachments[0].URL == "" {
		t.Errorf("message %+v", m)
	}
	b.do("POST", "/conversations/"+other+"/claim", map[string]string{}).want(http.StatusOK)
	p := b.do("POST", "/conversations/"+other+"/messages", sent).problem(http.StatusUnprocessableEntity, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Field != "attachments" {
		t.Errorf("another conversation's file: %+v", p)
	}
}
