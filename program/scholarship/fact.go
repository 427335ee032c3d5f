package scholarship

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Facts says what is left of the scholarship.
func Facts(r record.Record) []record.Fact {
	if r.Participation == nil {
		return nil
	}
	return []record.Fact{{Code: "balance", At: r.At, Params: record.Params{"balance": r.Balance},
		Intents: []intent.Code{intent.TrainingBalance, intent.TrainingBuy}}}
}
