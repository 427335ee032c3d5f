package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// hold keeps a second run (or test) of the same clone out. The kernel frees the
// lock when we die, however we die.
func hold(place *Place, name string) (release func(), err error) {
	file, err := os.OpenFile(place.Var(name+".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := io.ReadAll(file)
		file.Close()
		return nil, fmt.Errorf("this clone is already busy with %q (process %s).\nStop that one first: Ctrl-C where it runs, or kill %[2]s",
			name, strings.TrimSpace(string(holder)))
	}
	_ = file.Truncate(0)
	_, _ = fmt.Fprintln(file, os.Getpid())
	return func() {
		// A child that is being started at this moment holds a copy of the file yet.
		_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
		file.Close()
	}, nil
}
