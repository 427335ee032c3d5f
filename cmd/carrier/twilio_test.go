package main

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"
)

// toStand sends what twilio-go means for Twilio's host to the stand-in.
type toStand struct{ base *url.URL }

func (t toStand) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = t.base.Scheme, t.base.Host
	return http.DefaultTransport.RoundTrip(r)
}

func newTwilio(t *testing.T, s *stand) *openapi.ApiService {
	t.Helper()
	base, err := url.Parse(s.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := &client.Client{Credentials: client.NewCredentials(testAccount, testToken), HTTPClient: &http.Client{Transport: toStand{base}}}
	c.SetAccountSid(testAccount)
	return openapi.NewApiService(client.NewRequestHandler(c))
}

func TestTwilioClient(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	api := newTwilio(t, s)
	params := (&openapi.CreateMessageParams{}).SetTo(testCitizen).SetFrom(deskSMS).SetBody("halo")
	var sids []string
	for range 5 {
		m, err := api.CreateMessage(params)
		if err != nil {
			t.Fatal(err)
		}
		sids = append(sids, *m.Sid)
		s.reach(*m.Sid, delivered)
	}
	m, err := api.FetchMessage(sids[0], &openapi.FetchMessageParams{})
	if err != nil || *m.Status != delivered || *m.Body != "halo" {
		t.Fatalf("fetched %+v, %v", m, err)
	}
	list, err := api.ListMessage((&openapi.ListMessageParams{}).SetTo(testCitizen).SetPageSize(2).SetLimit(10))
	if err != nil || len(list) != 5 || *list[0].Sid != sids[4] {
		t.Errorf("listed %d, %v", len(list), err)
	}
}

func TestTwilioClientReadsErrors(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	api := newTwilio(t, s)
	_, err := api.CreateMessage((&openapi.CreateMessageParams{}).SetTo(testCitizen).SetFrom(deskSMS).SetBody(strings.Repeat("a", 1601)))
	var refused *client.TwilioRestError
	if !errors.As(err, &refused) || refused.Code != 21617 || refused.Status != 400 {
		t.Errorf("error %v", err)
	}
}
