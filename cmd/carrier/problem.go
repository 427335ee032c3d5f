package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// Problem is an error as Twilio's REST API tells it.
type Problem struct {
	Code       int    `json:"code"`
	Message    string `json:"message"`
	MoreInfo   string `json:"more_info"`
	Status     int    `json:"status"`
	retryAfter int    // seconds, sent as a header when above 0
}

func problem(status, code int, format string, args ...any) *Problem {
	return &Problem{
		Code: code, Status: status, Message: fmt.Sprintf(format, args...),
		MoreInfo: "https://www.twilio.com/docs/errors/" + strconv.Itoa(code),
	}
}

func notFound(path string) *Problem {
	return problem(http.StatusNotFound, 20404, "The requested resource %s was not found", path)
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
	}
	if p.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	writeJSON(w, p.Status, p)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.Encode(body) // a client that went away is no fault of ours
}

// explain gives the text that belongs to an error code in status callbacks
// and in failing calls (Twilio's error dictionary, in our words).
func explain(code int) string {
	switch code {
	case 20429:
		return "Too Many Requests"
	case 20500:
		return "An internal server error has occurred"
	case 20503:
		return "Service is unavailable. Please try again"
	case 21611:
		return "This 'From' number has exceeded the maximum number of queued messages"
	case 30001:
		return "Queue overflow"
	case 30003:
		return "Unreachable destination handset"
	case 30004:
		return "Message blocked"
	case 30005:
		return "Unknown destination handset"
	case 30006:
		return "Landline or unreachable carrier"
	case 30007:
		return "Message filtered"
	case 30008:
		return "Unknown error"
	case 63003:
		return "Channel could not find To address"
	case 63016:
		return "Failed to send freeform message because you are outside the allowed window. If you are using WhatsApp, please use a Message Template."
	case 63018:
		return "Rate limit exceeded for Channel"
	case 63019:
		return "Media failed to download"
	case 63024:
		return "Invalid message recipient"
	}
	return "Error " + strconv.Itoa(code)
}
