package web

import (
	"context"
	"net/http"
	"slices"

	"sapa/program/calendar"
	"sapa/ticketing"
	"sapa/ticketing/metric"
	"sapa/web/wire"
)

type reportInput struct {
	Period  string `query:"period" enum:"today,yesterday,7d,30d,custom" default:"today"`
	From    string `query:"from" maxLength:"10" doc:"First WIB day, for custom"`
	To      string `query:"to" maxLength:"10" doc:"Last WIB day, for custom"`
	By      string `query:"by" enum:"queue,channel,language,category,agent" default:"queue"`
	Variant string `query:"variant" enum:"offered,no_short,flow,answered,sl2,removed" default:"offered"`
}

func (s *Server) readReport(ctx context.Context, in *reportInput) (wire.Report, error) {
	q := ticketing.ReportQuery{Period: in.Period, By: in.By, Variant: metric.Variant(in.Variant)}
	if in.Period == ticketing.PeriodCustom {
		var err error
		if q.From, err = calendar.ParseDate(in.From); err != nil {
			return wire.Report{}, &ticketing.Invalid{Field: "from", Rule: "format"}
		}
		if q.To, err = calendar.ParseDate(in.To); err != nil {
			return wire.Report{}, &ticketing.Invalid{Field: "to", Rule: "format"}
		}
	}
	report, err := s.options.Desk.Report(ctx, actor(ctx), q)
	if err != nil {
		return wire.Report{}, err
	}
	return s.speak(ctx).Report(report), nil
}

// exportReport gives the report of the same query as a file: the numbers of the
// screen, since both are one wire.Report.
func (s *Server) exportReport(w http.ResponseWriter, r *http.Request) {
	ctx, query := r.Context(), r.URL.Query()
	first := func(name, otherwise string) string {
		if value := query.Get(name); value != "" {
			return value
		}
		return otherwise
	}
	report, err := s.readReport(ctx, &reportInput{Period: first("period", ticketing.PeriodToday), From: query.Get("from"), To: query.Get("to"),
		By: first("by", ticketing.ByQueue), Variant: first("variant", string(metric.SLOffered))})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	voice, format := s.speak(ctx), first("format", "csv")
	if !slices.Contains([]string{"csv", "xlsx"}, format) {
		s.refuse(w, r, &ticketing.Invalid{Field: "format", Rule: "unknown"})
		return
	}
	s.options.Log.InfoContext(ctx, "report exported", "staff", actor(ctx).ID, "by", report.By, "from", report.From, "to", report.To, "format", format)
	w.Header().Set("Content-Disposition", `attachment; filename="sapa-`+report.By+"-"+report.From+"-"+report.To+"."+format+`"`)
	w.Header().Set("Cache-Control", "no-store")
	if format == "xlsx" {
		w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		err = writeReportSheets(w, voice, report)
	} else {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		err = writeReportCSV(w, voice, report)
	}
	if err != nil {
		s.options.Log.ErrorContext(ctx, "report export broke off", "error", err)
	}
}
