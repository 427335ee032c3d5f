package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/web/wire"
)

// files reads attachments by id for showing, with links that work for five
// minutes where whoever asks may open files. One that is gone is left out.
func (s *Server) files(ctx context.Context, ids []string) (map[string]wire.Attachment, error) {
	found, err := s.find(ctx, ids)
	shaped := make(map[string]wire.Attachment, len(found))
	for _, a := range found {
		shaped[string(a.ID)] = s.file(ctx, a)
	}
	return shaped, err
}

// find reads attachments that still exist.
func (s *Server) find(ctx context.Context, ids []string) ([]attachment.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	typed := wire.Each(ids, func(id string) channels.AttachmentID { return channels.AttachmentID(id) })
	found, err := attachment.Find(ctx, s.options.DB, typed...)
	if !errors.Is(err, channels.ErrNotFound) {
		return found, err
	}
	for _, id := range typed { // rare: a file was removed after its time
		one, err := attachment.Find(ctx, s.options.DB, id)
		if err != nil && !errors.Is(err, channels.ErrNotFound) {
			return nil, err
		}
		found = append(found, one...)
	}
	return found, nil
}

func (s *Server) file(ctx context.Context, a attachment.Attachment) wire.Attachment {
	shaped := wire.Attachment{ID: string(a.ID), Name: a.Name, Mime: a.Mime, Bytes: a.Bytes, State: string(a.State), Width: a.Width, Height: a.Height,
		Again: a.State == attachment.Missing && a.Held}
	if a.State == attachment.Ready && actor(ctx).May(access.AttachmentRead) {
		shaped.URL = s.options.Files.SignLink(a.ID, attachment.MaxLink)
	}
	return shaped
}

// usable refuses files that are not ready or belong to another conversation.
func (s *Server) usable(ctx context.Context, conversation ticketing.ConversationID, ids []string) error {
	found, err := s.find(ctx, ids)
	if err != nil {
		return err
	}
	for _, a := range found {
		if a.State != attachment.Ready || a.ConversationID != "" && a.ConversationID != string(conversation) {
			return &ticketing.Invalid{Field: "attachments", Rule: "not_ready"}
		}
	}
	if len(found) != len(ids) {
		return &ticketing.Invalid{Field: "attachments", Rule: "unknown"}
	}
	return nil
}

// upload takes one file: field file, and the conversation it is for.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	made, err := s.keep(w, r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(made) // the browser may be gone
}

// refetch asks a provider once more for a file that could not be had.
func (s *Server) refetch(ctx context.Context, in *ByID) (wire.Attachment, error) {
	id := channels.AttachmentID(in.ID)
	found, err := attachment.Find(ctx, s.options.DB, id)
	if err != nil {
		return wire.Attachment{}, err
	}
	if found[0].ConversationID == "" {
		return wire.Attachment{}, errNotFound // nobody's yet, so nobody may see it
	}
	if _, err := s.visible(ctx, ticketing.ConversationID(found[0].ConversationID)); err != nil {
		return wire.Attachment{}, err
	}
	again, err := s.options.Files.Refetch(ctx, id)
	return s.file(ctx, again), err
}

// formMemory of an upload is kept in memory while it is read, the rest in a
// temporary file.
const formMemory = 1 << 20

func (s *Server) keep(w http.ResponseWriter, r *http.Request) (wire.Attachment, error) {
	ctx := r.Context()
	err := r.ParseMultipartForm(formMemory)
	if errors.Is(err, http.ErrNotMultipart) || errors.Is(err, http.ErrMissingBoundary) {
		return wire.Attachment{}, errUnsupported
	}
	if err != nil {
		return wire.Attachment{}, orBadRequest(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	file, header, err := r.FormFile("file")
	if err != nil {
		return wire.Attachment{}, &ticketing.Invalid{Field: "file", Rule: "required"}
	}
	defer file.Close()
	conversation := r.FormValue("conversation_id")
	if conversation != "" {
		if _, err := s.visible(ctx, ticketing.ConversationID(conversation)); err != nil {
			return wire.Attachment{}, err
		}
	}
	made, err := s.options.Files.Put(ctx, s.options.DB, attachment.Upload{Reporter: "staff:" + actor(ctx).ID, ConversationID: conversation,
		Name: header.Filename, Mime: header.Header.Get("Content-Type"), Body: file})
	return s.file(ctx, made), err
}

// orBadRequest keeps "too large" and calls everything else unreadable.
func orBadRequest(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return errBadRequest
}

// rejected tells why a file was not kept.
func (s *Server) rejected(p *problem, reason attachment.Reason, language string) {
	switch reason {
	case attachment.TooLarge:
		p.Status, p.Code = http.StatusRequestEntityTooLarge, "too_large"
	case attachment.OverQuota:
		p.Status, p.Code = http.StatusRequestEntityTooLarge, "quota"
	case attachment.BadType:
		p.Status, p.Code = http.StatusUnsupportedMediaType, "unsupported_type"
	default:
		p.Status, p.Code = http.StatusUnprocessableEntity, "invalid"
	}
	p.Errors = []fault{{Field: "file", Rule: string(reason), Message: s.rule(language, string(reason))}}
}
