package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is the measured program.
type child struct {
	command *exec.Cmd
	log     *os.File
	ended   chan error
}

// serve starts the desk and waits until it is ready.
func (g *Ground) serve(ctx context.Context, args ...string) error {
	log, err := os.OpenFile(filepath.Join(g.folder, "desk.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	c := &child{command: exec.Command(g.o.Program, append([]string{"serve"}, args...)...), log: log, ended: make(chan error, 1)}
	c.command.Env = append(foreign(os.Environ()),
		"SAPA_DATABASE_URL="+g.databaseURL(), "SAPA_REDIS_URL="+g.redisURL(), "SAPA_LISTEN="+g.listen, "SAPA_PUBLIC_URL="+g.public,
		"SAPA_FILES_URL=http://"+g.listen, "SAPA_KEYSET="+filepath.Join(g.folder, "keyset.json"), "SAPA_SECOND_FACTOR=none",
		"SAPA_BLOB_URL=file://"+filepath.Join(g.folder, "blobs"), "SAPA_SPOOL_DIR="+filepath.Join(g.folder, "spool"))
	c.command.Stdout, c.command.Stderr = log, log
	c.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.command.Start(); err != nil {
		return errors.Join(err, log.Close())
	}
	go func() { c.ended <- c.command.Wait() }()
	g.desk = c
	return g.ready(ctx)
}

// readyWithin is generous: the bot's model and the calendars are read at start.
const readyWithin = time.Minute

func (g *Ground) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, g.public+"/readyz", nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-g.desk.ended:
			g.desk.ended <- err
			return fmt.Errorf("bench: the desk ended (%w): %s", err, g.said())
		case <-ctx.Done():
			return fmt.Errorf("bench: the desk is not ready: %s", g.said())
		case <-tick.C:
		}
	}
}

// said is the end of what the desk wrote.
func (g *Ground) said() string {
	body, _ := os.ReadFile(g.desk.log.Name())
	return string(body[max(0, len(body)-2000):])
}

// stop ends the desk politely.
func (g *Ground) stop() error {
	if g.desk == nil {
		return nil
	}
	c := g.desk
	g.desk = nil
	_ = c.command.Process.Signal(syscall.SIGTERM) // an error says that it has ended
	select {
	case <-c.ended:
	case <-time.After(30 * time.Second):
		_ = c.command.Process.Kill()
		<-c.ended
	}
	return c.log.Close()
}

// foreign are the settings that are not ours.
func foreign(env []string) []string {
	var kept []string
	for _, setting := range env {
		if !strings.HasPrefix(setting, "SAPA_") {
			kept = append(kept, setting)
		}
	}
	return kept
}

// usage is what a process has used so far.
type usage struct {
	cpu      time.Duration
	resident int64 // bytes
}

// used reads the desk's processor time and memory from the kernel.
func (g *Ground) used() (usage, error) {
	pid := strconv.Itoa(g.desk.command.Process.Pid)
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return usage{}, err
	}
	// The name, in brackets, may hold spaces; the numbers follow it. Fields 14
	// and 15 of proc(5) are user and system time in ticks of 1/100 s, 24 is
	// memory in pages.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 22 {
		return usage{}, errors.New("bench: /proc tells nothing about the desk")
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	pages, _ := strconv.ParseInt(fields[21], 10, 64)
	return usage{cpu: time.Duration(user+system) * 10 * time.Millisecond, resident: pages * int64(os.Getpagesize())}, nil
}
