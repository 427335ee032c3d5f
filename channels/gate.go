package channels

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// gate holds what one draft is judged by. Every message out passes it: agent's,
// bot's, rule's and campaign's alike.
type gate struct {
	draft  Draft
	inbox  Inbox
	limits Limits
	text   string // as it will be sent
	now    time.Time
}

// pass returns *Blocked for the first thing that forbids sending.
func (g gate) pass(ctx context.Context, db bun.IDB) error {
	for _, check := range []func() *Blocked{g.checkInbox, g.checkContent, g.checkText} {
		if blocked := check(); blocked != nil {
			return blocked
		}
	}
	if err := g.checkFiles(ctx, db); err != nil {
		return err
	}
	if g.limits.Local {
		return nil // a chat window of ours has neither window nor consent
	}
	window, err := readWindow(ctx, db, g.inbox.ID, g.draft.To)
	if err != nil {
		return err
	}
	if blocked := g.checkWindow(window); blocked != nil {
		return blocked
	}
	return nil
}

func (g gate) checkInbox() *Blocked {
	if g.inbox.Closed() {
		return &Blocked{Reason: InboxShut}
	}
	if g.inbox.Status != InboxActive {
		return &Blocked{Reason: NoInbox}
	}
	if g.draft.To == "" {
		return &Blocked{Reason: BadAddress}
	}
	if g.inbox.Kind != WhatsApp && g.inbox.Kind != SMS {
		return nil
	}
	// Toll-free and service numbers, and the names some senders of SMS show
	// instead of a number, cannot be written to.
	phone, err := ParseCaller(g.draft.To)
	if g.inbox.Kind == WhatsApp && err != nil {
		return nil // an id that only WhatsApp understands
	}
	if err != nil || phone.E164 != g.draft.To || (phone.Class != PhoneMobile && phone.Class != PhoneForeign) {
		return &Blocked{Reason: BadAddress}
	}
	return nil
}

func (g gate) checkContent() *Blocked {
	switch {
	case g.text == "" && g.draft.Template == "" && len(g.draft.Attachments) == 0:
		return &Blocked{Reason: Empty}
	case g.limits.MediaCount > 0 && len(g.draft.Attachments) > g.limits.MediaCount:
		return &Blocked{Reason: TooManyFiles, Limit: int64(g.limits.MediaCount)}
	case len(g.draft.Attachments) > g.limits.MediaCount:
		return &Blocked{Reason: Unsupported, Limit: int64(g.limits.MediaCount)}
	case g.draft.Template != "" && g.limits.Window == 0:
		return &Blocked{Reason: Unsupported}
	}
	return nil
}

// checkText refuses; nothing is ever cut. Where buttons become lines they count.
func (g gate) checkText() *Blocked {
	longest := g.limits.Text(len(g.draft.Attachments))
	full := g.text
	if len(g.draft.Buttons) > g.limits.Buttons {
		full = WithChoices(g.text, g.draft.Buttons)
	}
	if longest > 0 && utf8.RuneCountInString(full) > longest {
		return &Blocked{Reason: TooLong, Limit: int64(longest)}
	}
	return nil
}

func (g gate) checkFiles(ctx context.Context, db bun.IDB) error {
	if len(g.draft.Attachments) == 0 {
		return nil
	}
	var files []struct {
		Mime, State string
		Bytes       int64
	}
	err := db.NewRaw("SELECT mime, state, bytes FROM attachments WHERE id IN (?)", bun.List(g.draft.Attachments)).Scan(ctx, &files)
	if err != nil {
		return fmt.Errorf("look at attachments: %w", err)
	}
	if len(files) != len(g.draft.Attachments) {
		return fmt.Errorf("attachment: %w", ErrNotFound)
	}
	for _, file := range files {
		if file.State != "ready" || !g.limits.Carries(file.Mime) {
			return &Blocked{Reason: Unsupported}
		}
		if g.limits.MediaBytes > 0 && file.Bytes > g.limits.MediaBytes {
			return &Blocked{Reason: Unsupported, Limit: g.limits.MediaBytes}
		}
	}
	return nil
}

// mayAnswer tells what may still be sent after an opt-out: the code somebody has
// just asked for, what is said in a conversation the person began, the answer to
// the wish itself, and, once they have written again, news of their own case.
// Nobody is sent notices or questions.
func (g gate) mayAnswer(w Window) bool {
	switch g.draft.Purpose {
	case PurposeOTP:
		return true
	case PurposeReply:
		return g.draft.ConversationID != "" || w.wroteSince()
	case PurposeBot:
		return g.draft.ConversationID != "" || (w.LastInboundAt != nil && !w.LastInboundAt.Before(*w.OptedOutAt))
	case PurposeSystem:
		return w.wroteSince()
	}
	return false
}

// checkWindow: after an opt-out a person is only answered; free text ends with the window; a notice by template
// needs recorded consent.
func (g gate) checkWindow(w Window) *Blocked {
	w = w.close(g.limits.Window)
	switch {
	case w.OptedOut() && !g.mayAnswer(w):
		return &Blocked{Reason: OptedOut}
	case g.limits.Window > 0 && g.draft.Template == "" && (w.ClosesAt == nil || !g.now.Before(*w.ClosesAt)):
		return &Blocked{Reason: WindowClosed}
	case g.draft.Template != "" && g.draft.Purpose == PurposeNotice && w.OptedInAt == nil:
		return &Blocked{Reason: NoOptIn}
	}
	return nil
}
