package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/channels"
	"sapa/program/seed/draw"
	"sapa/ticketing"
)

// person is somebody who wrote, at one address through one inbox.
type person struct {
	contact, point string
	kind           channels.AddressKind
	value, name    string
	language       string
	inbox          uint8
	firstAt        time.Time
	seenAt         time.Time // last message

	// participant is whom the desk could find out; shared says that the phone
	// belongs to several, provedAt is when a one-time password told which.
	participant string
	shared      bool
	provedAt    time.Time

	lastAt   time.Time // beginning of the newest conversation
	lastSeq  int64
	askedAt  time.Time // last question about satisfaction
	finished bool      // a ticket's thread goes on; nothing new is begun
}

// candidate is a participant who may write.
type candidate struct {
	ID       string
	Phone    string
	Name     string
	Language string
	Shared   bool
}

// Shares of who writes, in a hundred.
const (
	returning = 24             // conversations of somebody who wrote before
	known     = 86             // phones that are a participant's
	restLeast = 30 * time.Hour // between two conversations of one person
	unknownAt = 10_000_000     // numbers below are nobody's: participants' begin here
)

// candidates reads participants in an order of the seed's own, without those who
// wrote before and without the personas, whose first word is the visitor's.
func candidates(ctx context.Context, db *bun.DB, o Options) ([]candidate, error) {
	var list []candidate
	err := db.NewRaw(`SELECT p.id, p.phone, p.name, p.language,
			EXISTS (SELECT FROM participants o WHERE o.phone = p.phone AND o.id <> p.id) AS shared
		FROM participants p
		WHERE p.phone IS NOT NULL AND p.id <> ALL(?0::uuid[])
			AND p.phone NOT IN (SELECT phone FROM participants WHERE id = ANY(?0::uuid[]) AND phone IS NOT NULL)
			AND NOT EXISTS (SELECT FROM contact_points c WHERE c.kind = 'phone' AND c.value = p.phone)
		ORDER BY md5(p.id::text || ?1::text) LIMIT ?2`, pgdialect.Array(o.Apart), fmt.Sprint(o.Seed), o.Conversations).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("read participants: %w", err)
	}
	return onePerPhone(list), nil
}

// onePerPhone leaves a household's phone to one of them.
func onePerPhone(list []candidate) []candidate {
	seen := map[string]bool{}
	kept := list[:0]
	for _, c := range list {
		if !c.Shared || !seen[c.Phone] {
			kept = append(kept, c)
		}
		if c.Shared {
			seen[c.Phone] = true
		}
	}
	return kept
}

// assign gives every conversation its person, in the order of their beginnings.
func (g *generator) assign(list []*plan) {
	pools := make([][]*person, len(g.desk.inboxes))
	for _, p := range list {
		rng := g.source(p.number + 2<<40)
		if who := again(rng, pools[p.inbox], p.at); who != nil && chance(rng, returning) {
			p.person = who
		} else {
			p.person = g.newPerson(rng, p)
			pools[p.inbox] = append(pools[p.inbox], p.person)
			g.people = append(g.people, p.person)
		}
		who := p.person
		who.lastAt, who.finished = p.at, p.ticket != noTicket
		if p.verify = p.verify && who.participant != ""; p.verify && who.provedAt.IsZero() {
			who.provedAt = p.at.Add(p.botTakes / 2)
		}
	}
}

// again finds somebody of the pool who may write once more.
func again(rng *rand.Rand, pool []*person, at time.Time) *person {
	if len(pool) == 0 {
		return nil
	}
	for range 4 {
		who := pool[rng.IntN(len(pool))]
		if !who.finished && at.Sub(who.lastAt) > restLeast {
			return who
		}
	}
	return nil
}

func (g *generator) newPerson(rng *rand.Rand, p *plan) *person {
	who := &person{contact: draw.ID(rng, p.at), point: draw.ID(rng, p.at), inbox: p.inbox, firstAt: p.at, language: stranger(rng)}
	phone := g.desk.inboxes[p.inbox].kind != channels.Webchat
	if (phone && chance(rng, known) || !phone && p.verify) && len(g.candidates) > 0 {
		c := g.candidates[0]
		g.candidates = g.candidates[1:]
		who.participant, who.shared, who.language = c.ID, c.Shared, spoken(rng, c.Language)
		if phone {
			who.kind, who.value, who.name = channels.AddressPhone, c.Phone, c.Name
			return who
		}
	}
	if phone {
		g.strangers++
		who.kind, who.value = channels.AddressPhone, strangerPhone(g.strangers)
		who.name = nicknames()[rng.IntN(len(nicknames()))]
		return who
	}
	who.kind, who.value = channels.AddressVisitor, draw.ID(rng, p.at)
	return who
}

// spoken is the language somebody writes in who prefers one: most mix or keep to
// Indonesian with an office, and we write three languages and English.
func spoken(rng *rand.Rand, preferred string) string {
	switch preferred {
	case "jav", "sun":
		if chance(rng, 62) {
			return preferred
		}
	case "eng":
		return preferred
	}
	return "ind"
}

func stranger(rng *rand.Rand) string {
	return []string{"ind", "jav", "sun", "eng"}[draw.Weighted(rng, 87, 7, 4, 2)]
}

// nicknames are what people call themselves on a phone that is nobody's.
func nicknames() []string {
	return strings.Fields("Mamah-Rafa Bunda-Aisyah Toko-Berkah Pak-De Rina Dodi Ayu Si-Bungsu Kang-Ojan Mas-Bro Ibu-Nur Adi Lala Warung-Ijo Yayuk Uda Santi Bang-Jek Nona Papa-Zidan")
}

// strangerPhone is a number of no operator below those of the participants.
func strangerPhone(n int) string {
	prefixes := []string{"830", "850", "860", "870", "890"}
	return fmt.Sprintf("+62%s%08d", prefixes[n%len(prefixes)], uint64(n/len(prefixes))*4_827_101%unknownAt)
}

// contactRow is a row of contacts; points are ticketing.Point.
type contactRow struct {
	bun.BaseModel `bun:"table:contacts"`

	ID        string    `bun:"id,pk,type:uuid"`
	Name      string    `bun:"name"`
	Language  string    `bun:"language"`
	CreatedAt time.Time `bun:"created_at"`
}

func (who *person) rows() (contactRow, ticketing.Point) {
	contact := contactRow{ID: who.contact, Name: strings.ReplaceAll(who.name, "-", " "), CreatedAt: who.firstAt}
	point := ticketing.Point{ID: ticketing.PointID(who.point), Contact: ticketing.ContactID(who.contact), Kind: string(who.kind), Value: who.value,
		Confidence: ticketing.Claimed, SeenAt: latest(who.firstAt, who.lastAt)}
	if who.kind == channels.AddressPhone {
		point.Confidence = ticketing.ProvedProvider
	}
	if !who.provedAt.IsZero() {
		point.Participant, point.LinkedBy, point.LinkedAt = who.participant, "bot", &who.provedAt
	}
	return contact, point
}

// reachRow is a row of reachability: when an address last wrote.
type reachRow struct {
	bun.BaseModel `bun:"table:reached"`

	Inbox       string    `bun:"inbox_id,type:uuid"`
	Address     string    `bun:"address"`
	LastInbound time.Time `bun:"last_inbound_at"`
}
