package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Place is a clone and what we remember about it in var/dev.json.
type Place struct {
	Root string // the clone's folder
	Kept Kept
}

// Kept outlives a run: without it a second run would neither find its data nor
// be able to log in to it. It holds passwords, so its file is 0600.
type Kept struct {
	Root       string         `json:"root"`
	ID         string         `json:"id"`             // random, 8 hexadecimal digits
	Data       string         `json:"data,omitempty"` // where the databases live, once decided
	Ports      map[string]int `json:"ports"`
	Database   string         `json:"database_password"`
	Redis      string         `json:"redis_password"`
	AccountSID string         `json:"account_sid"`
	AuthToken  string         `json:"auth_token"`
}

// openPlace finds the clone's folder and reads, or begins, its memory.
func openPlace() (*Place, error) {
	folder, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	root, err := findRoot(folder)
	if err != nil {
		return nil, err
	}
	place := &Place{Root: root}
	err = place.read()
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w\nWas this clone used by another account before, such as root? Go on as that one, or let it `make clean`", err)
	}
	return place, err
}

// read fills in what var/dev.json knows, and makes var/ at the first start.
func (p *Place) read() error {
	if err := os.MkdirAll(p.Var("log"), 0o755); err != nil {
		return err
	}
	// The database user must pass through var/, whatever umask is set.
	if err := os.Chmod(p.Var(), 0o755); err != nil {
		return err
	}
	raw, err := os.ReadFile(p.Var("dev.json"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if p.Kept, err = recall(raw, p.Root); err != nil {
		return fmt.Errorf("%s: %w: delete it", p.Var("dev.json"), err)
	}
	return p.save()
}

// findRoot climbs from folder to the one whose go.mod says "module sapa".
func findRoot(folder string) (string, error) {
	for at := folder; ; at = filepath.Dir(at) {
		body, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(body), "module sapa\n") {
			return filepath.EvalSymlinks(at)
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not inside a clone of Sapa: change into the clone's folder first", folder)
		}
	}
}

// recall reads the memory, or begins a new one when there is none or when it
// came along with a copy of another clone: two clones must not share databases.
func recall(raw []byte, root string) (kept Kept, err error) {
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &kept); err != nil {
			return Kept{}, err
		}
	}
	if kept.Root == root && kept.ID != "" {
		if kept.Ports == nil {
			kept.Ports = map[string]int{}
		}
		return kept, nil
	}
	if kept.Database == "" {
		kept = Kept{Database: secret(16), Redis: secret(16), AccountSID: "AC" + secret(16), AuthToken: secret(16)}
	}
	kept.Root, kept.ID, kept.Data, kept.Ports = root, secret(4), "", map[string]int{}
	return kept, nil
}

func (p *Place) save() error {
	body, err := json.MarshalIndent(p.Kept, "", "  ")
	if err != nil {
		return err
	}
	draft := p.Var("dev.json.new")
	if err := os.WriteFile(draft, append(body, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, p.Var("dev.json"))
}

// Var is a path in the clone's folder for things that are not kept in git.
func (p *Place) Var(parts ...string) string {
	return filepath.Join(append([]string{p.Root, "var"}, parts...)...)
}

// Log is the file that holds what the named program printed.
func (p *Place) Log(name string) string { return p.Var("log", name+".log") }

// Short is a path as a reader in the clone's folder would write it.
func (p *Place) Short(path string) string {
	if rest, inside := strings.CutPrefix(path, p.Root+"/"); inside {
		return rest
	}
	return path
}

// dataFolder decides where the databases live: in the clone, unless the account
// that must run them cannot get there, as in a clone under /root. Once decided
// it stays, so that a later chmod does not make the data seem lost.
func dataFolder(kept Kept, inside string, canEnter bool) string {
	if kept.Data != "" {
		return kept.Data
	}
	if canEnter {
		return inside
	}
	return outsideFolder(kept)
}

// outsideFolder is for data that cannot lie in the clone.
func outsideFolder(kept Kept) string { return "/var/lib/" + kept.folderName() }

// folderName hashes the id along with the path: a new clone at the place of a
// deleted one must not meet data that was sealed with the old one's keys.
func (k Kept) folderName() string {
	sum := sha256.Sum256([]byte(k.Root + "\n" + k.ID))
	return "sapa-" + hex.EncodeToString(sum[:])[:8]
}

// throwawayFolder decides where the databases of tests live: in memory, where it
// has room. Each test makes and drops a database of a thousand files, and on a
// disk finding places for them took two fifths of PostgreSQL's time (perf, ext4).
func throwawayFolder(kept Kept, memory string, free uint64, otherwise string) string {
	if free < memoryNeeded {
		return otherwise
	}
	return filepath.Join(memory, kept.folderName())
}

// memoryFolder is the file system in memory that every Linux has.
const memoryFolder = "/dev/shm"

// memoryNeeded is ten times what a whole run leaves behind (171 MB), as the most
// that its tests may hold at one time.
const memoryNeeded = 2 << 30

// freeBytes is the room below folder; none when it cannot be told.
func freeBytes(folder string) uint64 {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0
	}
	return stat.Bavail * uint64(stat.Bsize)
}

// secret is n random bytes as 2n hexadecimal digits.
func secret(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(raw)
}
