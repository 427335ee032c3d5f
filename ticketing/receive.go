package ticketing

import (
	"context"
	"errors"
	"fmt"

	"sapa/channels"
	"sapa/program/access"
)

// Receive takes the events of one proved webhook. Its receipt makes an event one
// effect however often it is delivered. Ordinary messages that arrive together
// share a transaction (intake.go); everything else is one transaction an event.
// An event that fails does not hold back the others; the error tells the caller
// to spool or to let the provider try again.
func (d *Desk) Receive(ctx context.Context, inbox channels.Inbox, events []channels.Event) error {
	var faults []error
	for _, event := range events {
		if err := d.receive(ctx, inbox, event); err != nil {
			faults = append(faults, fmt.Errorf("receive %s: %w", event.ProviderID, err))
		}
	}
	return errors.Join(faults...)
}

func (d *Desk) receive(ctx context.Context, inbox channels.Inbox, event channels.Event) error {
	if event.Kind == channels.EventStatus {
		return d.applyStatus(ctx, inbox, event)
	}
	if inbox.Closed() {
		return d.passOver(ctx, inbox, event)
	}
	if ordinary(event) {
		stored, err := d.intake.join(ctx, inbox.ID, event)
		if stored || err != nil {
			return err
		}
	}
	return d.receiveOne(ctx, inbox, event)
}

func (d *Desk) receiveOne(ctx context.Context, inbox channels.Inbox, event channels.Event) error {
	reporter := access.Actor{Kind: access.Reporter}
	return d.do(ctx, reporter, func(ctx context.Context, w *work) error {
		fresh, err := channels.ClaimReceipt(ctx, w, inbox.ID, event.ProviderID, w.at)
		if err != nil || !fresh {
			return err
		}
		point, err := w.point(ctx, event.From)
		if err != nil {
			return err
		}
		changed, err := channels.TouchWindow(ctx, w, inbox.ID, event)
		if err != nil {
			return err
		}
		if event.Consent != "" && (event.Consent == channels.ConsentOut || changed) {
			return w.takeWish(ctx, inbox, point, event, changed && !event.Confirmed)
		}
		_, err = w.take(ctx, inbox, point, inboundOf(event))
		return err
	})
}

// passOver takes nothing of a message to a closed inbox but its sender's wish not to
// be written to, which must hold when the inbox is opened again.
func (d *Desk) passOver(ctx context.Context, inbox channels.Inbox, event channels.Event) error {
	if event.Consent == "" {
		return nil
	}
	return d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		fresh, err := channels.ClaimReceipt(ctx, w, inbox.ID, event.ProviderID, w.at)
		if err != nil || !fresh {
			return err
		}
		_, err = channels.TouchWindow(ctx, w, inbox.ID, event)
		return err
	})
}

// inboundOf is what a message event brings into a conversation.
func inboundOf(event channels.Event) inbound {
	return inbound{text: event.Text, button: event.Button, providerID: event.ProviderID, media: event.Media, masked: event.Masked}
}

func (d *Desk) applyStatus(ctx context.Context, inbox channels.Inbox, event channels.Event) error {
	return d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		change, err := d.outbox.ApplyStatus(ctx, w, inbox, event)
		if change != nil {
			w.changes = append(w.changes, *change)
		}
		return err
	})
}
