package wire

import (
	"slices"
	"strings"
	"time"

	"sapa/channels"
	"sapa/ticketing"
)

// CSATSetting is the question about satisfaction: a sentence a language, and in
// which inboxes it is asked. Past are its versions with what became of them lately.
type CSATSetting struct {
	Version int64             `json:"version"`
	Texts   map[string]string `json:"texts"`
	Inboxes []CSATInbox       `json:"inboxes" nullable:"false"`
	Past    []CSATVersion     `json:"past" nullable:"false"`
}

// CSATInbox is an inbox and whether people are asked in it.
type CSATInbox struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Name string `json:"name"`
	Asks bool   `json:"asks"`
}

// CSATVersion is what was asked from an instant on, with the answers of the last
// 30 days; good are the scores 4 and 5.
type CSATVersion struct {
	Version  int64             `json:"version"`
	From     time.Time         `json:"from"`
	Texts    map[string]string `json:"texts"`
	Asked    int               `json:"asked"`
	Answered int               `json:"answered"`
	Good     int               `json:"good"`
}

// CSATSettingOf shapes the versions of the question, the newest first.
func CSATSettingOf(list []ticketing.CSATAsked, inboxes []channels.Inbox) CSATSetting {
	shaped := CSATSetting{Past: Each(list, func(q ticketing.CSATAsked) CSATVersion {
		return CSATVersion{q.Version, q.FromAt.UTC(), q.Texts, q.Asked, q.Answered, q.Good}
	})}
	if len(list) == 0 {
		return shaped
	}
	shaped.Version, shaped.Texts = list[0].Version, list[0].Texts
	shaped.Inboxes = Each(inboxes, func(i channels.Inbox) CSATInbox {
		return CSATInbox{string(i.ID), string(i.Kind), i.Name, !slices.Contains(list[0].Off, i.ID)}
	})
	slices.SortFunc(shaped.Inboxes, func(a, b CSATInbox) int { return strings.Compare(a.Kind+a.Name, b.Kind+b.Name) })
	return shaped
}
