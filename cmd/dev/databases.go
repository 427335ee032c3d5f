package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Set says which pair of databases is meant.
type Set struct {
	Prefix      string // of the names of its instances
	PostgresEnv string // a variable that names a server to use instead
	RedisEnv    string
	Throwaway   bool
}

// The databases of tests have variables of their own: a shell that is set up
// for a desk in use must not get its Redis emptied by `make test`.
var (
	runSet  = Set{"", "SAPA_DATABASE_URL", "SAPA_REDIS_URL", false}
	testSet = Set{"test-", "SAPA_TEST_DATABASE_URL", "SAPA_TEST_REDIS_URL", true}
)

// Databases is a started pair.
type Databases struct {
	PostgresURL, RedisURL string
	children              []*Child
}

// startDatabases starts what the environment does not name already.
func (p *Place) startDatabases(set Set) (*Databases, error) {
	d := &Databases{PostgresURL: os.Getenv(set.PostgresEnv), RedisURL: os.Getenv(set.RedisEnv)}
	if d.PostgresURL == "" {
		if err := d.add(p, set, "postgres", p.startPostgres, &d.PostgresURL); err != nil {
			return nil, err
		}
	}
	if d.RedisURL == "" {
		if err := d.add(p, set, "redis", p.startRedis, &d.RedisURL); err != nil {
			return nil, errors.Join(err, d.stop())
		}
	}
	return d, nil
}

type starter func(Instance) (*Child, string, error)

func (d *Databases) add(p *Place, set Set, kind string, start starter, address *string) error {
	instance, err := p.instance(set, kind)
	if err != nil {
		return err
	}
	child, url, err := start(instance)
	if err != nil && !portFree(instance.Port) { // somebody took the port just now
		if instance, err = p.instance(set, kind); err == nil {
			child, url, err = start(instance)
		}
	}
	if err != nil {
		return err
	}
	d.children, *address = append(d.children, child), url
	return nil
}

// instance decides owner, folder, port and password of one server.
func (p *Place) instance(set Set, kind string) (Instance, error) {
	owner, err := findOwner()
	if err != nil {
		return Instance{}, err
	}
	data := dataFolder(p.Kept, p.Var(), owner.canEnter(p.Var()))
	p.Kept.Data = data
	if set.Throwaway {
		data = throwawayFolder(p.Kept, memoryFolder, freeBytes(memoryFolder), data)
	}
	name := set.Prefix + kind
	port, err := p.port(name)
	if err != nil {
		return Instance{}, err
	}
	i := Instance{Name: name, Folder: filepath.Join(data, name), Port: port, Owner: owner, Throwaway: set.Throwaway}
	if !set.Throwaway {
		i.Password = map[string]string{"postgres": p.Kept.Database, "redis": p.Kept.Redis}[kind]
	}
	return i, nil
}

// stop ends the servers, the last started first.
func (d *Databases) stop() error {
	var faults []error
	for i := len(d.children) - 1; i >= 0; i-- {
		faults = append(faults, d.children[i].stop())
	}
	return errors.Join(faults...)
}

// databases is the command for people who run single tests by hand.
func databases(ctx context.Context) error {
	place, err := openPlace()
	if err != nil {
		return err
	}
	release, err := hold(place, "test")
	if err != nil {
		return err
	}
	defer release()
	if err := place.install(ctx, serverPackages(testSet)); err != nil {
		return err
	}
	if err := place.endOrphans("test-redis", "test-postgres"); err != nil {
		return err
	}
	started, err := place.startDatabases(testSet)
	if err != nil {
		return err
	}
	fmt.Printf("export SAPA_DATABASE_URL=%q\nexport SAPA_REDIS_URL=%q\n", started.PostgresURL, started.RedisURL)
	say("set these in another terminal and run, say, `go test ./ticketing/...`; Ctrl-C ends the databases")
	<-ctx.Done()
	return started.stop()
}

// clean stops what was left running and deletes what run and test have made,
// the demonstration data included.
func clean(context.Context) error {
	place, err := openPlace()
	if err != nil {
		return err
	}
	for _, name := range []string{"run", "test"} {
		release, err := hold(place, name)
		if err != nil {
			return err
		}
		defer release()
	}
	if err := place.endOrphans("sapa", "carrier", "redis", "postgres", "test-redis", "test-postgres"); err != nil {
		return err
	}
	folders := []string{place.Var(), filepath.Join(place.Root, "bin"), filepath.Join(memoryFolder, place.Kept.folderName())}
	if data := place.Kept.Data; data == outsideFolder(place.Kept) {
		folders = append(folders, data)
	}
	for _, folder := range folders {
		say("deleting %s", folder)
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return nil
}
