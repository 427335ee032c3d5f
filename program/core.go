package program

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/seal"
	"sapa/program/access"
	"sapa/program/account"
	"sapa/program/attendance"
	"sapa/program/batch"
	"sapa/program/calendar"
	"sapa/program/incentive"
	"sapa/program/record"
	"sapa/program/registration"
	"sapa/program/scholarship"
	"sapa/program/survey"
	"sapa/program/training"
)

// Options of New. All are needed.
type Options struct {
	// Box opens and looks up sealed identity and account numbers.
	Box *seal.Box
	// Calendar gives the working days as they are known now; approvals expire by
	// them. It may be asked often: keep it in memory.
	Calendar func(ctx context.Context) (*calendar.Calendar, error)
	Now      func() time.Time
	Log      *slog.Logger
}

// Core reads and corrects participants' records. It holds no state and is safe
// for concurrent use. Methods that take a bun.IDB named tx want a transaction of
// the caller's.
type Core struct{ options Options }

// New checks the options.
func New(o Options) (*Core, error) {
	if o.Box == nil || o.Calendar == nil || o.Now == nil || o.Log == nil {
		return nil, errors.New("program: Box, Calendar, Now and Log are needed")
	}
	return &Core{options: o}, nil
}

func (c *Core) now() time.Time { return c.options.Now().UTC() }

// Find returns up to limit (at most 20) people for what somebody typed.
func (c *Core) Find(ctx context.Context, db bun.IDB, s Search, limit int) ([]Summary, error) {
	return registration.Find(ctx, db, c.options.Box, s.Q, limit)
}

// ByPhone returns the participants who gave this phone (E.164), those who proved
// it first. Several people may share one.
func (c *Core) ByPhone(ctx context.Context, db bun.IDB, e164 string) ([]Summary, error) {
	return registration.ByPhone(ctx, db, e164)
}

// Summaries returns the named participants in the order of the names; unknown
// ones are left out.
func (c *Core) Summaries(ctx context.Context, db bun.IDB, ids ...ParticipantID) ([]Summary, error) {
	found, err := registration.Summaries(ctx, db, ids...)
	if err != nil {
		return nil, err
	}
	byID := make(map[ParticipantID]Summary, len(found))
	for _, s := range found {
		byID[s.ID] = s
	}
	list := make([]Summary, 0, len(found))
	for _, id := range ids {
		if s, ok := byID[id]; ok {
			list = append(list, s)
			delete(byID, id)
		}
	}
	return list, nil
}

// rules lists every diagnosis; of equal severity the one that explains more stands
// first.
func rules() []record.Rule {
	var all []record.Rule
	for _, group := range [][]record.Rule{
		registration.Rules(), account.Rules(), incentive.Rules(), attendance.Rules(), training.Rules(), batch.Rules(), {incentive.WaitingForFinish()},
	} {
		all = append(all, group...)
	}
	return all
}

// remedies lists every remedy in the order offers are shown.
func (c *Core) remedies() []record.Remedy {
	return []record.Remedy{
		incentive.Relink(c.options.Box), incentive.Reissue(), attendance.Correct(), training.ReissueCertificate(),
		batch.Extend(), account.Unlock(),
	}
}

// facts collects what the record says, for the bot's answers.
func facts(r Record) []Fact {
	var all []Fact
	for _, find := range []func(Record) []Fact{
		incentive.Facts, batch.Facts, scholarship.Facts, training.Facts, attendance.Facts, survey.Facts, registration.Facts, account.Facts,
	} {
		all = append(all, find(r)...)
	}
	return all
}

// mayRead is asked before a record is read.
func mayRead(actor access.Actor, id ParticipantID) bool {
	if actor.Kind == access.Participant {
		return actor.ID == string(id)
	}
	return actor.May(access.RecordRead)
}
