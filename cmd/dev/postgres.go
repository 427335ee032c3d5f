package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oldestPostgres is the first version the migrations are tried with.
const oldestPostgres = 15

// Instance is one private database server: where it lives and how it is reached.
type Instance struct {
	Name      string // "postgres", "test-postgres", "redis", "test-redis"
	Folder    string // its data
	Port      int
	Password  string // empty: whoever reaches the loopback address is trusted
	Owner     Owner
	Throwaway bool // its data need not outlive a power cut
}

// postgresBinaries lists the folders with server programs, newest version first.
func postgresBinaries() map[int]string {
	found := map[int]string{}
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	for _, folder := range folders {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if _, missing := os.Stat(filepath.Join(folder, "initdb")); err == nil && missing == nil {
			found[version] = folder
		}
	}
	return found
}

// chooseVersion takes the version the data was made with, or the newest for new
// data (made is 0).
func chooseVersion(installed map[int]string, made int) (string, error) {
	if made != 0 {
		if folder, ok := installed[made]; ok {
			return folder, nil
		}
		return "", fmt.Errorf("the data was made by PostgreSQL %d, which is not installed any more.\nInstall postgresql-%[1]d, or delete the data with `make clean`", made)
	}
	newest := 0
	for version := range installed {
		newest = max(newest, version)
	}
	if newest < oldestPostgres {
		return "", fmt.Errorf("PostgreSQL %d or newer is needed; installed: %v", oldestPostgres, versions(installed))
	}
	return installed[newest], nil
}

func versions(installed map[int]string) []int {
	list := []int{}
	for version := range installed {
		list = append(list, version)
	}
	slices.Sort(list)
	return list
}

// startPostgres starts the instance, making its data on the first start, and
// returns the address of its database.
func (p *Place) startPostgres(i Instance) (*Child, string, error) {
	binaries, err := chooseVersion(postgresBinaries(), madeBy(i.Folder))
	if err != nil {
		return nil, "", err
	}
	if err := endPostmaster(i.Folder); err != nil {
		return nil, "", err
	}
	if err := p.initPostgres(i, binaries); err != nil {
		return nil, "", err
	}
	child, err := p.start(Start{
		Name: i.Name, Path: filepath.Join(binaries, "postgres"), Args: postgresArgs(i), Dir: i.Folder,
		Env: plainEnv(), Owner: i.Owner, Ends: likePostgres,
	})
	if err != nil {
		return nil, "", err
	}
	if err := child.awaitReady(time.Minute, func() bool { return postmasterReady(i.Folder, child.cmd.Process.Pid) }); err != nil {
		return nil, "", errors.Join(err, child.stop())
	}
	if err := createDatabase(i, binaries); err != nil {
		return nil, "", errors.Join(err, child.stop())
	}
	return child, postgresURL(i), nil
}

// madeBy reads the version that made the data; 0 when there is none yet.
func madeBy(folder string) int {
	body, _ := os.ReadFile(filepath.Join(folder, "PG_VERSION"))
	version, _ := strconv.Atoi(strings.TrimSpace(string(body)))
	return version
}

// initPostgres makes the data beside its place and moves it there when whole, so
// that an interrupted first start leaves nothing half made.
func (p *Place) initPostgres(i Instance, binaries string) error {
	if madeBy(i.Folder) != 0 {
		return nil
	}
	draft, password := i.Folder+".new", i.Folder+".password"
	if err := os.RemoveAll(draft); err != nil {
		return err
	}
	if err := i.Owner.own(draft); err != nil {
		return err
	}
	args := []string{"--pgdata", draft, "--username", "sapa", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"}
	if i.Password == "" {
		args = append(args, "--auth", "trust")
	} else {
		if err := i.Owner.write(password, i.Password+"\n"); err != nil {
			return err
		}
		defer os.Remove(password)
		args = append(args, "--auth", "scram-sha-256", "--pwfile", password)
	}
	initdb := exec.Command(filepath.Join(binaries, "initdb"), args...)
	initdb.Dir, initdb.Env = draft, plainEnv()
	initdb.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: i.Owner.credential}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s: %w\n%s", draft, err, lastLines(string(out), 20))
	}
	return os.Rename(draft, i.Folder)
}

// postgresArgs overrides postgresql.conf, which stays as initdb wrote it. There
// is no Unix socket: its path would have to fit in 107 bytes.
func postgresArgs(i Instance) []string {
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(i.Port), "unix_socket_directories=",
		"timezone=UTC", "log_timezone=UTC", "max_connections=200", "shared_buffers=256MB",
	}
	if i.Throwaway {
		settings = append(settings, "max_connections=400", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", i.Folder}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

func postmasterReady(folder string, pid int) bool {
	body, err := os.ReadFile(filepath.Join(folder, "postmaster.pid"))
	return err == nil && parsePostmaster(string(body)) == Postmaster{PID: pid, Ready: true}
}

// createDatabase makes the database "sapa" at the first start.
func createDatabase(i Instance, binaries string) error {
	exists, err := psql(i, binaries, "SELECT 1 FROM pg_database WHERE datname = 'sapa'")
	if err == nil && exists == "" {
		_, err = psql(i, binaries, "CREATE DATABASE sapa")
	}
	if err != nil {
		return fmt.Errorf("PostgreSQL on port %d does not let us in: %w\nIf var/dev.json was deleted, its password is lost: start afresh with `make clean`", i.Port, err)
	}
	return nil
}

func psql(i Instance, binaries, query string) (string, error) {
	cmd := exec.Command(filepath.Join(binaries, "psql"), "--no-psqlrc", "--no-password", "-h", "127.0.0.1",
		"-p", strconv.Itoa(i.Port), "-U", "sapa", "-d", "postgres", "-tAc", query)
	cmd.Env = append(plainEnv(), "PGPASSWORD="+i.Password)
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(fault.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

func postgresURL(i Instance) string {
	account := url.User("sapa")
	if i.Password != "" {
		account = url.UserPassword("sapa", i.Password)
	}
	address := url.URL{Scheme: "postgres", User: account, Host: "127.0.0.1:" + strconv.Itoa(i.Port), Path: "/sapa", RawQuery: "sslmode=disable"}
	return address.String()
}
