package channels

import (
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Inbox is one address under which citizens reach the desk: a WhatsApp number,
// an SMS number, the chat of one site.
type Inbox struct {
	ID       InboxID
	Kind     Kind
	Slug     string // second path segment of its webhooks: [a-z0-9-], 1 to 40
	Name     string // for staff
	Address  string // what citizens write to: E.164 with +, e-mail; empty for webchat
	Language string // ISO 639-3, of texts to people whose language we do not know
	Settings Settings
	Status   string // InboxActive, InboxPaused or InboxClosed
	BotOff   bool   // new conversations wait for people at once
	Version  int64  // of what administrators set

	// Trouble is the words key of a fault of the whole inbox (credentials refused,
	// settings that do not open), empty when the last send succeeded; TroubleAt is
	// when it began, zero when nobody knows.
	Trouble   string
	TroubleAt time.Time

	// SeenAt is when a webhook last proved itself, RefusedAt when one last did not,
	// both to the minute; zero for never.
	SeenAt, RefusedAt time.Time
}

// Values of Inbox.Status. A paused inbox still receives; a closed one does not, and
// what is open in it can be ended but not answered.
const (
	InboxActive = "active"
	InboxPaused = "paused"
	InboxClosed = "closed"
)

// Closed tells whether nothing comes in or goes out any more.
func (i Inbox) Closed() bool { return i.Status == InboxClosed }

// Settings are an inbox's account at its provider. They are sealed at rest and
// never print.
type Settings struct {
	APIBase          string   `json:"api_base,omitempty"` // empty means the provider's own
	AccountSID       string   `json:"account_sid,omitempty"`
	AuthToken        string   `json:"auth_token,omitempty"`
	MessagingService string   `json:"messaging_service,omitempty"` // sends instead of Address when set
	Origins          []string `json:"origins,omitempty"`           // webchat: pages that may embed the widget; "*" never
	MediaHosts       []string `json:"media_hosts,omitempty"`       // further hosts media may be fetched from
	PerSecond        int      `json:"per_second,omitempty"`        // messages; 0 means the adapter's default

	// TokenAt is when an administrator last entered the token. FormerToken still
	// proves webhooks until FormerUntil: the provider may sign with it for a while.
	TokenAt     time.Time `json:"token_at,omitzero"`
	FormerToken string    `json:"former_token,omitempty"`
	FormerUntil time.Time `json:"former_until,omitzero"`
}

// formerFor is how long a token that was replaced still proves webhooks. Ours: the
// change at the provider is made on the same day.
const formerFor = 24 * time.Hour

// Proving are the tokens by which a webhook of an instant may prove itself; none
// where there is no token.
func (s Settings) Proving(at time.Time) []string {
	switch {
	case s.AuthToken == "":
		return nil
	case s.FormerToken != "" && at.Before(s.FormerUntil):
		return []string{s.AuthToken, s.FormerToken}
	}
	return []string{s.AuthToken}
}

// Sealed tells that the settings could not be opened: the key is lost or the row
// damaged. Such an inbox has none, proves nobody and sends nothing until it is
// saved anew; the others are as well as ever.
func (i Inbox) Sealed() bool { return i.Trouble == troubleSealed }

// String keeps tokens out of %v and %+v.
func (s Settings) String() string { return "[settings]" }

// GoString keeps tokens out of %#v.
func (s Settings) GoString() string { return s.String() }

// LogValue keeps tokens out of logs.
func (s Settings) LogValue() slog.Value { return slog.StringValue(s.String()) }

// LogValue names the inbox without its address.
func (i Inbox) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", string(i.Kind)), slog.String("slug", i.Slug))
}

// AllowsOrigin tells whether a page of that origin (scheme://host[:port]) may
// embed this inbox's chat. The comparison is exact, as browsers send it.
func (s Settings) AllowsOrigin(origin string) bool {
	return origin != "" && origin != "*" && slices.Contains(s.Origins, origin)
}

// troubleSealed is the Trouble of an inbox whose settings do not open.
const troubleSealed = "channels.error.inbox_sealed"

// Shapes that never change.
var (
	slugShape     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	languageShape = regexp.MustCompile(`^[a-z]{3}$`)
)

// check names the first field that no inbox can have.
func (i Inbox) check() error {
	switch {
	case !i.Kind.Valid():
		return &Invalid{Field: "kind", Rule: "unknown"}
	case !slugShape.MatchString(i.Slug):
		return &Invalid{Field: "slug", Rule: "format"}
	case strings.TrimSpace(i.Name) == "":
		return &Invalid{Field: "name", Rule: "required"}
	case i.Status != InboxActive && i.Status != InboxPaused && i.Status != InboxClosed:
		return &Invalid{Field: "status", Rule: "unknown"}
	case !languageShape.MatchString(i.Language):
		return &Invalid{Field: "language", Rule: "format"}
	}
	return i.Settings.check()
}

func (s Settings) check() error {
	if s.APIBase == "" {
		return nil
	}
	base, err := url.Parse(s.APIBase)
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		return &Invalid{Field: "api_base", Rule: "url"}
	}
	return nil
}

// sealContext binds sealed settings to their row.
func (i Inbox) sealContext() string { return fmt.Sprintf("inboxes.settings:%s", i.ID) }
