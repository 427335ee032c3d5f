package twilio

import (
	"context"

	"sapa/channels"
)

// Check reads the inbox's account, which changes nothing. Only an active account
// carries messages.
func (g *Gateway) Check(ctx context.Context, inbox channels.Inbox) error {
	c := g.begin(ctx, inbox)
	account, err := c.service().FetchAccount(inbox.Settings.AccountSID)
	if err != nil {
		return c.judge(err)
	}
	if status := deref(account.Status); status != "active" {
		return &channels.Temporary{Key: channels.ErrorKey(channels.CheckAccount), Text: "account is not active", Inbox: true}
	}
	return nil
}
