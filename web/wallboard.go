package web

import (
	"context"
	"sync"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

// wallFor is how long a board serves everybody who asks for one: many screens
// cost one reading a second.
const wallFor = time.Second

// wall keeps the newest board of each sort of reader: with and without names.
type wall struct {
	server *Server
	mu     sync.Mutex
	boards map[bool]ticketing.Wallboard
	read   map[bool]time.Time // when the reading began, by this process's clock
}

func newWall(s *Server) *wall {
	return &wall{server: s, boards: map[bool]ticketing.Wallboard{}, read: map[bool]time.Time{}}
}

// board is the board for an actor as it was at since or later, by this process's
// clock. Error: ticketing.ErrForbidden.
func (w *wall) board(ctx context.Context, actor access.Actor, language string, since time.Time) (wire.Wallboard, error) {
	if !actor.May(access.WallboardRead) {
		return wire.Wallboard{}, ticketing.ErrForbidden
	}
	w.mu.Lock() // held while reading: who comes meanwhile gets the same board
	defer w.mu.Unlock()
	names := actor.May(access.WallboardAgents)
	board, ok := w.boards[names]
	if !ok || w.read[names].Before(since) {
		began := time.Now()
		var err error
		if board, err = w.server.options.Desk.Wallboard(ctx, actor); err != nil {
			return wire.Wallboard{}, err
		}
		w.boards[names], w.read[names] = board, began
	}
	return w.server.voice(language).Wallboard(board), nil
}

func (s *Server) readWallboard(ctx context.Context, _ *struct{}) (wire.Wallboard, error) {
	return s.wall.board(ctx, actor(ctx), languageIn(ctx), time.Now().Add(-wallFor))
}

func (s *Server) readFormulas(ctx context.Context, _ *struct{}) (wire.Items[wire.Formula], error) {
	return wire.Items[wire.Formula]{Items: s.speak(ctx).Formulas()}, nil
}

type casesInput struct {
	Measure string `query:"measure" required:"true" enum:"waiting,offered,answered,abandoned,left_queue,service_level,within,outside,handled,csat,csat_good,bot,with_agent,held,tickets_open,tickets_at_risk,tickets_breached"`
	Kind    string `query:"kind" maxLength:"20"`
	Queue   string `query:"queue" maxLength:"36" doc:"An id, or none"`
	StaffID string `query:"staff_id" maxLength:"36" pattern:"^[0-9a-fA-F-]*$"`
	Cursor  string `query:"cursor" maxLength:"200"`
	Limit   int    `query:"limit" minimum:"0" maximum:"100"`
}

// listCases lists exactly what a number of the board counts.
func (s *Server) listCases(ctx context.Context, in *casesInput) (wire.Cases, error) {
	cases, err := s.options.Desk.Cases(ctx, actor(ctx), ticketing.CaseQuery{Measure: in.Measure, Kind: channels.Kind(in.Kind), Queue: in.Queue,
		Staff: team.StaffID(in.StaffID), Cursor: in.Cursor, Limit: in.Limit})
	return s.speak(ctx).Cases(cases), err
}
