package account

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/record"
)

// CheckKind is a fact of the record that a person is asked for before money is
// spoken of: keys "fact_check."+kind hold the questions. BirthDay is the one to
// ask first, since everybody knows it. NIK, KK and account numbers are never
// asked for in a chat.
type CheckKind string

// The kinds of questions.
const (
	BirthDay     CheckKind = "birth_day"     // day and month of birth
	LastTraining CheckKind = "last_training" // a word of the newest training's title
)

// FactTries is how many wrong answers a participant has in a day.
const FactTries = 3

// FactCheck is an answer to be compared.
type FactCheck struct {
	ParticipantID record.ParticipantID
	Kind          CheckKind
	Answer        string
	CaseID        string
}

// FactVerdict is how it compared. Left is 0 when a person must take over.
type FactVerdict struct {
	Matched bool
	Left    int
}

// MatchFact compares the answer with the record. Commit the transaction whatever
// the verdict. After FactTries wrong answers in a day nothing matches any more.
func (d *Desk) MatchFact(ctx context.Context, tx bun.IDB, c FactCheck) (FactVerdict, error) {
	now := d.options.Now().UTC()
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "fact:"+string(c.ParticipantID)); err != nil {
		return FactVerdict{}, fmt.Errorf("lock fact check: %w", err)
	}
	var wrong int
	err := tx.NewRaw(`SELECT count(*) FROM fact_checks WHERE participant_id = ? AND NOT matched AND at > ?`, c.ParticipantID, now.Add(-24*time.Hour)).Scan(ctx, &wrong)
	if err != nil {
		return FactVerdict{}, fmt.Errorf("count fact checks: %w", err)
	}
	if wrong >= FactTries {
		return FactVerdict{}, nil
	}
	matched, err := compare(ctx, tx, c)
	if err != nil {
		return FactVerdict{}, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO fact_checks (id, participant_id, fact, matched, case_id, at) VALUES (?, ?, ?, ?, ?, ?)`,
		uuid.Must(uuid.NewV7()).String(), c.ParticipantID, c.Kind, matched, c.CaseID, now)
	if err != nil {
		return FactVerdict{}, fmt.Errorf("note fact check: %w", err)
	}
	if !matched {
		wrong++
	}
	return FactVerdict{Matched: matched, Left: FactTries - wrong}, nil
}

func compare(ctx context.Context, tx bun.IDB, c FactCheck) (bool, error) {
	switch c.Kind {
	case BirthDay:
		var born time.Time
		if err := tx.NewRaw(`SELECT birth_date FROM participants WHERE id = ?`, c.ParticipantID).Scan(ctx, &born); err != nil {
			return false, fmt.Errorf("read birth date of %s: %w", c.ParticipantID, err)
		}
		return sameDay(c.Answer, born), nil
	case LastTraining:
		var titles []string
		err := tx.NewRaw(`SELECT t.title FROM purchases AS b JOIN trainings AS t ON t.id = b.training_id
			WHERE b.participant_id = ? ORDER BY b.bought_at DESC LIMIT 1`, c.ParticipantID).Scan(ctx, &titles)
		if err != nil {
			return false, fmt.Errorf("read last training of %s: %w", c.ParticipantID, err)
		}
		return len(titles) == 1 && sameTitle(c.Answer, titles[0]), nil
	}
	return false, fmt.Errorf("fact %s: %w", c.Kind, record.ErrUnknown)
}

// sameDay reads "12 Maret", "12/03", "12-3-1994", "tanggal 12 bulan 3". A year
// may be left out; one that is told must be right.
func sameDay(answer string, born time.Time) bool {
	words := strings.FieldsFunc(strings.ToLower(answer), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var numbers []int
	month := 0
	for _, word := range words {
		if n, err := strconv.Atoi(word); err == nil {
			numbers = append(numbers, n)
		} else if m := monthOf(word); m > 0 {
			month = m
		}
	}
	if month > 0 && len(numbers) > 0 {
		numbers = append([]int{numbers[0], month}, numbers[1:]...)
	}
	if len(numbers) < 2 || len(numbers) > 3 || numbers[0] != born.Day() || numbers[1] != int(born.Month()) {
		return false
	}
	return len(numbers) == 2 || numbers[2] == born.Year() || numbers[2] == born.Year()%100
}

// monthOf knows month names as people write them in Indonesian, Javanese,
// Sundanese and English, by their first three letters.
func monthOf(word string) int {
	if len(word) < 3 {
		return 0
	}
	word = strings.NewReplacer("é", "e", "è", "e").Replace(word)
	for i, names := range []string{"jan", "feb peb", "mar", "apr", "mei may", "jun", "jul", "agu aug ags agt", "sep", "okt oct", "nov nop", "des dec"} {
		for name := range strings.FieldsSeq(names) {
			if strings.HasPrefix(word, name) {
				return i + 1
			}
		}
	}
	return 0
}

// sameTitle wants at least two of the title's longer words, or the only one.
func sameTitle(answer, title string) bool {
	told := strings.ToLower(answer)
	hits, words := 0, 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(word) < 4 {
			continue
		}
		words++
		if strings.Contains(told, word) {
			hits++
		}
	}
	return words > 0 && hits >= min(2, words)
}
