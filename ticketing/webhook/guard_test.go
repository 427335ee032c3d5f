package webhook

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestOnlyPublicAddressesAreDialled(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "103.28.12.1": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true, "64:ff9b::808:808": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "172.32.0.1": true, "192.168.1.1": false, "169.254.169.254": false,
		"100.100.100.200": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "168.63.129.16": false, "198.18.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b::7f00:1": false,
		"64:ff9b:1::808:808": false, "2002:7f00:1::": false, "2001::1": false, "::127.0.0.1": false, "2001:db8::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("public(%s) = %v, want %v", address, got, want)
		}
	}
}

// The check is made on the address that is dialled: a name that leads inside is
// refused, whatever it led to a moment before.
func TestNameThatLeadsInsideIsNotCalled(t *testing.T) {
	t.Parallel()
	called := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	t.Cleanup(server.Close)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	for _, host := range []string{"localhost", "127.0.0.1"} {
		_, err := (&Hooks{}).client().Get("http://" + host + ":" + port)
		if !errors.Is(err, errNotPublic) || faultOf(err) != "not_public" {
			t.Errorf("%s: %v, want a refusal", host, err)
		}
	}
	if called {
		t.Error("the server inside was called")
	}
}

func TestAddressIsHeldToRules(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://hooks.example.org/sapa?x=1": "", "https://hooks.example.org:8443/": "",
		"http://hooks.example.org/": "https", "ftp://hooks.example.org/": "https", "https://": "url", "hooks": "url",
		"https://a:b@hooks.example.org/": "url", "https://10.0.0.1/": "not_public", "https://[::1]/": "not_public", "http://127.0.0.1/": "https",
		"https://[::ffff:169.254.169.254]/": "not_public",
	} {
		var invalid Invalid
		if err := (&Hooks{}).checkURL(text); (err == nil) != (want == "") || want != "" && (!errors.As(err, &invalid) || invalid.Rule != want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if err := (&Hooks{loopback: true}).checkURL("http://127.0.0.1:9/"); err != nil {
		t.Errorf("loopback in a demo: %v", err)
	}
	if err := (&Hooks{loopback: true}).checkURL("http://10.0.0.1/"); err == nil {
		t.Error("a demo may call a network of its own")
	}
}
