package ticketing

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"sapa/channels"
	"sapa/channels/words"
	"sapa/program"
	"sapa/program/access"
)

// What Search looks for.
const (
	FindTickets       = "tickets"
	FindPeople        = "people"
	FindConversations = "conversations"
	FindTags          = "tags"
)

// MostFound bounds what is shown of one kind: whoever needs more needs other
// words.
const MostFound = 10

// mostTerms bounds what a search asks of each line.
const mostTerms = 8

// Best are the best MostFound of one kind; More says that there are others.
type Best[T any] struct {
	Items []T
	More  bool
}

// bestOf cuts a list that was read one longer than it is shown.
func bestOf[T any](list []T) *Best[T] {
	return &Best[T]{Items: list[:min(len(list), MostFound)], More: len(list) > MostFound}
}

// Found is what Search found. A kind is nil when it was not asked for, or is not
// for whoever asked.
type Found struct {
	Tickets       *Best[TicketRow]
	People        *Best[program.Summary]
	Conversations *Best[FoundConversation]
	Tags          *Best[Tag]
	// Mistyped says that what was typed can only be a ticket number with a wrong
	// digit, so nothing has it.
	Mistyped bool
}

// search is one search under way.
type search struct {
	desk   *Desk
	actor  access.Actor
	reader Reader
	q      string
	number string // of a ticket, "" for none
	terms  []string
	// people are those found, for conversations about them.
	people []program.Summary
}

// Search finds tickets by number or words of their subject, people by number,
// phone, NIK, name or e-mail, conversations by the person, their phone or e-mail,
// or words of a line, and tags by their name: what q is, is seen from its shape. Of each of the
// kinds (all when none is named) only what the actor may open is found. Error:
// ErrForbidden.
func (d *Desk) Search(ctx context.Context, actor access.Actor, q string, kinds ...string) (Found, error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return Found{}, err
	}
	// PostgreSQL writes a statement that is cancelled into its log, with the name or
	// NIK in it. The work is bounded, so a search that nobody waits for is finished.
	ctx = context.WithoutCancel(ctx)
	s := &search{desk: d, actor: actor, reader: reader, q: strings.TrimSpace(channels.CleanText(q))}
	var found Found
	s.number, found.Mistyped = ticketNumberIn(s.q)
	if s.number == "" && !isIdentity(s.q) {
		s.terms = words.Terms(s.q, mostTerms)
	}
	wants := func(kind string) bool { return len(kinds) == 0 || slices.Contains(kinds, kind) }
	if wants(FindTickets) && actor.May(access.TicketRead) {
		list, err := s.tickets(ctx)
		if err != nil {
			return Found{}, err
		}
		found.Tickets = bestOf(list)
	}
	if actor.May(access.PeopleSearch) {
		if s.people, err = d.program.Find(ctx, d.db, program.Search{Q: s.q}, MostFound+1); err != nil {
			return Found{}, err
		}
		if wants(FindPeople) {
			found.People = bestOf(s.people)
		}
	}
	if wants(FindTags) && s.q != "" {
		tags, err := tagsLike(ctx, d.db, s.q, MostFound+1)
		if err != nil {
			return Found{}, err
		}
		found.Tags = bestOf(tags)
	}
	if wants(FindConversations) {
		found.Conversations, err = s.conversations(ctx)
	}
	return found, err
}

// ticketNumberIn reads a ticket number; mistyped is set for what was meant to be
// one: it has the prefix, or as many digits and does not begin as a phone number
// does that somebody is still typing.
func ticketNumberIn(q string) (number string, mistyped bool) {
	number, err := ParseNumber(q)
	var invalid *Invalid
	if !errors.As(err, &invalid) || invalid.Rule != "check_digit" {
		return number, false
	}
	digits := squeeze(q)
	dialled := strings.HasPrefix(digits, "0") || strings.HasPrefix(digits, "8") || strings.HasPrefix(digits, "62")
	return "", !dialled
}

// isIdentity knows a NIK or a programme number: neither stands in any line, for
// they are masked before one is stored.
func isIdentity(q string) bool {
	digits := squeeze(q)
	return len(digits) == 16 && strings.Trim(digits, "0123456789") == ""
}

// conversations are those with or about a person that q names, and those in which
// somebody wrote its words, the newest first.
func (s *search) conversations(ctx context.Context) (*Best[FoundConversation], error) {
	list, err := s.withPerson(ctx)
	if err != nil {
		return nil, err
	}
	said, err := s.lines(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range said {
		at := slices.IndexFunc(list, func(other spot) bool { return other.Conversation == one.Conversation })
		if at < 0 {
			list = append(list, one)
		} else {
			list[at].Seq = one.Seq
		}
	}
	slices.SortStableFunc(list, func(a, b spot) int {
		return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(b.Conversation, a.Conversation))
	})
	best := bestOf(list)
	hits, err := s.show(ctx, best.Items)
	return &Best[FoundConversation]{Items: hits, More: best.More}, err
}

// holding is the pattern of texts that hold what was typed.
func holding(typed string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(typed) + "%"
}

// nameLike is the pattern of names that hold what was typed, "" where it is no
// name.
func (s *search) nameLike() string {
	if len(s.terms) == 0 || utf8.RuneCountInString(s.q) < 3 || s.address() != nil {
		return ""
	}
	return holding(s.q)
}

// address is the phone or e-mail that q is, nil for anything else and for those
// who may not look people up: an answer would tell them whose it is.
func (s *search) address() *channels.Address {
	if !s.actor.May(access.PeopleSearch) {
		return nil
	}
	if phone, err := channels.ParsePhone(s.q); err == nil {
		return &channels.Address{Kind: channels.AddressPhone, Value: phone.E164}
	}
	if strings.Contains(s.q, "@") {
		return &channels.Address{Kind: channels.AddressEmail, Value: strings.ToLower(s.q)}
	}
	return nil
}
