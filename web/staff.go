package web

import (
	"context"

	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

// mostStaff bounds the list of colleagues: the contact centre has 133.
const mostStaff = 200

type searchInput struct {
	Q string `query:"q" maxLength:"120"`
}

func (s *Server) listStaff(ctx context.Context, in *searchInput) (wire.Items[wire.StaffRow], error) {
	list, err := team.Search(ctx, s.options.DB, in.Q, mostStaff)
	if err != nil {
		return wire.Items[wire.StaffRow]{}, err
	}
	ids := wire.Each(list, func(one team.Staff) team.StaffID { return one.ID })
	if len(ids) == 0 {
		return wire.Items[wire.StaffRow]{Items: []wire.StaffRow{}}, nil
	}
	presences, err := ticketing.Presences(ctx, s.options.DB, ids...)
	doing := map[team.StaffID]ticketing.Presence{}
	for _, p := range presences {
		doing[p.Staff] = p
	}
	return wire.ItemsOf(list, func(one team.Staff) wire.StaffRow { return wire.StaffOf(one, doing[one.ID]) }), err
}

func (s *Server) listQueues(ctx context.Context, _ *struct{}) (wire.Items[wire.QueueRow], error) {
	list, err := s.options.Desk.QueueStandings(ctx)
	return wire.ItemsOf(list, func(q ticketing.QueueStanding) wire.QueueRow {
		return wire.QueueRow{ID: string(q.ID), Slug: q.Slug, Name: q.Name, Waiting: q.Waiting, Available: q.Available,
			Unit: wire.Named{ID: string(q.Team), Name: q.TeamName}}
	}), err
}
