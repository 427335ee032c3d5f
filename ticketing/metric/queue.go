package metric

import "time"

// Variant is one of the formulas that products call "service level". They
// differ by up to nine points on the same day, so the name is always shown.
type Variant string

// The variants in use. T is the target time.
const (
	// SLOffered: answered within T / (answered + abandoned). Our default:
	// the share of those who wanted an answer, short abandons included.
	SLOffered Variant = "offered"
	// SLNoShort: as SLOffered without the short abandons.
	SLNoShort Variant = "no_short"
	// SLFlow: as SLOffered, flow-outs counted as offered too.
	SLFlow Variant = "flow"
	// SLAnswered: answered within T / answered. Who gave up is not seen.
	SLAnswered Variant = "answered"
	// SL2: (answered + abandoned within T) / (answered + abandoned).
	SL2 Variant = "sl2"
	// SLRemoved: left the queue within T for any reason / queued.
	SLRemoved Variant = "removed"
)

// Variants lists the variants, the default first.
func Variants() []Variant {
	return []Variant{SLOffered, SLNoShort, SLFlow, SLAnswered, SL2, SLRemoved}
}

// Formula is the variant as it stands beside the figure.
func (v Variant) Formula() string {
	switch v {
	case SLOffered:
		return "answered≤T / (answered + abandoned)"
	case SLNoShort:
		return "answered≤T / (answered + abandoned − short)"
	case SLFlow:
		return "answered≤T / (answered + abandoned + flow-outs)"
	case SLAnswered:
		return "answered≤T / answered"
	case SL2:
		return "(answered≤T + abandoned≤T) / (answered + abandoned)"
	case SLRemoved:
		return "left the queue≤T / queued"
	default:
		return ""
	}
}

// Queue counts what became of the contacts offered to a queue in a period.
// "Within" means within the target time of the queue. A flow-out left by a
// call-back or a transfer to another queue: it is no abandon. A short
// abandon gave up so soon (5 s) that nobody could have answered.
type Queue struct {
	Answered, AnsweredWithin   int64
	Abandoned, AbandonedWithin int64
	ShortAbandoned             int64
	FlowOuts, FlowOutsWithin   int64
}

// Offered is everybody who entered the queue.
func (q Queue) Offered() int64 { return q.Answered + q.Abandoned + q.FlowOuts }

// ServiceLevel is the share served in time by one variant; no data for an
// unknown one.
func (q Queue) ServiceLevel(v Variant) Ratio {
	switch v {
	case SLOffered:
		return NewRatio(q.AnsweredWithin, q.Answered+q.Abandoned)
	case SLNoShort:
		return NewRatio(q.AnsweredWithin, q.Answered+q.Abandoned-q.ShortAbandoned)
	case SLFlow:
		return NewRatio(q.AnsweredWithin, q.Offered())
	case SLAnswered:
		return NewRatio(q.AnsweredWithin, q.Answered)
	case SL2:
		return NewRatio(q.AnsweredWithin+q.AbandonedWithin, q.Answered+q.Abandoned)
	case SLRemoved:
		return NewRatio(q.AnsweredWithin+q.AbandonedWithin+q.FlowOutsWithin, q.Offered())
	default:
		return Ratio{}
	}
}

// AbandonmentRate is abandoned / offered.
func (q Queue) AbandonmentRate() Ratio { return NewRatio(q.Abandoned, q.Offered()) }

// ASA is the average speed of answer in seconds: the summed wait of answered
// contacts / answered. Those who gave up change nothing.
func ASA(waited time.Duration, answered int64) Figure { return meanSeconds(waited, answered) }

// Handling sums the agents' work on the contacts of a period.
type Handling struct {
	Talk, AfterContact time.Duration
	Handled            int64
}

// AHT is the average handling time in seconds: (talk + after-contact work) /
// handled; talk lasts from the taking to the end, holds included. Chats held at once overlap: an agent's time is not AHT
// times contacts.
func (h Handling) AHT() Figure { return meanSeconds(h.Talk+h.AfterContact, h.Handled) }
