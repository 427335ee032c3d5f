package access_test

import (
	"slices"
	"testing"

	"sapa/program/access"
)

func TestAllows(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		role access.Role
		do   access.Permission
		want bool
	}{
		{"agent corrects a record", access.Agent, access.RemedyRun, true},
		{"agent decides no money", access.Agent, access.ApprovalDecideMoney, false},
		{"approver decides money", access.Approver, access.ApprovalDecideMoney, true},
		{"approver corrects nothing himself", access.Approver, access.RemedyRun, false},
		{"supervisor decides attendance", access.Supervisor, access.ApprovalDecideAttendance, true},
		{"supervisor decides no export he may ask for", access.Supervisor, access.ApprovalDecideExport, false},
		{"admin sees no record", access.Admin, access.RecordRead, false},
		{"admin reads the audit log", access.Admin, access.AuditRead, true},
		{"wallboard reader sees the board", access.WallboardReader, access.WallboardRead, true},
		{"wallboard reader sees no names", access.WallboardReader, access.WallboardAgents, false},
		{"quality reviewer unmasks nothing", access.QualityReviewer, access.RecordUnmask, false},
		{"appellate decides appeals", access.Appellate, access.TicketAppeal, true},
		{"unknown role", "chief", access.RecordRead, false},
		{"no role", "", access.WallboardRead, false},
		{"unknown permission", access.Admin, "everything", false},
		{"no permission", access.Admin, "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := access.Allows(c.role, c.do); got != c.want {
				t.Errorf("Allows(%s, %s) = %v, want %v", c.role, c.do, got, c.want)
			}
		})
	}
}

func TestActorMay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		actor access.Actor
		do    access.Permission
		want  bool
	}{
		{"staff by role", access.Actor{Kind: access.Staff, Role: access.Agent}, access.TicketWork, true},
		{"bot reads a record", access.Robot(), access.RecordRead, true},
		{"bot runs no remedy", access.Robot(), access.RemedyRun, false},
		{"bot unmasks nothing", access.Robot(), access.RecordUnmask, false},
		{"bot works no ticket", access.Robot(), access.TicketWork, false},
		{"system", access.Timer(), access.TicketEscalate, true},
		{"participant with a staff role in hand", access.Actor{Kind: access.Participant, Role: access.Admin}, access.SettingsEdit, false},
		{"nobody", access.Actor{}, access.KnowledgeRead, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.actor.May(c.do); got != c.want {
				t.Errorf("May(%s) = %v, want %v", c.do, got, c.want)
			}
		})
	}
}

// TestEveryRoleHasPermissions guards against a role added without a line in the
// table, and against a list shared by two roles through one array.
func TestEveryRoleHasPermissions(t *testing.T) {
	t.Parallel()
	for _, role := range access.Roles() {
		if len(access.Permissions(role)) == 0 {
			t.Errorf("%s may do nothing", role)
		}
	}
	if slices.Contains(access.Permissions(access.Agent), access.TicketCosign) {
		t.Error("the agent's list holds a permission of the supervisor")
	}
}
