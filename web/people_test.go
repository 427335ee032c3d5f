package web_test

import (
	"net/http"
	"strings"
	"testing"

	"sapa/program/access"
	"sapa/web/wire"
)

const phone = "+6281299990001"

func TestRecordFromSearchToLedger(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := e.Participant("Siti Aminah", phone)
	e.Returned(id, "Siti Aminah")
	b := e.as(e.person(access.Agent))
	var found wire.Items[wire.ParticipantRow]
	b.do("POST", "/participants/search", map[string]string{"q": phone}).want(http.StatusOK).into(&found)
	if len(found.Items) != 1 || found.Items[0].ID != id || strings.Contains(found.Items[0].PhoneMasked, "99990001") {
		t.Fatalf("found %+v", found)
	}
	b.do("POST", "/participants/search", map[string]string{"q": "Siti"}).want(http.StatusOK).into(&found)
	if len(found.Items) != 1 {
		t.Errorf("found by name %+v", found)
	}
	var record wire.Record
	b.do("GET", "/participants/"+id+"?reason=telepon", nil).want(http.StatusOK).into(&record)
	if record.Participant.Name != "Siti Aminah" || len(record.Journey) == 0 || len(record.Diagnoses) == 0 || len(record.Remedies) == 0 || record.PayoutAccount == nil {
		t.Fatalf("record %+v", record)
	}
	for _, d := range record.Diagnoses {
		if strings.Contains(d.Text, "diagnosis.") || d.Text == "" {
			t.Errorf("diagnosis %s says %q", d.Code, d.Text)
		}
	}
	for _, r := range record.Remedies {
		if strings.Contains(r.Label, "remedy.") || strings.Contains(r.Description, "remedy.") {
			t.Errorf("remedy %s says %q, %q", r.Code, r.Label, r.Description)
		}
	}
	b.do("POST", "/participants/"+id+"/unmask", map[string]string{"field": "phone", "reason": ""}).problem(http.StatusUnprocessableEntity, "reason_missing")
	var value struct{ Value string }
	b.do("POST", "/participants/"+id+"/unmask", map[string]string{"field": "phone", "reason": "menelepon balik"}).want(http.StatusOK).into(&value)
	if value.Value != phone {
		t.Errorf("unmasked %q", value.Value)
	}
	b.do("GET", "/participants/"+somebody, nil).problem(http.StatusNotFound, "not_found")

	var ledger wire.Items[wire.AccessLine]
	e.as(e.person(access.Supervisor)).do("GET", "/participants/"+id+"/access", nil).want(http.StatusOK).into(&ledger)
	if len(ledger.Items) != 2 || ledger.Items[0].Reason != "menelepon balik" || ledger.Items[0].Actor != b.staff.Name || ledger.Items[1].Reason != "telepon" {
		t.Errorf("ledger %+v", ledger)
	}
}

func TestRemedyOnMoneyNeedsAnother(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := e.Participant("Siti Aminah", phone)
	e.Returned(id, "Siti Aminah")
	supervisor, agent := e.as(e.person(access.Supervisor)), e.as(e.person(access.Agent))
	var record wire.Record
	agent.do("GET", "/participants/"+id+"?reason=tes", nil).want(http.StatusOK).into(&record)
	path := "/participants/" + id + "/remedies/reissue_transfer"
	input := map[string]string{}
	for _, r := range record.Remedies {
		if r.Code == "reissue_transfer" {
			if !r.Money || r.ApproverRole != "approver" {
				t.Errorf("offer %+v", r)
			}
			for _, f := range r.Fields {
				if len(f.Options) > 0 {
					input[f.Name] = f.Options[0].Value
				}
			}
		}
	}
	var plan struct {
		Before, After []wire.LabelValue
		Errors        []struct{ Field, Message string }
		ApproverRole  string `json:"approver_role"`
	}
	agent.do("POST", path+"/preview", map[string]any{"input": input}).want(http.StatusOK).into(&plan)
	if len(plan.Errors) > 0 || len(plan.After) == 0 || plan.ApproverRole != "approver" {
		t.Fatalf("preview %+v", plan)
	}
	ask := map[string]any{"key": "kunci-0001", "input": input, "reason": "rekening sudah benar", "evidence": []string{}}
	var done struct {
		Status     string
		ApprovalID string `json:"approval_id"`
	}
	supervisor.do("POST", path, ask).want(http.StatusOK).into(&done)
	if done.Status != "awaiting_approval" || done.ApprovalID == "" {
		t.Fatalf("done %+v", done)
	}
	supervisor.do("POST", "/approvals/"+done.ApprovalID+"/approve", map[string]string{}).problem(http.StatusForbidden, "same_person")
	agent.do("POST", "/approvals/"+done.ApprovalID+"/approve", map[string]string{}).problem(http.StatusForbidden, "forbidden")
	approver := e.as(e.person(access.Approver))
	var list wire.Page[wire.ApprovalRow]
	approver.do("GET", "/approvals", nil).want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || !list.Items[0].CanDecide || list.Items[0].Amount != 600000 || list.Items[0].Participant.Name != "Siti Aminah" {
		t.Fatalf("approvals %+v", list)
	}
	approver.do("POST", "/approvals/"+done.ApprovalID+"/refuse", map[string]string{"reason": ""}).problem(http.StatusUnprocessableEntity, "reason_missing")
	var decided wire.ApprovalRow
	approver.do("POST", "/approvals/"+done.ApprovalID+"/approve", map[string]string{}).want(http.StatusOK).into(&decided)
	if decided.State != "approved" || decided.DecidedBy != approver.staff.Name || decided.CanDecide || decided.WhyNot == "" {
		t.Errorf("decided %+v", decided)
	}
	approver.do("POST", "/approvals/"+done.ApprovalID+"/approve", map[string]string{}).problem(http.StatusConflict, "decided")
	agent.do("GET", "/participants/"+id+"?reason=tes", nil).want(http.StatusOK).into(&record)
	if len(record.Changes) != 1 || record.Changes[0].Approver != approver.staff.Name || len(record.Changes[0].After) == 0 {
		t.Errorf("changes %+v", record.Changes)
	}
}

func TestRemedyRefusesWithoutEvidence(t *testing.T) {
	t.Parallel()
	e := open(t)
	id := e.Participant("Siti Aminah", phone)
	b := e.as(e.person(access.Agent))
	ask := map[string]any{"key": "kunci-0002", "input": map[string]string{}, "reason": "salah ketik", "evidence": []string{}}
	b.do("POST", "/participants/"+id+"/remedies/relink_payout_account", ask).problem(http.StatusUnprocessableEntity, "evidence_missing")
	ask["evidence"] = []string{somebody}
	b.do("POST", "/participants/"+id+"/remedies/relink_payout_account", ask).problem(http.StatusUnprocessableEntity, "invalid")
	b.do("POST", "/participants/"+id+"/remedies/no_such_thing", ask).want(http.StatusUnprocessableEntity)
}

func TestConversationWithoutSubject(t *testing.T) {
	t.Parallel()
	e := open(t)
	person := e.Participant("Siti Aminah", phone)
	id := string(e.Citizen().Waiting())
	b := e.as(e.person(access.Agent))
	b.do("GET", "/conversations/"+id+"/record", nil).problem(http.StatusNotFound, "no_subject")
	var c wire.Conversation
	b.do("POST", "/conversations/"+id+"/subject", map[string]any{"participant_id": person, "reason": "menyebut nama dan tanggal lahir"}).want(http.StatusOK).into(&c)
	if c.Person.Participant == nil || c.Person.Participant.ID != person || c.Person.Participant.Confidence != "claimed" {
		t.Errorf("subject %+v", c.Person)
	}
	var record wire.Record
	b.do("GET", "/conversations/"+id+"/record", nil).want(http.StatusOK).into(&record)
	b.do("POST", "/conversations/"+id+"/subject", map[string]any{"participant_id": nil, "reason": "salah orang"}).want(http.StatusOK)
	b.do("GET", "/conversations/"+id+"/record", nil).problem(http.StatusNotFound, "no_subject")
}
