// Package fault starts the real programs, takes away what they stand on, and
// counts: of what a citizen or an agent sent, nothing is lost and nothing is
// doubled.
//
// PostgreSQL is reached through a proxy of the test, which can cut the line or
// stop one connection at a chosen statement; every desk has a Redis server of
// its own. Processes are killed with SIGKILL, by their id.
package fault

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait. What is waited for comes long before, unless the
// machine is very busy.
const patience = 90 * time.Second

// pollEvery is how often a condition is looked at.
const pollEvery = 15 * time.Millisecond

// atOnceMost is how many tests run at a time: they mostly wait for timers of the
// desk, so more than one a core fit.
const atOnceMost = "5"

func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", atOnceMost) // the flag is there: package testing has made it
	code := m.Run()
	_ = os.RemoveAll(folder())
	os.Exit(code)
}

// folder is where the programs are built.
func folder() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("sapa-fault-%d", os.Getpid()))
}

// build makes the two programs once a run.
var build = sync.OnceValue(func() error {
	if err := os.Mkdir(folder(), 0o700); err != nil {
		return err
	}
	command := exec.Command("go", "build", "-buildvcs=false", "-o", folder()+"/", "sapa/cmd/sapa", "sapa/cmd/carrier")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
})

// program is the path of one of them.
func program(t *testing.T, name string) string {
	t.Helper()
	if err := build(); err != nil {
		t.Fatalf("build programs: %v", err)
	}
	return filepath.Join(folder(), name)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// until looks at a condition again and again. Call it on the test's goroutine.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for late := time.After(patience); !done(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// reached waits for a signal.
func reached(t testing.TB, what string, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		t.Fatalf("waited in vain: %s", what)
	}
}
