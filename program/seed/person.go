package seed

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"sapa/program/record"
	"sapa/program/registration"
	"sapa/program/seed/draw"
)

// phonePrefixes belong to no operator: a message to such a number reaches
// nobody (GRIEVANCE.md 4.4).
const phonePrefixes = "820 830 850 860 870 890"

// phoneFor gives the n-th person a number of his own: n is spread over the
// numbers of each prefix by a step that shares no factor with their count. The
// first ten million of each prefix stay free for named personas.
func phoneFor(n int) string {
	prefixes := strings.Fields(phonePrefixes)
	const room, step = 90_000_000, 48_271_001
	rest := uint64(n/len(prefixes)) * step % room
	return fmt.Sprintf("+62%s%08d", prefixes[n%len(prefixes)], 10_000_000+rest)
}

// identities hands out identity numbers that can belong to nobody: serials from
// 9901 up are far above anything issued for one district and day.
type identities struct{ used map[string]int }

func (i *identities) nik(region string, born time.Time, female bool) string {
	day := born.Day()
	if female {
		day += 40
	}
	return i.next(region, fmt.Sprintf("%02d%s", day, born.Format("0106")))
}

func (i *identities) kk(region string, recorded time.Time) string {
	return i.next(region, recorded.Format("020106"))
}

// next counts serials per place and day, and goes to the next district when the
// 99 safe ones are used up.
func (i *identities) next(region, date string) string {
	place := strings.ReplaceAll(region, ".", "")
	count := i.used[place+date]
	i.used[place+date]++
	return fmt.Sprintf("%s%02d%s%04d", place, 1+count/99, date, 9901+count%99)
}

// newPerson draws one participant by the proportions of DOMAIN.md part 5: 52 %
// women, 61 % aged 18 to 35 and 12 % over 50, 65 % rural, 3 % with a disability,
// 17 % with primary school only.
func (g *generator) newPerson(rng *rand.Rand, n int, created time.Time) registration.Person {
	female := chance(rng, 52)
	region := g.places.draw(rng)
	culture := cultureOf(registration.ProvinceOf(region))
	born := birth(rng, g.options.Now)
	name := fullName(rng, culture, female)
	p := registration.Person{
		ID: record.ParticipantID(draw.ID(rng, created)), Name: name, Sex: sex(female), BirthDate: born,
		NIK: g.ids.nik(region, born, female), KK: g.ids.kk(region, created.AddDate(-1-rng.IntN(12), 0, -rng.IntN(300))),
		Mother: fullName(rng, culture, true), Phone: phoneFor(n), PhoneProvedAt: created,
		Email: email(name, n), EmailProvedAt: created, RegionCode: region,
		Rural: chance(rng, 65), Disability: chance(rng, 3), Returnee: chance(rng, 2),
		Education:  [...]string{"sd", "smp", "sma", "diploma", "sarjana"}[draw.Weighted(rng, 17, 18, 49, 6, 10)],
		Occupation: [...]string{"none", "worker", "farmer", "trader", "housewife", "laid_off"}[draw.Weighted(rng, 42, 18, 10, 14, 12, 4)],
		Language:   language(rng, culture), Scheme: "normal", Identity: "matched",
		IdentityAt: created.Add(between(rng, 0.01, 0.2)), CreatedAt: created, UpdatedAt: created,
	}
	p.TestDoneAt = p.IdentityAt.Add(between(rng, 0.1, 2))
	if n%40 == 39 {
		p.Phone = phoneFor(n - 1) // a household with one phone
	}
	return p
}

func sex(female bool) string {
	if female {
		return "f"
	}
	return "m"
}

// birth draws an age from 18 to 64.
func birth(rng *rand.Rand, now time.Time) time.Time {
	from, to := 18, 35
	switch draw.Weighted(rng, 61, 27, 12) {
	case 1:
		from, to = 36, 50
	case 2:
		from, to = 51, 64
	}
	days := (from*365 + from/4) + rng.IntN((to-from+1)*365)
	born := now.AddDate(0, 0, -days-1)
	return time.Date(born.Year(), born.Month(), born.Day(), 0, 0, 0, 0, time.UTC)
}

func language(rng *rand.Rand, c culture) string {
	if chance(rng, c.spoken) {
		return c.language
	}
	return "ind"
}

// email is an address under .example, which no mail server serves.
func email(name string, n int) string {
	return fmt.Sprintf("%s%d@surel.example", strings.ToLower(strings.NewReplacer(" ", ".", "'", "").Replace(name)), n)
}
