package ticketing

import (
	"context"
	"errors"
	"fmt"

	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

// knowExtension refuses a second promise that cannot be named, or is in the past
// already: the reporter is told its date.
func (w *work) knowExtension(ctx context.Context, t Ticket, days int) error {
	if days < 1 || days > maxExtension || t.ExtensionDays != 0 {
		return nil // the machine says what is wrong
	}
	calendars, err := w.calendars(ctx)
	if err != nil {
		return err
	}
	all, err := ticketClocks(ctx, w, t.ID)
	if err != nil {
		return err
	}
	reading, err := all[sla.TimerResolve].Read(calendars, w.at)
	if err == nil {
		reading.Extended, err = calendars.Due(reading.Due, sla.InWorkingDays(int64(days)))
	}
	switch {
	case errors.Is(err, calendar.ErrYearMissing):
		return &Invalid{Field: "extension", Rule: "no_calendar"}
	case err != nil:
		return fmt.Errorf("extend ticket %s: %w", t.ID, err)
	case !reading.Extended.After(w.at):
		return &Invalid{Field: "extension", Rule: "in_the_past"}
	}
	return nil
}
