package attendance

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// CorrectCode names the remedy that counts a session as attended.
const CorrectCode = "correct_attendance"

// Correct counts a session as attended though face or code was not verified. It
// needs evidence (the provider's list, a photo of the class) and a second
// person, since attendance leads to money.
func Correct() record.Remedy {
	return record.Remedy{
		Code: CorrectCode, Approval: record.ApprovalAttendance, NeedsEvidence: true,
		Fields: correctFields, Blocked: correctBlocked, Plan: planCorrect,
	}
}

// wib is where times in an option's label are shown.
func wib(t time.Time) string { return t.Add(7*time.Hour).UTC().Format("02-01-2006 15.04") + " WIB" }

func correctFields(r record.Record) []record.Field {
	options := []record.Option{}
	for _, t := range r.Trainings {
		for _, s := range t.Sessions {
			if wanting(s) {
				options = append(options, record.Option{Value: t.ID + "/" + s.ID, Label: t.Title + ", " + wib(s.At)})
			}
		}
	}
	return []record.Field{{Name: "session", Kind: "select", Required: true, Options: options}}
}

func correctBlocked(r record.Record) *record.Note {
	if len(correctFields(r)[0].Options) == 0 {
		return record.Because("remedy.blocked.nothing_missing")
	}
	return nil
}

func planCorrect(ctx context.Context, tx bun.IDB, task record.Task) (record.Plan, error) {
	if faults := record.CheckForm(correctFields(task.Record), task.Input); len(faults) > 0 {
		return record.Plan{}, faults
	}
	purchase, session, _ := strings.Cut(task.Input["session"], "/")
	title, now := find(task.Record, purchase, session)
	return record.Plan{
		ObjectID: task.Input["session"],
		Before:   sessionLines(title, now, now.State),
		After:    sessionLines(title, now, Present),
		Do: func(ctx context.Context, tx bun.IDB) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO attendance (purchase_id, session_id, state, method, reason, at)
				VALUES (?, ?, 'present', 'override', '', ?)
				ON CONFLICT (purchase_id, session_id) DO UPDATE SET state = 'present', method = 'override', reason = '', at = excluded.at`,
				purchase, session, task.Now)
			if err != nil {
				return fmt.Errorf("correct attendance of %s: %w", purchase, err)
			}
			return nil
		},
	}, nil
}

func find(r record.Record, purchase, session string) (title string, found record.Session) {
	for _, t := range r.Trainings {
		for _, s := range t.Sessions {
			if t.ID == purchase && s.ID == session {
				return t.Title, s
			}
		}
	}
	return "", record.Session{}
}

func sessionLines(title string, s record.Session, state string) []record.Line {
	return []record.Line{{Field: "training", Value: title}, {Field: "date", Value: s.At}, {Field: "attendance", Value: "@attendance." + state}}
}
