package wire

import (
	"time"

	"sapa/ticketing"
)

// OutageNotice is a fault that staff are told of, in both languages of the
// screens; a console shows it while the clock stands between from and until.
type OutageNotice struct {
	ID      string            `json:"id"`
	Version int64             `json:"version"`
	Texts   map[string]string `json:"texts"`
	From    time.Time         `json:"from"`
	Until   time.Time         `json:"until"`
}

// OutageSetting is a notice as those who write it see it; came counts the
// conversations that began during it.
type OutageSetting struct {
	ID      string            `json:"id,omitempty"`
	Version int64             `json:"version"`
	Texts   map[string]string `json:"texts" maxProperties:"20"`
	Places  []string          `json:"places" nullable:"false" maxItems:"10"`
	From    time.Time         `json:"from"`
	Until   time.Time         `json:"until"`
	Came    int               `json:"came,omitempty"`
}

// OutageNoticeOf shapes a notice for staff.
func OutageNoticeOf(o ticketing.Outage) OutageNotice {
	return OutageNotice{o.ID, o.Version, o.Texts, o.FromAt.UTC(), o.UntilAt.UTC()}
}

// OutageSettingOf shapes a notice for those who write it.
func OutageSettingOf(o ticketing.Outage) OutageSetting {
	return OutageSetting{o.ID, o.Version, o.Texts, texts(o.Places), o.FromAt.UTC(), o.UntilAt.UTC(), o.Came}
}

// Outage is the notice as the desk knows it.
func (o OutageSetting) Outage() ticketing.Outage {
	return ticketing.Outage{ID: o.ID, Version: o.Version, Texts: o.Texts, Places: o.Places, FromAt: o.From, UntilAt: o.Until}
}
