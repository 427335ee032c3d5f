package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Record names a process for good: a process id alone is given out again, with
// the boot and the instant of its start it is not.
type Record struct {
	Root  string `json:"root"` // the clone that started it
	PID   int    `json:"pid"`
	Since uint64 `json:"since"` // clock ticks after boot, /proc/PID/stat field 22
	Boot  string `json:"boot"`  // /proc/sys/kernel/random/boot_id
}

// process is what the kernel says of a process id right now.
type process struct {
	alive bool
	since uint64
}

// ours reports whether the recorded process still runs. A record that a copied
// var/ brought along names another clone's process: not ours to end.
func (r Record) ours(root, boot string, now process) bool {
	return now.alive && r.Root == root && r.Boot == boot && r.Since == now.since && r.PID > 1
}

// look reads a process's state; a zombie counts as gone.
func look(pid int) process {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}
	}
	return parseStat(string(stat))
}

// parseStat reads /proc/PID/stat. The name in brackets may hold spaces and
// brackets itself, so fields are counted from the last closing one.
func parseStat(stat string) process {
	_, rest, _ := strings.Cut(stat[strings.LastIndex(stat, ")")+1:], " ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return process{}
	}
	since, err := strconv.ParseUint(fields[19], 10, 64)
	zombie := fields[0] == "Z" || fields[0] == "X"
	return process{alive: err == nil && !zombie, since: since}
}

func bootID() string {
	body, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(body))
}

func (p *Place) record(name string, pid int) error {
	if err := os.MkdirAll(p.Var("pid"), 0o755); err != nil {
		return err
	}
	body, err := json.Marshal(Record{Root: p.Root, PID: pid, Since: look(pid).since, Boot: bootID()})
	if err != nil {
		return err
	}
	return os.WriteFile(p.Var("pid", name), body, 0o600)
}

func (p *Place) forget(name string) error {
	if err := os.Remove(p.Var("pid", name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// endOrphans stops what an earlier run left behind when it was killed: first
// what holds sessions in the databases, then the databases.
func (p *Place) endOrphans(names ...string) error {
	for _, name := range names {
		body, err := os.ReadFile(p.Var("pid", name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		var record Record
		if json.Unmarshal(body, &record) == nil && record.ours(p.Root, bootID(), look(record.PID)) {
			say("stopping %s (process %d), left behind by an earlier run", name, record.PID)
			if err := endProcess(record.PID, endings(name)); err != nil {
				return err
			}
		}
		if err := p.forget(name); err != nil {
			return err
		}
	}
	return nil
}

func endings(name string) []ending {
	if strings.HasSuffix(name, "postgres") {
		return likePostgres
	}
	return politely
}

// endProcess ends a process that is not our child: there is nothing to wait on,
// so it is looked at every 20 ms.
func endProcess(pid int, ends []ending) error {
	since := look(pid).since
	gone := func() bool {
		now := look(pid)
		return !now.alive || now.since != since
	}
	for _, end := range ends {
		if err := syscall.Kill(pid, end.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop process %d: %w: stop it yourself (kill %[1]d), then start again", pid, err)
		}
		for deadline := time.Now().Add(end.wait); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if gone() {
				return nil
			}
		}
	}
	return fmt.Errorf("process %d does not end: stop it yourself (kill -9 %[1]d), then start again", pid)
}

// endPostmaster deals with the postmaster.pid of a data folder. PostgreSQL
// refuses to start when the process id in it is alive, even when that id belongs
// to some other program by now; and a living server of this folder that we have
// no record of must end before ours can start.
func endPostmaster(data string) error {
	path := filepath.Join(data, "postmaster.pid")
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	pid := parsePostmaster(string(body)).PID
	switch {
	case pid <= 1 || !look(pid).alive:
		return nil // PostgreSQL finds that out by itself, with more checks than ours
	case servesFolder(pid, data):
		return endProcess(pid, likePostgres)
	}
	return os.Remove(path)
}

// servesFolder reports whether the process is a PostgreSQL server of the folder:
// a postmaster's working directory is its data folder.
func servesFolder(pid int, data string) bool {
	program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil || filepath.Base(strings.TrimSuffix(program, " (deleted)")) != "postgres" {
		return false
	}
	at, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	want, err := os.Stat(data)
	return err == nil && os.SameFile(at, want)
}

// Postmaster is what we read of a postmaster.pid file.
type Postmaster struct {
	PID   int
	Ready bool
}

// parsePostmaster reads the lines PostgreSQL 10 and later write: process id,
// data folder, start, port, socket folder, address, shared memory, state.
func parsePostmaster(body string) Postmaster {
	lines := strings.Split(body, "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(lines[0]))
	return Postmaster{PID: pid, Ready: len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"}
}
