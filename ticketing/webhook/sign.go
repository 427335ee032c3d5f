package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a delivery. Source: Standard Webhooks 1.0.
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// sign sets the headers by which a receiver knows us: the message's id, the same
// at every try; the second of this try; and for each key HMAC-SHA256 over
// "id.timestamp.body".
func sign(header http.Header, id string, at time.Time, body []byte, keys [][]byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	header.Set(headerID, id)
	header.Set(headerTimestamp, stamp)
	header.Set(headerSignature, strings.Join(signatures, " "))
}

// keys opens the secrets that sign now.
func (h *Hooks) keys(e Endpoint) ([][]byte, error) {
	key, err := h.box.Open(e.Secret, sealContext(e.ID))
	if err != nil {
		return nil, fmt.Errorf("secret of endpoint %s: %w", e.ID, err)
	}
	keys := [][]byte{key}
	if e.PreviousUntil != nil && h.now().Before(*e.PreviousUntil) {
		before, err := h.box.Open(e.PreviousSecret, sealContext(e.ID))
		if err != nil {
			return nil, fmt.Errorf("secret of endpoint %s: %w", e.ID, err)
		}
		keys = append(keys, before)
	}
	return keys, nil
}
