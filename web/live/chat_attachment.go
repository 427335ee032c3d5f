package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/ticketing"
)

// formOverhead is what a multipart form needs beside its file; formMemory of it is
// kept in memory, the rest in a temporary file.
const (
	formOverhead = 64 << 10
	formMemory   = 1 << 20
)

// attach takes one file of the visitor: POST /chat/attachments. It belongs to no
// conversation until a message carries it.
func (c *Chat) attach(w http.ResponseWriter, r *http.Request, v visitor) {
	r.Body = http.MaxBytesReader(w, r.Body, attachment.MaxBytes+formOverhead)
	// The form is read whole before the file is judged: only a few files are judged
	// at a time, and a slow network must not hold up everybody else's.
	err := r.ParseMultipartForm(formMemory)
	if err != nil {
		c.refuseFile(w, r, v, err)
		return
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	body, header, err := r.FormFile("file")
	if err != nil {
		c.refuseFile(w, r, v, err)
		return
	}
	defer body.Close()
	kept, err := c.o.Files.Put(r.Context(), c.o.DB, attachment.Upload{
		Reporter: string(v.point), Name: header.Filename, Mime: header.Header.Get("Content-Type"), Body: body,
	})
	if err != nil {
		c.refuseFile(w, r, v, err)
		return
	}
	answer(w, http.StatusCreated, map[string]any{"id": kept.ID, "mime": kept.Mime, "bytes": kept.Bytes})
}

func (c *Chat) refuseFile(w http.ResponseWriter, r *http.Request, v visitor, err error) {
	var rejected *attachment.Rejected
	var tooLong *http.MaxBytesError
	status, code := http.StatusUnprocessableEntity, "file_type"
	switch {
	case errors.As(err, &tooLong):
		status, code = http.StatusRequestEntityTooLarge, "file_too_big"
	case errors.As(err, &rejected) && rejected.Reason == attachment.TooLarge:
		status, code = http.StatusRequestEntityTooLarge, "file_too_big"
	case errors.As(err, &rejected) && rejected.Reason == attachment.OverQuota:
		status, code = http.StatusRequestEntityTooLarge, "file_quota"
	case errors.As(err, &rejected) && rejected.Reason == attachment.BadType,
		errors.Is(err, http.ErrNotMultipart), errors.Is(err, http.ErrMissingBoundary):
		status = http.StatusUnsupportedMediaType
	case errors.As(err, &rejected):
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, http.ErrMissingFile):
		status, code = http.StatusBadRequest, "other"
	default:
		c.refuse(w, r, err, 0, "")
		return
	}
	answer(w, status, map[string]string{"code": code, "detail": c.reason(v, code)})
}

// files reads what the lines carry, in one query, with links of some minutes.
func (c *Chat) files(ctx context.Context, lines []ticketing.Message) (map[string]attachmentFrame, error) {
	var ids []channels.AttachmentID
	for _, m := range lines {
		for _, id := range m.Attachments {
			ids = append(ids, channels.AttachmentID(id))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := attachment.FindThere(ctx, c.o.DB, ids...)
	if err != nil {
		return nil, fmt.Errorf("files of a chat: %w", err)
	}
	frames := make(map[string]attachmentFrame, len(found))
	for _, file := range found {
		frame := attachmentFrame{ID: string(file.ID), Name: file.Name, Mime: file.Mime, Bytes: file.Bytes, State: string(file.State)}
		if file.State == attachment.Ready {
			frame.URL = c.o.Files.SignLink(file.ID, attachment.MaxLink)
		}
		frames[string(file.ID)] = frame
	}
	return frames, nil
}
