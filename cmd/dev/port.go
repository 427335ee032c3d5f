package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// firstPorts is where the search for a free port begins; all lie below 32768,
// where Linux begins to give ports to outgoing connections.
var firstPorts = map[string]int{
	"sapa": 8080, "carrier": 8090,
	"postgres": 15432, "redis": 16379,
	"test-postgres": 15632, "test-redis": 16579,
}

// span is how many ports after the first are tried.
const span = 100

// choosePort takes the remembered port when it is free, else the first free one
// from first on. Remembered is 0 when there is none.
func choosePort(remembered, first int, free func(int) bool) (int, error) {
	if remembered != 0 && free(remembered) {
		return remembered, nil
	}
	for port := first; port < first+span; port++ {
		if free(port) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port between %d and %d on this machine", first, first+span-1)
}

// port chooses a free port for the named program and remembers it, so that
// addresses written into the database hold at the next start.
func (p *Place) port(name string) (int, error) {
	port, err := choosePort(p.Kept.Ports[name], firstPorts[name], portFree)
	if err != nil {
		return 0, err
	}
	p.Kept.Ports[name] = port
	return port, p.save()
}

// portFree asks for both loopback addresses: a browser may take "localhost" for
// ::1 and land in somebody else's program there.
func portFree(port int) bool {
	for _, host := range []string{"127.0.0.1", "::1"} {
		listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil {
			listener.Close()
			continue
		}
		if noSuchAddress := errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT); !noSuchAddress {
			return false
		}
	}
	return true
}
