package metric

import "time"

// RepeatWindow is how long after a contact another one of the same person on
// the same topic, on any channel, makes the first a failure.
const RepeatWindow = 7 * 24 * time.Hour

// FirstContact counts the contacts with an outcome in a period. Repeated and
// Transferred are failures, each contact counted once. Unsolvable are the
// failures that policy keeps the first line from solving.
type FirstContact struct {
	Contacts, Repeated, Transferred, Unsolvable int64
}

// FCRGross is solved at first contact / contacts.
func (c FirstContact) FCRGross() Ratio { return NewRatio(c.solved(), c.Contacts) }

// FCRNet leaves out what the first line may not solve.
func (c FirstContact) FCRNet() Ratio { return NewRatio(c.solved(), c.Contacts-c.Unsolvable) }

func (c FirstContact) solved() int64 { return c.Contacts - c.Repeated - c.Transferred }

// FCRProvisional reports whether a figure of the period that ended then can
// still fall, since the repeat window of its last contacts is open.
func FCRProvisional(periodEnd, now time.Time) bool {
	return now.Before(periodEnd.Add(RepeatWindow))
}

// BotSessions counts the bot's sessions in a period. Uncertain are those ended
// without an agent whose person came back within 24 hours or left in the middle
// of a dialogue.
type BotSessions struct {
	Sessions, WithoutAgent, Uncertain int64
}

// Containment is sessions ended without an agent / sessions.
func (b BotSessions) Containment() Ratio { return NewRatio(b.WithoutAgent, b.Sessions) }

// ResolvedContainment counts only those that the person left content, as far
// as one can tell. It is the honest figure of the two.
func (b BotSessions) ResolvedContainment() Ratio {
	return NewRatio(b.WithoutAgent-b.Uncertain, b.Sessions)
}
