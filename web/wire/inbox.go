package wire

import (
	"strings"
	"time"

	"sapa/channels"
)

// InboxDraft is what an administrator writes about an inbox. An empty auth_token
// keeps the one that is there.
type InboxDraft struct {
	Name             string   `json:"name" maxLength:"200"`
	Address          string   `json:"address" maxLength:"40"`
	Language         string   `json:"language" maxLength:"3"`
	Bot              bool     `json:"bot"`
	AccountSID       string   `json:"account_sid" maxLength:"64"`
	AuthToken        string   `json:"auth_token,omitempty" maxLength:"200" writeOnly:"true"`
	MessagingService string   `json:"messaging_service" maxLength:"64"`
	APIBase          string   `json:"api_base" maxLength:"200"`
	Origins          []string `json:"origins" nullable:"false" maxItems:"50"`
	PerSecond        int      `json:"per_second"`
}

// Inbox is the draft as the desk knows it.
func (d InboxDraft) Inbox() channels.Inbox {
	return channels.Inbox{Name: d.Name, Address: d.Address, Language: d.Language, BotOff: !d.Bot, Settings: channels.Settings{
		AccountSID: strings.TrimSpace(d.AccountSID), AuthToken: strings.TrimSpace(d.AuthToken), APIBase: d.APIBase,
		MessagingService: strings.TrimSpace(d.MessagingService), Origins: d.Origins, PerSecond: d.PerSecond}}
}

// InboxSetting is an inbox as administrators see it: never its token. hook is where
// the provider sends messages and hook_status where it reports; both are empty for
// a chat of our own. seen_at is the last webhook that proved itself, refused_at the
// last that did not.
type InboxSetting struct {
	ID          string     `json:"id"`
	Version     int64      `json:"version"`
	Kind        string     `json:"kind" enum:"webchat,whatsapp,sms,voice,telegram,email,form"`
	Slug        string     `json:"slug"`
	Status      string     `json:"status" enum:"active,paused,closed"`
	HasToken    bool       `json:"has_token"`
	TokenAt     *time.Time `json:"token_at"`
	FormerUntil *time.Time `json:"former_until"`
	Hook        string     `json:"hook"`
	HookStatus  string     `json:"hook_status"`
	SeenAt      *time.Time `json:"seen_at"`
	RefusedAt   *time.Time `json:"refused_at"`
	Trouble     string     `json:"trouble"`
	TroubleAt   *time.Time `json:"trouble_at"`
	InboxDraft
}

// InboxSettings are the inboxes with the other API addresses that one may name.
type InboxSettings struct {
	Items []InboxSetting `json:"items" nullable:"false"`
	Bases []string       `json:"bases" nullable:"false"`
}

// Inbox shapes an inbox; public is the address of this desk, without a slash at its
// end.
func (v Voice) Inbox(i channels.Inbox, public string) InboxSetting {
	told := i.Told()
	shaped := InboxSetting{
		ID: string(i.ID), Version: i.Version, Kind: string(i.Kind), Slug: i.Slug, Status: i.Status, HasToken: i.Settings.AuthToken != "",
		TokenAt: told.TokenAt, FormerUntil: instant(i.Settings.FormerUntil), SeenAt: instant(i.SeenAt), RefusedAt: instant(i.RefusedAt),
		TroubleAt: instant(i.TroubleAt), InboxDraft: InboxDraft{
			Name: told.Name, Address: told.Address, Language: told.Language, Bot: told.Bot, AccountSID: told.AccountSID,
			MessagingService: told.MessagingService, APIBase: told.APIBase, Origins: texts(told.Origins), PerSecond: told.PerSecond},
	}
	if i.Trouble != "" {
		shaped.Trouble = v.Say(i.Trouble, nil)
	}
	if i.Kind != channels.Webchat {
		shaped.Hook = public + "/hooks/" + string(i.Kind) + "/" + i.Slug
		shaped.HookStatus = shaped.Hook + "/status"
	}
	return shaped
}
