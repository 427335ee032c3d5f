package web

import (
	"context"

	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

func (s *Server) listTeamSettings(ctx context.Context, _ *struct{}) (wire.Items[wire.TeamSetting], error) {
	list, err := team.TeamStandings(ctx, s.options.DB)
	return wire.ItemsOf(list, wire.TeamSettingOf), err
}

type teamInput struct {
	Body struct {
		Slug string `json:"slug" maxLength:"40"`
		Name string `json:"name" maxLength:"200"`
	}
}

func (s *Server) createTeam(ctx context.Context, in *teamInput) (wire.Items[wire.TeamSetting], error) {
	if err := s.options.Desk.CreateTeam(ctx, actor(ctx), team.Team{Slug: in.Body.Slug, Name: in.Body.Name}); err != nil {
		return wire.Items[wire.TeamSetting]{}, err
	}
	return s.listTeamSettings(ctx, nil)
}

type saveTeamInput struct {
	ByID
	Body struct {
		Version int64  `json:"version"`
		Name    string `json:"name" maxLength:"200"`
		Status  string `json:"status" enum:"active,closed"`
	}
}

func (s *Server) saveTeam(ctx context.Context, in *saveTeamInput) (wire.Items[wire.TeamSetting], error) {
	one := team.Team{ID: team.TeamID(in.ID), Version: in.Body.Version, Name: in.Body.Name, Status: in.Body.Status}
	if err := s.options.Desk.SaveTeam(ctx, actor(ctx), one); err != nil {
		return wire.Items[wire.TeamSetting]{}, err
	}
	return s.listTeamSettings(ctx, nil)
}

func (s *Server) listSkillSettings(ctx context.Context, _ *struct{}) (wire.Items[wire.SkillSetting], error) {
	list, err := team.Skills(ctx, s.options.DB)
	return wire.ItemsOf(list, wire.SkillSettingOf), err
}

type skillInput struct {
	Body struct {
		Code string `json:"code" maxLength:"40"`
		Name string `json:"name" maxLength:"200"`
	}
}

func (s *Server) createSkill(ctx context.Context, in *skillInput) (wire.Items[wire.SkillSetting], error) {
	if err := s.options.Desk.CreateSkill(ctx, actor(ctx), team.Skill{Code: in.Body.Code, Name: in.Body.Name}); err != nil {
		return wire.Items[wire.SkillSetting]{}, err
	}
	return s.listSkillSettings(ctx, nil)
}

type saveSkillInput struct {
	Code string `path:"code" maxLength:"40"`
	Body struct {
		Version int64  `json:"version"`
		Name    string `json:"name" maxLength:"200"`
		Status  string `json:"status" enum:"active,closed"`
	}
}

func (s *Server) saveSkill(ctx context.Context, in *saveSkillInput) (wire.Items[wire.SkillSetting], error) {
	skill := team.Skill{Code: in.Code, Version: in.Body.Version, Name: in.Body.Name, Status: in.Body.Status}
	if err := s.options.Desk.SaveSkill(ctx, actor(ctx), skill); err != nil {
		return wire.Items[wire.SkillSetting]{}, err
	}
	return s.listSkillSettings(ctx, nil)
}

func (s *Server) listQueueSettings(ctx context.Context, _ *struct{}) (wire.Items[wire.QueueSetting], error) {
	list, err := team.AllQueues(ctx, s.options.DB)
	return wire.ItemsOf(list, wire.QueueSettingOf), err
}

type createQueueInput struct{ Body wire.QueueSetting }

func (s *Server) createQueue(ctx context.Context, in *createQueueInput) (wire.Items[wire.QueueSetting], error) {
	if err := s.options.Desk.CreateQueue(ctx, actor(ctx), in.Body.Queue()); err != nil {
		return wire.Items[wire.QueueSetting]{}, err
	}
	return s.listQueueSettings(ctx, nil)
}

type saveQueueInput struct {
	ByID
	Body wire.QueueSetting
}

func (s *Server) saveQueue(ctx context.Context, in *saveQueueInput) (wire.Items[wire.QueueSetting], error) {
	queue := in.Body.Queue()
	queue.ID = team.QueueID(in.ID)
	if err := s.options.Desk.SaveQueue(ctx, actor(ctx), queue); err != nil {
		return wire.Items[wire.QueueSetting]{}, err
	}
	return s.listQueueSettings(ctx, nil)
}

type settingHistoryInput struct {
	Object   string `path:"object" maxLength:"40" pattern:"^[a-z_]+$"`
	ObjectID string `query:"id" maxLength:"80"`
	Before   int64  `query:"before"`
}

// settingHistoryPage is how many lines of history are shown at a time.
const settingHistoryPage = 30

// settingHistory is who changed a setting, newest first.
func (s *Server) settingHistory(ctx context.Context, in *settingHistoryInput) (wire.Items[wire.SettingChange], error) {
	lines, err := access.AuditEntries(ctx, s.options.DB, access.AuditFilter{
		Object: in.Object, ObjectID: in.ObjectID, BeforeID: in.Before, Limit: settingHistoryPage})
	if err != nil {
		return wire.Items[wire.SettingChange]{}, err
	}
	teams, err := team.TeamStandings(ctx, s.options.DB)
	names := map[string]string{}
	for _, one := range teams {
		names[string(one.ID)] = one.Name
	}
	return wire.ItemsOf(lines, func(line access.AuditLine) wire.SettingChange { return wire.SettingChangeOf(line, names) }), err
}
