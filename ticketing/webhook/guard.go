package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// errNotPublic says that a name led to an address inside.
var errNotPublic = errors.New("webhook: address is not public")

// inside are the networks that no endpoint may lie in, beside all of IPv6 that is
// not global unicast. Source: IANA's registries of special-purpose addresses;
// 168.63.129.16 is the address at which Azure answers its own machines.
func inside() []netip.Prefix {
	var list []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	} {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

var (
	insideNets = inside()
	global     = netip.MustParsePrefix("2000::/3")
	// nat64 holds an IPv4 address in its last four bytes (RFC 6052).
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

// public tells whether an address is one of the open internet.
func public(address netip.Addr) bool {
	address = address.Unmap()
	if nat64.Contains(address) {
		bytes := address.As16()
		return public(netip.AddrFrom4([4]byte(bytes[12:])))
	}
	if address.Zone() != "" || address.Is6() && !global.Contains(address) {
		return false
	}
	for _, network := range insideNets {
		if network.Contains(address) {
			return false
		}
	}
	return address.IsValid()
}

func (h *Hooks) allowed(address netip.Addr) bool {
	return public(address) || h.loopback && address.Unmap().IsLoopback()
}

// How long a receiver may take; a slow one holds up nobody else.
const (
	dialTimeout = 5 * time.Second
	callTimeout = 10 * time.Second
)

// client calls endpoints. The address is looked at after the name was looked up
// and before the connection is made, on the very address that is dialled, so that
// a name which changes its mind gains nothing. It follows no redirect and knows no
// proxy.
func (h *Hooks) client() *http.Client {
	dialer := &net.Dialer{Timeout: dialTimeout, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		target, err := netip.ParseAddrPort(address)
		if err != nil || !h.allowed(target.Addr()) {
			return fmt.Errorf("%w", errNotPublic)
		}
		return nil
	}}
	return &http.Client{
		Timeout: callTimeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: callTimeout, MaxResponseHeaderBytes: 16 << 10,
			MaxConnsPerHost: atOnce, IdleConnTimeout: 30 * time.Second, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
