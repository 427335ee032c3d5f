package wire

import (
	"slices"
	"strings"

	"sapa/ticketing"
)

// Tag is a word with which a case is marked.
type Tag struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Tone string `json:"tone" enum:"plain,brand,amber,red,green,blue"`
}

func tag(t ticketing.CaseTag) Tag { return Tag{ID: string(t.ID), Name: t.Name, Tone: t.Tone} }

// TagOf shapes a tag of the vocabulary.
func TagOf(t ticketing.Tag) Tag { return Tag{ID: string(t.ID), Name: t.Name, Tone: t.Tone} }

// TagSetting is a tag as administrators see it. Counts stop at 1000.
type TagSetting struct {
	Tag
	Status        string `json:"status" enum:"active,closed"`
	Version       int64  `json:"version"`
	MergedInto    string `json:"merged_into,omitempty"`
	Conversations int    `json:"conversations"`
	Tickets       int    `json:"tickets"`
}

// TagSettingOf shapes a tag for administrators.
func TagSettingOf(t ticketing.TagStanding) TagSetting {
	return TagSetting{Tag: TagOf(t.Tag), Status: t.Status, Version: t.Version, MergedInto: string(t.MergedInto),
		Conversations: t.Conversations, Tickets: t.Tickets}
}

// ticketHistory is what happened to a ticket and to its tags, oldest first.
func (v Voice) ticketHistory(t ticketing.TicketView) []TicketLine {
	lines := Each(t.History, v.ticketLine)
	for _, e := range t.TagHistory {
		line := TicketLine{At: e.At.UTC(), Event: "tag", Actor: e.ActorName, Fields: map[string]string{}}
		if len(e.Added) > 0 {
			line.Label = v.Say("desk.tagged", map[string]any{"Tags": strings.Join(e.Added, ", ")})
		}
		if len(e.Removed) > 0 {
			line.Label = strings.TrimSpace(line.Label + " " + v.Say("desk.untagged", map[string]any{"Tags": strings.Join(e.Removed, ", ")}))
		}
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(a, b TicketLine) int { return a.At.Compare(b.At) })
	return lines
}
