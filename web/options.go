// Package web is the edge of the desk: the staff's API, the providers'
// webhooks, the console and its socket, health and metrics. Handlers decode,
// make one call and encode; what a request may do stands in the table of routes.
package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"
	"gocloud.dev/blob"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/channels/spool"
	"sapa/program"
	"sapa/ticketing"
	"sapa/ticketing/webhook"
	"sapa/web/auth"
	"sapa/web/live"
	"sapa/web/portal"
)

// Options are what the server needs. All are required but those of the last
// group.
type Options struct {
	DB    *bun.DB
	Redis *redis.Client
	Bus   *bus.Bus
	Auth  *auth.Auth

	Desk     *ticketing.Desk
	Webhooks *webhook.Hooks
	Program  *program.Core
	Texts    *program.Texts

	Outbox   *channels.Outbox
	Inboxes  *channels.InboxCache
	Adapters channels.Registry
	Files    *attachment.Store
	Bucket   *blob.Bucket // where the files are; only asked whether it can be reached
	Spool    *spool.Spool

	// PublicURL is what browsers and providers call; FilesURL is the second
	// origin, from which attachments and nothing else are served.
	PublicURL *url.URL
	FilesURL  *url.URL
	Now       func() time.Time

	// Chat and Portal serve the citizens; nil leaves their addresses out.
	Chat   *live.Chat
	Portal *portal.Portal
	// Proxies are the peers whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Metrics collects; nil makes a registry of the server's own.
	Metrics *prometheus.Registry
	Log     *slog.Logger
}

func (o *Options) check() error {
	var faults []error
	for name, missing := range map[string]bool{
		"DB": o.DB == nil, "Redis": o.Redis == nil, "Bus": o.Bus == nil, "Auth": o.Auth == nil, "Desk": o.Desk == nil, "Webhooks": o.Webhooks == nil,
		"Program": o.Program == nil, "Texts": o.Texts == nil, "Outbox": o.Outbox == nil, "Inboxes": o.Inboxes == nil,
		"Adapters": o.Adapters == nil, "Files": o.Files == nil, "Bucket": o.Bucket == nil, "Spool": o.Spool == nil,
		"PublicURL": o.PublicURL == nil, "FilesURL": o.FilesURL == nil, "Now": o.Now == nil,
	} {
		if missing {
			faults = append(faults, fmt.Errorf("web: Options.%s is required", name))
		}
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return errors.Join(faults...)
}
