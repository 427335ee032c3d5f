package ticketing_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// recount is a row of the board worked out of the notebook, one contact at a
// time.
type recount struct {
	offered, answered, abandoned, within, waiting int64
	waited, handled                               float64
	handlings, ratings, good                      int64
	longest                                       float64
}

func (r recount) share(part, whole int64) float64 {
	if whole == 0 {
		return -1
	}
	return math.Round(float64(part)/float64(whole)*10_000) / 10_000
}

func (r recount) mean(total float64, n int64) float64 {
	if n == 0 {
		return -1
	}
	return total / float64(n)
}

type place struct {
	kind  channels.Kind
	queue team.QueueID
}

// recounts counts what the notebook says of today, by channel and queue.
func (d *day) recounts() map[place]*recount {
	now := d.w.Clock.Now()
	midnight := time.Date(2026, time.November, now.In(time.FixedZone("WIB", 7*3600)).Day(), 0, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	rows := map[place]*recount{}
	at := func(kind channels.Kind, queue team.QueueID) *recount {
		if rows[place{kind, queue}] == nil {
			rows[place{kind, queue}] = &recount{}
		}
		return rows[place{kind, queue}]
	}
	for _, s := range d.stays {
		row := at(s.kind, s.queue)
		if s.how == "" {
			row.waiting++
			row.longest = max(row.longest, float64(openSeconds(s.offered, now)))
		}
		if s.offered.Before(midnight) {
			continue
		}
		row.offered++
		switch s.how {
		case "answered":
			row.answered++
			row.waited += float64(s.waited())
			if s.inTime() {
				row.within++
			}
		case "abandoned":
			row.abandoned++
		}
	}
	for _, h := range d.talks {
		if h.over && h.answered && !h.ended.Before(midnight) {
			row := at(h.kind, h.queue)
			row.handlings++
			row.handled += h.ended.Sub(h.from).Seconds()
		}
	}
	for _, s := range d.scores {
		if !s.at.Before(midnight) {
			row := at(s.kind, s.queue)
			row.ratings++
			if s.score >= 4 {
				row.good++
			}
		}
	}
	return rows
}

func orNone(value *float64) float64 {
	if value == nil {
		return -1
	}
	return *value
}

// The board's SQL and a notebook kept beside the desk agree on every figure of a
// day.
func TestBoardAgreesWithANotebook(t *testing.T) {
	t.Parallel()
	for seed := uint64(10); seed < 12; seed++ {
		t.Run(fmt.Sprint("day ", seed), func(t *testing.T) {
			t.Parallel()
			d := newDay(t, seed)
			d.play(60)
			d.compare(t)
		})
	}
}

func (d *day) compare(t *testing.T) {
	t.Helper()
	rows := d.recounts()
	for _, row := range board(t, d.w, d.supervisor()).Rows {
		want := rows[place{row.Kind, row.Queue}]
		if want == nil {
			want = &recount{}
		}
		delete(rows, place{row.Kind, row.Queue})
		longest := -1.0
		if want.waiting > 0 {
			longest = want.longest
		}
		for _, figure := range []struct {
			name      string
			got, want float64
		}{
			{"waiting", float64(row.Waiting), float64(want.waiting)},
			{"longest wait", orNone(row.LongestWait), longest},
			{"offered", float64(row.Offered), float64(want.offered)},
			{"answered", float64(row.Answered), float64(want.answered)},
			{"abandoned", float64(row.Abandoned), float64(want.abandoned)},
			{"service level", orNone(row.ServiceLevel), want.share(want.within, want.answered+want.abandoned)},
			{"asa", orNone(row.ASA), want.mean(want.waited, want.answered)},
			{"aht", orNone(row.AHT), want.mean(want.handled, want.handlings)},
			{"csat", orNone(row.CSAT), want.share(want.good, want.ratings)},
		} {
			if math.Abs(figure.got-figure.want) > 1e-6 {
				t.Errorf("%s %s %s: the board says %v, the notebook %v", row.Kind, row.QueueName, figure.name, figure.got, figure.want)
			}
		}
	}
	for at, row := range rows {
		if *row != (recount{}) {
			t.Errorf("the board has no row for %v, the notebook has %+v", at, *row)
		}
	}
}

// short says whether a contact was given up so soon that nobody could have
// answered.
func (s *stay) short() bool { return s.how == "abandoned" && s.left.Sub(s.offered) < 5*time.Second }

// busy and idle are how long an agent was seen working on contacts and waiting
// for one.
func (d *day) busy(staff team.StaffID) time.Duration {
	return d.states[staff][ticketing.PresenceOnContact] + d.states[staff][ticketing.PresenceWrapUp]
}

func (d *day) idle(staff team.StaffID) time.Duration {
	return d.states[staff][ticketing.PresenceAvailable] + d.states[staff][ticketing.PresenceRinging]
}
