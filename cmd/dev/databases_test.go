package main

import (
	"os"
	"testing"
)

// TestPrivateServers starts real servers, as the account that runs the tests
// does: root gives them to the user postgres.
func TestPrivateServers(t *testing.T) {
	t.Parallel()
	if len(postgresBinaries()) == 0 || redisBinary() == "" {
		t.Skip("PostgreSQL and Redis are not installed; `make test` installs them")
	}
	set := Set{Prefix: "try-", PostgresEnv: "SAPA_NOT_SET", RedisEnv: "SAPA_NOT_SET"}
	place := enterable(t)
	first := started(t, place, set)
	query(t, place, set, "CREATE TABLE kept (n int)")

	// As after `kill -9`: the servers run, and only var/ knows of them.
	again := &Place{Root: place.Root, Kept: place.Kept}
	if err := again.endOrphans("try-redis", "try-postgres"); err != nil {
		t.Fatal(err)
	}
	for _, child := range first.children {
		<-child.done
	}
	second := started(t, again, set)
	if second.PostgresURL != first.PostgresURL || second.RedisURL != first.RedisURL {
		t.Errorf("addresses changed from %s, %s to %s, %s", first.PostgresURL, first.RedisURL, second.PostgresURL, second.RedisURL)
	}
	if got := query(t, again, set, "SELECT count(*) FROM kept"); got != "0" {
		t.Errorf("count = %q, want 0", got)
	}
	if err := second.stop(); err != nil {
		t.Fatal(err)
	}
	if files, _ := os.ReadDir(place.Var("pid")); len(files) != 0 {
		t.Errorf("%d records are left after a stop", len(files))
	}
}

// enterable is a clone that the servers' account may enter.
func enterable(t *testing.T) *Place {
	t.Helper()
	root, err := os.MkdirTemp("", "sapa-dev-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	kept, err := recall(nil, root)
	if err != nil {
		t.Fatal(err)
	}
	place := &Place{Root: root, Kept: kept}
	if err := os.MkdirAll(place.Var("log"), 0o755); err != nil {
		t.Fatal(err)
	}
	// Ports of their own: a desk may be starting on this machine just now.
	for _, name := range []string{"try-postgres", "try-redis"} {
		place.Kept.Ports[name] = ephemeral(t)
	}
	return place
}

func started(t *testing.T, place *Place, set Set) *Databases {
	t.Helper()
	db, err := place.startDatabases(set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.stop(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func query(t *testing.T, place *Place, set Set, text string) string {
	t.Helper()
	i := Instance{Port: place.Kept.Ports[set.Prefix+"postgres"], Password: place.Kept.Database}
	binaries, err := chooseVersion(postgresBinaries(), 0)
	if err != nil {
		t.Fatal(err)
	}
	out, err := psql(i, binaries, text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
