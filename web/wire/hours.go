package wire

import (
	"slices"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing"
)

// HoursSetting are service hours as administrators see and write them: from is a
// day in WIB, absent for the hours that held since ever.
type HoursSetting struct {
	ID              string        `json:"id,omitempty"`
	Version         int64         `json:"version"`
	From            string        `json:"from" maxLength:"10"`
	ClosedOnDaysOff bool          `json:"closed_on_days_off"`
	Periods         []HoursPeriod `json:"periods" nullable:"false" maxItems:"28"`
	State           string        `json:"state,omitempty" enum:"past,current,coming"`
}

// HoursPeriod is one stretch of open hours. Weekday 0 is Sunday; opens and closes
// are minutes since midnight, and one that does not close after it opens closes on
// the next day.
type HoursPeriod struct {
	Weekday int `json:"weekday" minimum:"0" maximum:"6"`
	Opens   int `json:"opens" minimum:"0" maximum:"1439"`
	Closes  int `json:"closes" minimum:"0" maximum:"1440"`
}

// HoursSettingsOf shapes the hours, the latest first, and says which hold at an
// instant. What may change no more has the state current or past.
func HoursSettingsOf(list []ticketing.Hours, now time.Time) []HoursSetting {
	today := calendar.DateIn(now, calendar.WIB)
	state := "coming"
	return Each(list, func(h ticketing.Hours) HoursSetting {
		shaped := HoursSetting{ID: h.ID, Version: h.Version, From: h.From.String(), ClosedOnDaysOff: h.ClosedOnDaysOff, State: "past",
			Periods: Each(h.Periods, func(p ticketing.HoursPeriod) HoursPeriod { return HoursPeriod{int(p.Weekday), p.Opens, p.Closes} })}
		if h.From.Year == 1 {
			shaped.From = ""
		}
		if state == "coming" && !today.Before(h.From) {
			state, shaped.State = "past", "current"
		} else if state == "coming" {
			shaped.State = state
		}
		return shaped
	})
}

// Hours is the setting as the desk knows it.
func (h HoursSetting) Hours() (ticketing.Hours, error) {
	from, err := calendar.ParseDate(h.From)
	if err != nil {
		return ticketing.Hours{}, &ticketing.Invalid{Field: "from", Rule: "date"}
	}
	return ticketing.Hours{ID: h.ID, Version: h.Version, From: from, ClosedOnDaysOff: h.ClosedOnDaysOff,
		Periods: Each(h.Periods, func(p HoursPeriod) ticketing.HoursPeriod {
			return ticketing.HoursPeriod{Weekday: time.Weekday(p.Weekday), Opens: p.Opens, Closes: p.Closes}
		})}, nil
}

// HolidaySettings are the days off of a year, and which years are loaded. Undated
// counts the tickets that have no date for want of a year.
type HolidaySettings struct {
	Year    int              `json:"year"`
	Loaded  bool             `json:"loaded"`
	Years   []int            `json:"years" nullable:"false"`
	Missing []int            `json:"missing" nullable:"false"`
	Undated int              `json:"undated"`
	Items   []HolidaySetting `json:"items" nullable:"false"`
}

// HolidaySetting is one day off.
type HolidaySetting struct {
	Day  string `json:"day" maxLength:"10"`
	Kind string `json:"kind" enum:"national,joint_leave"`
	Name string `json:"name,omitempty" maxLength:"200"`
}

// HolidaySettingsOf shapes the days off of a year. Missing are those of this year
// and the next that are not loaded.
func HolidaySettingsOf(year int, years []int, list []calendar.Holiday, undated int, now time.Time) HolidaySettings {
	shaped := HolidaySettings{Year: year, Years: years, Loaded: slices.Contains(years, year), Missing: []int{}, Undated: undated,
		Items: Each(list, func(h calendar.Holiday) HolidaySetting {
			return HolidaySetting{h.Date.String(), string(h.Kind), h.Name}
		})}
	this := calendar.DateIn(now, calendar.WIB).Year
	for _, near := range []int{this, this + 1} {
		if !slices.Contains(years, near) {
			shaped.Missing = append(shaped.Missing, near)
		}
	}
	return shaped
}

// Holiday is the day as the calendar knows it.
func (h HolidaySetting) Holiday() (calendar.Holiday, error) {
	day, err := calendar.ParseDate(h.Day)
	if err != nil {
		return calendar.Holiday{}, &ticketing.Invalid{Field: "day", Rule: "date"}
	}
	return calendar.Holiday{Date: day, Kind: calendar.Kind(h.Kind), Name: h.Name}, nil
}
