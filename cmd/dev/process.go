package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Child is a program we keep running beside us.
type Child struct {
	Name  string
	cmd   *exec.Cmd
	done  chan struct{} // closed once it has ended
	place *Place
	ends  []ending
}

// ending is one way of asking a process to go, and how long it may take.
type ending struct {
	signal syscall.Signal
	wait   time.Duration
}

var (
	// politely suits programs that finish their work on SIGTERM; the desk gives
	// its requests and tasks 20 s.
	politely = []ending{{syscall.SIGTERM, 30 * time.Second}, {syscall.SIGKILL, 5 * time.Second}}
	// likePostgres: SIGINT closes sessions and writes a checkpoint, SIGQUIT
	// leaves the log to be replayed; SIGKILL would leave shared memory behind.
	likePostgres = []ending{{syscall.SIGINT, 40 * time.Second}, {syscall.SIGQUIT, 10 * time.Second}, {syscall.SIGKILL, 5 * time.Second}}
)

// Start describes a child to start.
type Start struct {
	Name, Path, Dir string
	Args, Env       []string
	Owner           Owner
	Ends            []ending
}

// start runs a child in a process group of its own, so that a Ctrl-C in the
// terminal reaches us alone and we stop the children in order. Should we be
// killed, the kernel passes the child the first of its endings.
func (p *Place) start(s Start) (*Child, error) {
	out, err := p.createLog(s.Name)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(s.Path, s.Args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.Dir, s.Env, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: s.Ends[0].signal, Credential: s.Owner.credential}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	child := &Child{Name: s.Name, cmd: cmd, done: make(chan struct{}), place: p, ends: s.Ends}
	go func() {
		_ = cmd.Wait()
		close(child.done)
	}()
	return child, p.record(s.Name, cmd.Process.Pid)
}

// stop ends the child and forgets it.
func (c *Child) stop() error {
	for _, end := range c.ends {
		if err := c.cmd.Process.Signal(end.signal); errors.Is(err, os.ErrProcessDone) {
			break
		}
		select {
		case <-c.done:
		case <-time.After(end.wait):
			continue
		}
		break
	}
	select {
	case <-c.done:
		return c.place.forget(c.Name)
	case <-time.After(time.Second):
		return fmt.Errorf("%s (process %d) does not end", c.Name, c.cmd.Process.Pid)
	}
}

// ended reports whether the child has ended.
func (c *Child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// fault says why the child ended by itself, with the end of what it printed.
func (c *Child) fault() error {
	return fmt.Errorf("%s ended by itself: %v\n%s", c.Name, c.cmd.ProcessState, c.place.tail(c.Name))
}

// awaitReady polls until the child is ready, has ended, or the time is over.
func (c *Child) awaitReady(within time.Duration, ready func() bool) error {
	deadline := time.Now().Add(within)
	for !ready() {
		if c.ended() {
			return c.fault()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s is not ready after %v\n%s", c.Name, within, c.place.tail(c.Name))
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}

// createLog begins a log anew and keeps the one before. Only its owner may read
// it: the demonstration's logins are printed into one.
func (p *Place) createLog(name string) (*os.File, error) {
	if err := os.Rename(p.Log(name), p.Log(name)+".before"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(p.Log(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

// tail is the end of a log, introduced by where the rest is.
func (p *Place) tail(name string) string {
	body, err := os.ReadFile(p.Log(name))
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("The end of %s:\n%s", p.Short(p.Log(name)), lastLines(string(body), 20))
}

// lastLines is the last n lines of a text, indented.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return "    " + strings.Join(lines, "\n    ")
}
