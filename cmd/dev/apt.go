package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Package is a Debian package and how to see whether it is needed.
type Package struct {
	Name    string
	Present func() bool
}

// serverPackages is what a set of databases needs from Debian.
func serverPackages(set Set) []Package {
	var list []Package
	if os.Getenv(set.PostgresEnv) == "" {
		list = append(list, Package{"postgresql", func() bool { return len(postgresBinaries()) > 0 }})
	}
	if os.Getenv(set.RedisEnv) == "" {
		list = append(list, Package{"redis-server", func() bool { return redisBinary() != "" }})
	}
	return list
}

// browserPackages is what the journeys need: a browser and the font that draws
// the emoji people write.
func browserPackages() []Package {
	return []Package{
		{"chromium", func() bool { return chromium() != "" }},
		{"fonts-noto-color-emoji", func() bool {
			found, _ := filepath.Glob("/usr/share/fonts/truetype/noto/NotoColorEmoji*")
			return len(found) > 0
		}},
	}
}

// redisBinary is empty when Redis is not installed. /usr/sbin and the like may
// be missing from an ordinary user's PATH.
func redisBinary() string { return firstProgram("redis-server", "/usr/bin/redis-server") }

func chromium() string {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return firstProgram(named)
	}
	return firstProgram("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
}

func firstProgram(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func missing(list []Package) []string {
	var names []string
	for _, p := range list {
		if !p.Present() {
			names = append(names, p.Name)
		}
	}
	return names
}

// installScript runs as root. A fresh postgresql package would make and start a
// cluster "main", a fresh redis-server a service on port 6379: neither is ours
// to add to somebody's machine, so both are held back while we install, and
// only then. What is installed already is left alone. The policy refuses only
// while this very script lives, so that even a power cut leaves no lock behind.
const installScript = `set -e
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
conf=/etc/postgresql-common/createcluster.d
policy=/usr/sbin/policy-rc.d
policy_ours=
undo() {
  rm -f "$conf/sapa.conf"
  rmdir "$conf" /etc/postgresql-common 2>/dev/null || true
  if [ -n "$policy_ours" ]; then rm -f "$policy"; fi
}
trap undo EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$conf"
echo 'create_main_cluster = false' > "$conf/sapa.conf"
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\n# Left by an interrupted installation for Sapa: may be deleted.\nkill -0 %s 2>/dev/null && exit 101\nexit 0\n' $$ > "$policy"
  chmod 755 "$policy"
  policy_ours=yes
fi
fetch() { apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"; }
renew() { apt-get update -q -o DPkg::Lock::Timeout=300; }
ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 || renew
fetch "$@" || { renew; fetch "$@"; }
for name in "$@"; do
  if [ "$name" = redis-server ] && [ -d /run/systemd/system ]; then systemctl disable --quiet redis-server || true; fi
done
`

// install adds what is missing of the packages.
func (p *Place) install(ctx context.Context, list []Package) error {
	names := missing(list)
	if len(names) == 0 {
		return nil
	}
	byHand := "Install them yourself, then start again:\n    apt-get install --no-install-recommends " + strings.Join(names, " ")
	if firstProgram("apt-get") == "" {
		return fmt.Errorf("missing: %s, and this is no Debian (no apt-get).\n%s", strings.Join(names, ", "), byHand)
	}
	prefix, err := asRoot()
	if err != nil {
		return fmt.Errorf("missing: %s; %w.\n%s", strings.Join(names, ", "), err, byHand)
	}
	say("installing Debian packages (a few minutes at most): %s", strings.Join(names, " "))
	args := append(prefix, "sh", "-c", installScript, "install")
	args = append(args, names...)
	log, err := p.createLog("apt")
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	// Half-installed packages are worse than a late stop: let the script undo.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("apt-get failed: %w\n%s\n%s", err, p.tail("apt"), byHand)
	}
	if left := missing(list); len(left) > 0 {
		return fmt.Errorf("apt-get says it installed %s, yet nothing of it is found", strings.Join(left, ", "))
	}
	return nil
}

// asRoot is the prefix of a command that must run as root.
func asRoot() ([]string, error) {
	if os.Geteuid() == 0 {
		return nil, nil
	}
	if firstProgram("sudo") == "" {
		return nil, errors.New("only root may install them, and there is no sudo here")
	}
	if terminal, err := os.Open("/dev/tty"); err == nil { // sudo asks for its password there
		terminal.Close()
		return []string{"sudo"}, nil
	}
	if exec.Command("sudo", "-n", "true").Run() != nil {
		return nil, errors.New("only root may install them, and sudo asks for a password but there is no terminal to type it in")
	}
	return []string{"sudo", "-n"}, nil
}
