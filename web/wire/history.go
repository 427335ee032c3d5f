package wire

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"sapa/program/access"
)

// SettingChange is a line of a setting's history: who changed what, from what to
// what.
type SettingChange struct {
	ID       int64         `json:"id"`
	At       time.Time     `json:"at"`
	Actor    string        `json:"actor"`
	Action   string        `json:"action"`
	ObjectID string        `json:"object_id"`
	Name     string        `json:"name"`
	Changes  []FieldChange `json:"changes" nullable:"false"`
}

// FieldChange is one field of it.
type FieldChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// SettingChangeOf shapes a line of the audit log; names says what ids stand for.
func SettingChangeOf(line access.AuditLine, names map[string]string) SettingChange {
	var before, after map[string]any
	_ = json.Unmarshal(line.Before, &before) // absent for something new
	_ = json.Unmarshal(line.After, &after)   // absent where nothing but the act is told
	shaped := SettingChange{ID: line.ID, At: line.At.UTC(), Actor: line.Actor.Name, Action: line.Action, ObjectID: line.ObjectID,
		Name: plain(after["name"], names), Changes: []FieldChange{}}
	var fields []string
	for _, side := range []map[string]any{before, after} {
		for field := range side {
			if !slices.Contains(fields, field) {
				fields = append(fields, field)
			}
		}
	}
	slices.Sort(fields)
	for _, field := range fields {
		was, is := plain(before[field], names), plain(after[field], names)
		if was != is {
			shaped.Changes = append(shaped.Changes, FieldChange{field, was, is})
		}
	}
	return shaped
}

// plain writes a value of the audit log for people.
func plain(value any, names map[string]string) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		if name, known := names[v]; known {
			return name
		}
		return v
	case []any:
		return strings.Join(Each(v, func(one any) string { return plain(one, names) }), ", ")
	case map[string]any:
		var parts []string
		for key, one := range v {
			parts = append(parts, key+": "+plain(one, names))
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	default:
		return fmt.Sprint(v)
	}
}
