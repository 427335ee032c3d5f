// Package whatsapp carries WhatsApp messages over Twilio.
package whatsapp

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/channels"
	"sapa/channels/twilio"
)

// What WhatsApp over Twilio carries: bodies of 1,600 characters (Twilio 21617),
// captions of 1,024, one file of 16 MiB a message, three quick replies of 20
// characters in an open window, 80 messages a second and number.
const (
	textRunes    = 1600
	captionRunes = 1024
	mediaBytes   = 16 << 20
	quickReplies = 3
	labelRunes   = 20
	perSecond    = 80
)

// Window is how long free text may follow a citizen's message.
const Window = 24 * time.Hour

// Adapter implements channels.Adapter, channels.Reconciler and channels.Checker.
type Adapter struct{ twilio *twilio.Gateway }

// New panics without a gateway.
func New(gateway *twilio.Gateway) *Adapter {
	if gateway == nil {
		panic("whatsapp: New needs a gateway")
	}
	return &Adapter{twilio: gateway}
}

// Parse implements channels.Adapter.
func (a *Adapter) Parse(_ context.Context, inbox channels.Inbox, r channels.Request) ([]channels.Event, error) {
	return a.twilio.Parse(inbox, r)
}

// Check implements channels.Checker.
func (a *Adapter) Check(ctx context.Context, inbox channels.Inbox) error {
	return a.twilio.Check(ctx, inbox)
}

// Ack implements channels.Adapter.
func (a *Adapter) Ack(w http.ResponseWriter) { a.twilio.Ack(w) }

// Limits implements channels.Adapter.
func (a *Adapter) Limits() channels.Limits {
	return channels.Limits{
		TextRunes: textRunes, CaptionRunes: captionRunes,
		Buttons: quickReplies, LabelRunes: labelRunes,
		MediaCount: 1, MediaBytes: mediaBytes,
		MediaTypes: []string{"image/jpeg", "image/png", "application/pdf", "video/mp4", "audio/ogg", "audio/mp4",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		Window: Window, PerSecond: perSecond,
	}
}

// Send implements channels.Adapter.
func (a *Adapter) Send(ctx context.Context, inbox channels.Inbox, out channels.Outgoing) (channels.Sent, error) {
	message := twilio.Message{
		ID: out.ID, To: twilio.Prefix + out.To, From: twilio.Prefix + inbox.Address,
		Body: channels.WithChoices(out.Text, out.Buttons), Content: out.Template, Variables: out.Variables,
	}
	for _, file := range out.Media {
		message.Media = append(message.Media, file.URL)
	}
	quick := false
	if out.Template == "" && fitsQuickReply(out) {
		// A set of buttons that cannot be had goes as numbered lines.
		if sid, err := a.twilio.QuickReply(ctx, inbox, out.Buttons); err == nil {
			message.Content, message.Variables, quick = sid, map[string]string{"1": out.Text}, true
		}
	}
	sent, err := a.twilio.Create(ctx, inbox, message)
	if refused := (*channels.Permanent)(nil); quick && errors.As(err, &refused) && refused.Key == channels.ErrorKey("template") {
		// Somebody removed the content at Twilio; it was not sent, so send the text.
		a.twilio.ForgetContents()
		message.Content, message.Variables = "", nil
		return a.twilio.Create(ctx, inbox, message)
	}
	return sent, err
}

// fitsQuickReply: a variable of a content holds no line breaks, and a button is
// short.
func fitsQuickReply(out channels.Outgoing) bool {
	return len(out.Buttons) > 0 && len(out.Buttons) <= quickReplies && len(out.Media) == 0 &&
		out.Text != "" && !strings.ContainsAny(out.Text, "\n\t") && utf8.RuneCountInString(out.Text) <= captionRunes &&
		!slices.ContainsFunc(out.Buttons, func(b channels.Button) bool {
			return b.Label == "" || b.ID == "" || utf8.RuneCountInString(b.Label) > labelRunes
		})
}

// Reconcile implements channels.Reconciler. A template's text is not known here,
// so only a single candidate counts.
func (a *Adapter) Reconcile(ctx context.Context, inbox channels.Inbox, out channels.Outgoing) (*channels.Sent, error) {
	var texts []string
	if out.Text != "" && out.Template == "" {
		texts = []string{strings.TrimSpace(out.Text), strings.TrimSpace(channels.WithChoices(out.Text, out.Buttons))}
	}
	return a.twilio.Find(ctx, inbox, twilio.Prefix+out.To, texts, out)
}
