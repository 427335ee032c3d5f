package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/team"
	"sapa/web/auth"
	"sapa/web/wire"
)

type linkBody struct {
	Staff        wire.StaffSetting
	URL, Purpose string
}

func (l linkBody) secret() string {
	_, secret, _ := strings.Cut(l.URL, "#")
	return secret
}

func profile(name string, role access.Role, change ...func(map[string]any)) map[string]any {
	body := map[string]any{"name": name, "role": string(role), "capacity": 3, "limits": map[string]int{}, "languages": []string{},
		"skills": []any{}, "teams": []any{}}
	for _, f := range change {
		f(body)
	}
	return body
}

// From the invitation to the first day: the link is good once, the password is the
// person's own, and the history says who invited whom.
func TestInvitedPersonSetsAPassword(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	team := string(e.Teams[0].ID)
	var made linkBody
	admin.do("POST", "/settings/staff", profile("Dewi Contoh", access.Agent, func(b map[string]any) {
		b["email"], b["teams"] = "dewi@contoh.id", []any{map[string]any{"id": team, "lead": true}}
	})).want(http.StatusOK).into(&made)
	if made.Purpose != "invite" || made.Staff.State != "invited" || made.Staff.Teams[0].Name == "" || !strings.Contains(made.URL, "/console/welcome#") {
		t.Fatalf("invited %+v", made)
	}
	admin.do("POST", "/settings/staff", profile("Lain", access.Agent, func(b map[string]any) { b["email"] = "DEWI@contoh.id" })).
		problem(http.StatusConflict, "email_taken")

	guest := e.stranger()
	var greeting struct{ Name, Email, Purpose string }
	guest.do("POST", "/links/open", map[string]string{"token": made.secret()}).want(http.StatusOK).into(&greeting)
	if greeting.Name != "Dewi Contoh" || greeting.Purpose != "invite" {
		t.Errorf("greeted %+v", greeting)
	}
	guest.do("POST", "/links/use", map[string]string{"token": made.secret(), "password": "pendek"}).problem(http.StatusUnprocessableEntity, "password_short")
	var in sessionBody
	guest.do("POST", "/links/use", map[string]string{"token": made.secret(), "password": password}).want(http.StatusOK).into(&in)
	if in.State != "ok" || in.Me.Name != "Dewi Contoh" {
		t.Errorf("signed in as %+v", in)
	}
	guest.do("GET", "/conversations", nil).want(http.StatusOK)
	e.stranger().do("POST", "/links/use", map[string]string{"token": made.secret(), "password": password}).problem(http.StatusNotFound, "link_gone")

	var history wire.Items[wire.SettingChange]
	admin.do("GET", "/settings/history/staff?id="+made.Staff.ID, nil).want(http.StatusOK).into(&history)
	if len(history.Items) != 2 || history.Items[1].Action != "staff.invite" || history.Items[1].Actor != admin.staff.Name || len(history.Items[1].Changes) == 0 {
		t.Errorf("history %+v", history.Items)
	}
}

func TestLinkGrowsOld(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin, agent := e.as(e.person(access.Admin)), e.person(access.Agent)
	var first, second linkBody
	admin.do("POST", "/settings/staff/"+string(agent.ID)+"/link", map[string]any{}).want(http.StatusOK).into(&first)
	admin.do("POST", "/settings/staff/"+string(agent.ID)+"/link", map[string]any{}).want(http.StatusOK).into(&second)
	if first.Purpose != "password" {
		t.Errorf("purpose %s", first.Purpose)
	}
	e.stranger().do("POST", "/links/open", map[string]string{"token": first.secret()}).problem(http.StatusNotFound, "link_gone")
	e.stranger().do("POST", "/links/open", map[string]string{"token": second.secret()}).want(http.StatusOK)
	var stored int
	must(t, e.DB.NewRaw("SELECT count(*) FROM staff_links WHERE encode(token, 'escape') LIKE ?", "%"+second.secret()+"%").Scan(t.Context(), &stored))
	if stored != 0 {
		t.Error("the secret itself is stored")
	}
	e.Clock.Add(auth.LinkLife + time.Second)
	e.stranger().do("POST", "/links/open", map[string]string{"token": second.secret()}).problem(http.StatusNotFound, "link_gone")
}

// Two administrators have the same page open: the second is told, and nothing of
// the first is lost.
func TestOlderVersionIsRefused(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin, agent := e.as(e.person(access.Admin)), e.person(access.Agent)
	path := "/settings/staff/" + string(agent.ID)
	body := profile("Rina Baru", access.Agent, func(b map[string]any) { b["version"] = agent.Version })
	var saved wire.StaffSetting
	admin.do("PUT", path, body).want(http.StatusOK).into(&saved)
	if saved.Name != "Rina Baru" || saved.Version != agent.Version+1 {
		t.Errorf("saved %+v", saved)
	}
	admin.do("PUT", path, body).problem(http.StatusConflict, "stale")
	admin.do("PUT", path, profile("", access.Agent, func(b map[string]any) { b["version"] = saved.Version })).problem(http.StatusUnprocessableEntity, "invalid")
}

// Off-boarding ends sessions and sockets of every process at once.
func TestOffboardedPersonIsOut(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin, gone := e.as(e.person(access.Admin)), e.as(e.person(access.Agent))
	socket := gone.connect("mine")
	path := "/settings/staff/" + string(gone.staff.ID)
	admin.do("POST", path+"/offboard", map[string]any{"version": gone.staff.Version}).want(http.StatusOK)
	socket.await("the end of the session", func(f frame) bool { return f.Type == "session_end" })
	gone.do("GET", "/conversations", nil).problem(http.StatusUnauthorized, "signed_out")
	e.stranger().do("POST", "/session", map[string]string{"email": gone.staff.Email, "password": password}).problem(http.StatusUnauthorized, "invalid_credentials")
	admin.do("POST", path+"/link", map[string]any{}).problem(http.StatusUnprocessableEntity, "invalid")
	var list wire.Items[wire.StaffSetting]
	admin.do("GET", "/settings/staff?state=disabled", nil).want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].State != "disabled" {
		t.Fatalf("listed %+v", list.Items)
	}
	admin.do("POST", path+"/return", map[string]any{"version": list.Items[0].Version}).want(http.StatusOK)
	e.Clock.Add(2 * time.Second) // past the second in which the sessions ended
	e.as(gone.staff)
}

func TestTeamsSkillsAndQueuesAreSet(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	var teams wire.Items[wire.TeamSetting]
	admin.do("POST", "/settings/teams", map[string]any{"slug": "malam", "name": "Tim malam"}).want(http.StatusOK).into(&teams)
	admin.do("POST", "/settings/teams", map[string]any{"slug": "malam", "name": "Lagi"}).problem(http.StatusUnprocessableEntity, "invalid")
	var night wire.TeamSetting
	for _, one := range teams.Items {
		if one.Slug == "malam" {
			night = one
		}
	}
	admin.do("POST", "/settings/skills", map[string]any{"code": "penipuan", "name": "Penipuan"}).want(http.StatusOK)

	var queues wire.Items[wire.QueueSetting]
	admin.do("GET", "/settings/queues", nil).want(http.StatusOK).into(&queues)
	queue := queues.Items[0]
	queue.Serving, queue.Skill, queue.Languages = []string{night.ID}, "penipuan", []string{"jav"}
	queue.TargetSeconds, queue.Limits = 45, map[string]int{"webchat": 2}
	admin.do("PUT", "/settings/queues/"+queue.ID, queue).want(http.StatusOK).into(&queues)
	if got := queues.Items[0]; got.Serving[0] != night.ID || got.TargetSeconds != 45 || got.Limits["webchat"] != 2 || got.Version != queue.Version+1 {
		t.Errorf("saved %+v", got)
	}
	admin.do("PUT", "/settings/queues/"+queue.ID, queue).problem(http.StatusConflict, "stale")
	queue.Version, queue.RingSeconds = queues.Items[0].Version, 1
	if p := admin.do("PUT", "/settings/queues/"+queue.ID, queue).problem(http.StatusUnprocessableEntity, "invalid"); p.Errors[0].Field != "ring_seconds" {
		t.Errorf("faults %+v", p.Errors)
	}
	for name, body := range map[string]map[string]any{
		"/settings/skills/penipuan":       {"version": 1, "name": "Penipuan", "status": "closed"},
		"/settings/teams/" + queue.TeamID: {"version": 1, "name": "Layanan", "status": "closed"},
	} {
		if p := admin.do("PUT", name, body).problem(http.StatusUnprocessableEntity, "invalid"); p.Errors[0].Field != "status" {
			t.Errorf("%s: faults %+v", name, p.Errors)
		}
	}
	var history wire.Items[wire.SettingChange]
	admin.do("GET", "/settings/history/queue?id="+queue.ID, nil).want(http.StatusOK).into(&history)
	if len(history.Items) != 1 || !strings.Contains(strings.Join(fields(history.Items[0]), " "), "target_seconds") {
		t.Errorf("history %+v", history.Items)
	}
	for _, change := range history.Items[0].Changes {
		if change.Field == "serving" && change.After != "Tim malam" {
			t.Errorf("a team is told as %q", change.After)
		}
	}
}

func fields(line wire.SettingChange) []string {
	return wire.Each(line.Changes, func(c wire.FieldChange) string { return c.Field })
}

// An administrator configures; deciding on money stays with others, whatever role
// the administrator gives to colleagues, and never with themselves.
func TestAdministratorStaysOutOfFourEyes(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	body := profile(admin.staff.Name, access.Approver, func(b map[string]any) { b["version"] = admin.staff.Version })
	p := admin.do("PUT", "/settings/staff/"+string(admin.staff.ID), body).problem(http.StatusUnprocessableEntity, "invalid")
	if p.Errors[0].Field != "role" || p.Errors[0].Rule != "same_person" {
		t.Errorf("faults %+v", p.Errors)
	}
	agent := e.person(access.Agent, func(s *team.Staff) { s.Name = "Calon" })
	body = profile("Calon", access.Approver, func(b map[string]any) { b["version"] = agent.Version })
	admin.do("PUT", "/settings/staff/"+string(agent.ID), body).want(http.StatusOK)
}

func TestHoursAndDaysOffAreSet(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	today := calendar.DateIn(e.Clock.Now(), calendar.WIB)
	week := []map[string]int{}
	for day := range 7 {
		week = append(week, map[string]int{"weekday": day, "opens": 9 * 60, "closes": 15*60 + 30})
	}
	var hours wire.Items[wire.HoursSetting]
	admin.do("POST", "/settings/hours", map[string]any{"version": 0, "from": today.String(), "closed_on_days_off": true, "periods": week}).
		want(http.StatusOK).into(&hours)
	if len(hours.Items) != 2 || hours.Items[0].State != "current" || hours.Items[1].State != "past" || hours.Items[1].From != "" {
		t.Errorf("hours %+v", hours.Items)
	}
	admin.do("POST", "/settings/hours", map[string]any{"version": 0, "from": "besok", "closed_on_days_off": true, "periods": week}).
		problem(http.StatusUnprocessableEntity, "invalid")
	var off wire.HolidaySettings
	admin.do("POST", "/settings/holidays", map[string]any{"day": today.String(), "kind": "national", "name": "Hari contoh"}).want(http.StatusOK).into(&off)
	if !off.Loaded || len(off.Missing) != 1 || !slices.ContainsFunc(off.Items, func(h wire.HolidaySetting) bool { return h.Name == "Hari contoh" }) {
		t.Errorf("days off %+v", off)
	}
	admin.do("POST", "/settings/holidays/2027/import", map[string]string{"text": "2027-01-01;Tahun Baru"}).want(http.StatusOK).into(&off)
	if !off.Loaded || len(off.Missing) != 0 {
		t.Errorf("after loading %+v", off)
	}
	var history wire.Items[wire.SettingChange]
	admin.do("GET", "/settings/history/hours", nil).want(http.StatusOK).into(&history)
	if len(history.Items) != 1 || !slices.Contains(history.Items[0].Changes, wire.FieldChange{Field: "monday", After: "09.00-15.30"}) {
		t.Errorf("history %+v", history.Items)
	}
}

func TestCSATQuestionIsWritten(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	var csat wire.CSATSetting
	admin.do("GET", "/settings/csat", nil).want(http.StatusOK).into(&csat)
	if csat.Version != 1 || csat.Texts["ind"] == "" || len(csat.Inboxes) == 0 || !csat.Inboxes[0].Asks {
		t.Fatalf("csat %+v", csat)
	}
	body := map[string]any{"version": csat.Version, "texts": map[string]string{"ind": "Apakah selesai?", "eng": "Solved?"}, "off": []string{csat.Inboxes[0].ID}}
	admin.do("PUT", "/settings/csat", body).want(http.StatusOK).into(&csat)
	if csat.Version != 2 || csat.Inboxes[0].Asks || len(csat.Past) != 2 || csat.Past[1].Texts["eng"] != "How was our service?" {
		t.Errorf("saved %+v", csat)
	}
	admin.do("PUT", "/settings/csat", body).problem(http.StatusConflict, "stale")
	body["off"] = []string{"bukan"}
	body["version"] = 2
	admin.do("PUT", "/settings/csat", body).problem(http.StatusUnprocessableEntity, "invalid")
}

// Whoever is signed in is told of an outage; only some may write one.
func TestOutageIsWritten(t *testing.T) {
	t.Parallel()
	e := open(t)
	supervisor, agent := e.as(e.person(access.Supervisor)), e.as(e.person(access.Agent))
	now := e.Clock.Now()
	body := map[string]any{"version": 0, "texts": map[string]string{"ind": "Pencairan terlambat.", "eng": "Payments are late."},
		"places": []string{"console", "widget"}, "from": now, "until": now.Add(time.Hour)}
	agent.do("POST", "/settings/outages", body).problem(http.StatusForbidden, "forbidden")
	var list wire.Items[wire.OutageSetting]
	socket := agent.connect("mine")
	supervisor.do("POST", "/settings/outages", body).want(http.StatusOK).into(&list)
	socket.await("that outages are stale", func(f frame) bool { return f.Type == "stale" })
	var told wire.Items[wire.OutageNotice]
	agent.do("GET", "/outages", nil).want(http.StatusOK).into(&told)
	if len(told.Items) != 1 || told.Items[0].Texts["eng"] != "Payments are late." {
		t.Errorf("told %+v", told.Items)
	}
	path := "/settings/outages/" + list.Items[0].ID
	body["places"], body["version"] = []string{"bot"}, list.Items[0].Version
	supervisor.do("PUT", path, body).want(http.StatusOK).into(&list)
	supervisor.do("PUT", path, body).problem(http.StatusConflict, "stale")
	agent.do("GET", "/outages", nil).want(http.StatusOK).into(&told)
	if len(told.Items) != 0 {
		t.Errorf("told staff what is for the bot: %+v", told.Items)
	}
	supervisor.do("POST", path+"/end", map[string]any{"version": list.Items[0].Version}).want(http.StatusOK)
}
