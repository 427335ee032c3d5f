package web_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

// The screen, the CSV and the workbook hold the same totals, and a name that a
// spreadsheet would run is plain text in both files.
func TestReportIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	e := open(t)
	e.Agent(func(s *team.Staff) { s.Name = "=HYPERLINK(1)" })
	e.Citizen().Waiting()
	b := e.as(e.person(access.Supervisor)).in(t)
	var report wire.Report
	b.do("GET", "/reports?period=7d&by=agent", nil).want(http.StatusOK).into(&report)
	if report.Total.Values[0] == nil || *report.Total.Values[0] != 1 || len(report.Days) != 7 {
		t.Fatalf("offered %v on %d days, want 1 on 7", report.Total.Values[0], len(report.Days))
	}
	raw := b.do("GET", "/reports/export?period=7d&by=agent&format=csv", nil).want(http.StatusOK).body
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	must(t, err)
	book, err := excelize.OpenReader(bytes.NewReader(b.do("GET", "/reports/export?period=7d&by=agent&format=xlsx", nil).want(http.StatusOK).body))
	must(t, err)
	rows, err := book.GetRows(book.GetSheetName(0))
	must(t, err)
	total, sheet := lines[len(report.Rows)+1], rows[len(report.Rows)+1]
	for i, value := range report.Total.Values {
		want := ""
		if value != nil {
			want = strconv.FormatFloat(*value, 'f', -1, 64)
		}
		if total[i+2] != want || i+1 < len(sheet) && sheet[i+1] != want {
			t.Errorf("%s: screen %q, CSV %q, workbook %q", report.Columns[i].Code, want, total[i+2], sheet[i+1])
		}
	}
	if strings.Contains(string(raw), "\n=") || !strings.Contains(string(raw), "'=HYPERLINK(1)") {
		t.Errorf("the name is not made plain: %s", raw)
	}
	if len(lines) != 1+len(report.Rows)+1+7 {
		t.Errorf("%d lines of CSV", len(lines))
	}
}
