package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"sapa/ticketing"
	"sapa/web/auth"
)

// trackForm bounds the body of what is sent on the tracking page: a message of
// 4,096 letters, each of which may be nine bytes of a form.
const trackForm = 64 << 10

func (p *Portal) trackRoutes(mux *http.ServeMux) {
	on := func(pattern string, do http.HandlerFunc) {
		mux.Handle(pattern, p.o.Guests.Middleware(p.fail, private(do)))
	}
	on("GET "+ticketing.TrackPath, p.track)
	on("POST "+ticketing.TrackPath, p.openCase)
	on("POST "+ticketing.TrackPath+"/act", p.actOnCase)
	on("POST "+ticketing.TrackPath+"/leave", p.leaveCase)
}

// private keeps a page out of every cache: phones are shared.
func private(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, trackForm)
		next(w, r)
	}
}

// trackAsked is what the form of number and code shows.
type trackAsked struct {
	Number string
	Fault  string // key of what went wrong, "" for nothing
	Left   bool
}

// track shows the ticket whose code was proved, else asks for number and code. A
// link about another ticket asks anew.
func (p *Portal) track(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query().Get("n")
	id, _ := p.o.Guests.Subject(r.Context())
	if id == "" {
		p.render(w, r, http.StatusOK, "track", trackAsked{Number: shownNumber(asked), Left: r.URL.Query().Has("left")})
		return
	}
	view, err := p.o.Desk.Tracking(r.Context(), ticketing.TicketID(id))
	switch {
	case err != nil:
		p.fail(w, r, err)
	case asked != "" && shownNumber(asked) != view.Number:
		p.render(w, r, http.StatusOK, "track", trackAsked{Number: shownNumber(asked)})
	default:
		p.showCase(w, r, http.StatusOK, view, caseNews{Done: r.URL.Query().Get("done")})
	}
}

// shownNumber is a number as it is written, or as it was typed.
func shownNumber(typed string) string {
	if number, err := ticketing.ParseNumber(typed); err == nil {
		return number
	}
	return typed[:min(len(typed), 40)]
}

// openCase proves number and code. What is wrong with them is not told.
func (p *Portal) openCase(w http.ResponseWriter, r *http.Request) {
	number := shownNumber(r.PostFormValue("number"))
	err := p.o.Guests.Prove(r.Context(), number, p.o.Address(r), func(ctx context.Context) (string, error) {
		t, err := p.o.Desk.Tracked(ctx, number, r.PostFormValue("code"))
		if errors.Is(err, ticketing.ErrNotFound) {
			return "", nil
		}
		return string(t.ID), err
	})
	switch {
	case errors.Is(err, auth.ErrCredentials):
		p.render(w, r, http.StatusUnprocessableEntity, "track", trackAsked{Number: number, Fault: "portal.track.wrong"})
	case errors.Is(err, auth.ErrSlowDown):
		p.render(w, r, http.StatusTooManyRequests, "track", trackAsked{Number: number, Fault: "portal.track.slow"})
	case err != nil:
		p.fail(w, r, err)
	default:
		http.Redirect(w, r, ticketing.TrackPath, http.StatusSeeOther)
	}
}

func (p *Portal) leaveCase(w http.ResponseWriter, r *http.Request) {
	if p.o.Guests.CSRFOK(r.Context(), r.PostFormValue("csrf")) {
		if err := p.o.Guests.Leave(r.Context()); err != nil {
			p.fail(w, r, err)
			return
		}
	}
	http.Redirect(w, r, ticketing.TrackPath+"?left=1", http.StatusSeeOther)
}

// caseNews is what has just come of the reader's own act.
type caseNews struct {
	Done  string // what was done
	Fault string // key of why it was not
	Act   string // the form that the fault is about
	Typed string // what it held
	Made  *ticketing.Registered
}

// actOnCase does what a form of the case asks.
func (p *Portal) actOnCase(w http.ResponseWriter, r *http.Request) {
	id, _ := p.o.Guests.Subject(r.Context())
	if id == "" || !p.o.Guests.CSRFOK(r.Context(), r.PostFormValue("csrf")) {
		p.render(w, at(r, ticketing.TrackPath), http.StatusForbidden, "track", trackAsked{Fault: "portal.track.over"})
		return
	}
	act := r.PostFormValue("act")
	made, err := p.doAct(r, ticketing.TicketID(id), act)
	switch {
	case err == nil && made == nil:
		http.Redirect(w, r, ticketing.TrackPath+"?done="+url.QueryEscape(act), http.StatusSeeOther)
		return
	case err != nil && !ticketing.ForReporter(err):
		p.fail(w, r, err)
		return
	}
	news, status := caseNews{Made: made}, http.StatusOK
	if err != nil {
		news, status = caseNews{Fault: faultOf(err), Act: act, Typed: r.PostFormValue("text")}, http.StatusUnprocessableEntity
	}
	view, err := p.o.Desk.Tracking(r.Context(), ticketing.TicketID(id))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	p.showCase(w, at(r, ticketing.TrackPath), status, view, news)
}

func (p *Portal) doAct(r *http.Request, id ticketing.TicketID, act string) (*ticketing.Registered, error) {
	request := ticketing.ReporterRequest{
		Ticket: id, Key: r.PostFormValue("key"), Act: ticketing.TicketAct(act), Text: r.PostFormValue("text"),
	}
	switch act {
	case "write":
		return p.o.Desk.WriteAsReporter(r.Context(), request)
	case "rate":
		score, _ := strconv.Atoi(r.PostFormValue("score")) // 0 is refused as no score
		return nil, p.o.Desk.RateTicket(r.Context(), id, score, request.Text)
	}
	_, err := p.o.Desk.ActAsReporter(r.Context(), request)
	return nil, err
}

// faultOf says why an act was not done, in words for citizens.
func faultOf(err error) string {
	var invalid *ticketing.Invalid
	if !errors.As(err, &invalid) {
		return "portal.track.fault.changed"
	}
	switch {
	case invalid.Field == "text" && invalid.Rule == "too_long":
		return "portal.track.fault.long"
	case invalid.Field == "text", invalid.Field == "new_facts":
		return "portal.track.fault.empty"
	case invalid.Field == "score":
		return "portal.track.fault.score"
	case invalid.Rule == "too_late":
		return "portal.track.fault.late"
	case invalid.Rule == "once":
		return "portal.track.fault.once"
	}
	return "portal.track.fault.changed"
}

// at is a request for another page of ours: the links on a page that answers a
// form lead to where it can be asked for again.
func at(r *http.Request, path string) *http.Request {
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawQuery = path, ""
	return r
}

func (p *Portal) showCase(w http.ResponseWriter, r *http.Request, status int, view ticketing.Tracking, news caseNews) {
	_, csrf := p.o.Guests.Subject(r.Context())
	p.render(w, r, status, "case", caseView{
		Tracking: view, News: news, CSRF: csrf, Key: uuid.NewString(), portal: p, language: p.language(w, r).Code,
	})
}
