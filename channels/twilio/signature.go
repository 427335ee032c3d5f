package twilio

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strings"

	"sapa/channels"
)

// maxBody is the largest webhook read, in bytes; Twilio's are a few kilobytes.
const maxBody = 1 << 20

// Signature is Twilio's: HMAC-SHA1 under the account's token over the URL as
// configured at Twilio and every parameter, in the order of names.
func Signature(token, address string, form url.Values) string {
	return sign(token, address+join(form, func(values []string) []string { return values }))
}

func sign(token, text string) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func join(form url.Values, order func([]string) []string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range order(form[name]) {
			text.WriteString(name)
			text.WriteString(value)
		}
	}
	return text.String()
}

// unique is how Twilio's own libraries order a repeated parameter.
func unique(values []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

// Prove checks the request's signature and returns its form. Anything else, an
// inbox without a token too, is ErrForged. The twilio-go validator is not used:
// it reads only the first of repeated parameters, and an empty token proves
// everything.
func (g *Gateway) Prove(inbox channels.Inbox, r channels.Request) (url.Values, error) {
	given := r.Header.Get("X-Twilio-Signature")
	tokens := inbox.Settings.Proving(r.At)
	if len(tokens) == 0 || given == "" || len(r.Body) > maxBody {
		return nil, channels.ErrForged
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, channels.ErrForged
	}
	var form url.Values
	texts := []string{""}
	switch kind {
	case "application/x-www-form-urlencoded":
		if form, err = url.ParseQuery(string(r.Body)); err != nil {
			return nil, channels.ErrForged
		}
		texts = []string{join(form, func(values []string) []string { return values }), join(form, unique)}
	case "application/json":
		if !provesBody(r) {
			return nil, channels.ErrForged
		}
	default:
		return nil, channels.ErrForged
	}
	for _, token := range tokens {
		if g.signed(given, token, texts, r) {
			return form, nil
		}
	}
	return nil, channels.ErrForged
}

// signed tells whether the signature is of one of the texts at one of the
// request's addresses.
func (g *Gateway) signed(given, token string, texts []string, r channels.Request) bool {
	for _, address := range g.addresses(r) {
		for _, text := range texts {
			if hmac.Equal([]byte(given), []byte(sign(token, address+text))) {
				return true
			}
		}
	}
	return false
}

// provesBody: of a body that is no form, Twilio signs the hash, in the query.
func provesBody(r channels.Request) bool {
	query, err := url.ParseQuery(r.RawQuery)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(r.Body)
	return hmac.Equal([]byte(query.Get("bodySHA256")), []byte(hex.EncodeToString(sum[:])))
}

// addresses are the ways the same public address may be written at Twilio: with
// and without the port that the scheme implies. The query stays as it came, in
// its own order.
func (g *Gateway) addresses(r channels.Request) []string {
	path := r.Path
	if !strings.HasPrefix(path, g.public.Path) {
		path = strings.TrimRight(g.public.Path, "/") + path
	}
	if r.RawQuery != "" {
		path += "?" + r.RawQuery
	}
	hosts := []string{g.public.Host}
	implied := map[string]string{"https": "443", "http": "80"}[g.public.Scheme]
	switch g.public.Port() {
	case "":
		hosts = append(hosts, g.public.Host+":"+implied)
	case implied:
		hosts = append(hosts, g.public.Hostname())
	}
	addresses := make([]string, len(hosts))
	for i, host := range hosts {
		addresses[i] = fmt.Sprintf("%s://%s%s", g.public.Scheme, host, path)
	}
	return addresses
}
