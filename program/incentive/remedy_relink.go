package incentive

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"sapa/channels/seal"
	"sapa/program/record"
)

// RelinkCode names the remedy that links another payout account.
const RelinkCode = "relink_payout_account"

// Relink links another bank account or e-wallet, or the same one again after its
// owner had the name mended or finished KYC. It needs evidence (a photo of the
// account page) and moves no money.
func Relink(box *seal.Box) record.Remedy {
	return record.Remedy{
		Code: RelinkCode, NeedsEvidence: true,
		Fields: relinkFields, Blocked: relinkBlocked,
		Plan: func(ctx context.Context, tx bun.IDB, task record.Task) (record.Plan, error) {
			return planRelink(ctx, tx, box, task)
		},
	}
}

func relinkFields(record.Record) []record.Field {
	var options []record.Option
	for _, i := range Institutions() {
		options = append(options, record.Option{Value: i.Code, Label: i.Name})
	}
	return []record.Field{
		{Name: "institution", Kind: "select", Required: true, Options: options},
		{Name: "number", Kind: "text", Required: true, Sensitive: true},
		{Name: "holder", Kind: "text", Required: true},
	}
}

func relinkBlocked(r record.Record) *record.Note {
	if r.Participation == nil {
		return record.Because("remedy.blocked.no_participation")
	}
	for _, i := range r.Incentives {
		if t := last(i); t != nil && (t.State == Ordered || t.State == Sent) {
			return &record.Note{Key: "remedy.blocked.transfer_under_way", Params: record.Params{"date": t.At}}
		}
	}
	return nil
}

func planRelink(ctx context.Context, tx bun.IDB, box *seal.Box, task record.Task) (record.Plan, error) {
	participant := task.Record.Participant
	institution, _ := FindInstitution(task.Input["institution"])
	fresh := NewAccount{ParticipantID: participant.ID, Institution: institution,
		Number: accountDigits(task.Input["number"]), Holder: strings.Join(strings.Fields(task.Input["holder"]), " ")}
	faults := record.CheckForm(relinkFields(task.Record), task.Input)
	faults = append(faults, checkNumber(fresh)...)
	if fresh.Holder != "" && !record.SameName(fresh.Holder, participant.Name) {
		faults = append(faults, record.Invalid{Field: "holder", Rule: record.RuleName})
	}
	if len(faults) > 0 {
		return record.Plan{}, faults
	}
	old, err := current(ctx, tx, participant.ID, "FOR UPDATE")
	if err != nil {
		return record.Plan{}, err
	}
	number := lookup(box, institution.Code, fresh.Number)
	if unchanged(old, fresh, number) {
		return record.Plan{}, record.Faults{{Field: "number", Rule: record.RuleSame}}
	}
	used, err := taken(ctx, tx, participant.ID, institution.Code, number)
	if err != nil {
		return record.Plan{}, err
	}
	if used {
		return record.Plan{}, record.Faults{{Field: "number", Rule: record.RuleTaken}}
	}
	return record.Plan{
		ObjectID: string(participant.ID),
		Before:   accountLines(old),
		After: accountLines(&accountRow{Institution: institution.Code, NumberLast4: fresh.Number[len(fresh.Number)-4:],
			Holder: strings.ToUpper(fresh.Holder), State: Linked}),
		Do: func(ctx context.Context, tx bun.IDB) error { return link(ctx, tx, box, fresh, task.Now) },
	}, nil
}

func unchanged(old *accountRow, fresh NewAccount, number []byte) bool {
	return old != nil && old.State == Linked && old.Institution == fresh.Institution.Code &&
		string(old.NumberLookup) == string(number) && strings.EqualFold(old.Holder, fresh.Holder)
}

// checkNumber knows the shapes: bank accounts have 8 to 16 digits, e-wallets go
// by a phone number of 10 to 13 digits that begins with 08.
func checkNumber(a NewAccount) record.Faults {
	bad := record.Faults{{Field: "number", Rule: record.RuleFormat}}
	switch {
	case a.Number == "":
		return nil // told as required
	case strings.Trim(a.Number, "0123456789") != "":
		return bad
	case a.Institution.Kind == "ewallet" && (len(a.Number) < 10 || len(a.Number) > 13 || !strings.HasPrefix(a.Number, "08")):
		return bad
	case len(a.Number) < 8 || len(a.Number) > 16:
		return bad
	}
	return nil
}

func accountDigits(text string) string {
	return strings.NewReplacer(" ", "", "-", "", ".", "").Replace(text)
}

// accountLines shows an account for before/after; the same fields when none.
func accountLines(a *accountRow) []record.Line {
	if a == nil {
		return []record.Line{{Field: "institution", Value: ""}, {Field: "number", Value: ""}, {Field: "holder", Value: ""}, {Field: "account_state", Value: "@account_state.none"}}
	}
	return []record.Line{
		{Field: "institution", Value: institutionName(a.Institution)}, {Field: "number", Value: maskNumber(a.NumberLast4)},
		{Field: "holder", Value: a.Holder}, {Field: "account_state", Value: "@account_state." + a.State},
	}
}
