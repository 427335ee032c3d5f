package main

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Page sizes of the message list, Twilio's.
const (
	defaultPage = 50
	maxPage     = 1000
)

// fetchMessage answers GET Messages/{Sid}.json.
func (c *Carrier) fetchMessage(w http.ResponseWriter, r *http.Request) {
	sid, ok := strings.CutSuffix(r.PathValue("message"), ".json")
	m, known := c.ledger.Find(sid)
	if !ok || !known {
		writeProblem(w, notFound(r.URL.Path))
		return
	}
	writeJSON(w, http.StatusOK, m.resource(c.config.AccountSid))
}

// refusal is a fault in a list's query, as the caller reads it.
type refusal string

func (r refusal) Error() string { return string(r) }

// messageList is one page, newest first.
type messageList struct {
	Messages    []resource `json:"messages"`
	FirstPage   string     `json:"first_page_uri"`
	NextPage    *string    `json:"next_page_uri"`
	Previous    *string    `json:"previous_page_uri"`
	URI         string     `json:"uri"`
	Page        int        `json:"page"`
	PageSize    int        `json:"page_size"`
	Start       int        `json:"start"`
	End         int        `json:"end"`
	numberAbove int64      // of the page token: only older messages follow
}

// listMessages answers GET Messages.json with the filters To, From, DateSent,
// DateSent> and DateSent< (both inclusive, as Twilio documents them).
func (c *Carrier) listMessages(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	match, err := filter(query)
	if err != nil {
		writeProblem(w, problem(http.StatusBadRequest, 20001, "%s", err))
		return
	}
	page, err := readPage(query)
	if err != nil {
		writeProblem(w, problem(http.StatusBadRequest, 20001, "%s", err))
		return
	}
	found := c.ledger.Select("", 0, func(m *Message) bool {
		return (page.numberAbove == 0 || m.Seq < page.numberAbove) && match(m)
	})
	slices.Reverse(found)
	page.fill(found, r.URL.Path, query, c.config.AccountSid)
	writeJSON(w, http.StatusOK, page)
}

func readPage(query url.Values) (messageList, error) {
	list := messageList{PageSize: defaultPage}
	var err error
	if s := query.Get("PageSize"); s != "" {
		if list.PageSize, err = strconv.Atoi(s); err != nil || list.PageSize < 1 {
			return list, refusal("PageSize must be a number of at least 1")
		}
		list.PageSize = min(list.PageSize, maxPage)
	}
	if s := query.Get("Page"); s != "" {
		if list.Page, err = strconv.Atoi(s); err != nil || list.Page < 0 {
			return list, refusal("Page must be a number of at least 0")
		}
	}
	if s, ok := strings.CutPrefix(query.Get("PageToken"), "PA"); ok {
		if list.numberAbove, err = strconv.ParseInt(s, 10, 64); err != nil {
			return list, refusal("PageToken is not known")
		}
	}
	return list, nil
}

func (l *messageList) fill(found []Message, path string, query url.Values, account string) {
	more := len(found) > l.PageSize
	found = found[:min(len(found), l.PageSize)]
	l.Messages = make([]resource, 0, len(found))
	for _, m := range found {
		l.Messages = append(l.Messages, m.resource(account))
	}
	l.Start = l.Page * l.PageSize
	l.End = max(l.Start, l.Start+len(found)-1)
	l.URI = path + "?" + query.Encode()
	l.FirstPage = pageURI(path, query, l.PageSize, 0, 0)
	if more {
		l.NextPage = new(pageURI(path, query, l.PageSize, l.Page+1, found[len(found)-1].Seq))
	}
}

func pageURI(path string, query url.Values, size, page int, token int64) string {
	q := url.Values{"PageSize": {strconv.Itoa(size)}, "Page": {strconv.Itoa(page)}}
	for _, name := range []string{"To", "From", "DateSent", "DateSent>", "DateSent<"} {
		if query.Has(name) {
			q[name] = query[name]
		}
	}
	if token > 0 {
		q.Set("PageToken", "PA"+strconv.FormatInt(token, 10))
	}
	return path + "?" + q.Encode()
}

// filter builds the test of the list's query. A message that has not left yet
// counts by the time of its creation, so that a send made a moment ago is
// found.
func filter(query url.Values) (func(*Message) bool, error) {
	from, until := time.Time{}, time.Time{}
	for _, f := range []struct {
		name   string
		lo, hi *time.Time
	}{{"DateSent>", &from, nil}, {"DateSent<", nil, &until}, {"DateSent", &from, &until}} {
		if !query.Has(f.name) {
			continue
		}
		start, end, err := span(query.Get(f.name))
		if err != nil {
			return nil, err
		}
		if f.lo != nil {
			*f.lo = start
		}
		if f.hi != nil {
			*f.hi = end
		}
	}
	to, sender := query.Get("To"), query.Get("From")
	return func(m *Message) bool {
		at := m.Created
		if m.SentAt != nil {
			at = *m.SentAt
		}
		at = at.Truncate(time.Second)
		return (to == "" || joinAddress(m.Channel, m.To) == to) &&
			(sender == "" || joinAddress(m.Channel, m.From) == sender) &&
			(from.IsZero() || !at.Before(from)) && (until.IsZero() || !at.After(until))
	}, nil
}

// span reads a date (a whole day, GMT) or a moment.
func span(s string) (start, end time.Time, err error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day, day.Add(24*time.Hour - time.Second), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return at, at, refusal("DateSent must be YYYY-MM-DD or a time in ISO 8601")
	}
	return at.Truncate(time.Second), at.Truncate(time.Second), nil
}
