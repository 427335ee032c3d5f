package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Owner is the account that runs PostgreSQL and Redis. The zero value is
// ourselves; as root it is Debian's user "postgres", since PostgreSQL refuses
// to run as root.
type Owner struct {
	credential *syscall.Credential
}

func findOwner() (Owner, error) {
	if os.Geteuid() != 0 {
		return Owner{}, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return Owner{}, fmt.Errorf("PostgreSQL does not run as root and there is no user \"postgres\": %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return Owner{}, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return Owner{}, err
	}
	return Owner{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// canEnter tries instead of reading mode bits: access lists and mounts count too.
func (o Owner) canEnter(folder string) bool {
	try := exec.Command("/bin/true")
	try.Dir = folder
	try.SysProcAttr = &syscall.SysProcAttr{Credential: o.credential}
	return try.Run() == nil
}

// own makes a folder that only the account may read.
func (o Owner) own(folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return o.give(folder)
}

// write puts a 0600 file where the account can read it.
func (o Owner) write(path, body string) error {
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		return err
	}
	return o.give(path)
}

func (o Owner) give(path string) error {
	if o.credential == nil {
		return nil
	}
	return os.Chown(path, int(o.credential.Uid), int(o.credential.Gid))
}
