// Package registration holds who a participant is: the person's row with sealed
// identity numbers, the rules of NIK, KK and regions, and the search for people.
package registration

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed regions.tsv
var regionTable string

// Region is a province ("31") or a regency or city ("31.71") by its Kemendagri
// code. Codes of the statistics office (BPS) differ: never mix them.
type Region struct {
	Code string
	Name string
}

// Province reports whether the region is a province.
func (r Region) Province() bool { return len(r.Code) == 2 }

// Regions lists the 38 provinces and 514 regencies and cities by code.
func Regions() []Region { return slices.Clone(regions()) }

// regions reads the table once; it is a constant of the program.
var regions = sync.OnceValue(func() []Region {
	var list []Region
	for line := range strings.Lines(regionTable) {
		code, name, found := strings.Cut(strings.TrimSpace(line), "\t")
		if found && code[0] >= '0' && code[0] <= '9' {
			list = append(list, Region{Code: code, Name: name})
		}
	}
	return list
})

// FindRegion returns the region with this code.
func FindRegion(code string) (Region, bool) {
	list := regions()
	at, found := slices.BinarySearchFunc(list, code, func(r Region, code string) int { return strings.Compare(r.Code, code) })
	if !found {
		return Region{}, false
	}
	return list[at], true
}

// RegionName is the name of the region, or its code when it is not known.
func RegionName(code string) string {
	if region, found := FindRegion(code); found {
		return region.Name
	}
	return code
}

// ProvinceOf is the code of the province a region lies in.
func ProvinceOf(code string) string {
	if len(code) < 2 {
		return ""
	}
	return code[:2]
}

// RetiredRegency maps a code that the splits of Papua retired to today's code
// (tables of 2015 and 2025 compared); "" when the code was not retired. Identity
// numbers issued before keep the old code for life.
func RetiredRegency(code string) string {
	pairs := "91.01=93.01 91.02=95.01 91.04=94.01 91.07=94.02 91.08=94.03 91.09=94.04 91.12=95.02 91.13=95.03 91.14=95.04 " +
		"91.16=93.02 91.17=93.03 91.18=93.04 91.21=95.05 91.22=95.06 91.23=95.07 91.24=95.08 91.25=94.05 91.26=94.06 " +
		"91.27=94.07 91.28=94.08 92.01=96.01 92.04=96.02 92.05=96.03 92.09=96.04 92.10=96.05 92.71=96.71"
	for _, pair := range strings.Fields(pairs) {
		if old, today, _ := strings.Cut(pair, "="); old == code {
			return today
		}
	}
	return ""
}
