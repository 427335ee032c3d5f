package ticketing

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/channels"
)

// Holders that a Filter names beside a member of staff.
const (
	HolderMe   = "me"
	HolderNone = "none"
)

// mostChosen bounds the choices of one field of a filter.
const mostChosen = 20

// Filter narrows a list of conversations: of each field that names something, one
// of what it names must fit. The zero Filter narrows nothing.
type Filter struct {
	Kinds     []string `json:"kinds,omitempty"`
	Queues    []string `json:"queues,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Languages []string `json:"languages,omitempty"`
	// Holder is a member of staff, HolderMe or HolderNone; "" for anybody.
	Holder string `json:"holder,omitempty"`
}

func (f Filter) check() error {
	for _, field := range []struct {
		name   string
		values []string
		good   func(string) bool
	}{
		{"kind", f.Kinds, func(kind string) bool { return slices.Contains(channels.Kinds(), channels.Kind(kind)) }},
		{"queue", f.Queues, isID},
		{"tag", f.Tags, isID},
		{"language", f.Languages, func(code string) bool { return len(code) == 3 }},
	} {
		if len(field.values) > mostChosen {
			return &Invalid{Field: field.name, Rule: "too_many"}
		}
		for _, value := range field.values {
			if !field.good(value) {
				return &Invalid{Field: field.name, Rule: "unknown"}
			}
		}
	}
	if f.Holder != "" && f.Holder != HolderMe && f.Holder != HolderNone && !isID(f.Holder) {
		return &Invalid{Field: "holder", Rule: "unknown"}
	}
	return nil
}

func isID(value string) bool { return uuid.Validate(value) == nil }

// narrow adds the filter to a condition of a listing and its arguments.
func (f Filter) narrow(r Reader, condition string, arguments []any) (string, []any) {
	add := func(part string, argument any) {
		condition += fmt.Sprintf(" AND "+part, len(arguments))
		arguments = append(arguments, argument)
	}
	for _, field := range []struct {
		part   string
		values []string
	}{
		{"c.kind = ANY(?%d::text[])", f.Kinds},
		{"c.queue_id = ANY(?%d::uuid[])", f.Queues},
		{"c.id IN (SELECT conversation_id FROM conversation_tags WHERE tag_id = ANY(?%d::uuid[]))", f.Tags},
		{"c.language = ANY(?%d::text[])", f.Languages},
	} {
		if len(field.values) > 0 {
			add(field.part, pgdialect.Array(field.values))
		}
	}
	switch f.Holder {
	case "":
	case HolderNone:
		condition += " AND c.assignee_id IS NULL"
	case HolderMe:
		add("c.assignee_id = ?%d::uuid", r.Staff)
	default:
		add("c.assignee_id = ?%d::uuid", f.Holder)
	}
	return condition, arguments
}
