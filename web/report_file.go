package web

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"sapa/web/wire"
)

// inert makes a text that a spreadsheet would take as a formula plain (security
// test 33).
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n\x00", rune(text[0])) {
		return "'" + strings.ReplaceAll(text, "\x00", "")
	}
	return text
}

// byteOrder lets spreadsheets read a CSV as UTF-8.
const byteOrder = "\ufeff"

// writeReportCSV writes rows, total and days as one table; its first column says
// which is which.
func writeReportCSV(w io.Writer, voice wire.Voice, r wire.Report) error {
	if _, err := io.WriteString(w, byteOrder); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	head := []string{voice.Say("report.part", nil), voice.Say("report.by."+r.By, nil)}
	for _, column := range r.Columns {
		head = append(head, column.Title)
	}
	lines := [][]string{head}
	add := func(part string, rows ...wire.ReportRow) {
		for _, row := range rows {
			line := []string{voice.Say("report.part."+part, nil), inert(row.Name)}
			for _, value := range row.Values {
				line = append(line, plainNumber(value))
			}
			lines = append(lines, line)
		}
	}
	add("row", r.Rows...)
	add("total", r.Total)
	add("day", r.Days...)
	return out.WriteAll(lines)
}

// plainNumber is a value as the API gives it, "" for no data.
func plainNumber(value *float64) string {
	if value == nil {
		return ""
	}
	return strconv.FormatFloat(*value, 'f', -1, 64)
}

// writeReportSheets writes a workbook: the rows with their total, the days, and
// the formula of each column.
func writeReportSheets(w io.Writer, voice wire.Voice, r wire.Report) error {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // it is in memory
	names := []string{voice.Say("report.sheet.rows", nil), voice.Say("report.sheet.days", nil), voice.Say("report.sheet.formulas", nil)}
	if err := book.SetSheetName("Sheet1", names[0]); err != nil {
		return fmt.Errorf("name sheet: %w", err)
	}
	for _, name := range names[1:] {
		if _, err := book.NewSheet(name); err != nil {
			return fmt.Errorf("add sheet: %w", err)
		}
	}
	head := []any{voice.Say("report.by."+r.By, nil)}
	formulas := [][]any{{voice.Say("report.period", map[string]any{"From": r.From, "To": r.To})}}
	for _, column := range r.Columns {
		head = append(head, column.Title)
		text := column.Text
		if column.Code == "service_level" {
			text = r.Formula
		}
		formulas = append(formulas, []any{column.Title, text})
	}
	tables := [][][]any{append([][]any{head}, cells(append(r.Rows, r.Total))...), append([][]any{head}, cells(r.Days)...), formulas}
	for i, table := range tables {
		if err := fillSheet(book, names[i], table); err != nil {
			return err
		}
	}
	_, err := book.WriteTo(w)
	return err
}

func cells(rows []wire.ReportRow) [][]any {
	table := make([][]any, len(rows))
	for i, row := range rows {
		table[i] = []any{inert(row.Name)}
		for _, value := range row.Values {
			if value == nil {
				table[i] = append(table[i], nil)
				continue
			}
			table[i] = append(table[i], *value)
		}
	}
	return table
}

func fillSheet(book *excelize.File, name string, table [][]any) error {
	for i := range table {
		if err := book.SetSheetRow(name, "A"+strconv.Itoa(i+1), &table[i]); err != nil {
			return fmt.Errorf("fill sheet: %w", err)
		}
	}
	return nil
}
