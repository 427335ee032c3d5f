package twilio

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/channels"
)

// Prefix marks WhatsApp addresses at Twilio.
const Prefix = "whatsapp:"

// mostMedia bounds the files taken from one message; Twilio sends at most 10.
const mostMedia = 10

// Parse proves the request and translates it: a message, or a report about one
// of ours.
func (g *Gateway) Parse(inbox channels.Inbox, r channels.Request) ([]channels.Event, error) {
	form, err := g.Prove(inbox, r)
	if err != nil {
		return nil, err
	}
	id := form.Get("MessageSid")
	if id == "" {
		id = form.Get("SmsSid")
	}
	if id == "" {
		return nil, fmt.Errorf("%w: no MessageSid", channels.ErrMalformed)
	}
	event := channels.Event{ProviderID: id, At: r.At, Raw: raw(form)}
	status := form.Get("MessageStatus")
	if status == "" {
		status = form.Get("SmsStatus")
	}
	if status != "" && status != "received" && status != "receiving" {
		return report(event, form, status, r.RawQuery), nil
	}
	return message(event, form)
}

func message(event channels.Event, form url.Values) ([]channels.Event, error) {
	event.Kind = channels.EventMessage
	event.From = sender(form)
	if event.From.Value == "" {
		return nil, fmt.Errorf("%w: no From", channels.ErrMalformed)
	}
	text := channels.CleanText(form.Get("Body"))
	if text == "" {
		text = place(form)
	}
	event.Text = channels.MaskIdentity(text)
	event.Masked = event.Text != text
	event.Button = form.Get("ButtonPayload")
	event.ReplyTo = form.Get("OriginalRepliedMessageSid")
	event.Media = media(form)
	event.Consent, event.Confirmed = consent(form)
	return []channels.Event{event}, nil
}

// sender: WhatsApp may name a person by an id only it understands, and an SMS
// may come from a name instead of a number.
func sender(form url.Values) channels.Address {
	from := strings.TrimPrefix(form.Get("From"), Prefix)
	address := channels.Address{
		Kind: channels.AddressHandle, Value: from,
		Name: channels.CleanText(form.Get("ProfileName")), Verified: true,
	}
	if phone, err := channels.ParseCaller(from); err == nil {
		address.Kind, address.Value = channels.AddressPhone, phone.E164
	}
	return address
}

// place says a shared location in words; it is all such a message holds. Four
// decimals are some 11 m, enough to find a training centre by.
func place(form url.Values) string {
	latitude, errLatitude := strconv.ParseFloat(form.Get("Latitude"), 64)
	longitude, errLongitude := strconv.ParseFloat(form.Get("Longitude"), 64)
	if errLatitude != nil || errLongitude != nil {
		return ""
	}
	parts := []string{form.Get("Label"), form.Get("Address"), fmt.Sprintf("geo:%.4f,%.4f", latitude, longitude)}
	return channels.CleanText(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n"))
}

func media(form url.Values) []channels.Media {
	count, _ := strconv.Atoi(form.Get("NumMedia"))
	var found []channels.Media
	for i := range min(count, mostMedia) {
		address := form.Get(fmt.Sprintf("MediaUrl%d", i))
		if address == "" {
			continue
		}
		found = append(found, channels.Media{URL: address, Mime: form.Get(fmt.Sprintf("MediaContentType%d", i))})
	}
	return found
}

// consent reads Twilio's own verdict, or the words it acts on by itself for
// SMS, and their Indonesian equals. "YES" is left out: it answers questions. Where
// Twilio acts it has answered, and takes nothing from us after a STOP.
func consent(form url.Values) (wish channels.Consent, confirmed bool) {
	word := strings.ToUpper(strings.TrimSpace(form.Get("Body")))
	kind, sms := form.Get("OptOutType"), !strings.HasPrefix(form.Get("From"), Prefix)
	switch {
	case kind == "STOP", slices.Contains([]string{"STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT", "REVOKE"}, word):
		return channels.ConsentOut, kind != "" || sms
	case kind == "START", slices.Contains([]string{"START", "UNSTOP"}, word):
		return channels.ConsentIn, kind != "" || sms
	case word == "BERHENTI":
		return channels.ConsentOut, false
	case word == "MULAI":
		return channels.ConsentIn, false
	}
	return "", false
}

// ourID is the shape of an outbox id.
var ourID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// report translates a status callback; states before ours climb nowhere.
func report(event channels.Event, form url.Values, status, query string) []channels.Event {
	event.Kind = channels.EventStatus
	event.Status = stateOf(status)
	if event.Status == "" {
		return nil
	}
	if values, err := url.ParseQuery(query); err == nil && ourID.MatchString(values.Get("outbox")) {
		event.Outbox = channels.OutboxID(values.Get("outbox"))
	}
	if event.Status == channels.StateFailed {
		event.ErrorCode = form.Get("ErrorCode")
		event.ErrorText = form.Get("ErrorMessage")
		code, _ := strconv.Atoi(event.ErrorCode)
		event.ErrorKey = verdictOf(code).key
	}
	return []channels.Event{event}
}

// stateOf maps Twilio's states to ours. Accepted, scheduled, queued and sending
// all mean that Twilio has the message, which our sent says.
func stateOf(status string) channels.State {
	switch status {
	case "accepted", "scheduled", "queued", "sending", "sent":
		return channels.StateSent
	case "delivered", "partially_delivered":
		return channels.StateDelivered
	case "read":
		return channels.StateRead
	case "failed", "undelivered", "canceled":
		return channels.StateFailed
	}
	return ""
}

// raw keeps what was sent but the text, which has been masked, and addresses,
// which the event carries.
func raw(form url.Values) json.RawMessage {
	kept := make(map[string]string, len(form))
	for name, values := range form {
		switch name {
		case "Body", "From", "To", "WaId", "ProfileName", "ButtonText", "ChannelMetadata", "ChannelToAddress":
			continue
		}
		kept[channels.CleanText(name)] = channels.MaskIdentity(channels.CleanText(values[0]))
	}
	body, err := json.Marshal(kept)
	if err != nil {
		return json.RawMessage(`{}`)
	}
	return body
}

// createdAt reads the API's timestamps, zero when there is none.
func createdAt(text *string) time.Time {
	if text == nil {
		return time.Time{}
	}
	at, _ := time.Parse(time.RFC1123Z, *text)
	return at
}
