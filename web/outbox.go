package web

import (
	"context"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/web/wire"
)

type cursorInput struct {
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100"`
}

func (in cursorInput) limit() int {
	if in.Limit == 0 {
		return 50
	}
	return in.Limit
}

// listFailed are the messages that did not arrive, of conversations that whoever
// asks may see; an admin sees them all, without text and person.
func (s *Server) listFailed(ctx context.Context, in *cursorInput) (wire.Page[wire.FailedMessage], error) {
	letters, next, err := s.options.Outbox.DeadLetters(ctx, s.options.DB, in.Cursor, in.limit())
	if err != nil {
		return wire.Page[wire.FailedMessage]{}, err
	}
	rows, err := s.rowsOf(ctx, letters)
	if err != nil {
		return wire.Page[wire.FailedMessage]{}, err
	}
	voice := s.speak(ctx)
	var shown []wire.FailedMessage
	for _, letter := range letters {
		row, seen := rows[letter.ConversationID]
		if !seen && actor(ctx).May(access.ConversationRead) {
			continue
		}
		shown = append(shown, failed(voice, letter, row, seen))
	}
	return wire.PageOf(shown, next, func(m wire.FailedMessage) wire.FailedMessage { return m }), nil
}

func failed(voice wire.Voice, letter channels.DeadLetter, row ticketing.Row, seen bool) wire.FailedMessage {
	m := wire.FailedMessage{ID: string(letter.ID), ConversationID: letter.ConversationID, Error: voice.DeliveryError(letter.ErrorKey),
		Attempts: letter.Attempts, At: letter.At.UTC()}
	if seen {
		m.Person, m.Text = wire.PersonOf(row.Person, row.Kind), letter.Text
	}
	return m
}

// rowsOf reads the conversations of letters that whoever asks may see.
func (s *Server) rowsOf(ctx context.Context, letters []channels.DeadLetter) (map[string]ticketing.Row, error) {
	found := map[string]ticketing.Row{}
	if !actor(ctx).May(access.ConversationRead) {
		return found, nil
	}
	reader, err := s.options.Desk.Reader(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	var ids []ticketing.ConversationID
	for _, letter := range letters {
		if letter.ConversationID != "" {
			ids = append(ids, ticketing.ConversationID(letter.ConversationID))
		}
	}
	rows, err := s.options.Desk.RowsByID(ctx, ids...)
	for _, row := range rows {
		if reader.Sees(row.Conversation) {
			found[string(row.ID)] = row
		}
	}
	return found, err
}

// retry sends a failed message again.
func (s *Server) retry(ctx context.Context, in *ByID) (none, error) {
	id := channels.OutboxID(in.ID)
	if err := s.mayRetry(ctx, id); err != nil {
		return none{}, err
	}
	if err := s.options.Outbox.Retry(ctx, s.options.DB, actor(ctx).ID, id); err != nil {
		return none{}, err
	}
	s.options.Outbox.Wake(ctx, id)
	return none{}, nil
}

// mayRetry hides messages of conversations that whoever asks may not see.
func (s *Server) mayRetry(ctx context.Context, id channels.OutboxID) error {
	found, err := channels.Deliveries(ctx, s.options.DB, id)
	if err != nil {
		return err
	}
	delivery, known := found[id]
	if !known {
		return errNotFound
	}
	if delivery.ConversationID == "" || !actor(ctx).May(access.ConversationRead) {
		return nil
	}
	_, err = s.visible(ctx, ticketing.ConversationID(delivery.ConversationID))
	return err
}
