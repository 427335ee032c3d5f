package metric

import "time"

// RepeatWindow is how long after a contact another one of the same person on
// the same topic, on any channel, makes the first a failure.
const RepeatWindow = 7 * 24 * time.Hour

// FirstContact counts the contacts with an outcome in a period. Settled were
// solved without a transfer to another queue and without a repeat.
type FirstContact struct{ Contacts, Settled int64 }

// FCR is settled at first contact / contacts.
func (c FirstContact) FCR() Ratio { return NewRatio(c.Settled, c.Contacts) }

// FCRProvisional reports whether a figure of the period that ended then can
// still fall, since the repeat window of its last contacts is open.
func FCRProvisional(periodEnd, now time.Time) bool {
	return now.Before(periodEnd.Add(RepeatWindow))
}
