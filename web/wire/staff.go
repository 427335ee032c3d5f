package wire

import (
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// Presence is what a member of staff is doing.
type Presence struct {
	State    string    `json:"state" enum:"offline,available,ringing,on_contact,wrap_up,break"`
	Reason   string    `json:"reason,omitempty"`
	Since    time.Time `json:"since"`
	Load     int       `json:"load"`
	Capacity int       `json:"capacity"`
}

// PresenceOf shapes a presence.
func PresenceOf(p ticketing.Presence) Presence {
	return Presence{State: string(p.State), Reason: p.Reason, Since: p.Since.UTC(), Load: p.Load, Capacity: p.Capacity}
}

// Me is the person at the console.
type Me struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Email        string   `json:"email"`
	Role         string   `json:"role"`
	Permissions  []string `json:"permissions" nullable:"false"`
	Language     string   `json:"language" enum:"ind,eng"`
	Theme        string   `json:"theme" enum:"system,light,dark"`
	TOTPEnabled  bool     `json:"totp_enabled"`
	TOTPRequired bool     `json:"totp_required"`
	Skills       []string `json:"skills" nullable:"false"`
	Languages    []string `json:"languages" nullable:"false"`
	Teams        []Named  `json:"teams" nullable:"false"`
	Presence     Presence `json:"presence"`
	Capacity     int      `json:"capacity"`
	UndoSeconds  int      `json:"undo_seconds" enum:"0,5,10" doc:"For how long a reply waits to be taken back"`
}

// MeOf shapes the person at the console; required says that the role asks for a
// second factor.
func MeOf(s team.Staff, p ticketing.Presence, required bool) Me {
	return Me{
		ID: string(s.ID), Name: s.Name, Email: s.Email, Role: string(s.Role), Permissions: texts(access.Permissions(s.Role)),
		Language: s.Language, Theme: s.Theme, TOTPEnabled: s.TOTPEnabled, TOTPRequired: required, Skills: texts(s.Skills),
		Languages: texts(s.Languages), Capacity: s.Capacity, Presence: PresenceOf(p), UndoSeconds: s.UndoSeconds,
		Teams: Each(s.Teams, func(t team.Team) Named { return Named{ID: string(t.ID), Name: t.Name} }),
	}
}

// StaffRow is a colleague.
type StaffRow struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Role      string   `json:"role"`
	Presence  Presence `json:"presence"`
	Languages []string `json:"languages" nullable:"false"`
	Skills    []string `json:"skills" nullable:"false"`
}

// StaffOf shapes a colleague.
func StaffOf(s team.Staff, p ticketing.Presence) StaffRow {
	return StaffRow{ID: string(s.ID), Name: s.Name, Role: string(s.Role), Presence: PresenceOf(p), Languages: texts(s.Languages), Skills: texts(s.Skills)}
}

// QueueRow is a queue with what waits in it and who of its unit is ready.
type QueueRow struct {
	ID        string `json:"id"`
	Slug      string `json:"slug"`
	Name      string `json:"name"`
	Unit      Named  `json:"unit"`
	Waiting   int    `json:"waiting"`
	Available int    `json:"available"`
}
