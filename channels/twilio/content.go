package twilio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/twilio/twilio-go/client"

	"sapa/channels"
)

// contentBase is where Twilio keeps contents.
const contentBase = "https://content.twilio.com/v1/Content"

// mostContents is how many sets of quick replies we make at one account; more
// distinct sets are sent as numbered lines.
const mostContents = 300

// errContent means that buttons must go as text.
var errContent = errors.New("twilio: no content for these buttons")

// Bounds on what making a content may cost the message that needs it: the wait
// for one try, and how many messages go as text before the next try.
const (
	contentWait = 3 * time.Second
	contentSkip = 50
)

// contents remembers the ContentSid of each set of buttons, by account.
type contents struct {
	mu       sync.Mutex
	accounts map[string]map[string]string // account -> name -> sid
	skip     int                          // messages that shall not try
}

func newContents() *contents { return &contents{accounts: map[string]map[string]string{}} }

// QuickReply returns the ContentSid of a message whose body is variable 1 and
// whose buttons are these. Twilio sends buttons only from such stored contents;
// within the 24-hour window they need no approval. Each set is made once for an
// account, under a name derived from it, so that a restart finds it again. Any
// error means: send the buttons as text.
func (g *Gateway) QuickReply(ctx context.Context, inbox channels.Inbox, buttons []channels.Button) (string, error) {
	// One caller at a time, so that a set is not made twice.
	g.contents.mu.Lock()
	defer g.contents.mu.Unlock()
	sid, err := g.quickReply(ctx, inbox, buttons)
	if err != nil && !errors.Is(err, errContent) {
		g.contents.skip = contentSkip
	}
	return sid, err
}

func (g *Gateway) quickReply(ctx context.Context, inbox channels.Inbox, buttons []channels.Button) (string, error) {
	account := inbox.Settings.APIBase + " " + inbox.Settings.AccountSID
	name := contentName(buttons)
	known, listed := g.contents.accounts[account]
	if sid := known[name]; sid != "" {
		return sid, nil
	}
	if g.contents.skip > 0 {
		g.contents.skip--
		return "", errContent
	}
	ctx, cancel := context.WithTimeout(ctx, contentWait)
	defer cancel()
	if !listed {
		var err error
		if known, err = g.listContents(ctx, inbox); err != nil {
			return "", err
		}
		g.contents.accounts[account] = known
	}
	if sid := known[name]; sid != "" {
		return sid, nil
	}
	if len(known) >= mostContents {
		return "", errContent
	}
	sid, err := g.createContent(ctx, inbox, name, buttons)
	if err == nil {
		known[name] = sid
	}
	return sid, err
}

// ForgetContents makes the next QuickReply ask Twilio again, after it refused a
// ContentSid.
func (g *Gateway) ForgetContents() {
	g.contents.mu.Lock()
	defer g.contents.mu.Unlock()
	clear(g.contents.accounts)
}

func contentName(buttons []channels.Button) string {
	body, _ := json.Marshal(buttons)
	sum := sha256.Sum256(body)
	return "sapa-quick-" + hex.EncodeToString(sum[:8])
}

type contentAction struct {
	Title string `json:"title"`
	ID    string `json:"id"`
}

type content struct {
	Sid       string            `json:"sid,omitempty"`
	Name      string            `json:"friendly_name"`
	Language  string            `json:"language"`
	Variables map[string]string `json:"variables,omitempty"`
	Types     map[string]any    `json:"types,omitempty"`
}

func (g *Gateway) createContent(ctx context.Context, inbox channels.Inbox, name string, buttons []channels.Button) (string, error) {
	actions := make([]contentAction, len(buttons))
	for i, button := range buttons {
		actions[i] = contentAction{Title: button.Label, ID: button.ID}
	}
	body, err := json.Marshal(content{
		Name: name, Language: "id", Variables: map[string]string{"1": "Sapa"},
		Types: map[string]any{"twilio/quick-reply": map[string]any{"body": "{{1}}", "actions": actions}},
	})
	if err != nil {
		return "", err
	}
	var made content
	if err := g.exchange(ctx, inbox, http.MethodPost, contentBase, nil, body, &made); err != nil {
		return "", err
	}
	if made.Sid == "" {
		return "", errContent
	}
	return made.Sid, nil
}

// listContents reads the first page of 500, more than we ever make.
func (g *Gateway) listContents(ctx context.Context, inbox channels.Inbox) (map[string]string, error) {
	var page struct {
		Contents []content `json:"contents"`
	}
	query := url.Values{"PageSize": {"500"}}
	if err := g.exchange(ctx, inbox, http.MethodGet, contentBase, query, nil, &page); err != nil {
		return nil, err
	}
	known := make(map[string]string, len(page.Contents))
	for _, c := range page.Contents {
		known[c.Name] = c.Sid
	}
	return known, nil
}

// exchange speaks JSON through twilio-go's request handler.
func (g *Gateway) exchange(ctx context.Context, inbox channels.Inbox, method, address string, query url.Values, body []byte, into any) error {
	handler := &client.RequestHandler{Client: g.begin(ctx, inbox)}
	headers := map[string]any{"Content-Type": "application/json", "Accept": "application/json"}
	var response *http.Response
	var err error
	if method == http.MethodGet {
		response, err = handler.Get(address, query, headers, "")
	} else {
		response, err = handler.Post(address, query, headers, "", body...)
	}
	if err != nil {
		return fmt.Errorf("contents: %w", withoutURL(err))
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("contents: %w", err)
	}
	return nil
}
