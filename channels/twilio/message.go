package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"sapa/channels"
)

// Message is one send in Twilio's terms.
type Message struct {
	To, From  string // with Prefix where the channel has one
	Body      string
	Media     []string
	Content   string            // ContentSid; then Body does not count
	Variables map[string]string // of Content
	ID        channels.OutboxID
}

// Create sends. The inbox's Messaging Service is used when it has one.
func (g *Gateway) Create(ctx context.Context, inbox channels.Inbox, m Message) (channels.Sent, error) {
	params := (&api.CreateMessageParams{}).SetTo(m.To).SetStatusCallback(g.StatusCallback(inbox, m.ID))
	if inbox.Settings.MessagingService != "" {
		params.SetMessagingServiceSid(inbox.Settings.MessagingService)
	} else {
		params.SetFrom(m.From)
	}
	if m.Content != "" {
		variables, err := json.Marshal(m.Variables)
		if err != nil {
			return channels.Sent{}, &channels.Permanent{Key: channels.ErrorKey("template"), Text: err.Error()}
		}
		params.SetContentSid(m.Content).SetContentVariables(string(variables))
	} else if m.Body != "" {
		params.SetBody(m.Body)
	}
	if len(m.Media) > 0 {
		params.SetMediaUrl(m.Media)
	}
	c := g.begin(ctx, inbox)
	created, err := c.service().CreateMessage(params)
	if err == nil && (created.Sid == nil || *created.Sid == "") {
		err = errors.New("answer without a message id")
	}
	if err != nil {
		return channels.Sent{}, c.judge(err)
	}
	return sentOf(*created), nil
}

// sentOf reads what Twilio says about one message.
func sentOf(m api.ApiV2010Message) channels.Sent {
	sent := channels.Sent{ProviderID: deref(m.Sid), Status: stateOf(deref(m.Status))}
	if sent.Status == "" {
		sent.Status = channels.StateSent
	}
	if m.ErrorCode != nil && sent.Status == channels.StateFailed {
		sent.ErrorCode = strconv.Itoa(*m.ErrorCode)
		sent.ErrorKey = verdictOf(*m.ErrorCode).key
	}
	return sent
}

// Clocks differ a little, and a call may have waited for a while.
const (
	earliest = time.Minute
	latest   = 5 * time.Minute
)

// listPage is how many of the newest messages to one address are looked at.
const listPage = 50

// Find looks for a message in Twilio's list whose call ended without an answer:
// to the address, made at the time of the call, with one of the texts, and none
// of the taken ones. Without texts (a one-time password erased meanwhile) only a
// single candidate counts. It is nil when there is none.
func (g *Gateway) Find(ctx context.Context, inbox channels.Inbox, to string, texts []string, out channels.Outgoing) (*channels.Sent, error) {
	c := g.begin(ctx, inbox)
	page, err := c.service().PageMessage((&api.ListMessageParams{}).SetTo(to).SetPageSize(listPage), "", "")
	if err != nil {
		return nil, c.judge(err)
	}
	found := slices.DeleteFunc(page.Messages, func(m api.ApiV2010Message) bool {
		at := createdAt(m.DateCreated)
		return !strings.HasPrefix(deref(m.Direction), "outbound") || slices.Contains(out.Taken, deref(m.Sid)) ||
			at.Before(out.CalledAt.Add(-earliest)) || at.After(out.CalledAt.Add(latest)) ||
			(len(texts) > 0 && !slices.Contains(texts, strings.TrimSpace(deref(m.Body))))
	})
	if len(found) == 0 || (len(texts) == 0 && len(found) > 1) {
		return nil, nil
	}
	// The list is newest first; the oldest is nearest to the call.
	sent := sentOf(found[len(found)-1])
	if sent.ProviderID == "" {
		return nil, fmt.Errorf("%w: listed message without id", channels.ErrMalformed)
	}
	return &sent, nil
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
