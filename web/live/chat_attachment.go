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

// formOverhead is what a multipart form needs beside its file.
const formOverhead = 64 << 10

// attach takes one file of the visitor: POST /chat/attachments. It belongs to no
// conversation until a message carries it.
func (c *Chat) attach(w http.ResponseWriter, r *http.Request, v visitor) {
	r.Body = http.MaxBytesReader(w, r.Body, attachment.MaxBytes+formOverhead)
	body, name, declared, err := oneFile(r)
	if err != nil {
		c.refuseFile(w, r, v, err)
		return
	}
	kept, err := c.o.Files.Put(r.Context(), c.o.DB, attachment.Upload{
		Reporter: string(v.point), Name: name, Mime: declared, Body: body,
	})
	if err != nil {
		c.refuseFile(w, r, v, err)
		return
	}
	answer(w, http.StatusCreated, map[string]any{"id": kept.ID, "mime": kept.Mime, "bytes": kept.Bytes})
}

// oneFile reads the form's field "file", as a stream.
func oneFile(r *http.Request) (body io.Reader, name, declared string, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, "", "", &attachment.Rejected{Reason: attachment.BadType}
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, "", "", err
		}
		if part.FormName() == "file" {
			return part, part.FileName(), part.Header.Get("Content-Type"), nil
		}
	}
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
	case errors.As(err, &rejected) && rejected.Reason == attachment.BadType:
		status = http.StatusUnsupportedMediaType
	case errors.As(err, &rejected):
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
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
	found, err := attachment.Find(ctx, c.o.DB, ids...)
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
