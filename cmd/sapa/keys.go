package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"sapa/channels/seal"
)

// keys makes, rotates and copies the keyset. Whoever loses it loses every
// sealed number, so nothing here overwrites a key.
func keys(_ context.Context, c call) int {
	flags := flag.NewFlagSet("keys", flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	ifMissing := flags.Bool("if-missing", false, "new: leave a file that is there alone")
	action := ""
	if len(c.args) > 0 {
		action, c.args = c.args[0], c.args[1:]
	}
	if err := flags.Parse(c.args); err != nil || flags.NArg() < 1 {
		fmt.Fprintln(c.stderr, "usage: sapa keys new [--if-missing] FILE | rotate FILE | backup FILE COPY")
		return 2
	}
	if err := keysAct(action, flags.Args(), *ifMissing, c.stdout); err != nil {
		return c.fail(err)
	}
	return 0
}

func keysAct(action string, files []string, ifMissing bool, out io.Writer) error {
	switch {
	case action == "new" && len(files) == 1:
		return newKeys(files[0], ifMissing, out)
	case action == "rotate" && len(files) == 1:
		return rotateKeys(files[0], out)
	case action == "backup" && len(files) == 2:
		return copyKeys(files[0], files[1], out)
	}
	return fmt.Errorf("keys: there is no %q with %d files; `sapa keys` tells the usage", action, len(files))
}

func newKeys(path string, ifMissing bool, out io.Writer) error {
	if _, err := os.Stat(path); err == nil && ifMissing {
		_, err := seal.Load(path)
		return err
	}
	if err := seal.Create(path); err != nil {
		return err
	}
	fmt.Fprintf(out, "wrote %s. Keep a copy in another safe place: `sapa keys backup %s COPY`.\n", path, path)
	return nil
}

// rotateKeys adds a new primary key; what was sealed before stays readable. The
// file as it was is kept beside it.
func rotateKeys(path string, out io.Writer) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	rotated, err := seal.Rotate(raw)
	if err != nil {
		return err
	}
	kept := path + "." + time.Now().UTC().Format("20060102T150405Z")
	if err := writeNew(kept, raw); err != nil {
		return err
	}
	if err := seal.Replace(path, rotated); err != nil {
		return err
	}
	fmt.Fprintf(out, "rotated %s; the file as it was is %s. Restart every process.\n", path, kept)
	return nil
}

func copyKeys(path, target string, out io.Writer) error {
	if _, err := seal.Load(path); err != nil {
		return err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := writeNew(target, raw); err != nil {
		return err
	}
	fmt.Fprintf(out, "copied to %s\n", target)
	return nil
}

func writeNew(path string, raw []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	_, err = file.Write(raw)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("keys: write %s: %w", path, err)
	}
	return nil
}
