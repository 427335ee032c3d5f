package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// unless runs work when the inputs differ from those of its last success, or
// when what it makes is gone.
func (p *Place) unless(name, inputs string, made func() bool, work func() error) (ran bool, err error) {
	stamp := p.Var("stamp", name)
	if last, err := os.ReadFile(stamp); err == nil && string(last) == inputs && made() {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(stamp), 0o755); err != nil {
		return false, err
	}
	if err := os.RemoveAll(stamp); err != nil { // a failure must not look like the success before it
		return false, err
	}
	if err := work(); err != nil {
		return true, err
	}
	return true, os.WriteFile(stamp, []byte(inputs), 0o644)
}

// hashTree is one hash over the paths and contents of the files below the
// folders, leaving out what skip names. A folder that is not there counts as
// empty.
func hashTree(root string, folders []string, skip func(path string) bool) (string, error) {
	sum := sha256.New()
	for _, folder := range folders {
		paths, err := filesBelow(root, folder, skip)
		if err != nil {
			return "", err
		}
		for _, path := range paths {
			if err := hashFile(sum, root, path); err != nil {
				return "", err
			}
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// filesBelow lists regular files, sorted, as paths relative to root.
func filesBelow(root, folder string, skip func(path string) bool) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(filepath.Join(root, folder), func(at string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		path, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		switch {
		case skip(filepath.ToSlash(path)) && entry.IsDir():
			return fs.SkipDir
		case entry.Type().IsRegular() && !skip(filepath.ToSlash(path)):
			paths = append(paths, path)
		}
		return nil
	})
	slices.Sort(paths)
	return paths, err
}

func hashFile(sum io.Writer, root, path string) error {
	file, err := os.Open(filepath.Join(root, path))
	if err != nil {
		return err
	}
	defer file.Close()
	content := sha256.New()
	if _, err := io.Copy(content, file); err != nil {
		return err
	}
	_, err = fmt.Fprintf(sum, "%s %x\n", filepath.ToSlash(path), content.Sum(nil))
	return err
}

// skipUI leaves out what npm, the build and the browser tests make.
func skipUI(path string) bool {
	rest, inside := strings.CutPrefix(path, "web/ui/")
	if !inside {
		return false
	}
	first, _, _ := strings.Cut(rest, "/")
	return slices.Contains([]string{"node_modules", "dist", "test-results", "playwright-report", "coverage", ".svelte-kit"}, first)
}
