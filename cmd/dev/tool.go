package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oldestNode is what Vite 8 asks for.
var oldestNode = [2]int{20, 19}

// say tells the person at the terminal what happens now.
func say(format string, args ...any) { fmt.Printf("· "+format+"\n", args...) }

// Command is a program that runs to its end.
type Command struct {
	Dir  string
	Env  []string
	Args []string
	Out  io.Writer // standard output and error
}

// command runs in a process group of its own, and takes the whole group down at
// the end, so that a browser test that crashed leaves no server behind.
func command(ctx context.Context, c Command) error {
	cmd := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.Dir, c.Env, c.Out, c.Out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 15 * time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	err := cmd.Wait()
	if fault := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); fault != nil && !errors.Is(fault, syscall.ESRCH) {
		return errors.Join(err, fault)
	}
	return err
}

// logged runs a command whose output nobody needs unless it fails.
func (p *Place) logged(ctx context.Context, name string, c Command) error {
	log, err := p.createLog(name)
	if err != nil {
		return err
	}
	defer log.Close()
	c.Out = log
	if err := command(ctx, c); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(c.Args, " "), err, p.tail(name))
	}
	return nil
}

// checkNode looks for a Node.js that is new enough, and its npm.
func checkNode(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return fmt.Errorf("no `node` found; the front end needs Node.js %d.%d or newer: install it from https://nodejs.org", oldestNode[0], oldestNode[1])
	}
	if found := nodeVersion(string(out)); slices.Compare(found[:], oldestNode[:]) < 0 {
		return fmt.Errorf("the front end needs Node.js %d.%d or newer, found %s: install a newer one from https://nodejs.org",
			oldestNode[0], oldestNode[1], strings.TrimSpace(string(out)))
	}
	if firstProgram("npm") == "" {
		return errors.New("`npm` was not found beside Node.js: install it (Debian: apt-get install npm)")
	}
	return nil
}

// nodeVersion reads "v20.20.2\n" as 20 and 20; zeros when it is no version.
func nodeVersion(version string) (found [2]int) {
	parts := strings.SplitN(strings.TrimPrefix(strings.TrimSpace(version), "v"), ".", 3)
	for i, part := range parts[:min(len(parts), 2)] {
		found[i], _ = strconv.Atoi(part)
	}
	return found
}

// npmInstall brings node_modules in line with package-lock.json.
func (p *Place) npmInstall(ctx context.Context) error {
	lock, err := hashTree(p.Root, []string{"web/ui/package.json", "web/ui/package-lock.json"}, skipUI)
	if err != nil {
		return err
	}
	made := func() bool {
		_, err := os.Stat(filepath.Join(p.Root, "web/ui/node_modules/.package-lock.json"))
		return err == nil
	}
	_, err = p.unless("npm", lock, made, func() error {
		say("installing the front end's packages (npm ci)")
		return p.logged(ctx, "npm", p.npm(os.Environ(), "ci", "--no-audit", "--no-fund"))
	})
	return err
}

// npm is an npm command in the front end's folder.
func (p *Place) npm(env []string, args ...string) Command {
	return Command{
		Dir: filepath.Join(p.Root, "web/ui"), Args: append([]string{"npm"}, args...),
		Env: slices.Concat(env, []string{"npm_config_update_notifier=false"}),
	}
}

// buildUI builds the front end when one of its sources changed.
func (p *Place) buildUI(ctx context.Context) error {
	sources, err := hashTree(p.Root, []string{"web/ui"}, skipUI)
	if err != nil {
		return err
	}
	_, err = p.unless("ui", sources, p.uiBuilt, func() error {
		say("building the front end")
		return p.logged(ctx, "ui", p.npm(os.Environ(), "run", "build"))
	})
	return err
}

// uiBuilt reports whether there is more in dist than the placeholder that keeps
// `go build` working before npm has run.
func (p *Place) uiBuilt() bool {
	files, _ := os.ReadDir(filepath.Join(p.Root, "web/ui/dist"))
	return len(files) > 1
}

// buildGo builds the two programs into bin/. Without -buildvcs=false a clone
// that belongs to another account does not build.
func (p *Place) buildGo(ctx context.Context) error {
	return p.logged(ctx, "go-build", Command{
		Dir: p.Root, Env: os.Environ(),
		Args: []string{"go", "build", "-buildvcs=false", "-o", "bin/", "./cmd/sapa", "./cmd/carrier"},
	})
}
