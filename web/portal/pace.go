package portal

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"sapa/web/pace"
)

// Limits of one network. A carrier hides a district behind one address: a
// thousand people there who read the help at once search five times a second
// together; of those who read, one in fifty judges an article.
var (
	mostSearches   = pace.Limits{PerMinute: 300, Burst: 300}
	mostJudgements = pace.Limits{PerMinute: 30, Burst: 30}
)

// paced answers 429, in words and with Retry-After, when a network is too fast.
func (p *Portal) paced(by *pace.Limiter, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		wait := by.Wait(pace.Network(p.o.Address(r)))
		if wait == 0 {
			next(w, r)
			return
		}
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(float64(wait)/float64(time.Second)))))
		p.render(w, r, http.StatusTooManyRequests, "missing", map[string]string{"Title": "portal.slow.title", "Key": "portal.slow.text"})
	}
}
