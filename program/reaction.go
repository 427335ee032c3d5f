package program

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/program/attendance"
	"sapa/program/incentive"
	"sapa/program/record"
	"sapa/program/registration"
	"sapa/program/training"
)

// react lets one correction bring about what follows from it in another part of
// the record, in the same transaction.
func (c *Core) react(ctx context.Context, tx bun.IDB, id ParticipantID, remedy string) error {
	if remedy == attendance.CorrectCode {
		return c.finishTrainings(ctx, tx, id)
	}
	return nil
}

// finishTrainings closes every training whose sessions now all count and whose
// post-test was passed: certificate, incentive, stage.
func (c *Core) finishTrainings(ctx context.Context, tx bun.IDB, id ParticipantID) error {
	r, err := c.read(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, t := range r.Trainings {
		if !t.FinishedAt.IsZero() || !training.Attended(t) || !training.Passed(t) {
			continue
		}
		if err := training.Finish(ctx, tx, t.ID, r.Participant.Name, r.At); err != nil {
			return err
		}
		if err := incentive.TrainingFinished(ctx, tx, id, t.Rating != nil, r.At); err != nil {
			return err
		}
		if err := registration.Advance(ctx, tx, id, record.StageTraining, record.StageFinished); err != nil {
			return err
		}
		if err := record.Emit(ctx, tx, Event{Kind: record.EventTrainingFinished, ParticipantID: id, ObjectID: t.ID, At: r.At}); err != nil {
			return err
		}
	}
	return nil
}

// PayoutRun is the payment work of a day: it orders up to 1,000 incentives that
// are due and gathers all open orders into the next file for the bank. A File
// without lines means that nothing was open. Orders stay "ordered" until somebody
// hands the file over and says so (incentive.MarkSent), and are paid only by the
// bank's answer (SettleTransfers).
func (c *Core) PayoutRun(ctx context.Context, tx bun.IDB) (incentive.File, error) {
	if _, _, err := incentive.OrderDue(ctx, tx, c.now(), 1000); err != nil {
		return incentive.File{}, err
	}
	return incentive.MakeFile(ctx, tx, c.now())
}

// SettleTransfers takes the bank's answers to payment orders and moves those on
// whose first incentive arrived. Package incentive tells what each list means.
func (c *Core) SettleTransfers(ctx context.Context, tx bun.IDB, answers []incentive.Answer) (incentive.Settlement, error) {
	result, err := incentive.Settle(ctx, tx, answers)
	if err != nil {
		return incentive.Settlement{}, err
	}
	for _, done := range result.Settled {
		if done.Kind != incentive.Completion {
			continue
		}
		if err := registration.Advance(ctx, tx, done.ParticipantID, record.StageFinished, record.StagePaid); err != nil {
			return incentive.Settlement{}, err
		}
	}
	return result, nil
}
