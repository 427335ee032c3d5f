package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// errChecks says that checks failed; they have told about it themselves.
var errChecks = errors.New("checks failed")

// test is `make test`.
func test(ctx context.Context) (err error) {
	began := time.Now()
	place, err := openPlace()
	if err != nil {
		return err
	}
	release, err := hold(place, "test")
	if err != nil {
		return err
	}
	defer release()
	db, err := place.prepareTest(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, db.stop()); err == nil {
			err = place.drop(testSet)
		}
	}()
	setUp := time.Since(began)
	fmt.Printf("set-up took %.1f s\n", setUp.Seconds())
	report := Report{Out: os.Stdout}
	for _, step := range place.steps(db) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		report.run(ctx, step)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if report.failed() {
		say("databases of failed tests are kept until the next `make test`; `make databases` starts them")
	}
	if report.summary(setUp) > 0 {
		return errChecks
	}
	return nil
}

// prepareTest installs what the checks need and starts databases for them. Data
// of an earlier run is deleted: a check must not pass by what that one left.
func (p *Place) prepareTest(ctx context.Context) (*Databases, error) {
	if err := checkNode(ctx); err != nil {
		return nil, err
	}
	if err := p.install(ctx, append(serverPackages(testSet), browserPackages()...)); err != nil {
		return nil, err
	}
	if err := p.endOrphans("test-redis", "test-postgres"); err != nil {
		return nil, err
	}
	if err := p.npmInstall(ctx); err != nil {
		return nil, err
	}
	if err := p.drop(testSet); err != nil {
		return nil, err
	}
	return p.startDatabases(testSet)
}

// drop deletes what stopped databases hold.
func (p *Place) drop(set Set) error {
	for _, kind := range []string{"postgres", "redis"} {
		i, err := p.instance(set, kind)
		if err != nil {
			return err
		}
		if err := os.RemoveAll(i.Folder); err != nil {
			return err
		}
	}
	return nil
}

// steps are the checks in order: the front end first, since the programs carry
// it inside; the browser's journeys last, since they use all the rest.
func (p *Place) steps(db *Databases) []Step {
	// -trimpath: what was compiled in one folder serves a clone in another.
	clean := compose(without(os.Environ(), "SAPA_", "CARRIER_"), []Setting{{"GOFLAGS", strings.TrimSpace(os.Getenv("GOFLAGS") + " -trimpath")}})
	withDatabases := compose(clean, []Setting{{"SAPA_DATABASE_URL", db.PostgresURL}, {"SAPA_REDIS_URL", db.RedisURL}})
	withBrowser := compose(clean, []Setting{
		{"SAPA_BIN", p.bin("")}, {"CHROMIUM", chromium()},
		{"SAPA_TEST_DATABASE_URL", db.PostgresURL}, {"SAPA_TEST_REDIS_URL", db.RedisURL},
	})
	in := func(env []string, args ...string) Command { return Command{Dir: p.Root, Env: env, Args: args} }
	return []Step{
		{Name: "front end: types", Command: p.npm(clean, "run", "check")},
		{Name: "front end: units", Command: p.npm(clean, "run", "unit")},
		{Name: "front end: build", Command: p.npm(clean, "run", "build")},
		{Name: "gofmt", Work: p.checkFormat},
		{Name: "go build", Command: in(clean, "go", "build", "-buildvcs=false", "-o", "bin/", "./cmd/sapa", "./cmd/carrier")},
		{Name: "go vet", Command: in(clean, "go", "vet", "./...")},
		{Name: "staticcheck", Command: in(clean, "go", "tool", "staticcheck", "./...")},
		// By its file: it needs none of the packages it looks at.
		{Name: "arrows", Command: in(clean, "go", "test", "-count=1", "-vet=off", "cmd/sapa/arrows_test.go")},
		// -count=1: an answer from Go's cache says nothing about a database.
		{Name: "go test", Packages: true, Command: in(withDatabases, "go", "test", "-count=1", "-vet=off", "./...")},
		{Name: "journeys in the browser", Command: p.npm(withBrowser, "run", "journeys")},
	}
}

// checkFormat fails when gofmt would change a file.
func (p *Place) checkFormat(ctx context.Context) error {
	files, err := filesBelow(p.Root, ".", func(path string) bool {
		name := filepath.Base(path)
		return path == "var" || path == "bin" || name == "node_modules" || (name != "." && strings.HasPrefix(name, "."))
	})
	if err != nil {
		return err
	}
	args := []string{"-l"}
	for _, file := range files {
		if strings.HasSuffix(file, ".go") {
			args = append(args, file)
		}
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	gofmt := exec.CommandContext(ctx, filepath.Join(strings.TrimSpace(string(goroot)), "bin", "gofmt"), args...)
	gofmt.Dir, gofmt.Stderr = p.Root, os.Stderr
	out, err := gofmt.Output()
	if err == nil && len(out) > 0 {
		err = fmt.Errorf("not formatted (run `gofmt -w` on them):\n%s", out)
	}
	return err
}
