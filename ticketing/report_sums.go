package ticketing

import (
	"time"

	"sapa/ticketing/metric"
)

// Sums are what a report adds up over raw contacts, in the order in which
// report_days keeps them. Shares and means are made of sums last, never of other
// shares and means.
type Sums [sumCount]float64

const (
	sumOffered = iota
	sumAnswered
	sumWithin
	sumAbandoned
	sumAbandonedIn
	sumShort
	sumFlowOut
	sumFlowOutIn
	sumWaited // seconds of those answered
	sumHandled
	sumTalk // seconds
	sumWrap // seconds
	sumRated
	sumGood
	sumAsked
	sumContacts
	sumFirst // settled at first contact
	sumMade
	sumDecided
	sumDue
	sumBreached
	sumBusy // seconds
	sumIdle // seconds
	sumCount
)

// Add adds the sums of other contacts.
func (s *Sums) Add(other Sums) {
	for i := range s {
		s[i] += other[i]
	}
}

func (s Sums) n(i int) int64 { return int64(s[i]) }

func (s Sums) queue() metric.Queue {
	return metric.Queue{
		Answered: s.n(sumAnswered), AnsweredWithin: s.n(sumWithin), Abandoned: s.n(sumAbandoned), AbandonedWithin: s.n(sumAbandonedIn),
		ShortAbandoned: s.n(sumShort), FlowOuts: s.n(sumFlowOut), FlowOutsWithin: s.n(sumFlowOutIn),
	}
}

// ReportColumn is one figure of a report, said by "report.column."+Code+".title"
// and ".text". Unit is count, seconds or ratio.
type ReportColumn struct {
	Code, Unit string
	value      func(ReportRow, metric.Variant) *float64
	// queued figures belong to a queue: an agent has none of them.
	queued bool
}

// Units of a report's figures.
const (
	UnitCount   = "count"
	UnitSeconds = "seconds"
	UnitRatio   = "ratio"
)

// ReportColumns lists the figures of a report in the order of its columns.
func ReportColumns() []ReportColumn {
	return []ReportColumn{
		counted("offered", sumOffered, true),
		counted("answered", sumAnswered, false),
		counted("abandoned", sumAbandoned, true),
		counted("short", sumShort, true),
		ratio("service_level", true, func(s Sums, v metric.Variant) metric.Ratio { return s.queue().ServiceLevel(v) }),
		ratio("abandonment", true, func(s Sums, _ metric.Variant) metric.Ratio { return s.queue().AbandonmentRate() }),
		timed("asa", func(s Sums) metric.Figure { return metric.ASA(seconds(s[sumWaited]), s.n(sumAnswered)) }),
		counted("handled", sumHandled, false),
		timed("aht", func(s Sums) metric.Figure {
			return metric.Handling{Talk: seconds(s[sumTalk]), AfterContact: seconds(s[sumWrap]), Handled: s.n(sumHandled)}.AHT()
		}),
		counted("rated", sumRated, false),
		ratio("csat", false, func(s Sums, _ metric.Variant) metric.Ratio { return metric.NewRatio(s.n(sumGood), s.n(sumRated)) }),
		ratio("response", false, func(s Sums, _ metric.Variant) metric.Ratio { return metric.ResponseRate(s.n(sumRated), s.n(sumAsked)) }),
		ratio("fcr", false, func(s Sums, _ metric.Variant) metric.Ratio {
			return metric.FirstContact{Contacts: s.n(sumContacts), Settled: s.n(sumFirst)}.FCR()
		}),
		counted("made", sumMade, false),
		counted("decided", sumDecided, false),
		counted("breached", sumBreached, false),
		ratio("attainment", false, func(s Sums, _ metric.Variant) metric.Ratio {
			return metric.NewRatio(s.n(sumDue)-s.n(sumBreached), s.n(sumDue))
		}),
		ratio("occupancy", false, func(s Sums, _ metric.Variant) metric.Ratio {
			return metric.AgentTime{Handle: seconds(s[sumBusy]), Idle: seconds(s[sumIdle])}.Occupancy()
		}),
		aged("age_0_3", func(b metric.AgeBuckets) int64 { return b.Under3 }),
		aged("age_3_7", func(b metric.AgeBuckets) int64 { return b.From3To7 }),
		aged("age_7_14", func(b metric.AgeBuckets) int64 { return b.From7To14 }),
		aged("age_14", func(b metric.AgeBuckets) int64 { return b.From14 }),
	}
}

func counted(code string, sum int, queued bool) ReportColumn {
	return ReportColumn{Code: code, Unit: UnitCount, queued: queued, value: func(r ReportRow, _ metric.Variant) *float64 {
		return &r.Sums[sum]
	}}
}

func ratio(code string, queued bool, of func(Sums, metric.Variant) metric.Ratio) ReportColumn {
	return ReportColumn{Code: code, Unit: UnitRatio, queued: queued, value: func(r ReportRow, v metric.Variant) *float64 {
		return ratioOrNil(of(r.Sums, v))
	}}
}

func timed(code string, of func(Sums) metric.Figure) ReportColumn {
	return ReportColumn{Code: code, Unit: UnitSeconds, value: func(r ReportRow, _ metric.Variant) *float64 {
		return figureOrNil(of(r.Sums))
	}}
}

// aged is a column of the backlog as it is now; a day of the series has none.
func aged(code string, of func(metric.AgeBuckets) int64) ReportColumn {
	return ReportColumn{Code: code, Unit: UnitCount, value: func(r ReportRow, _ metric.Variant) *float64 {
		if r.Backlog == nil {
			return nil
		}
		n := float64(of(*r.Backlog))
		return &n
	}}
}

// ReportRow is one line of a report: a queue, channel, language, category or
// agent, a day of the series, or the total.
type ReportRow struct {
	Code    string
	Name    string
	Day     time.Time
	Sums    Sums
	Backlog *metric.AgeBuckets
}

// Values are the figures of a row in the order of ReportColumns, nil where there
// is no data.
func (r Report) Values(row ReportRow) []*float64 {
	columns := ReportColumns()
	values := make([]*float64, len(columns))
	for i, column := range columns {
		if column.queued && r.By == ByStaff && row.Code != "" {
			continue // who left before anybody answered left no agent
		}
		values[i] = column.value(row, r.Variant)
	}
	return values
}
