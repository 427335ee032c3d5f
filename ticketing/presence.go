package ticketing

import (
	"slices"
	"time"

	"sapa/ticketing/team"
)

// PresenceState is what a member of staff is doing; every second of a shift
// belongs to exactly one.
type PresenceState string

// The states of presence.
const (
	PresenceOffline   PresenceState = "offline"
	PresenceAvailable PresenceState = "available"
	PresenceRinging   PresenceState = "ringing"
	PresenceOnContact PresenceState = "on_contact"
	PresenceWrapUp    PresenceState = "wrap_up"
	PresenceBreak     PresenceState = "break"
)

// PresenceStates lists them as wallboards count them.
func PresenceStates() []PresenceState {
	return []PresenceState{PresenceAvailable, PresenceRinging, PresenceOnContact, PresenceWrapUp, PresenceBreak, PresenceOffline}
}

// What a person can choose; the other states follow from the work in hand.
const (
	ChosenOffline   = "offline"
	ChosenAvailable = "available"
	ChosenBreak     = "break"
)

// BreakReasons lists the codes of reasons for a break, said by the keys
// "break."+code.
func BreakReasons() []string {
	return []string{"rest", "meal", "prayer", "meeting", "training", "back_office", "technical"}
}

// Presence is what one member of staff is doing, since when, and how many
// conversations they hold of how many they can. Chosen is what they picked:
// somebody who chose a break goes on it when the conversations in hand are over.
type Presence struct {
	Staff    team.StaffID
	State    PresenceState
	Chosen   string
	Reason   string
	Since    time.Time
	Load     int
	Capacity int
}

// hands counts the conversations that somebody holds, by state.
type hands struct{ Ringing, Agent, WrapUp int }

// derive says which state follows from the choice and the work in hand: an open
// contact comes first, then a ringing one, then writing up (decision 6).
func derive(chosen string, h hands) PresenceState {
	switch {
	case chosen == ChosenOffline:
		return PresenceOffline
	case h.Agent > 0:
		return PresenceOnContact
	case h.Ringing > 0:
		return PresenceRinging
	case h.WrapUp > 0:
		return PresenceWrapUp
	case chosen == ChosenBreak:
		return PresenceBreak
	default:
		return PresenceAvailable
	}
}

func checkChoice(chosen, reason string) error {
	if !slices.Contains([]string{ChosenOffline, ChosenAvailable, ChosenBreak}, chosen) {
		return &Invalid{Field: "state", Rule: "unknown"}
	}
	if chosen == ChosenBreak && !slices.Contains(BreakReasons(), reason) {
		return &Invalid{Field: "reason", Rule: "unknown"}
	}
	return nil
}
