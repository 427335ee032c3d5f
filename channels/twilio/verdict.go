package twilio

import "sapa/channels"

// verdict is what one of Twilio's error codes means for a message.
type verdict struct {
	key       string // words for the agent
	temporary bool   // worth another try
	inbox     bool   // every message of the inbox will meet it
}

// verdictOf knows the codes of Twilio's error dictionary that a sender of
// messages meets; an unknown one is a refusal for good.
func verdictOf(code int) verdict {
	named := func(name string) verdict { return verdict{key: channels.ErrorKey(name)} }
	switch code {
	case 20003, 20005, 20006, 30002, 63007: // credentials, suspended account, unknown sender
		return verdict{key: channels.ErrorKey("credentials"), temporary: true, inbox: true}
	case 14107, 20429, 21611, 30001, 30022, 63018, 63038: // too much at once
		return verdict{key: channels.ErrorKey("busy"), temporary: true}
	case 20500, 20503, 20504, 30500:
		return verdict{key: channels.ErrorKey("down"), temporary: true}
	case 63016:
		return named("window_closed")
	case 21610:
		return named("opted_out")
	case 21211, 21214, 21217, 21265, 21401, 21604, 21614:
		return named("invalid_address")
	case 30003, 30005, 30008, 30009, 21612:
		return named("unreachable")
	case 30006, 63003, 63024, 63033:
		return named("not_on_channel")
	case 21408, 30004, 30007, 63010, 63013, 63032, 63049:
		return named("blocked")
	case 21617, 30019, 63006:
		return named("too_long")
	case 21602, 21619:
		return named("empty")
	case 11200, 12300, 21620, 21622, 21623, 30035, 63019, 63012, 63005:
		return named("media")
	case 21654, 21655, 21656, 63021, 63027, 63028, 63040, 63041, 63042:
		return named("template")
	}
	return named("rejected")
}
