package live

import (
	"context"
	"sync"
	"time"

	"sapa/ticketing"
)

// outagesFor is how long a list of outages is taken for current where a signal was
// lost; every look of every window asks for it.
const outagesFor = 15 * time.Second

// outages keeps what is out of order, now or soon.
type outages struct {
	mu   sync.Mutex
	list []ticketing.Outage
	read time.Time
}

// forget has the next look read again.
func (o *outages) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.read = time.Time{}
}

// outages are those that the chat window tells of, in the visitor's language, the
// coming ones too: windows begin and end them by the clock. One that cannot be read
// keeps nobody from the chat.
func (c *Chat) outages(ctx context.Context, v visitor) []outageFrame {
	var told []outageFrame
	for _, one := range c.told.at(ctx, c) {
		if one.At(ticketing.OutageWidget, one.FromAt) {
			told = append(told, outageFrame{one.ID, one.In(v.language), one.FromAt.UTC(), one.UntilAt.UTC()})
		}
	}
	return told
}

func (o *outages) at(ctx context.Context, c *Chat) []ticketing.Outage {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := c.o.Now()
	if now.Sub(o.read) < outagesFor {
		return o.list
	}
	list, err := ticketing.OpenOutages(ctx, c.o.DB, now)
	if err != nil {
		c.o.Log.WarnContext(ctx, "outages not read", "error", err)
		return o.list
	}
	o.list, o.read = list, now
	return list
}

// pokeAll has every open window look for news.
func (c *Chat) pokeAll() {
	c.mu.Lock()
	all := make([]*listener, 0, len(c.windows))
	for l := range c.windows {
		all = append(all, l)
	}
	c.mu.Unlock()
	for _, l := range all {
		l.poke()
	}
}
