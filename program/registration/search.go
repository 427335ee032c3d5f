package registration

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/program/record"
)

// candidates bounds how many people of a common name are ranked.
const candidates = 400

// Find returns the best matches for what somebody typed: sixteen digits are a
// programme number or a NIK, an @ makes an e-mail, other digits a phone, all
// else a name. Names shorter than three letters find nothing.
func Find(ctx context.Context, db bun.IDB, box *seal.Box, q string, limit int) ([]record.Summary, error) {
	q = strings.TrimSpace(strings.ReplaceAll(q, "\x00", ""))
	limit = max(1, min(limit, 20))
	phone, notPhone := channels.ParsePhone(q)
	digits := strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "").Replace(q)
	switch {
	case strings.Contains(q, "@"):
		return list(ctx, db, `SELECT `+columns+` FROM participants AS p WHERE lower(p.email) = lower(?) LIMIT ?`, q, limit)
	case len(digits) == 16 && onlyDigits(digits):
		return list(ctx, db, `SELECT `+columns+` FROM participants AS p WHERE p.programme_number = ?
			UNION ALL SELECT `+columns+` FROM participants AS p WHERE p.nik_lookup = ? LIMIT ?`, digits, NIKLookup(box, digits), limit)
	case notPhone == nil:
		return list(ctx, db, `SELECT `+columns+` FROM participants AS p WHERE p.phone = ?
			ORDER BY p.phone_proved_at DESC NULLS LAST, p.id LIMIT ?`, phone.E164, limit)
	case utf8.RuneCountInString(q) < 3:
		return nil, nil
	}
	return byName(ctx, db, q, limit)
}

// byName takes people whose name holds the text first, then those whose name
// resembles it, which forgives a wrong letter.
func byName(ctx context.Context, db bun.IDB, q string, limit int) ([]record.Summary, error) {
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q) + "%"
	found, err := list(ctx, db, `SELECT `+columns+` FROM (
			SELECT * FROM participants WHERE name ILIKE ? LIMIT ?
		) AS p ORDER BY similarity(p.name, ?) DESC, p.name, p.id LIMIT ?`, pattern, candidates, q, limit)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return list(ctx, db, `SELECT `+columns+` FROM (
			SELECT * FROM participants WHERE name % ? LIMIT ?
		) AS p ORDER BY similarity(p.name, ?) DESC, p.name, p.id LIMIT ?`, q, candidates, q, limit)
}

// NIKLookup is the value under which an identity number is indexed.
func NIKLookup(box *seal.Box, digits string) []byte { return box.Lookup(digits, "participants.nik") }

func onlyDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
