package sla

import "time"

// Work is the sort of ticket that the business target depends on.
type Work string

// The sorts of work.
const (
	WorkInformation Work = "information_request"
	WorkAspiration  Work = "aspiration"
	WorkComplaint   Work = "complaint"
	WorkOversight   Work = "oversight" // complaint that needs an inquiry into conduct
	WorkIntegrity   Work = "integrity" // whistle-blowing, fraud
)

// Channel is the kind of inbox a contact came through.
type Channel string

// The channels, named as the rooms and addresses name them.
const (
	ChannelVoice    Channel = "voice"
	ChannelWebchat  Channel = "webchat"
	ChannelWhatsApp Channel = "whatsapp"
	ChannelTelegram Channel = "telegram"
	ChannelSMS      Channel = "sms"
	ChannelEmail    Channel = "email"
	ChannelForm     Channel = "form"
)

// MaxLevel is the highest level of escalation.
const MaxLevel = 3

// Targets are the promised times. They are settings; [DefaultTargets] holds
// what a new desk begins with.
type Targets struct {
	Ack      Amount
	Live     map[Channel]Amount // first human reply
	Verify   Amount
	FollowUp Amount
	Resolve  map[Work]Amount
	State    [MaxLevel]Amount // by the level the ticket is on, before it climbs
	Reporter Amount
	Contest  Amount
	Appeal   Amount
	DSR      Amount
	Breach   Amount

	// ReporterReminders are when a silent reporter is reminded of the
	// question, from the asking.
	ReporterReminders []Amount
	// DSRPages and BreachPages are when the data-protection officer is
	// paged, from the start.
	DSRPages, BreachPages []Amount
}

// DefaultTargets are the targets as published or, marked "ours", chosen.
func DefaultTargets() Targets {
	return Targets{
		Ack:      InElapsed(60 * time.Second), // ISO 10002 "immediately"; the figure is ours
		Verify:   InWorkingDays(3),            // SP4N-LAPOR! FAQ
		FollowUp: InWorkingDays(5),            // SP4N-LAPOR! procedure
		Reporter: InCalendarDays(30),          // UU 25/2009 article 44
		Contest:  InWorkingDays(10),           // SP4N-LAPOR! closing rule
		Appeal:   InCalendarDays(30),          // ours
		DSR:      InElapsed(72 * time.Hour),   // UU 27/2022 articles 30, 32, 40, 41: 3 x 24 hours
		Breach:   InElapsed(72 * time.Hour),   // UU 27/2022 article 46: 3 x 24 hours
		Live: map[Channel]Amount{
			ChannelVoice:    InDeskHours(20 * time.Second), // usual 80/20 target of contact centres
			ChannelWebchat:  InDeskHours(60 * time.Second), // ours, as all below
			ChannelWhatsApp: InDeskHours(15 * time.Minute),
			ChannelTelegram: InDeskHours(15 * time.Minute),
			ChannelSMS:      InDeskHours(15 * time.Minute),
			ChannelEmail:    InWorkingDays(1),
			ChannelForm:     InWorkingDays(1),
		},
		Resolve: map[Work]Amount{
			WorkInformation: InWorkingDays(5),  // SP4N targets
			WorkComplaint:   InWorkingDays(14), // SP4N targets
			WorkOversight:   InWorkingDays(60), // SP4N targets
			WorkAspiration:  InWorkingDays(14), // ours
			WorkIntegrity:   InWorkingDays(60), // ours: an inquiry, as oversight
		},
		// Ours; other desks ship hours, which suit no working-day promise.
		State: [MaxLevel]Amount{InWorkingDays(1), InWorkingDays(2), InWorkingDays(3)},

		ReporterReminders: []Amount{InCalendarDays(3), InCalendarDays(10), InCalendarDays(20)},
		DSRPages:          []Amount{InElapsed(48 * time.Hour)},
		BreachPages:       []Amount{InElapsed(24 * time.Hour), InElapsed(48 * time.Hour), InElapsed(60 * time.Hour)},
	}
}

// StateAt is how long a ticket may stay in one state on a level before it
// climbs; no target on the highest level, from which it climbs no further.
func (t Targets) StateAt(level int) Amount {
	if level < 0 || level >= len(t.State) {
		return Amount{}
	}
	return t.State[level]
}
