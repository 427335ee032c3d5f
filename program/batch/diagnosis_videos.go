package batch

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// VideosUnwatched: the scholarship does not show before the instruction videos
// have been watched.
func VideosUnwatched() record.Rule {
	return record.Rule{
		Code: "videos_unwatched", Severity: record.Waiting,
		Intents: []intent.Code{intent.TrainingBalance, intent.TrainingBuy},
		Find: func(r record.Record) []record.Finding {
			p := r.Participation
			if p == nil || !p.RevokedAt.IsZero() || p.VideosWatched >= Videos {
				return nil
			}
			return []record.Finding{{Since: p.SelectedAt, Params: record.Params{"watched": p.VideosWatched, "needed": Videos, "due": p.PurchaseDueAt}}}
		},
	}
}
