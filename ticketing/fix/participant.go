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
