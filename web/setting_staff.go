package web

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/auth"
	"sapa/web/wire"
)

type staffFilter struct {
	Q     string `query:"q" maxLength:"120"`
	Role  string `query:"role" maxLength:"40"`
	Team  string `query:"team" format:"uuid"`
	State string `query:"state" enum:"active,invited,disabled"`
}

// listStaffSettings lists everybody, those who left included.
func (s *Server) listStaffSettings(ctx context.Context, in *staffFilter) (wire.Items[wire.StaffSetting], error) {
	list, err := team.List(ctx, s.options.DB, team.StaffFilter{
		Q: in.Q, Role: access.Role(in.Role), Team: team.TeamID(in.Team), State: in.State, Limit: mostStaff})
	asks := actor(ctx)
	return wire.ItemsOf(list, func(one team.Staff) wire.StaffSetting { return wire.StaffSettingOf(one, asks) }), err
}

func (s *Server) readStaffSetting(ctx context.Context, in *ByID) (wire.StaffSetting, error) {
	staff, err := team.ByID(ctx, s.options.DB, team.StaffID(in.ID))
	return wire.StaffSettingOf(staff, actor(ctx)), err
}

// staffLink is a link with which somebody sets a password. It is shown this once.
type staffLink struct {
	Staff     wire.StaffSetting `json:"staff"`
	URL       string            `json:"url"`
	Purpose   string            `json:"purpose" enum:"invite,password"`
	ExpiresAt time.Time         `json:"expires_at"`
}

type inviteInput struct {
	Body struct {
		Email string `json:"email" maxLength:"254"`
		wire.StaffProfile
	}
}

// invite makes an account without a password and the link to set one.
func (s *Server) invite(ctx context.Context, in *inviteInput) (staffLink, error) {
	staff := in.Body.Staff()
	staff.Email = in.Body.Email
	var made staffLink
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		added, err := team.Add(ctx, tx, staff, s.options.Now())
		if err != nil {
			return err
		}
		if added, err = team.ByID(ctx, tx, added.ID); err != nil {
			return err
		}
		entry := access.AuditEntry{Actor: actor(ctx), Action: "staff.invite", Object: "staff", ObjectID: string(added.ID), At: s.options.Now()}
		if err := access.AuditChange(ctx, tx, entry, nil, added.Profile()); err != nil {
			return err
		}
		made, err = s.linkFor(ctx, tx, added)
		return err
	})
	s.settingChanged(ctx, "staff")
	return made, err
}

// linkFor makes the link of somebody; whoever has no password yet is invited anew.
func (s *Server) linkFor(ctx context.Context, tx bun.Tx, staff team.Staff) (staffLink, error) {
	purpose := auth.LinkPassword
	if staff.Invited() {
		purpose = auth.LinkInvite
	}
	secret, expires, err := s.options.Auth.MakeLink(ctx, tx, staff.ID, purpose)
	// After the # it reaches neither servers nor their logs.
	address := s.options.PublicURL.JoinPath("/console/welcome").String() + "#" + secret
	return staffLink{Staff: wire.StaffSettingOf(staff, actor(ctx)), URL: address, Purpose: purpose, ExpiresAt: expires}, err
}

// linkStaff makes a link to set a new password; the old one works until then.
func (s *Server) linkStaff(ctx context.Context, in *ByID) (staffLink, error) {
	var made staffLink
	err := s.onAccount(ctx, in.ID, "staff.link", func(ctx context.Context, tx bun.Tx, staff team.Staff) (err error) {
		made, err = s.linkFor(ctx, tx, staff)
		return err
	})
	return made, err
}

// resetTOTP forgets a lost second factor and ends the sessions it opened.
func (s *Server) resetTOTP(ctx context.Context, in *ByID) (wire.StaffSetting, error) {
	err := s.onAccount(ctx, in.ID, "staff.totp_reset", func(ctx context.Context, tx bun.Tx, staff team.Staff) error {
		return team.DropTOTP(ctx, tx, staff.ID, s.options.Now())
	})
	if err != nil {
		return wire.StaffSetting{}, err
	}
	if err := s.options.Auth.EndSessions(ctx, team.StaffID(in.ID)); err != nil {
		return wire.StaffSetting{}, err
	}
	return s.readStaffSetting(ctx, in)
}

// onAccount does something about how somebody signs in and leaves its audit row.
func (s *Server) onAccount(ctx context.Context, id, action string, do func(context.Context, bun.Tx, team.Staff) error) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		staff, err := team.ByID(ctx, tx, team.StaffID(id))
		if err != nil {
			return err
		}
		if staff.Status != team.StatusActive {
			return team.Invalid{Field: "status", Rule: "inactive"}
		}
		if err := do(ctx, tx, staff); err != nil {
			return err
		}
		return access.Audit(ctx, tx, access.AuditEntry{Actor: actor(ctx), Action: action, Object: "staff", ObjectID: id, At: s.options.Now()})
	})
}

type staffInput struct {
	ByID
	Body struct {
		Version int64 `json:"version"`
		wire.StaffProfile
	}
}

// saveStaff changes a profile. Whoever got another role signs in anew.
func (s *Server) saveStaff(ctx context.Context, in *staffInput) (wire.StaffSetting, error) {
	staff := in.Body.Staff()
	staff.ID, staff.Version = team.StaffID(in.ID), in.Body.Version
	before, err := team.ByID(ctx, s.options.DB, staff.ID)
	if err != nil {
		return wire.StaffSetting{}, err
	}
	if err := s.options.Desk.ChangeStaff(ctx, actor(ctx), staff); err != nil {
		return wire.StaffSetting{}, err
	}
	if before.Role != staff.Role {
		if err := s.options.Auth.EndSessions(ctx, staff.ID); err != nil {
			return wire.StaffSetting{}, err
		}
	}
	return s.readStaffSetting(ctx, &in.ByID)
}

type versionedInput struct {
	ByID
	Body struct {
		Version int64 `json:"version"`
	}
}

// offboard ends somebody's work here, and their sessions and sockets everywhere.
func (s *Server) offboard(ctx context.Context, in *versionedInput) (wire.StaffSetting, error) {
	id := team.StaffID(in.ID)
	if err := s.options.Desk.Offboard(ctx, actor(ctx), id, in.Body.Version); err != nil {
		return wire.StaffSetting{}, err
	}
	if err := s.options.Auth.EndSessions(ctx, id); err != nil {
		return wire.StaffSetting{}, err
	}
	return s.readStaffSetting(ctx, &in.ByID)
}

func (s *Server) takeBack(ctx context.Context, in *versionedInput) (wire.StaffSetting, error) {
	if err := s.options.Desk.Return(ctx, actor(ctx), team.StaffID(in.ID), in.Body.Version); err != nil {
		return wire.StaffSetting{}, err
	}
	return s.readStaffSetting(ctx, &in.ByID)
}

// listRoles is the table of roles, to be read.
func (s *Server) listRoles(context.Context, *struct{}) (wire.Items[wire.RoleRights], error) {
	return wire.ItemsOf(access.Roles(), func(role access.Role) wire.RoleRights {
		rights := wire.Each(access.Permissions(role), func(p access.Permission) string { return string(p) })
		return wire.RoleRights{Role: string(role), Permissions: rights, TOTP: s.options.Auth.Requires(role)}
	}), nil
}

// settingChanged tells open consoles what to ask for again.
func (s *Server) settingChanged(ctx context.Context, object string) {
	_ = s.options.Bus.Publish(ctx, bus.Signal{Topic: bus.Setting, ID: object}) // a lost one is seen at the next look
}
