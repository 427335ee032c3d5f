package web_test

import (
	"net/http"
	"strings"
	"testing"

	"sapa/program/access"
	"sapa/web/wire"
)

func TestTicketFromConversationToResolved(t *testing.T) {
	t.Parallel()
	e := open(t)
	citizen := e.Citizen()
	id := string(citizen.Waiting())
	b := e.as(e.person(access.Agent))
	b.do("POST", "/conversations/"+id+"/claim", map[string]string{}).want(http.StatusOK)
	register := map[string]any{"key": "tiket-000001", "conversation_id": id, "category": "incentive.status", "class": "complaint", "oversight": false,
		"priority": 3, "subject": "Insentif belum cair", "text": "Sudah dua minggu."}
	var made, again wire.Ticket
	b.do("POST", "/tickets", register).want(http.StatusOK).into(&made)
	b.do("POST", "/tickets", register).want(http.StatusOK).into(&again)
	if made.Number == "" || made.ID != again.ID || made.CategoryLabel != "Insentif belum diterima" || made.SLA.State != "on_track" || len(made.Clocks) == 0 {
		t.Fatalf("made %+v", made)
	}
	register["category"], register["key"] = "no.such", "tiket-000002"
	if p := b.do("POST", "/tickets", register).problem(http.StatusUnprocessableEntity, "invalid"); p.Errors[0].Field != "category" {
		t.Errorf("unknown category: %+v", p)
	}
	for _, offer := range made.Allowed {
		if offer.Label == offer.Event || strings.Contains(offer.Label, "ticket.") {
			t.Errorf("act %s says %q", offer.Event, offer.Label)
		}
		for _, f := range offer.Fields {
			if strings.Contains(f.Label, "ticket.") || f.Label == f.Name {
				t.Errorf("field %s of %s says %q", f.Name, offer.Event, f.Label)
			}
			if f.Kind == "select" && len(f.Options) == 0 {
				t.Errorf("select %s of %s has no choices", f.Name, offer.Event)
			}
		}
	}
	made = e.proposesAndExtends(b, id, made)
	resolve := map[string]any{"event": "resolve", "version": made.Version - 1, "fields": map[string]string{
		"outcome": "information_given", "root_cause": "unclear_information", "public_answer": "Insentif dikirim besok."}}
	b.do("POST", "/tickets/"+made.ID+"/events", resolve).problem(http.StatusConflict, "stale")
	resolve["version"] = made.Version
	var done wire.Ticket
	b.do("POST", "/tickets/"+made.Number+"/events", resolve).want(http.StatusOK).into(&done)
	if done.State != "resolved" || done.Outcome != "Informasi diberikan" || len(done.History) <= len(made.History) {
		t.Errorf("resolved %+v", done)
	}
	b.do("POST", "/tickets/"+made.ID+"/events", map[string]any{"event": "verify", "version": done.Version, "fields": map[string]string{}}).
		problem(http.StatusConflict, "transition")
	b.do("GET", "/tickets/NOSUCH", nil).problem(http.StatusNotFound, "not_found")
	var list wire.Page[wire.TicketRow]
	b.do("GET", "/tickets?list=closed&q="+made.Number, nil).want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].ID != made.ID {
		t.Errorf("list %+v", list)
	}
	var history struct {
		Conversations []wire.ConversationRow
		Tickets       []wire.TicketRow
	}
	b.do("GET", "/conversations/"+id+"/history", nil).want(http.StatusOK).into(&history)
	if len(history.Tickets) != 1 {
		t.Errorf("history %+v", history)
	}
}

// proposesAndExtends: the dialog proposes what is open already, and a
// supervisor puts the deadline off.
func (e *edge) proposesAndExtends(b *browser, conversation string, made wire.Ticket) wire.Ticket {
	e.t.Helper()
	var found wire.Items[wire.TicketRow]
	b.do("GET", "/conversations/"+conversation+"/duplicates?category=incentive.status", nil).want(http.StatusOK).into(&found)
	if len(found.Items) != 1 || found.Items[0].Number != made.Number || len(made.Duplicates) != 0 {
		e.t.Errorf("proposed %+v, on the ticket itself %+v", found.Items, made.Duplicates)
	}
	extend := map[string]any{"event": "extend", "version": made.Version, "fields": map[string]string{"extension": "5", "told_reason": "Bank belum menjawab."}}
	b.do("POST", "/tickets/"+made.ID+"/events", extend).want(http.StatusForbidden)
	var later wire.Ticket
	e.as(e.person(access.Supervisor)).do("POST", "/tickets/"+made.ID+"/events", extend).want(http.StatusOK).into(&later)
	if later.ExtendedDueAt == nil || !later.ExtendedDueAt.After(*later.DueAt) || !later.DueAt.Equal(*made.DueAt) || later.ExtensionReason == "" {
		e.t.Errorf("extended %+v", later)
	}
	return later
}

func TestListsForForms(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	var categories wire.Items[wire.Category]
	b.do("GET", "/categories", nil).want(http.StatusOK).into(&categories)
	var codes wire.Codes
	b.do("GET", "/codes", nil).want(http.StatusOK).into(&codes)
	var reasons wire.Items[wire.Reason]
	b.do("GET", "/presence/reasons", nil).want(http.StatusOK).into(&reasons)
	if len(categories.Items) < 40 || len(codes.Outcomes) == 0 || len(codes.RootCauses) == 0 || len(codes.Rejections) == 0 || len(codes.Closings) == 0 || len(reasons.Items) == 0 {
		t.Errorf("%d categories, codes %+v, %d reasons", len(categories.Items), codes, len(reasons.Items))
	}
	for _, c := range categories.Items {
		if c.Label == c.Code || c.GroupLabel == c.Group {
			t.Errorf("category %s is called %q in %q", c.Code, c.Label, c.GroupLabel)
		}
	}
	for _, o := range append(append(codes.Outcomes, codes.RootCauses...), append(codes.Rejections, codes.Closings...)...) {
		if o.Label == o.Value {
			t.Errorf("code %s has no label", o.Value)
		}
	}
	var staff wire.Items[wire.StaffRow]
	b.do("GET", "/staff", nil).want(http.StatusOK).into(&staff)
	var queues wire.Items[wire.QueueRow]
	b.do("GET", "/queues", nil).want(http.StatusOK).into(&queues)
	if len(staff.Items) != 1 || staff.Items[0].Presence.State != "offline" || len(queues.Items) != 5 {
		t.Errorf("staff %+v, queues %+v", staff, queues)
	}
	b.do("PUT", "/me/presence", map[string]string{"state": "available"}).want(http.StatusOK)
	e.Citizen().Waiting()
	b.do("GET", "/queues", nil).want(http.StatusOK).into(&queues)
	if total(queues.Items, func(q wire.QueueRow) int { return q.Available }) == 0 {
		t.Errorf("nobody available in %+v", queues)
	}
}

func total[T any](list []T, of func(T) int) int {
	sum := 0
	for _, one := range list {
		sum += of(one)
	}
	return sum
}

func TestArticles(t *testing.T) {
	t.Parallel()
	e := open(t)
	writer, reader := e.as(e.person(access.Supervisor)), e.as(e.person(access.Agent))
	var article wire.Article
	writer.do("POST", "/articles", map[string]string{"slug": "cara-uji", "audience": "public"}).want(http.StatusOK).into(&article)
	if p := writer.do("POST", "/articles", map[string]string{"slug": "cara-uji", "audience": "public"}).problem(http.StatusUnprocessableEntity, "invalid"); p.Errors[0].Rule != "taken" {
		t.Errorf("same slug: %+v", p)
	}
	text := map[string]string{"title": "Cara uji", "body": "Baca **ini** <script>alert(1)</script>", "answer": "Begini."}
	writer.do("PUT", "/articles/"+article.ID+"/versions/ind", text).want(http.StatusOK)
	text["answer"] = "Begini saja."
	writer.do("PUT", "/articles/"+article.ID+"/versions/ind", text).want(http.StatusOK).into(&article)
	if len(article.Versions) != 1 || article.Versions[0].State != "draft" || article.Versions[0].Answer != "Begini saja." || article.Versions[0].Author != writer.staff.Name {
		t.Fatalf("draft %+v", article.Versions)
	}
	if html := article.Versions[0].HTML; !strings.Contains(html, "<strong>ini</strong>") || strings.Contains(html, "script") {
		t.Errorf("html %q", html)
	}
	var hits wire.Items[wire.ArticleHit]
	reader.do("GET", "/articles?q=uji", nil).want(http.StatusOK).into(&hits)
	if len(hits.Items) != 0 {
		t.Errorf("a draft is found: %+v", hits)
	}
	writer.do("POST", "/articles/"+article.ID+"/publish", map[string]string{"language": "ind"}).want(http.StatusOK)
	reader.do("GET", "/articles?q=uji", nil).want(http.StatusOK).into(&hits)
	if len(hits.Items) != 1 || hits.Items[0].Excerpt != "Begini saja." {
		t.Errorf("hits %+v", hits)
	}
	reader.do("GET", "/macros", nil).want(http.StatusOK)
}
