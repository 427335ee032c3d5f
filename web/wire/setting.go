package wire

import (
	"time"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// StaffSetting is a member of staff as administrators see them.
type StaffSetting struct {
	ID          string         `json:"id"`
	Version     int64          `json:"version"`
	Email       string         `json:"email"`
	Name        string         `json:"name"`
	Role        string         `json:"role"`
	State       string         `json:"state" enum:"active,invited,disabled"`
	Capacity    int            `json:"capacity"`
	Limits      map[string]int `json:"limits"`
	Languages   []string       `json:"languages" nullable:"false"`
	Skills      []SkillLevel   `json:"skills" nullable:"false"`
	Teams       []Membership   `json:"teams" nullable:"false"`
	TOTPEnabled bool           `json:"totp_enabled"`
	SeenAt      *time.Time     `json:"seen_at,omitempty"`
	Self        bool           `json:"self"`
}

// SkillLevel is a skill somebody has: 1 learning, 2 able, 3 expert.
type SkillLevel struct {
	Code  string `json:"code" maxLength:"40"`
	Level int    `json:"level" minimum:"1" maximum:"3"`
}

// Membership is a team somebody is in.
type Membership struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name,omitempty" maxLength:"200"`
	Lead bool   `json:"lead"`
}

// StaffSettingOf shapes a member of staff for the administrator who asks.
func StaffSettingOf(s team.Staff, asks access.Actor) StaffSetting {
	state := s.Status
	if s.Status == team.StatusActive && s.Invited() {
		state = team.StateInvited
	}
	shaped := StaffSetting{
		ID: string(s.ID), Version: s.Version, Email: s.Email, Name: s.Name, Role: string(s.Role), State: state, Capacity: s.Capacity,
		Limits: limitsOf(s.Limits), Languages: texts(s.Languages), TOTPEnabled: s.TOTPEnabled, SeenAt: s.SeenAt, Self: string(s.ID) == asks.ID,
		Skills: Each(s.Skills, func(code string) SkillLevel { return SkillLevel{code, s.Levels[code]} }),
		Teams:  Each(s.Teams, func(t team.Team) Membership { return Membership{string(t.ID), t.Name, t.Lead} }),
	}
	return shaped
}

func limitsOf(limits team.Limits) map[string]int {
	if limits == nil {
		return map[string]int{}
	}
	return limits
}

// StaffProfile is what an administrator writes about somebody.
type StaffProfile struct {
	Name      string         `json:"name" maxLength:"200"`
	Role      string         `json:"role" maxLength:"40"`
	Capacity  int            `json:"capacity"`
	Limits    map[string]int `json:"limits"`
	Languages []string       `json:"languages" nullable:"false" maxItems:"20"`
	Skills    []SkillLevel   `json:"skills" nullable:"false" maxItems:"50"`
	Teams     []Membership   `json:"teams" nullable:"false" maxItems:"50"`
}

// Staff is the profile as the desk knows it.
func (p StaffProfile) Staff() team.Staff {
	s := team.Staff{Name: p.Name, Role: access.Role(p.Role), Capacity: p.Capacity, Limits: p.Limits, Languages: p.Languages, Levels: map[string]int{}}
	for _, one := range p.Skills {
		s.Skills, s.Levels[one.Code] = append(s.Skills, one.Code), one.Level
	}
	for _, one := range p.Teams {
		s.Teams = append(s.Teams, team.Team{ID: team.TeamID(one.ID), Lead: one.Lead})
	}
	return s
}

// RoleRights is a role with what it may do.
type RoleRights struct {
	Role        string   `json:"role"`
	Permissions []string `json:"permissions" nullable:"false"`
	TOTP        bool     `json:"totp_required"`
}

// TeamSetting is a team as administrators see it.
type TeamSetting struct {
	ID      string   `json:"id"`
	Version int64    `json:"version"`
	Slug    string   `json:"slug"`
	Name    string   `json:"name"`
	Status  string   `json:"status" enum:"active,closed"`
	Members int      `json:"members"`
	Leads   []string `json:"leads" nullable:"false"`
	Queues  []string `json:"queues" nullable:"false"`
}

// TeamSettingOf shapes a team.
func TeamSettingOf(t team.Standing) TeamSetting {
	return TeamSetting{ID: string(t.ID), Version: t.Version, Slug: t.Slug, Name: t.Name, Status: t.Status, Members: t.Members,
		Leads: texts(t.Leads), Queues: texts(t.Queues)}
}

// SkillSetting is a skill as administrators see it.
type SkillSetting struct {
	Code    string   `json:"code"`
	Version int64    `json:"version"`
	Name    string   `json:"name"`
	Status  string   `json:"status" enum:"active,closed"`
	People  int      `json:"people"`
	Queues  []string `json:"queues" nullable:"false"`
}

// SkillSettingOf shapes a skill.
func SkillSettingOf(s team.Skill) SkillSetting {
	return SkillSetting{Code: s.Code, Version: s.Version, Name: s.Name, Status: s.Status, People: s.People, Queues: texts(s.Queues)}
}

// QueueSetting is a queue as administrators see and write it; target_seconds 0
// stands for the promise of the channel.
type QueueSetting struct {
	ID                  string         `json:"id,omitempty"`
	Version             int64          `json:"version"`
	Slug                string         `json:"slug" maxLength:"40"`
	Name                string         `json:"name" maxLength:"200"`
	Status              string         `json:"status" enum:"active,closed"`
	TeamID              string         `json:"team_id" maxLength:"40"`
	Serving             []string       `json:"serving" nullable:"false" maxItems:"50"`
	Skill               string         `json:"skill" maxLength:"40"`
	SkillLevel          int            `json:"skill_level"`
	Languages           []string       `json:"languages" nullable:"false" maxItems:"20"`
	AutoAccept          bool           `json:"auto_accept"`
	RingSeconds         int            `json:"ring_seconds"`
	WrapUpSeconds       int            `json:"wrap_up_seconds"`
	TargetSeconds       int            `json:"target_seconds"`
	TargetPercent       int            `json:"target_percent"`
	ShortAbandonSeconds int            `json:"short_abandon_seconds"`
	Priority            int            `json:"priority"`
	Limits              map[string]int `json:"limits"`
}

// QueueSettingOf shapes a queue.
func QueueSettingOf(q team.Queue) QueueSetting {
	return QueueSetting{
		ID: string(q.ID), Version: q.Version, Slug: q.Slug, Name: q.Name, Status: q.Status, TeamID: string(q.TeamID),
		Serving: Each(q.Serving, func(id team.TeamID) string { return string(id) }), Skill: q.Skill, SkillLevel: q.SkillLevel,
		Languages: texts(q.Languages), AutoAccept: q.AutoAccept, RingSeconds: q.RingSeconds, WrapUpSeconds: q.WrapUpSeconds,
		TargetSeconds: q.TargetSeconds, TargetPercent: q.TargetPercent, ShortAbandonSeconds: q.ShortAbandonSeconds,
		Priority: q.Priority, Limits: limitsOf(q.Limits),
	}
}

// Queue is the setting as the desk knows it.
func (q QueueSetting) Queue() team.Queue {
	return team.Queue{
		Version: q.Version, Slug: q.Slug, Name: q.Name, Status: q.Status, TeamID: team.TeamID(q.TeamID),
		Serving: Each(q.Serving, func(id string) team.TeamID { return team.TeamID(id) }), Skill: q.Skill, SkillLevel: q.SkillLevel,
		Languages: q.Languages, AutoAccept: q.AutoAccept, RingSeconds: q.RingSeconds, WrapUpSeconds: q.WrapUpSeconds,
		TargetSeconds: q.TargetSeconds, TargetPercent: q.TargetPercent, ShortAbandonSeconds: q.ShortAbandonSeconds,
		Priority: q.Priority, Limits: q.Limits,
	}
}
