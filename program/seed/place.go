package seed

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"sapa/program/registration"
)

// provinceShares are the inhabitants of each province in ten thousands, rounded
// from the statistics office's projection for 2024: participants come about as
// people do.
const provinceShares = "11=555 12=1559 13=584 14=673 15=372 16=884 17=212 18=942 19=153 21=218 31=1068 32=5035 33=3789 34=376 35=4181 36=1243 " +
	"51=443 52=565 53=566 61=570 62=281 63=427 64=405 65=74 71=270 72=312 73=946 74=279 75=123 76=150 81=195 82=136 91=106 92=58 93=54 94=148 95=147 96=62"

// places draws regencies by these shares.
type places struct {
	codes   []string
	upTo    []int
	inside  map[string][]string
	highest int
}

func newPlaces() places {
	p := places{inside: map[string][]string{}}
	for _, region := range registration.Regions() {
		if !region.Province() {
			province := registration.ProvinceOf(region.Code)
			p.inside[province] = append(p.inside[province], region.Code)
		}
	}
	for share := range strings.FieldsSeq(provinceShares) {
		code, weight, _ := strings.Cut(share, "=")
		n, _ := strconv.Atoi(weight)
		p.highest += n
		p.codes, p.upTo = append(p.codes, code), append(p.upTo, p.highest)
	}
	return p
}

// draw returns a regency or city.
func (p places) draw(rng *rand.Rand) string {
	at := rng.IntN(p.highest)
	for i, edge := range p.upTo {
		if at < edge {
			list := p.inside[p.codes[i]]
			return list[rng.IntN(len(list))]
		}
	}
	return p.inside[p.codes[0]][0]
}
