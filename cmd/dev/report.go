package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Step is one check: a command, or work of our own.
type Step struct {
	Name     string
	Command  Command
	Work     func(context.Context) error
	Packages bool // the command is `go test`: its packages are counted one by one
}

// Report runs steps and remembers how they went. All of them run, so that one
// run tells everything that is wrong.
type Report struct {
	Out     io.Writer
	results []result
}

type result struct {
	name           string
	took           time.Duration
	passed, failed int
	packages       []string // the failed ones
}

func (r *Report) run(ctx context.Context, step Step) {
	fmt.Fprintf(r.Out, "\n=== %s\n", step.Name)
	began := time.Now()
	counter := &packageCounter{}
	err := r.work(ctx, step, counter)
	done := result{name: step.Name, took: time.Since(began), passed: counter.passed, failed: len(counter.failed), packages: counter.failed}
	switch {
	case err != nil && done.failed == 0:
		done.failed = 1
	case err == nil && !step.Packages:
		done.passed = 1
	}
	if err != nil {
		fmt.Fprintln(r.Out, err)
	}
	fmt.Fprintf(r.Out, "=== %s: %s in %.1f s\n", step.Name, verdict(done.failed), done.took.Seconds())
	r.results = append(r.results, done)
}

func (r *Report) work(ctx context.Context, step Step, counter *packageCounter) error {
	if step.Work != nil {
		return step.Work(ctx)
	}
	step.Command.Out = r.Out
	if step.Packages {
		step.Command.Out = io.MultiWriter(r.Out, counter)
	}
	return command(ctx, step.Command)
}

// failed reports whether a step has failed so far.
func (r *Report) failed() bool {
	return slices.ContainsFunc(r.results, func(done result) bool { return done.failed > 0 })
}

func verdict(failed int) string {
	if failed > 0 {
		return "FAILED"
	}
	return "passed"
}

// summary prints the table and, as the very last line, the count of all checks:
// each package of `go test` is one, each other step is one. It returns how many
// failed.
func (r *Report) summary(setUp time.Duration) int {
	var passed, failed int
	var took time.Duration
	fmt.Fprintln(r.Out)
	for _, result := range r.results {
		fmt.Fprintf(r.Out, "%-7s %-26s %7.1f s\n", verdict(result.failed), result.name, result.took.Seconds())
		for _, name := range result.packages {
			fmt.Fprintf(r.Out, "          %s\n", name)
		}
		passed, failed, took = passed+result.passed, failed+result.failed, took+result.took
	}
	fmt.Fprintf(r.Out, "\nset-up %.1f s, checks %.1f s\n%d passed, %d failed\n", setUp.Seconds(), took.Seconds(), passed, failed)
	return failed
}

// packageCounter counts the packages in the output of `go test`.
type packageCounter struct {
	passed int
	failed []string
	rest   []byte // a line that has not ended yet
}

func (c *packageCounter) Write(chunk []byte) (int, error) {
	c.rest = append(c.rest, chunk...)
	for {
		line, rest, found := bytes.Cut(c.rest, []byte("\n"))
		if !found {
			return len(chunk), nil
		}
		c.count(string(line))
		c.rest = rest
	}
}

// count knows the closing line of a package: "ok", a tab, its path, or "FAIL", a
// tab, its path. A bare "FAIL" line belongs to a single test binary.
func (c *packageCounter) count(line string) {
	if strings.HasPrefix(line, "ok  \t") {
		c.passed++
	} else if rest, found := strings.CutPrefix(line, "FAIL\t"); found {
		name, _, _ := strings.Cut(rest, "\t")
		c.failed = append(c.failed, name)
	}
}
