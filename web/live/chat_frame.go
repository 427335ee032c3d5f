package live

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"sapa/channels"
	"sapa/ticketing"
)

// The frames of the chat, as the public contract names them.
type (
	// visitorFrame is anything a visitor sends; Type says which fields count.
	visitorFrame struct {
		Type        string   `json:"type"`
		After       int64    `json:"after"`
		Echo        string   `json:"echo"`
		Text        string   `json:"text"`
		Attachments []string `json:"attachments"`
		Button      string   `json:"button"`
		On          bool     `json:"on"`
		Seq         int64    `json:"seq"`
		Score       int      `json:"score"`
		Comment     string   `json:"comment"`
	}

	// standing is the body of welcome and state.
	standing struct {
		Type  string     `json:"type"`
		Seq   int64      `json:"seq"`
		State string     `json:"state"`
		Agent string     `json:"agent,omitempty"`
		Place int        `json:"place,omitempty"`
		Wait  *waitRange `json:"wait,omitempty"`
		// Outages are told while the clock stands in them.
		Outages []outageFrame `json:"outages,omitempty"`
	}
	outageFrame struct {
		ID    string    `json:"id"`
		Text  string    `json:"text"`
		From  time.Time `json:"from"`
		Until time.Time `json:"until"`
	}
	// waitRange is in seconds.
	waitRange struct {
		From int `json:"from"`
		To   int `json:"to"`
	}

	messageFrame struct {
		Type        string            `json:"type"`
		Seq         int64             `json:"seq"`
		From        string            `json:"from"`
		Name        string            `json:"name,omitempty"`
		Text        string            `json:"text"`
		Language    string            `json:"language,omitempty"`
		Attachments []attachmentFrame `json:"attachments,omitempty"`
		Buttons     []buttonFrame     `json:"buttons,omitempty"`
		At          time.Time         `json:"at"`
		Echo        string            `json:"echo,omitempty"`
	}
	attachmentFrame struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Mime  string `json:"mime"`
		Bytes int64  `json:"bytes"`
		State string `json:"state"`
		URL   string `json:"url,omitempty"`
	}
	buttonFrame struct {
		ID    string `json:"id"`
		Label string `json:"label"`
	}

	ackFrame struct {
		Type string    `json:"type"`
		Echo string    `json:"echo"`
		Seq  int64     `json:"seq"`
		At   time.Time `json:"at"`
	}
	refusal struct {
		Type string `json:"type"` // reject, error
		Echo string `json:"echo,omitempty"`
		Code string `json:"code"`
		Text string `json:"text"`
	}
	chatTyping struct {
		Type string `json:"type"`
		On   bool   `json:"on"`
	}
	chatReceipt struct {
		Type  string `json:"type"`
		Seq   int64  `json:"seq"`
		State string `json:"state"`
	}
	csatFrame struct {
		Type     string `json:"type"`
		Question string `json:"question"`
		Scale    int    `json:"scale"`
	}
)

// pageLines is how many lines are read at a time while catching up.
const pageLines = 200

// csatButton begins the ids of the question's buttons; the chat window has a
// form of its own for them.
const csatButton = "csat:"

// progress is how much one window was told.
type progress struct {
	more  bool // a page was full: there may be lines behind it
	seq   int64
	read  int64
	asked bool
	state string // the last standing, encoded
}

// news collects what a window has not been told yet, at most a page of lines, and
// moves its progress.
// first is the type of the standing's frame when it must be told in any case.
func (c *Chat) news(ctx context.Context, v visitor, p *progress, first string) ([]any, ticketing.ChatState, error) {
	chat, err := c.o.Desk.Chat(ctx, v.inbox.ID, v.point)
	if err != nil {
		return nil, chat, err
	}
	var frames []any
	frames = p.standing(frames, chat, c.outages(ctx, v), first)
	lines, err := c.lines(ctx, v, p)
	if err != nil {
		return nil, chat, err
	}
	frames = append(frames, lines...)
	if chat.Read > p.read {
		p.read = chat.Read
		frames = append(frames, chatReceipt{"receipt", chat.Read, "read"})
	}
	if chat.Asked != "" && !p.asked {
		frames = append(frames, csatFrame{"csat", chat.Asked, ticketing.CSATScale})
	}
	p.asked = chat.Asked != ""
	return frames, chat, nil
}

func (p *progress) standing(frames []any, chat ticketing.ChatState, outages []outageFrame, first string) []any {
	now := standing{Type: "state", Seq: chat.Seq, State: chat.State, Agent: chat.Agent, Place: chat.Wait.Place, Outages: outages}
	if chat.Wait.Known() {
		now.Wait = &waitRange{From: int(chat.Wait.From.Seconds()), To: int(chat.Wait.To.Seconds())}
	}
	same := now
	same.Seq = 0 // a new line alone is no change of standing
	encoded, _ := json.Marshal(same)
	if first == "" && string(encoded) == p.state {
		return frames
	}
	p.state = string(encoded)
	if first != "" {
		now.Type = first
	}
	return append(frames, now)
}

// lines reads one page.
func (c *Chat) lines(ctx context.Context, v visitor, p *progress) ([]any, error) {
	page, err := c.o.Desk.ChatMessages(ctx, v.inbox.ID, v.point, p.seq, pageLines)
	if err != nil {
		return nil, err
	}
	files, err := c.files(ctx, page)
	if err != nil {
		return nil, err
	}
	frames := make([]any, len(page))
	for i, m := range page {
		frames[i] = frameOf(m, files)
		p.seq = m.Seq
	}
	p.more = len(page) == pageLines
	return frames, nil
}

func frameOf(m ticketing.Message, files map[string]attachmentFrame) messageFrame {
	frame := messageFrame{Type: "message", Seq: m.Seq, From: string(m.Author), Text: m.Text, Language: m.Language, At: m.At}
	switch m.Author {
	case ticketing.FromCitizen:
		frame.From, frame.Echo = "me", m.Echo
	case ticketing.FromAgent:
		frame.Name, _, _ = strings.Cut(m.AuthorName, " ")
	}
	for _, id := range m.Attachments {
		if file, ok := files[id]; ok {
			frame.Attachments = append(frame.Attachments, file)
		}
	}
	frame.Buttons = buttonsOf(m.Buttons)
	return frame
}

func buttonsOf(buttons []channels.Button) []buttonFrame {
	var out []buttonFrame
	for _, b := range buttons {
		if !strings.HasPrefix(b.ID, csatButton) {
			out = append(out, buttonFrame{b.ID, b.Label})
		}
	}
	return out
}
