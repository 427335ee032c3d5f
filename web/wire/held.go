package wire

import (
	"time"

	"sapa/ticketing"
)

// HeldReply is a reply that is written and not sent yet.
type HeldReply struct {
	ID          string       `json:"id"`
	Author      Named        `json:"author"`
	Text        string       `json:"text"`
	Attachments []Attachment `json:"attachments" nullable:"false"`
	DueAt       time.Time    `json:"due_at"`
	Undo        bool         `json:"undo" doc:"Held for its author to take back, not for its hour"`
	State       string       `json:"state" enum:"held,stopped"`
	Reason      string       `json:"reason,omitempty" doc:"Why it was not sent at its time"`
	Stale       bool         `json:"stale" doc:"The citizen has written since: it will not be sent by itself"`
}

func (v Voice) held(h ticketing.HeldReply, files map[string]Attachment) HeldReply {
	return HeldReply{
		ID: string(h.ID), Author: Named{ID: string(h.Staff), Name: h.StaffName}, Text: h.Text, Attachments: pick(files, h.Attachments),
		DueAt: h.DueAt.UTC(), Undo: h.Undo, State: string(h.State), Reason: v.DeliveryError(h.Reason), Stale: h.Stale,
	}
}
