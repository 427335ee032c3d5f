package channels

import "time"

// ToldInbox is what may be told of an inbox: to administrators, and to the audit
// log. It holds no secret, and says of the token only when it was entered.
type ToldInbox struct {
	Kind             Kind       `json:"kind"`
	Slug             string     `json:"slug"`
	Name             string     `json:"name"`
	Address          string     `json:"address"`
	Language         string     `json:"language"`
	Status           string     `json:"status"`
	Bot              bool       `json:"bot"`
	AccountSID       string     `json:"account_sid"`
	MessagingService string     `json:"messaging_service"`
	APIBase          string     `json:"api_base"`
	Origins          []string   `json:"origins"`
	PerSecond        int        `json:"per_second"`
	TokenAt          *time.Time `json:"token_at"`
}

// Told is the inbox without its secrets.
func (i Inbox) Told() ToldInbox {
	told := ToldInbox{
		Kind: i.Kind, Slug: i.Slug, Name: i.Name, Address: i.Address, Language: i.Language, Status: i.Status, Bot: !i.BotOff,
		AccountSID: i.Settings.AccountSID, MessagingService: i.Settings.MessagingService, APIBase: i.Settings.APIBase,
		Origins: i.Settings.Origins, PerSecond: i.Settings.PerSecond,
	}
	if at := i.Settings.TokenAt.UTC(); !at.IsZero() {
		told.TokenAt = &at
	}
	return told
}
