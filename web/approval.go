package web

import (
	"context"
	"errors"

	"sapa/program"
	"sapa/ticketing"
	"sapa/web/wire"
)

type approvalsInput struct {
	State  string `query:"state" enum:"open,mine,done" default:"open"`
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100"`
}

func (s *Server) listApprovals(ctx context.Context, in *approvalsInput) (wire.Page[wire.ApprovalRow], error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	filter := program.ApprovalFilter{List: in.State, ActorID: actor(ctx).ID, After: in.Cursor, Limit: in.Limit}
	list, next, err := s.options.Program.Approvals(ctx, s.options.DB, filter)
	if err != nil {
		return wire.Page[wire.ApprovalRow]{}, err
	}
	papers, err := s.papers(ctx, nil, list)
	if err != nil {
		return wire.Page[wire.ApprovalRow]{}, err
	}
	voice := s.speak(ctx)
	return wire.PageOf(list, next, func(a program.Approval) wire.ApprovalRow { return voice.Approval(a, papers, s.whyNot(ctx, a)) }), nil
}

func (s *Server) readApproval(ctx context.Context, in *ByID) (wire.ApprovalRow, error) {
	a, err := s.options.Program.Approval(ctx, s.options.DB, in.ID)
	if err != nil {
		return wire.ApprovalRow{}, err
	}
	return s.approval(ctx, a)
}

type approveInput struct {
	ByID
	Body struct {
		Note string `json:"note,omitempty" maxLength:"500"`
	}
}

func (s *Server) approve(ctx context.Context, in *approveInput) (wire.ApprovalRow, error) {
	return s.decide(ctx, in.ID, true, in.Body.Note)
}

type refuseInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (s *Server) refuseApproval(ctx context.Context, in *refuseInput) (wire.ApprovalRow, error) {
	return s.decide(ctx, in.ID, false, in.Body.Reason)
}

// decide is the second person's word; whether they may give it is judged below.
func (s *Server) decide(ctx context.Context, id string, approve bool, note string) (wire.ApprovalRow, error) {
	a, err := s.options.Desk.Decide(ctx, actor(ctx), id, approve, note)
	if err != nil {
		return wire.ApprovalRow{}, err
	}
	return s.approval(ctx, a)
}

func (s *Server) approval(ctx context.Context, a program.Approval) (wire.ApprovalRow, error) {
	papers, err := s.papers(ctx, nil, []program.Approval{a})
	return s.speak(ctx).Approval(a, papers, s.whyNot(ctx, a)), err
}

// whyNot says why whoever asks may not decide, "" when they may.
func (s *Server) whyNot(ctx context.Context, a program.Approval) string {
	err := s.options.Program.CanDecide(a, actor(ctx))
	if err == nil {
		return ""
	}
	code := "forbidden"
	switch {
	case errors.Is(err, program.ErrSamePerson):
		code = "same_person"
	case errors.Is(err, program.ErrDecided):
		code = "decided"
	}
	return s.speak(ctx).Say("problem."+code, nil)
}

// papers reads what corrections and approvals name by id, in three queries
// however many they are.
func (s *Server) papers(ctx context.Context, changes []program.Change, approvals []program.Approval) (wire.Papers, error) {
	var files []string
	var tickets []ticketing.TicketID
	var people []program.ParticipantID
	for _, c := range changes {
		files, tickets = append(files, c.Evidence...), append(tickets, ticketing.TicketID(c.Case.TicketID))
	}
	for _, a := range approvals {
		files, tickets = append(files, a.Evidence...), append(tickets, ticketing.TicketID(a.Case.TicketID))
		people = append(people, a.ParticipantID)
	}
	papers := wire.Papers{People: map[program.ParticipantID]program.Summary{}}
	var err error
	if papers.Files, err = s.files(ctx, files); err != nil {
		return papers, err
	}
	if papers.Numbers, err = ticketing.TicketNumbers(ctx, s.options.DB, tickets...); err != nil || len(people) == 0 {
		return papers, err
	}
	found, err := s.options.Program.Summaries(ctx, s.options.DB, people...)
	for _, one := range found {
		papers.People[one.ID] = one
	}
	return papers, err
}
