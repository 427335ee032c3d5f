package attachment

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"sapa/channels"
)

// errGone: the provider says that there is no such file.
var errGone = errors.New("attachment: the provider no longer has the file")

// maxRedirects of a download; Twilio's takes one.
const maxRedirects = 3

// download fetches from a provider and from nowhere else: HTTPS to hosts of the
// provider, never a private address, whatever a name or a redirect says. The
// inbox's own API base is trusted as it stands, which is how a stand-in on
// loopback is reached.
type download struct {
	settings channels.Settings
	base     *url.URL // nil without an API base
}

func newDownload(settings channels.Settings) *download {
	d := &download{settings: settings}
	if base, err := url.Parse(settings.APIBase); err == nil && base.Host != "" {
		d.base = base
	}
	return d
}

// fetched is a download within the limit.
type fetched struct {
	body       []byte
	name, mime string
}

func (d *download) get(ctx context.Context, address string) (fetched, error) {
	target, err := url.Parse(address)
	if err != nil || !d.allowed(target) {
		return fetched{}, &Rejected{Foreign}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fetched{}, &Rejected{Foreign}
	}
	if d.owns(target) {
		// Go drops this header when a redirect leads to another host.
		request.SetBasicAuth(d.settings.AccountSID, d.settings.AuthToken)
	}
	response, err := d.client().Do(request)
	if err != nil {
		return fetched{}, withoutURL(err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusGone:
		return fetched{}, errGone
	case response.StatusCode != http.StatusOK:
		return fetched{}, fmt.Errorf("provider answers %d", response.StatusCode)
	case response.ContentLength > MaxBytes:
		return fetched{}, &Rejected{TooLarge}
	}
	return read(response)
}

func read(response *http.Response) (fetched, error) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(io.LimitReader(response.Body, MaxBytes+1)); err != nil {
		return fetched{}, withoutURL(err)
	}
	if body.Len() > MaxBytes {
		return fetched{}, &Rejected{TooLarge}
	}
	got := fetched{body: body.Bytes(), mime: response.Header.Get("Content-Type")}
	if _, fields, err := mime.ParseMediaType(response.Header.Get("Content-Disposition")); err == nil {
		got.name = CleanName(fields["filename"])
	}
	return got, nil
}

// sameOrigin tells whether two addresses share scheme and host.
func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// owns: the account's credentials may go there.
func (d *download) owns(target *url.URL) bool {
	if d.base != nil && sameOrigin(target, d.base) {
		return true
	}
	return target.Scheme == "https" && target.Host == "api.twilio.com"
}

// allowed hosts: the API base, Twilio's own, and those the inbox names.
func (d *download) allowed(target *url.URL) bool {
	if d.base != nil && sameOrigin(target, d.base) {
		return true
	}
	host := target.Hostname()
	if target.Scheme != "https" || (target.Port() != "" && target.Port() != "443") || target.User != nil {
		return false
	}
	return strings.HasSuffix(host, ".twilio.com") || strings.HasSuffix(host, ".twiliocdn.com") ||
		host == "s3-external-1.amazonaws.com" || slices.Contains(d.settings.MediaHosts, host)
}

func (d *download) client() *http.Client {
	return &http.Client{
		Transport: &http.Transport{DialContext: d.dial, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 20 * time.Second},
		CheckRedirect: func(request *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects || !d.allowed(request.URL) {
				return &Rejected{Foreign}
			}
			return nil
		},
	}
}

// dial judges the address that a name resolved to, at the moment of connecting.
func (d *download) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if d.base == nil || address != hostPort(d.base) {
		dialer.Control = onlyPublic
	}
	return dialer.DialContext(ctx, network, address)
}

func hostPort(base *url.URL) string {
	if base.Port() != "" {
		return base.Host
	}
	return net.JoinHostPort(base.Hostname(), map[string]string{"https": "443", "http": "80"}[base.Scheme])
}

// onlyPublic refuses loopback, private, link-local, shared and reserved ranges.
func onlyPublic(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Rejected{Foreign}
	}
	ip := target.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || slices.ContainsFunc(reserved(), func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return &Rejected{Foreign}
	}
	return nil
}

// reserved ranges that net/netip does not know as private: this network, shared
// address space, benchmarks, reserved, and IPv6 forms that carry IPv4 inside.
func reserved() []netip.Prefix {
	ranges := []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "64:ff9b::/96", "2002::/16"}
	prefixes := make([]netip.Prefix, len(ranges))
	for i, text := range ranges {
		prefixes[i] = netip.MustParsePrefix(text)
	}
	return prefixes
}

// withoutURL drops the address, which may carry a signature, but keeps what the
// redirect check or the dialer decided.
func withoutURL(err error) error {
	if rejected := (*Rejected)(nil); errors.As(err, &rejected) {
		return rejected
	}
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func isNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }
