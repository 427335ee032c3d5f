package calendar

import (
	"fmt"
	"time"
)

// Date is a day on the wall calendar, without hour or zone: what a decree
// names as a day off and what a citizen is promised. It is comparable and
// serves as a map key; the zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateIn is the day that it is at instant t on clocks of zone z.
func DateIn(t time.Time, z Zone) Date {
	year, month, day := t.In(z.Location()).Date()
	return Date{year, month, day}
}

// ParseDate reads the form 2006-01-02.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: %w", text, err)
	}
	return DateIn(t, UTC), nil
}

// Start is the midnight with which the day begins in zone z.
func (d Date) Start(z Zone) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, z.Location())
}

// End is the last second of the day in zone z, 23:59:59: the instant until
// which something promised for that day is in time.
func (d Date) End(z Zone) time.Time {
	return d.AddDays(1).Start(z).Add(-time.Second)
}

// AddDays is the day n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date {
	year, month, day := time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC).Date()
	return Date{year, month, day}
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool {
	return d.Start(UTC).Before(other.Start(UTC))
}

// String is the form 2006-01-02, as the database and the API write days.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// DayStart is the midnight with which "today" began at instant now. Figures of
// the day count from 00:00 WIB for all readers, wherever they sit.
func DayStart(now time.Time) time.Time {
	return DateIn(now, WIB).Start(WIB)
}
