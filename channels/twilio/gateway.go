// Package twilio is what the channels that run over Twilio share: proving
// webhooks, reading them, and calling the REST API through twilio-go with our
// own context and HTTP client, at an address that each inbox may set.
package twilio

import (
	"net/http"
	"net/url"
	"strings"

	"sapa/channels"
)

// Options are what a Gateway needs; both are required.
type Options struct {
	// PublicURL is where Twilio reaches us, https://desk.example.id. Signatures
	// are checked against it, never against the Host of a request.
	PublicURL string
	HTTP      *http.Client
}

// Gateway is Twilio as the channels see it. It keeps nothing but the ids of
// quick-reply contents. Safe for concurrent use.
type Gateway struct {
	public   *url.URL
	http     *http.Client
	contents *contents
}

// New panics when PublicURL is no URL or the client is missing, since that is a
// fault of the wiring.
func New(o Options) *Gateway {
	public, err := url.Parse(o.PublicURL)
	if err != nil || public.Host == "" || (public.Scheme != "https" && public.Scheme != "http") {
		panic("twilio: Options.PublicURL is not an http(s) URL")
	}
	if o.HTTP == nil {
		panic("twilio: Options.HTTP is missing")
	}
	client := *o.HTTP
	// A provider's API does not redirect; following would resend the message.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Gateway{public: public, http: &client, contents: newContents()}
}

// StatusCallback is where Twilio reports about one of our messages; the row's
// id in it finds the row before its provider id is stored.
func (g *Gateway) StatusCallback(inbox channels.Inbox, id channels.OutboxID) string {
	return strings.TrimRight(g.public.String(), "/") +
		"/hooks/" + string(inbox.Kind) + "/" + inbox.Slug + "/status?outbox=" + url.QueryEscape(string(id))
}

// Ack answers a webhook with markup that asks for nothing.
func (g *Gateway) Ack(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?><Response></Response>`))
}
