package fix

import (
	"context"

	"sapa/ticketing/team"
)

// Participant adds a participant who has finished a training, with a registered
// phone (E.164), and returns the id.
func (w *World) Participant(name, phone string) string {
	w.T.Helper()
	id := team.NewID()
	_, err := w.DB.NewRaw(`INSERT INTO participants (id, name, sex, birth_date, phone, phone_proved_at, region_code, rural, education, occupation,
			disability, returnee, language, scheme, stage, identity, identity_field, created_at, updated_at)
		VALUES (?0, ?1, 'f', '1994-03-12', ?2, ?3, '33.74', false, 'senior_high', 'unemployed', false, false, 'ind', 'normal', 'finished', 'matched', '', ?3, ?3)`,
		id, name, phone, w.Clock.Now()).Exec(context.Background())
	w.must(err)
	return id
}

// Returned gives a participant a linked account in their own name and an
// incentive of Rp600,000 that the bank returned; it returns the incentive's id.
func (w *World) Returned(participant, holder string) string {
	w.T.Helper()
	ctx := context.Background()
	now := w.Clock.Now()
	account, incentive := team.NewID(), team.NewID()
	number, err := w.Box.Seal([]byte("1234567890"), "payout_accounts.number:"+account)
	w.must(err)
	_, err = w.DB.NewRaw(`INSERT INTO payout_accounts (id, participant_id, kind, institution, number_sealed, number_lookup, number_last4, holder, state, linked_at)
		VALUES (?, ?, 'bank', 'bri', ?, ?, '7890', ?, 'linked', ?)`, account, participant, number, []byte(account), holder, now).Exec(ctx)
	w.must(err)
	_, err = w.DB.NewRaw(`INSERT INTO incentives (id, participant_id, kind, sequence, amount, state, waits_for, earned_at, due_at)
		VALUES (?, ?, 'completion', 1, 600000, 'returned', '', ?, ?)`, incentive, participant, now, now).Exec(ctx)
	w.must(err)
	_, err = w.DB.NewRaw(`INSERT INTO transfers (id, order_ref, incentive_id, participant_id, payout_account_id, attempt, amount, state, ordered_at, sent_at, returned_at, return_code)
		VALUES (?, ?, ?, ?, ?, 1, 600000, 'returned', ?, ?, ?, 'name_mismatch')`, team.NewID(), "REF"+account, incentive, participant, account, now, now, now).Exec(ctx)
	w.must(err)
	return incentive
}
