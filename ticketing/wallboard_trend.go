package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// wallMinute is the headline as it stood in one minute.
type wallMinute struct {
	bun.BaseModel `bun:"table:wallboard_minutes"`

	Minute          time.Time `bun:"minute,pk"`
	Waiting         *float64  `bun:"waiting"`
	LongestWait     *float64  `bun:"longest_wait"`
	ServiceLevel    *float64  `bun:"service_level"`
	Abandoned       *float64  `bun:"abandoned"`
	AgentsAvailable *float64  `bun:"agents_available"`
	CSAT            *float64  `bun:"csat"`
}

// readMinutes reads the minutes of the last hour that were recorded.
func (r *boardReader) readMinutes(ctx context.Context) error {
	err := r.db.NewSelect().Model(&r.minutes).Where("minute > ? AND minute <= ?", r.now.Add(-trendMinutes*time.Minute), r.now).
		OrderExpr("minute").Scan(ctx)
	if err != nil {
		return fmt.Errorf("trends: %w", err)
	}
	return nil
}

// trends lays the recorded minutes out as 60 points that end now.
func (r *boardReader) trends(h *Headline) {
	last := r.now.Truncate(time.Minute)
	place := func(f *Figure, value func(wallMinute) *float64) {
		f.Trend = make([]*float64, trendMinutes)
		for _, m := range r.minutes {
			if i := trendMinutes - 1 - int(last.Sub(m.Minute)/time.Minute); i >= 0 && i < trendMinutes {
				f.Trend[i] = value(m)
			}
		}
	}
	place(&h.Waiting, func(m wallMinute) *float64 { return m.Waiting })
	place(&h.LongestWait, func(m wallMinute) *float64 { return m.LongestWait })
	place(&h.ServiceLevel, func(m wallMinute) *float64 { return m.ServiceLevel })
	place(&h.Abandoned, func(m wallMinute) *float64 { return m.Abandoned })
	place(&h.AgentsAvailable, func(m wallMinute) *float64 { return m.AgentsAvailable })
	place(&h.CSAT, func(m wallMinute) *float64 { return m.CSAT })
}

// levelSince is since when the service level has been in alarm, as far as the
// recorded hour tells.
func (r *boardReader) levelSince() time.Time {
	since := r.now
	for i := len(r.minutes) - 1; i >= 0; i-- {
		level := r.minutes[i].ServiceLevel
		if level == nil || *level >= alarmServiceLevel {
			break
		}
		since = r.minutes[i].Minute
	}
	return since
}

// recordMinute keeps the headline of the minute, once; older than a day is
// dropped. Once a minute, too, a day of the reports is kept.
func (d *Desk) recordMinute(ctx context.Context) error {
	minute := d.now().UTC().Truncate(time.Minute)
	var known bool
	err := d.db.NewRaw("SELECT EXISTS (SELECT FROM wallboard_minutes WHERE minute = ?)", minute).Scan(ctx, &known)
	if err != nil || known {
		return err
	}
	board, err := d.board(ctx)
	if err != nil {
		return err
	}
	h := board.Headline
	row := wallMinute{Minute: minute, Waiting: h.Waiting.Value, LongestWait: h.LongestWait.Value, ServiceLevel: h.ServiceLevel.Value,
		Abandoned: h.Abandoned.Value, AgentsAvailable: h.AgentsAvailable.Value, CSAT: h.CSAT.Value}
	if _, err := d.db.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("record wallboard minute: %w", err)
	}
	if _, err = d.db.NewRaw("DELETE FROM wallboard_minutes WHERE minute < ?", minute.Add(-24*time.Hour)).Exec(ctx); err != nil {
		return err
	}
	return d.keepDay(ctx)
}
