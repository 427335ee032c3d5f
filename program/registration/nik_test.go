package registration_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/program/registration"
)

var reference = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

func TestParseNIKValid(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in, born string
		female   bool
		flag     string
	}{
		{"3171012501909901", "1990-01-25", false, ""},
		{"3273054108929902", "1992-08-01", true, ""},
		{"3374017112859903", "1985-12-31", true, ""},
		{"3578013112999904", "1999-12-31", false, ""},
		{"1171012902969905", "1996-02-29", false, ""},
		{"5171016902049906", "2004-02-29", true, ""},
		{"7371012902009907", "2000-02-29", false, ""},
		{"9271010507919908", "1991-07-05", false, "regency_retired"},
		{"9101014607939909", "1993-07-06", true, "regency_retired"},
		{"9301011203949910", "1994-03-12", false, ""},
		{"6473011506889911", "1988-06-15", false, "regency_unverified"},
		{"6571015506889912", "1988-06-15", true, ""},
		{"3201991708959913", "1995-08-17", false, ""},
		{"3471012211089914", "2008-11-22", false, ""},
		{"6471016312709915", "1970-12-23", true, ""},
		{"9501015001039916", "2003-01-10", true, ""},
		{"9671010911629917", "1962-11-09", false, ""},
		{"1271011407279918", "1927-07-14", false, ""},
		{"8171 0107 0580 9919", "1980-05-07", false, ""},
		{"21.71.01.480401.9920", "2001-04-08", true, ""},
	}
	for _, c := range cases {
		t.Run(c.in, func(t *testing.T) {
			t.Parallel()
			got, err := registration.ParseNIK(c.in, reference)
			if err != nil {
				t.Fatal(err)
			}
			if got.Born.String() != c.born || got.Female != c.female || (c.flag != "") != slices.Contains(got.Flags, c.flag) {
				t.Errorf("got %s female=%v %v, want %s %v %q", got.Born, got.Female, got.Flags, c.born, c.female, c.flag)
			}
			if strings.Contains(got.String(), got.Reveal()[:12]) {
				t.Errorf("printed in clear: %s", got)
			}
		})
	}
}

func TestParseNIKInvalid(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, want string }{
		{"317101250190990", "format"}, {"31710125019099011", "format"}, {"31710125O1909901", "format"},
		{"３１７１０１２５０１９０９９０１", "format"}, {"1071012501909901", "province"}, {"9971012501909901", "province"},
		{"3100012501909901", "structure"}, {"3170012501909901", "structure"}, {"3171002501909901", "structure"},
		{"3171013201909901", "day"}, {"3171014001909901", "day"}, {"3171017201909901", "day"},
		{"3171012500909901", "month"}, {"3171012513909901", "month"}, {"3171013104909901", "date"},
		{"3171012902979901", "date"}, {"3171016902059901", "date"}, {"3171017106909901", "date"},
		{"3171012501900000", "serial"}, {"1111111111111111", "placeholder"}, {"", "format"},
	}
	for _, c := range cases {
		t.Run(c.in, func(t *testing.T) {
			t.Parallel()
			_, err := registration.ParseNIK(c.in, reference)
			var fault *registration.IDFault
			if !errors.As(err, &fault) || fault.Rule != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestParseKK(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, want string }{
		{"3171011503129901", ""}, {"3273052902129902", ""}, {"9671010101239903", ""}, {"6473011708109904", ""}, {"5171013112259905", ""},
		{"3171014103129901", "looks_like_nik"}, {"3171012902139902", "date"}, {"3171010112269903", "date"},
		{"3171011503120000", "serial"}, {"317101150312990", "format"}, {"3171013203129901", "day"},
	}
	for _, c := range cases {
		t.Run(c.in, func(t *testing.T) {
			t.Parallel()
			_, err := registration.ParseKK(c.in, reference)
			var fault *registration.IDFault
			got := ""
			if errors.As(err, &fault) {
				got = fault.Rule
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	provinces, regencies := 0, 0
	for _, region := range registration.Regions() {
		if region.Province() {
			provinces++
			continue
		}
		regencies++
		if _, found := registration.FindRegion(registration.ProvinceOf(region.Code)); !found {
			t.Errorf("%s lies in no province", region.Code)
		}
	}
	if provinces != 38 || regencies != 514 {
		t.Errorf("%d provinces and %d regencies, want 38 and 514", provinces, regencies)
	}
	if name := registration.RegionName("65.71"); name != "Kota Tarakan" {
		t.Errorf("65.71 is %q", name)
	}
	if today := registration.RetiredRegency("92.71"); today != "96.71" {
		t.Errorf("92.71 became %q", today)
	}
	if today := registration.RetiredRegency("31.71"); today != "" {
		t.Errorf("31.71 became %q", today)
	}
}
