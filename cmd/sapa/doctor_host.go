package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"gocloud.dev/blob"

	"sapa/channels/attachment"
	"sapa/channels/seal"
)

// origins: files a citizen sent must never run beside an agent's session, and
// browsers keep passwords to themselves only over TLS.
func (p *patient) origins(context.Context) {
	public, files := p.config.PublicURL, p.config.FilesURL
	switch {
	case public == nil || files == nil || public.Host == "" || files.Host == "" || public.Host == files.Host:
		return // told among the settings
	case public.Scheme == "http" && !loopback(public):
		p.worry("addresses", "put a proxy that ends TLS in front and set SAPA_PUBLIC_URL to https://…", "SAPA_PUBLIC_URL is %s: passwords would travel in clear", public)
	default:
		p.well("addresses", "%s, files apart at %s", public, files)
	}
}

func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// listen: the port is free, or a desk answers there already.
func (p *patient) listen(ctx context.Context) {
	address := p.config.Listen
	if _, _, err := net.SplitHostPort(address); err != nil {
		return
	}
	listener, err := net.Listen("tcp", address)
	if err == nil {
		p.well("port", "%s is free", address)
		_ = listener.Close()
		return
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		if status, err := get(ctx, "http://"+address+"/healthz"); err == nil && status == http.StatusOK {
			p.well("port", "a desk is running at %s", address)
			return
		}
		p.ail("port", "stop the other program or choose another SAPA_LISTEN", "%s is taken by something that is no desk", address)
		return
	}
	p.ail("port", "choose a SAPA_LISTEN that this machine has and this user may open", "%v", err)
}

// get asks an address and says the status of the answer.
func get(ctx context.Context, address string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// keyset: readable by its owner alone, and whole.
func (p *patient) keyset(context.Context) {
	path := p.config.Keyset
	if path == "" {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		p.ail("keyset", "sapa keys new "+path+", or bring back your copy", "%v", err)
		return
	}
	if _, err := seal.Load(path); err != nil {
		p.ail("keyset", "bring back your copy of the file", "%v", err)
		return
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		p.ail("keyset", "chmod 600 "+path, "%s is open to others (%v)", path, mode)
		return
	}
	p.well("keyset", "%s opens, mode %v", path, info.Mode().Perm())
}

// blobs writes, reads and removes a probe.
func (p *patient) blobs(ctx context.Context) {
	if err := p.probe(ctx); err != nil {
		p.ail("blob store", "make the folder or bucket and give this user read and write access", "%s: %v", p.config.BlobURL, err)
		return
	}
	p.well("blob store", "%s takes and gives files", p.config.BlobURL)
}

func (p *patient) probe(ctx context.Context) (err error) {
	bucket, err := attachment.OpenBucket(ctx, p.config.BlobURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bucket.Close()) }()
	key, want := fmt.Sprintf("doctor/%d", time.Now().UnixNano()), []byte("sapa doctor")
	if err := bucket.WriteAll(ctx, key, want, &blob.WriterOptions{ContentType: "text/plain"}); err != nil {
		return err
	}
	got, err := bucket.ReadAll(ctx, key)
	if err == nil && !bytes.Equal(got, want) {
		err = errors.New("what came back is not what was stored")
	}
	return errors.Join(err, bucket.Delete(ctx, key))
}

// Free room on the disk of the spool: below the first it worries, below the
// second it fails (ours; a webhook with text is a few kilobytes).
const (
	roomEnough = 1 << 30
	roomLeast  = 100 << 20
)

// spool: webhooks wait there while PostgreSQL is away.
func (p *patient) spool(context.Context) {
	dir := p.config.SpoolDir
	file, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		p.ail("spool", "mkdir -p "+dir+", and give this user write access", "%v", err)
		return
	}
	_ = errors.Join(file.Close(), os.Remove(file.Name()))
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		p.worry("spool", "look with df "+dir, "free room unknown: %v", err)
		return
	}
	free := int64(disk.Bavail) * int64(disk.Bsize) //nolint:unconvert // the types differ between systems
	switch {
	case free < roomLeast:
		p.ail("spool", "free some room on that disk", "%s has %d MiB left", dir, free>>20)
	case free < roomEnough:
		p.worry("spool", "free some room on that disk", "%s has %d MiB left", dir, free>>20)
	default:
		p.well("spool", "%s is writable, %d GiB free%s", dir, free>>30, waitingIn(dir))
	}
}

// waitingIn says whether webhooks wait, which they do only while PostgreSQL is
// away.
func waitingIn(dir string) string {
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) <= 1 { // the lock
		return ""
	}
	return fmt.Sprintf(", %d files in it", len(names))
}
