package fault

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// process is a program that a test started.
type process struct {
	t       *testing.T
	command *exec.Cmd
	ended   chan struct{}
}

// run starts a program with nothing of our settings but those given. It ends
// with the test, and with the test's own process whatever becomes of that.
func run(t *testing.T, path string, settings []string, args ...string) *process {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	must(t, err)
	p := &process{t: t, command: exec.Command(path, args...), ended: make(chan struct{})}
	p.command.Env = append(foreign(os.Environ()), settings...)
	p.command.Stdout, p.command.Stderr = log, log
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(t, p.command.Start())
	go func() {
		_ = p.command.Wait() // killed on purpose, mostly
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.kill()
		_ = log.Close()
		if t.Failed() {
			t.Logf("%s said:\n%s", path, tail(log.Name()))
		}
	})
	return p
}

// kill ends the process as the kernel does when memory is out: at once.
func (p *process) kill() {
	_ = p.command.Process.Kill() // an error says that it has ended
	<-p.ended
}

// stop asks the process to end and returns its exit code.
func (p *process) stop() int {
	p.t.Helper()
	must(p.t, p.command.Process.Signal(syscall.SIGTERM))
	reached(p.t, "the process ends", p.ended)
	return p.command.ProcessState.ExitCode()
}

// foreign are the settings that are not ours.
func foreign(env []string) []string {
	var kept []string
	for _, setting := range env {
		if !strings.HasPrefix(setting, "SAPA_") && !strings.HasPrefix(setting, "CARRIER_") {
			kept = append(kept, setting)
		}
	}
	return kept
}

// tail is the end of a log, without the requests that went well.
func tail(path string) []byte {
	const most = 25
	body, _ := os.ReadFile(path)
	lines := slices.DeleteFunc(bytes.Split(bytes.TrimSpace(body), []byte("\n")), func(line []byte) bool {
		return bytes.Contains(line, []byte(`"msg":"request"`)) && bytes.Contains(line, []byte(`"status":20`))
	})
	return bytes.Join(lines[max(0, len(lines)-most):], []byte("\n"))
}

// freeAddress is a loopback address that nobody listens on, below the ports that
// the kernel gives to outgoing connections, so that it stays free until it is used.
func freeAddress(t *testing.T) string {
	t.Helper()
	const first, ports = 15000, 15000
	for {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+rand.IntN(ports)))
		if err != nil {
			continue // taken
		}
		defer listener.Close()
		return listener.Addr().String()
	}
}
