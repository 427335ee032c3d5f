package ticketing

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun/dialect/pgdialect"
)

// FoundConversation is a conversation that Search found. Line is the line by
// which it was, nil when it was by the person.
type FoundConversation struct {
	Row
	Line *FoundLine
}

// FoundLine is a line that has the words that were looked for.
type FoundLine struct {
	Seq     int64
	Author  Author
	At      time.Time
	Excerpt []Piece
}

// Piece is a stretch of plain text; Match is set on the words looked for.
type Piece struct {
	Text  string
	Match bool
}

// show reads what is shown of the conversations found, in their order, in four
// queries.
func (s *search) show(ctx context.Context, spots []spot) ([]FoundConversation, error) {
	hits := []FoundConversation{}
	if len(spots) == 0 {
		return hits, nil
	}
	ids := make([]ConversationID, len(spots))
	for i, one := range spots {
		ids[i] = one.Conversation
	}
	rows, err := s.desk.RowsByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	byID := map[ConversationID]Row{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	lines, err := s.excerpts(ctx, spots)
	if err != nil {
		return nil, err
	}
	for _, one := range spots {
		// It may have gone to another queue since it was found.
		if row, ok := byID[one.Conversation]; ok && s.reader.Sees(row.Conversation) {
			hits = append(hits, FoundConversation{Row: row, Line: lines[one.Conversation]})
		}
	}
	return hits, nil
}

// Marks around the words looked for. CleanText lets neither into a line.
const (
	markStart = "\x02"
	markEnd   = "\x03"
)

// excerptShape: a palette shows one line, the screen two.
const excerptShape = "StartSel=" + markStart + ",StopSel=" + markEnd + ",MaxWords=18,MinWords=9,ShortWord=0"

// excerptsSQL marks the words as typed and as stems; whoever reads takes the one
// that shows more.
const excerptsSQL = `SELECT m.conversation_id AS conversation, m.seq, m.author, m.at, m.text, line_plain(m.text) AS plain,
	ts_headline('simple', line_plain(m.text), line_query(?2::text[]), ?3) AS typed,
	ts_headline('indonesian', line_plain(m.text), line_query(?2::text[]), ?3) AS stems
FROM unnest(?0::uuid[], ?1::bigint[]) AS f(id, seq) JOIN messages m ON m.conversation_id = f.id AND m.seq = f.seq`

func (s *search) excerpts(ctx context.Context, spots []spot) (map[ConversationID]*FoundLine, error) {
	lines := map[ConversationID]*FoundLine{}
	var ids []string
	var seqs []int64
	for _, one := range spots {
		if one.Seq > 0 {
			ids, seqs = append(ids, string(one.Conversation)), append(seqs, one.Seq)
		}
	}
	if len(ids) == 0 {
		return lines, nil
	}
	var list []struct {
		Conversation              ConversationID
		Seq                       int64
		Author                    Author
		At                        time.Time
		Text, Plain, Typed, Stems string
	}
	err := s.desk.db.NewRaw(excerptsSQL, pgdialect.Array(ids), pgdialect.Array(seqs), pgdialect.Array(s.terms), excerptShape).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("read excerpts: %w", err)
	}
	for _, one := range list {
		marked := one.Typed
		if strings.Count(one.Stems, markStart) > strings.Count(marked, markStart) {
			marked = one.Stems
		}
		lines[one.Conversation] = &FoundLine{Seq: one.Seq, Author: one.Author, At: one.At, Excerpt: pieces(one.Text, one.Plain, marked)}
	}
	return lines, nil
}

// pieces cuts the excerpt out of a line as it was written. plain is the line as
// words are looked for in it, rune for rune as long; marked is a stretch of that
// with marks.
func pieces(line, plain, marked string) []Piece {
	at := strings.Index(plain, strings.NewReplacer(markStart, "", markEnd, "").Replace(marked))
	written := []rune(line)
	if at < 0 || utf8.RuneCountInString(plain) != len(written) {
		return []Piece{{Text: preview(Message{Text: line})}}
	}
	next := utf8.RuneCountInString(plain[:at])
	list := []Piece{{}}
	if next > 0 {
		list[0].Text = "…"
	}
	for _, r := range marked {
		last := &list[len(list)-1]
		switch string(r) {
		case markStart:
			list = append(list, Piece{Match: true})
		case markEnd:
			list = append(list, Piece{})
		default:
			last.Text += string(written[next])
			next++
		}
	}
	if next < len(written) {
		list[len(list)-1].Text += "…"
	}
	return filled(list)
}

// filled leaves out pieces without text.
func filled(list []Piece) []Piece {
	kept := list[:0]
	for _, one := range list {
		if one.Text != "" {
			kept = append(kept, one)
		}
	}
	return kept
}
