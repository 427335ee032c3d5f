package ticketing

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
)

// inboxSetting reads an inbox for the audit log, without its secrets.
func (d *Desk) inboxSetting(id channels.InboxID) setting {
	return setting{channels.InboxObject, string(id), func(ctx context.Context, db bun.IDB) (any, error) {
		inbox, err := d.inboxes.Stored(ctx, db, id)
		return inbox.Told(), err
	}}
}

// CreateInbox adds an address under which citizens reach the desk. Errors:
// ErrForbidden, *channels.Invalid.
func (d *Desk) CreateInbox(ctx context.Context, actor access.Actor, inbox channels.Inbox) error {
	inbox.ID = channels.NewInboxID()
	return d.changeInbox(ctx, actor, inbox.ID, actionCreate, func(ctx context.Context, w *work) error {
		return d.inboxes.Create(ctx, w, inbox, w.at)
	})
}

// SaveInbox changes, pauses, closes or reopens an inbox as it stood at
// inbox.Version; an empty token keeps the one that is there. Errors: ErrForbidden,
// channels.ErrNoInbox, channels.ErrStale, *channels.Invalid.
func (d *Desk) SaveInbox(ctx context.Context, actor access.Actor, inbox channels.Inbox) error {
	return d.changeInbox(ctx, actor, inbox.ID, "change", func(ctx context.Context, w *work) error {
		return d.inboxes.Change(ctx, w, inbox, w.at)
	})
}

// changeInbox lets this process see the change at once; the others are told by the
// signal of every setting.
func (d *Desk) changeInbox(ctx context.Context, actor access.Actor, id channels.InboxID, action string, save func(context.Context, *work) error) error {
	err := d.changeSetting(ctx, actor, d.inboxSetting(id), action, save)
	if err == nil {
		d.inboxes.Forget()
	}
	return err
}
