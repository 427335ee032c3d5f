package live_test

import (
	"context"

	"sapa/web/auth"
)

// staffTicket is a ticket of the console, which the chat must not take.
func staffTicket(s *site, id string) string {
	s.T.Helper()
	ticket, err := auth.IssueTicket(context.Background(), s.DB, "staff:"+id, s.Clock.Now())
	if err != nil {
		s.T.Fatal(err)
	}
	return ticket
}
