package ticketing

import (
	"embed"
	"fmt"
	"strconv"
	"time"

	"sapa/channels/words"
	"sapa/program/calendar"
)

//go:embed locale/*.toml
var localeFiles embed.FS

// Catalogue holds the texts of this room: what staff read in threads, tickets
// and on the wallboard, and what reporters are told about their tickets. The
// outbox must be given it joined with words.Notices. It is embedded, so a broken
// file is a fault of the build and panics.
func Catalogue() *words.Catalogue {
	c, err := words.Load(localeFiles, "locale")
	if err != nil {
		panic(fmt.Sprintf("ticketing: embedded texts: %v", err))
	}
	return c
}

// Texts is Catalogue joined with the notices of the channels: everything the
// desk says.
func Texts() *words.Catalogue {
	c, err := words.Join(words.Notices(), Catalogue())
	if err != nil {
		panic(fmt.Sprintf("ticketing: embedded texts: %v", err))
	}
	return c
}

// sayDate is a day as people write it: 14 Maret 2026.
func (d *Desk) sayDate(language string, date calendar.Date) string {
	month := d.notices.Say(language, "month."+strconv.Itoa(int(date.Month)), nil)
	return strconv.Itoa(date.Day) + " " + month + " " + strconv.Itoa(date.Year)
}

// Day is an instant's day in WIB as people write it.
func (d *Desk) Day(language string, at time.Time) string {
	return d.sayDate(language, calendar.DateIn(at, calendar.WIB))
}

// Opening is when the desk opens next as people write it: the hour, and the day
// too when that is neither today nor tomorrow.
func (d *Desk) Opening(language string, now, opens time.Time) string {
	hour := opens.In(calendar.WIB.Location()).Format("15.04") + " WIB"
	day := calendar.DateIn(opens, calendar.WIB)
	if calendar.DateIn(now, calendar.WIB).AddDays(1).Before(day) {
		return d.sayDate(language, day) + ", " + hour
	}
	return hour
}

// TrackLink leads to the tracking page of a ticket.
func (d *Desk) TrackLink(number string) string { return TrackLink(d.site, number) }

// what is the short name of a remedy inside a sentence.
func (d *Desk) what(language, remedy string) string {
	key := "remedy.what." + remedy
	if !d.notices.Has(key) {
		key = "remedy.what.other"
	}
	return d.notices.Say(language, key, nil)
}
