package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Config is everything the stand-in is told at its start.
type Config struct {
	Listen    string // host:port; port 0 lets the system choose
	PublicURL string // where the desk reaches the stand-in; media addresses start with it
	Target    string // the desk's public URL; empty until POST /control/target names it

	AccountSid       string // user name of the REST calls
	AuthToken        string // their password, and the key of every webhook's signature
	MessagingService string // the one service that exists; empty accepts any well-formed one

	WhatsAppInbox  string // slug in /hooks/whatsapp/{inbox}
	SMSInbox       string // slug in /hooks/sms/{inbox}
	WhatsAppNumber string // the desk's number, E.164
	SMSNumber      string // the desk's number, E.164

	PeopleFile string        // optional JSON list of demo citizens, read again at each page load
	StatusStep time.Duration // between queued, sent, delivered and read
	Read       string        // readAuto, readView or readNever
	Keep       int           // messages remembered; the oldest go first
}

// readConfig takes flags over environment over defaults, and reports all
// faults together.
func readConfig(args []string, getenv func(string) string, usage io.Writer) (Config, error) {
	var c Config
	var step, keep string
	flags := flag.NewFlagSet("carrier", flag.ContinueOnError)
	flags.SetOutput(usage)
	text := func(to *string, name, env, otherwise, help string) {
		if v := getenv(env); v != "" {
			otherwise = v
		}
		flags.StringVar(to, name, otherwise, help+" ("+env+")")
	}
	text(&c.Listen, "listen", "CARRIER_LISTEN", "127.0.0.1:8090", "host:port to listen on, port 0 for any")
	text(&c.PublicURL, "public-url", "CARRIER_PUBLIC_URL", "", "URL by which the desk reaches the stand-in")
	text(&c.Target, "target", "CARRIER_TARGET", "", "the desk's public URL")
	text(&c.AccountSid, "account-sid", "CARRIER_ACCOUNT_SID", "", "account id, AC and 32 hex digits")
	text(&c.AuthToken, "auth-token", "CARRIER_AUTH_TOKEN", "", "password of REST calls and key of signatures")
	text(&c.MessagingService, "messaging-service", "CARRIER_MESSAGING_SERVICE", "", "messaging service id, MG and 32 hex digits")
	text(&c.WhatsAppInbox, "whatsapp-inbox", "CARRIER_WHATSAPP_INBOX", "wa", "inbox slug for WhatsApp")
	text(&c.SMSInbox, "sms-inbox", "CARRIER_SMS_INBOX", "sms", "inbox slug for SMS")
	text(&c.WhatsAppNumber, "whatsapp-number", "CARRIER_WHATSAPP_NUMBER", "+628001503001", "the desk's WhatsApp number")
	text(&c.SMSNumber, "sms-number", "CARRIER_SMS_NUMBER", "+628001503002", "the desk's SMS number")
	text(&c.PeopleFile, "people", "CARRIER_PEOPLE", "", "JSON file of demo citizens")
	text(&step, "status-step", "CARRIER_STATUS_STEP", "60ms", "time between two delivery states")
	text(&c.Read, "read", "CARRIER_READ", readAuto, "when WhatsApp messages count as read: auto, view, never")
	text(&keep, "keep", "CARRIER_KEEP", "20000", "messages remembered")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	var stepErr, keepErr error
	c.StatusStep, stepErr = time.ParseDuration(step)
	c.Keep, keepErr = strconv.Atoi(keep)
	c.Target = strings.TrimRight(c.Target, "/")
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	return c, errors.Join(stepErr, keepErr, c.check())
}

func (c Config) check() error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(!strings.HasPrefix(c.AccountSid, "AC"), "CARRIER_ACCOUNT_SID must begin with AC")
	fault(c.AuthToken == "", "CARRIER_AUTH_TOKEN is missing: an empty key would sign for anybody")
	fault(c.MessagingService != "" && !isSid("MG", c.MessagingService), "CARRIER_MESSAGING_SERVICE must be MG and 32 hex digits")
	fault(c.Target != "" && !isWebAddress(c.Target), "CARRIER_TARGET must be an http(s) URL")
	fault(c.PublicURL != "" && !isWebAddress(c.PublicURL), "CARRIER_PUBLIC_URL must be an http(s) URL")
	fault(!isNumber(c.WhatsAppNumber), "CARRIER_WHATSAPP_NUMBER must be E.164, like +628001503001")
	fault(!isNumber(c.SMSNumber), "CARRIER_SMS_NUMBER must be E.164, like +628001503002")
	fault(c.WhatsAppInbox == "" || c.SMSInbox == "", "CARRIER_WHATSAPP_INBOX and CARRIER_SMS_INBOX must not be empty")
	fault(c.Read != readAuto && c.Read != readView && c.Read != readNever, "CARRIER_READ must be auto, view or never")
	fault(c.StatusStep < 0, "CARRIER_STATUS_STEP must not be negative")
	fault(c.Keep < 10, "CARRIER_KEEP must be at least 10")
	return errors.Join(faults...)
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
