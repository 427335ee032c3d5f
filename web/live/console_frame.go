package live

import (
	"encoding/json"
	"time"

	"sapa/web/wire"
)

// clientFrame is what a console sends; each type reads its own fields.
type clientFrame struct {
	Type         string   `json:"type"`
	Lists        []string `json:"lists"`
	Conversation string   `json:"conversation"`
	After        int64    `json:"after"`
	On           bool     `json:"on"`
	Note         bool     `json:"note"` // what is typed is a note
}

// The frames a console is sent. Conversation is an id everywhere.
type (
	welcomeFrame struct {
		Type     string        `json:"type"` // welcome
		At       time.Time     `json:"at"`
		Presence wire.Presence `json:"presence"`
		Counts   wire.Counts   `json:"counts"`
	}
	rowFrame struct {
		Type  string          `json:"type"` // row
		Row   json.RawMessage `json:"row"`
		Lists []string        `json:"lists"`
	}
	countsFrame struct {
		Type   string      `json:"type"` // counts
		Counts wire.Counts `json:"counts"`
	}
	threadFrame struct {
		Type         string `json:"type"` // thread
		Conversation string `json:"conversation"`
		Seq          int64  `json:"seq"`
	}
	receiptFrame struct {
		Type         string `json:"type"` // receipt
		Conversation string `json:"conversation"`
		Seq          int64  `json:"seq"`
		State        string `json:"state"`
		Error        string `json:"error,omitempty"`
	}
	typingFrame struct {
		Type         string `json:"type"` // typing
		Conversation string `json:"conversation"`
		Who          string `json:"who"`
		Name         string `json:"name"`
		On           bool   `json:"on"`
	}
	viewersFrame struct {
		Type         string   `json:"type"` // viewers
		Conversation string   `json:"conversation"`
		Staff        []viewer `json:"staff"`
	}
	offerFrame struct {
		Type         string    `json:"type"` // offer
		Conversation string    `json:"conversation"`
		Until        time.Time `json:"until"`
	}
	presenceFrame struct {
		Type     string        `json:"type"` // presence
		Presence wire.Presence `json:"presence"`
	}
	staleFrame struct {
		Type string   `json:"type"` // stale
		Keys []string `json:"keys"`
	}
	boardFrame struct {
		Type     string         `json:"type"` // wallboard
		Snapshot wire.Wallboard `json:"snapshot"`
	}
	errorFrame struct {
		Type string `json:"type"` // error
		Code string `json:"code"`
		Text string `json:"text"`
	}
	bareFrame struct {
		Type string `json:"type"` // session_end, pong
	}
)

// viewer is a colleague who has a conversation open.
type viewer struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Typing bool   `json:"typing"` // a reply
	Noting bool   `json:"noting"` // a note
}
