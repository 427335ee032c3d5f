package web_test

import (
	"context"
	"net/http"
	"testing"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

// failing makes the agent's message to a WhatsApp citizen fail at the provider.
func (e *edge) failing(b *browser) (conversation string, message wire.Message) {
	e.t.Helper()
	ctx := context.Background()
	must(e.t, e.Desk.Receive(ctx, e.WhatsApp, []channels.Event{e.Message("+6281299990007", "SMin", "halo")}))
	must(e.t, e.DB.NewRaw("SELECT id FROM conversations ORDER BY opened_at DESC LIMIT 1").Scan(ctx, &conversation))
	b.do("POST", "/conversations/"+conversation+"/claim", map[string]string{}).want(http.StatusOK)
	b.do("POST", "/conversations/"+conversation+"/messages", reply2("e1", "reply", "Selamat pagi")).want(http.StatusOK).into(&message)
	_, err := e.DB.NewRaw("UPDATE outbox SET state = 'failed', error_key = 'channels.error.unsupported', failed_at = ?, updated_at = ? WHERE id = ?",
		e.Clock.Now(), e.Clock.Now(), message.Delivery.OutboxID).Exec(ctx)
	must(e.t, err)
	return conversation, message
}

func TestFailedMessages(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	id, message := e.failing(b)
	var page wire.Page[wire.FailedMessage]
	b.do("GET", "/outbox/failed", nil).want(http.StatusOK).into(&page)
	if len(page.Items) != 1 || page.Items[0].ConversationID != id || page.Items[0].Text != "Selamat pagi" || page.Items[0].Person.AddressMasked == "" || page.Items[0].Error == "" {
		t.Fatalf("failed %+v", page)
	}
	var thread wire.Messages
	b.do("GET", "/conversations/"+id+"/messages", nil).want(http.StatusOK).into(&thread)
	if last := thread.Items[len(thread.Items)-1]; last.Delivery == nil || last.Delivery.State != "failed" || !last.Delivery.Retryable || last.Delivery.Error == "" {
		t.Errorf("line %+v", last)
	}
	outsider := e.as(e.person(access.Agent, func(s *team.Staff) { s.Teams = nil }))
	outsider.do("GET", "/outbox/failed", nil).want(http.StatusOK).into(&page)
	if len(page.Items) != 0 {
		t.Errorf("an outsider sees %+v", page.Items)
	}
	retry := "/outbox/" + message.Delivery.OutboxID + "/retry"
	outsider.do("POST", retry, map[string]string{}).problem(http.StatusNotFound, "not_found")
	admin := e.as(e.person(access.Admin))
	admin.do("GET", "/outbox/failed", nil).want(http.StatusOK).into(&page)
	if len(page.Items) != 1 || page.Items[0].Text != "" || page.Items[0].Person.Name != "" {
		t.Errorf("an admin, who handles no case, sees %+v", page.Items)
	}
	b.do("POST", retry, map[string]string{}).want(http.StatusNoContent)
	b.do("POST", retry, map[string]string{}).problem(http.StatusConflict, "stale")
	b.do("POST", "/outbox/"+somebody+"/retry", map[string]string{}).problem(http.StatusNotFound, "not_found")
}
