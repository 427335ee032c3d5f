package portal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing"
)

// hours says when people answer: one sentence where all days of the coming week
// are alike, else what holds today. It is left out while it cannot be read.
func (p *Portal) hours(ctx context.Context, language string) string {
	desk, err := ticketing.ServiceHours(ctx, p.o.DB)
	if err != nil {
		p.o.Log.ErrorContext(ctx, "service hours not read", "error", err)
		return ""
	}
	now := p.o.Now()
	today := calendar.DateIn(now, calendar.WIB)
	text := dayHours(desk, today, language)
	alike := true
	for n := 1; n < 7; n++ {
		alike = alike && dayHours(desk, today.AddDays(n), language) == text
	}
	switch {
	case text != "" && alike:
		return p.words.Say(language, "portal.hours", map[string]any{"Hours": text})
	case text != "":
		return p.words.Say(language, "portal.hours.today", map[string]any{"Hours": text})
	}
	opens, err := desk.NextOpen(now)
	if err != nil {
		return ""
	}
	return p.words.Say(language, "portal.hours.closed", map[string]any{
		"Day": p.day(language, opens), "Hour": clockText(opens.Sub(calendar.DateIn(opens, calendar.WIB).Start(calendar.WIB)), language)})
}

// dayHours are the open hours of a day: 08.00-12.00, 13.00-17.00; empty when the
// desk stays closed.
func dayHours(desk *calendar.Desk, day calendar.Date, language string) string {
	periods, err := desk.PeriodsOn(day)
	if err != nil {
		return ""
	}
	slices.SortFunc(periods, func(a, b calendar.Period) int { return int(a.Open - b.Open) })
	parts := make([]string, len(periods))
	for i, period := range periods {
		parts[i] = clockText(period.Open, language) + "-" + clockText(period.Close, language)
	}
	return strings.Join(parts, ", ")
}

// clockText is a time of day as the language writes it: 08.00, 08:00 in English.
func clockText(sinceMidnight time.Duration, language string) string {
	sign := "."
	if language == "eng" {
		sign = ":"
	}
	minutes := int(sinceMidnight / time.Minute)
	return fmt.Sprintf("%02d%s%02d", minutes/60, sign, minutes%60)
}
