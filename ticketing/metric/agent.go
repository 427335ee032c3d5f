package metric

import "time"

// AgentTime sums what agents did while they were there for contacts: Handle is
// the time spent on contacts, Idle available without one.
type AgentTime struct{ Handle, Idle time.Duration }

// Occupancy is handle / (handle + idle). Breaks are on neither side.
func (a AgentTime) Occupancy() Ratio { return ratioOfTime(a.Handle, a.Handle+a.Idle) }
