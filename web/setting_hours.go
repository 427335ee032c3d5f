package web

import (
	"context"

	"sapa/program/calendar"
	"sapa/ticketing"
	"sapa/web/wire"
)

func (s *Server) listHours(ctx context.Context, _ *struct{}) (wire.Items[wire.HoursSetting], error) {
	list, err := ticketing.HoursList(ctx, s.options.DB)
	return wire.Items[wire.HoursSetting]{Items: wire.HoursSettingsOf(list, s.options.Now())}, err
}

type createHoursInput struct{ Body wire.HoursSetting }

func (s *Server) createHours(ctx context.Context, in *createHoursInput) (wire.Items[wire.HoursSetting], error) {
	hours, err := in.Body.Hours()
	if err != nil {
		return wire.Items[wire.HoursSetting]{}, err
	}
	if err := s.options.Desk.CreateHours(ctx, actor(ctx), hours); err != nil {
		return wire.Items[wire.HoursSetting]{}, err
	}
	return s.listHours(ctx, nil)
}

type saveHoursInput struct {
	ByID
	Body wire.HoursSetting
}

func (s *Server) saveHours(ctx context.Context, in *saveHoursInput) (wire.Items[wire.HoursSetting], error) {
	hours, err := in.Body.Hours()
	if err != nil {
		return wire.Items[wire.HoursSetting]{}, err
	}
	hours.ID = in.ID
	if err := s.options.Desk.SaveHours(ctx, actor(ctx), hours); err != nil {
		return wire.Items[wire.HoursSetting]{}, err
	}
	return s.listHours(ctx, nil)
}

func (s *Server) dropHours(ctx context.Context, in *versionedInput) (wire.Items[wire.HoursSetting], error) {
	if err := s.options.Desk.DropHours(ctx, actor(ctx), in.ID, in.Body.Version); err != nil {
		return wire.Items[wire.HoursSetting]{}, err
	}
	return s.listHours(ctx, nil)
}

type holidayYearInput struct {
	Year int `path:"year" minimum:"2000" maximum:"2100"`
}

func (s *Server) listHolidays(ctx context.Context, in *holidayYearInput) (wire.HolidaySettings, error) {
	return s.holidaysOf(ctx, in.Year)
}

func (s *Server) holidaysOf(ctx context.Context, year int) (wire.HolidaySettings, error) {
	years, err := ticketing.HolidayYears(ctx, s.options.DB)
	if err != nil {
		return wire.HolidaySettings{}, err
	}
	list, err := ticketing.HolidaysOf(ctx, s.options.DB, year)
	if err != nil {
		return wire.HolidaySettings{}, err
	}
	undated, err := ticketing.Undated(ctx, s.options.DB)
	return wire.HolidaySettingsOf(year, years, list, undated, s.options.Now()), err
}

type holidayInput struct{ Body wire.HolidaySetting }

func (s *Server) addHoliday(ctx context.Context, in *holidayInput) (wire.HolidaySettings, error) {
	holiday, err := in.Body.Holiday()
	if err != nil {
		return wire.HolidaySettings{}, err
	}
	if err := s.options.Desk.AddHoliday(ctx, actor(ctx), holiday); err != nil {
		return wire.HolidaySettings{}, err
	}
	return s.holidaysOf(ctx, holiday.Date.Year)
}

func (s *Server) withdrawHoliday(ctx context.Context, in *holidayInput) (wire.HolidaySettings, error) {
	holiday, err := in.Body.Holiday()
	if err != nil {
		return wire.HolidaySettings{}, err
	}
	if err := s.options.Desk.WithdrawHoliday(ctx, actor(ctx), holiday.Date, calendar.Kind(in.Body.Kind)); err != nil {
		return wire.HolidaySettings{}, err
	}
	return s.holidaysOf(ctx, holiday.Date.Year)
}

type importHolidaysInput struct {
	Year int `path:"year" minimum:"2000" maximum:"2100"`
	Body struct {
		Text string `json:"text" maxLength:"20000"`
	}
}

func (s *Server) importHolidays(ctx context.Context, in *importHolidaysInput) (wire.HolidaySettings, error) {
	if err := s.options.Desk.ImportHolidays(ctx, actor(ctx), in.Year, in.Body.Text); err != nil {
		return wire.HolidaySettings{}, err
	}
	return s.holidaysOf(ctx, in.Year)
}
