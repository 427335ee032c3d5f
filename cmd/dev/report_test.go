package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestPackageCounter(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, output           string
		wantPassed, wantFailed int
	}{
		{"passed", "ok  \tsapa/bot\t0.1s\nok  \tsapa/kb\t(cached)\n", 2, 0},
		{"no test files", "?   \tsapa/web\t[no test files]\n\tsapa/cmd/x\t\tcoverage: 0.0%\n", 0, 0},
		{"failed", "--- FAIL: TestA (0.00s)\n    a_test.go:1: ok\nFAIL\nFAIL\tsapa/bot\t0.1s\nok  \tsapa/kb\t0.1s\nFAIL\n", 1, 1},
		{"does not build", "FAIL\tsapa/bot [build failed]\nFAIL\n", 0, 1},
		{"a test prints ok", "ok then\nokay\n", 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var whole, bytewise packageCounter
			_, _ = whole.Write([]byte(c.output))
			for i := range len(c.output) {
				_, _ = bytewise.Write([]byte(c.output[i : i+1]))
			}
			for _, got := range []packageCounter{whole, bytewise} {
				if got.passed != c.wantPassed || len(got.failed) != c.wantFailed {
					t.Errorf("got %d passed, %d failed; want %d, %d", got.passed, len(got.failed), c.wantPassed, c.wantFailed)
				}
			}
		})
	}
}

func TestReportCountsEverything(t *testing.T) {
	t.Parallel()
	shell := func(script string) Command { return Command{Args: []string{"sh", "-c", script}, Env: plainEnv()} }
	cases := []struct {
		name  string
		steps []Step
		want  string
	}{
		{"step passed", []Step{{Name: "a", Command: shell("true")}}, "1 passed, 0 failed"},
		{"step failed, next one runs", []Step{{Name: "a", Command: shell("exit 3")}, {Name: "b", Command: shell("true")}}, "1 passed, 1 failed"},
		{"work of our own failed", []Step{{Name: "a", Work: func(context.Context) error { return errors.New("no") }}}, "0 passed, 1 failed"},
		{"packages", []Step{{Name: "a", Packages: true, Command: shell(`printf 'ok  \tp\t1s\nFAIL\tq\t1s\n'; exit 1`)}}, "1 passed, 1 failed"},
		{"go test did not begin", []Step{{Name: "a", Packages: true, Command: shell("echo 'go: no such tool'; exit 1")}}, "0 passed, 1 failed"},
		{"program is missing", []Step{{Name: "a", Command: Command{Args: []string{"/nowhere/program"}}}}, "0 passed, 1 failed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			report := Report{Out: &out}
			for _, step := range c.steps {
				report.run(t.Context(), step)
			}
			report.summary(time.Second)
			if !strings.HasSuffix(out.String(), "\n"+c.want+"\n") {
				t.Errorf("the last line is not %q:\n%s", c.want, out.String())
			}
		})
	}
}

func TestInstallScriptIsShell(t *testing.T) {
	t.Parallel()
	check := exec.Command("sh", "-n")
	check.Stdin = strings.NewReader(installScript)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestNodeVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string][2]int{"v20.19.2\n": {20, 19}, "v8.1": {8, 1}, "v22": {22, 0}, "": {}, "nonsense": {}} {
		if got := nodeVersion(version); got != want {
			t.Errorf("nodeVersion(%q) = %v, want %v", version, got, want)
		}
	}
}

func TestLastLines(t *testing.T) {
	t.Parallel()
	if got, want := lastLines("a\nb\nc\n\n", 2), "    b\n    c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
