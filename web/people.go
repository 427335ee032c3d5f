package web

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/program"
	"sapa/web/wire"
)

// mostPeople bounds a search: a longer list helps nobody choose.
const mostPeople = 20

type peopleInput struct {
	Body struct {
		Q string `json:"q" maxLength:"120"`
	}
}

// findPeople searches by number, phone, NIK, name or e-mail. What was typed comes
// in the body, so that a NIK or a phone number never stands in an address
// (security test 34).
func (s *Server) findPeople(ctx context.Context, in *peopleInput) (wire.Items[wire.ParticipantRow], error) {
	found, err := s.options.Program.Find(ctx, s.options.DB, program.Search{Q: in.Body.Q}, mostPeople)
	return wire.ItemsOf(found, wire.Participant), err
}

type recordInput struct {
	ByID
	Reason string `query:"reason" maxLength:"300"`
}

// readRecord reads a participant's record outside of a case; it leaves a row in
// the access ledger.
func (s *Server) readRecord(ctx context.Context, in *recordInput) (wire.Record, error) {
	var record program.Record
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		record, err = s.options.Program.Record(ctx, tx, actor(ctx), program.ParticipantID(in.ID), program.Why{Reason: in.Reason})
		return err
	})
	if err != nil {
		return wire.Record{}, err
	}
	return s.record(ctx, record)
}

// readSubject reads the record of whom a conversation is about.
func (s *Server) readSubject(ctx context.Context, in *ByID) (wire.Record, error) {
	record, err := s.options.Desk.Record(ctx, actor(ctx), in.conversation())
	if err != nil {
		return wire.Record{}, err
	}
	return s.record(ctx, record)
}

// record shapes a record with what it names by id.
func (s *Server) record(ctx context.Context, r program.Record) (wire.Record, error) {
	papers, err := s.papers(ctx, r.Changes, r.Approvals)
	if err != nil {
		return wire.Record{}, err
	}
	papers.People = map[program.ParticipantID]program.Summary{r.Participant.ID: r.Participant.Summary}
	voice := s.speak(ctx)
	shaped := voice.Record(r, papers)
	shaped.OpenApprovals = wire.Each(r.Approvals, func(a program.Approval) wire.ApprovalRow { return voice.Approval(a, papers, s.whyNot(ctx, a)) })
	return shaped, nil
}

// inTx runs one transaction; what leaves an access row does so in it.
func (s *Server) inTx(ctx context.Context, do func(context.Context, bun.Tx) error) error {
	return s.options.DB.RunInTx(ctx, nil, do)
}

type unmaskInput struct {
	ByID
	Body struct {
		Field          string `json:"field" enum:"nik,phone,email,birth_date,account"`
		Reason         string `json:"reason" maxLength:"300"`
		ConversationID string `json:"conversation_id,omitempty" format:"uuid"`
	}
}

// clear is one field in clear, once.
type clear struct {
	Value string `json:"value"`
}

// unmask opens one field; who, when, which and why go into the ledger, the value
// does not.
func (s *Server) unmask(ctx context.Context, in *unmaskInput) (clear, error) {
	var opened program.Unmasked
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		why := program.Why{Reason: in.Body.Reason, CaseID: in.Body.ConversationID}
		opened, err = s.options.Program.Unmask(ctx, tx, actor(ctx), program.ParticipantID(in.ID), in.Body.Field, why)
		return err
	})
	return clear{Value: opened.Value}, err
}

// mostAccess is how far back the ledger is shown.
const mostAccess = 200

// readAccess lists who has seen a record.
func (s *Server) readAccess(ctx context.Context, in *ByID) (wire.Items[wire.AccessLine], error) {
	entries, err := s.options.Program.AccessLog(ctx, s.options.DB, program.ParticipantID(in.ID), mostAccess)
	return wire.ItemsOf(entries, s.speak(ctx).Access), err
}
