package wire

import (
	"time"

	"sapa/ticketing"
	"sapa/ticketing/metric"
)

// ReportColumn is one figure of a report with its formula in words.
type ReportColumn struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	Text  string `json:"text"`
	Unit  string `json:"unit" enum:"count,seconds,ratio"`
}

// ReportRow is one line; values stand in the order of the columns, null is "no
// data".
type ReportRow struct {
	Code   string     `json:"code"`
	Name   string     `json:"name"`
	Values []*float64 `json:"values" nullable:"false"`
}

// Report is what happened at the desk in a period of whole WIB days.
type Report struct {
	At          time.Time      `json:"at"`
	From        string         `json:"from" format:"date"`
	To          string         `json:"to" format:"date"`
	By          string         `json:"by" enum:"queue,channel,language,category,agent"`
	Variant     string         `json:"variant" enum:"offered,no_short,flow,answered,sl2,removed"`
	Formula     string         `json:"formula"`
	Provisional bool           `json:"provisional" doc:"First-contact resolution can still fall"`
	Columns     []ReportColumn `json:"columns" nullable:"false"`
	Rows        []ReportRow    `json:"rows" nullable:"false"`
	Total       ReportRow      `json:"total"`
	Days        []ReportRow    `json:"days" nullable:"false"`
	Variants    []Option       `json:"variants" nullable:"false"`
}

// Report shapes a report; screen and exports are both made of it.
func (v Voice) Report(r ticketing.Report) Report {
	row := func(one ticketing.ReportRow) ReportRow {
		return ReportRow{Code: one.Code, Name: v.reportName(r.By, one), Values: r.Values(one)}
	}
	shaped := Report{
		At: r.At.UTC(), From: r.From.String(), To: r.To.String(), By: r.By, Variant: string(r.Variant), Provisional: r.FirstProvisional,
		Formula: v.Say("report.variant."+string(r.Variant), nil), Columns: Each(ticketing.ReportColumns(), v.reportColumn), Rows: Each(r.Rows, row),
		Total: row(r.Total), Days: Each(r.Days, func(one ticketing.ReportRow) ReportRow {
			return ReportRow{Code: one.Code, Name: one.Code, Values: r.Values(one)}
		}),
		Variants: Each(metric.Variants(), func(one metric.Variant) Option {
			return Option{Value: string(one), Label: v.Say("report.variant."+string(one), nil)}
		}),
	}
	shaped.Total.Name = v.Say("report.total", nil)
	return shaped
}

func (v Voice) reportColumn(c ticketing.ReportColumn) ReportColumn {
	key := "report.column." + c.Code
	return ReportColumn{Code: c.Code, Title: v.Say(key+".title", nil), Text: v.Say(key+".text", nil), Unit: c.Unit}
}

func (v Voice) reportName(by string, row ticketing.ReportRow) string {
	switch {
	case row.Name != "":
		return row.Name
	case row.Code == "":
		return v.Say("report.nobody", nil)
	case by == ticketing.ByCategory:
		return v.Label("category.", row.Code)
	default:
		return v.Label("report."+by+".", row.Code)
	}
}
