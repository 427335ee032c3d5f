package main

import (
	"net"
	"slices"
	"testing"
)

func TestChoosePort(t *testing.T) {
	t.Parallel()
	all := make([]int, span)
	for i := range all {
		all[i] = 8080 + i
	}
	cases := []struct {
		name       string
		remembered int
		taken      []int
		want       int
		wantErr    bool
	}{
		{name: "first", want: 8080},
		{name: "first is taken", taken: []int{8080, 8081}, want: 8082},
		{name: "remembered", remembered: 8099, want: 8099},
		{name: "remembered is taken", remembered: 8099, taken: []int{8099}, want: 8080},
		{name: "all taken", taken: all, wantErr: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := choosePort(c.remembered, 8080, func(port int) bool { return !slices.Contains(c.taken, port) })
			if got != c.want || (err != nil) != c.wantErr {
				t.Errorf("got %d, %v; want %d, error: %v", got, err, c.want, c.wantErr)
			}
		})
	}
}

func TestPortFreeSeesListeners(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Logf("no %s on this machine: %v", address, err)
			continue
		}
		if portFree(listener.Addr().(*net.TCPAddr).Port) {
			t.Errorf("a port somebody listens on at %s counts as free", address)
		}
		listener.Close()
	}
}

// ephemeral is a port that was free a moment ago.
func ephemeral(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
