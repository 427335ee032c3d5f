package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddress tells where a request comes from: the peer, or behind peers that
// are our own proxies the nearest address that is not. A header of anybody else
// counts nothing.
func ClientAddress(proxies []netip.Prefix) func(*http.Request) string {
	ours := func(a netip.Addr) bool {
		for _, p := range proxies {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	return func(r *http.Request) string {
		peer := peerOf(r)
		if !peer.IsValid() || !ours(peer) {
			return peer.String()
		}
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			peer = hop.Unmap()
			if !ours(peer) {
				break
			}
		}
		return peer.String()
	}
}

// peerOf is the other end of the connection; the zero Addr when it has none.
func peerOf(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return address.Unmap().WithZone("")
}
