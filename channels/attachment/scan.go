package attachment

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"time"
)

// Scanner tells whether bytes are clean. An error means that it could not look;
// then nobody gets the file until it has.
type Scanner func(ctx context.Context, body []byte) (clean bool, err error)

// testVirus is the harmless file by which scanners are tested (EICAR). Every
// installation finds it, also one without a scanner. It is written in two parts
// so that this source is not taken for it.
func testVirus() []byte {
	return []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)
}

func holdsTestVirus(body []byte) bool { return bytes.Contains(body, testVirus()) }

// virusWatch looks for the test virus in a stream, across its blocks.
type virusWatch struct {
	tail  []byte
	found bool
}

func (w *virusWatch) Write(block []byte) (int, error) {
	joined := append(w.tail, block...)
	w.found = w.found || holdsTestVirus(joined)
	w.tail = append([]byte(nil), joined[max(0, len(joined)-len(testVirus())):]...)
	return len(block), nil
}

// Bounds of a talk with clamd: a file of MaxBytes takes it a second or two.
const (
	clamdTimeout = 30 * time.Second
	clamdBlock   = 64 << 10
)

// Clamd asks a ClamAV daemon, at "host:port" or at the path of its socket, with
// its INSTREAM command.
func Clamd(address string) Scanner {
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	return func(ctx context.Context, body []byte) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, clamdTimeout)
		defer cancel()
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return false, fmt.Errorf("clamd: %w", err)
		}
		defer conn.Close()
		deadline, _ := ctx.Deadline()
		_ = conn.SetDeadline(deadline)
		answer, err := instream(conn, body)
		switch {
		case err != nil:
			return false, fmt.Errorf("clamd: %w", err)
		case strings.HasSuffix(answer, " FOUND"):
			return false, nil
		case answer == "stream: OK":
			return true, nil
		}
		return false, fmt.Errorf("clamd says %q", answer)
	}
}

func instream(conn net.Conn, body []byte) (string, error) {
	if _, err := conn.Write([]byte("zINSTREAM\x00")); err != nil {
		return "", err
	}
	for len(body) > 0 {
		block := body[:min(len(body), clamdBlock)]
		body = body[len(block):]
		if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(block))), block...)); err != nil {
			return "", err
		}
	}
	if _, err := conn.Write([]byte{0, 0, 0, 0}); err != nil {
		return "", err
	}
	answer := make([]byte, 512)
	n, err := conn.Read(answer)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(answer[:n]), "\x00\n"), nil
}
