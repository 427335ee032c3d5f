package portal

import (
	"context"

	"sapa/ticketing"
)

// outages says what is out of order now. A page is shown without it where it
// cannot be read.
func (p *Portal) outages(ctx context.Context, language string) []string {
	now := p.o.Now()
	open, err := ticketing.OpenOutages(ctx, p.o.DB, now)
	if err != nil {
		p.o.Log.ErrorContext(ctx, "outages not read", "error", err)
	}
	var said []string
	for _, one := range open {
		if one.At(ticketing.OutageHome, now) {
			said = append(said, one.In(language))
		}
	}
	return said
}
