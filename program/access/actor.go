// Package access says who acts, what a role may do, and who has looked at whom:
// actors, the permission table, the ledger of reads and the sealed audit log.
// It is a leaf: every room may import it.
package access

import (
	"log/slog"
	"slices"
	"strings"
)

// ActorKind is the sort of being that acts.
type ActorKind string

// The kinds of actors. Reporter is a citizen who holds the secret of a ticket
// and nothing else; machine is a program with an API key.
const (
	Staff       ActorKind = "staff"
	Participant ActorKind = "participant"
	Provider    ActorKind = "provider"
	System      ActorKind = "system"
	Bot         ActorKind = "bot"
	Machine     ActorKind = "machine"
	Reporter    ActorKind = "reporter"
)

// Actor is who does something: it goes into every ledger, history and audit row.
type Actor struct {
	Kind ActorKind
	// ID is the staff, participant or key id; "" for system and bot.
	ID string
	// Name is what a colleague reads in a history; for citizens it may be empty.
	Name string
	// Role is set for staff only.
	Role Role
	// Language is the ISO 639-3 code in which the actor reads.
	Language string
	// Scopes are set for machines only: the permissions of the key, separated by
	// spaces. A text, so that actors stay comparable.
	Scopes string
}

// Timer is the actor behind sweeps and time-outs.
func Timer() Actor { return Actor{Kind: System, Name: "system"} }

// Robot is the actor behind everything the bot does.
func Robot() Actor { return Actor{Kind: Bot, Name: "bot"} }

// Same reports whether both stand for one person or program. Two unnamed
// system actors are the same.
func (a Actor) Same(b Actor) bool { return a.Kind == b.Kind && a.ID == b.ID }

// May reports whether the actor holds the permission: staff by role, system
// always, the bot by its own short list, a machine by the scopes of its key,
// everybody else never by this table.
func (a Actor) May(p Permission) bool {
	switch a.Kind {
	case Staff:
		return Allows(a.Role, p)
	case System:
		return true
	case Bot:
		return botMay(p)
	case Machine:
		return slices.Contains(Scopes(), p) && slices.Contains(strings.Fields(a.Scopes), string(p))
	}
	return false
}

// LogValue keeps names out of the logs.
func (a Actor) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", string(a.Kind)), slog.String("id", a.ID), slog.String("role", string(a.Role)))
}
