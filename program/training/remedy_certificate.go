package training

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// ReissueCertificateCode names the remedy that puts the right name on a
// certificate.
const ReissueCertificateCode = "reissue_certificate"

// ReissueCertificate issues a certificate anew in the name the record holds. The
// name cannot be typed, so no certificate can be made out to somebody else.
func ReissueCertificate() record.Remedy {
	return record.Remedy{Code: ReissueCertificateCode, Fields: certificateFields, Blocked: certificateBlocked, Plan: planCertificate}
}

// misnamed lists trainings whose certificate bears another name.
func misnamed(r record.Record) []record.Training {
	return slices.DeleteFunc(slices.Clone(r.Trainings), func(t record.Training) bool {
		return t.Certificate == nil || t.Certificate.Name == r.Participant.Name
	})
}

func certificateFields(r record.Record) []record.Field {
	options := []record.Option{}
	for _, t := range misnamed(r) {
		options = append(options, record.Option{Value: t.ID, Label: t.Title})
	}
	return []record.Field{{Name: "training", Kind: "select", Required: true, Options: options}}
}

func certificateBlocked(r record.Record) *record.Note {
	if len(misnamed(r)) == 0 {
		return record.Because("remedy.blocked.certificate_right")
	}
	return nil
}

func planCertificate(ctx context.Context, tx bun.IDB, task record.Task) (record.Plan, error) {
	if faults := record.CheckForm(certificateFields(task.Record), task.Input); len(faults) > 0 {
		return record.Plan{}, faults
	}
	at := slices.IndexFunc(task.Record.Trainings, func(t record.Training) bool { return t.ID == task.Input["training"] })
	old, name := task.Record.Trainings[at].Certificate, task.Record.Participant.Name
	number := CertificateNumber(task.Now)
	return record.Plan{
		ObjectID: old.ID,
		Before:   []record.Line{{Field: "certificate_name", Value: old.Name}, {Field: "certificate_number", Value: old.Number}},
		After:    []record.Line{{Field: "certificate_name", Value: name}, {Field: "certificate_number", Value: number}},
		Do: func(ctx context.Context, tx bun.IDB) error {
			return replaceCertificate(ctx, tx, task, at, number)
		},
	}, nil
}

func replaceCertificate(ctx context.Context, tx bun.IDB, task record.Task, at int, number string) error {
	bought := task.Record.Trainings[at]
	result, err := tx.ExecContext(ctx, `UPDATE certificates SET state = 'replaced' WHERE id = ? AND state = 'valid'`, bought.Certificate.ID)
	if err != nil {
		return fmt.Errorf("replace certificate %s: %w", bought.Certificate.ID, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("replace certificate %s: %w", bought.Certificate.ID, record.ErrStale)
	}
	return issue(ctx, tx, bought.ID, number, task.Record.Participant.Name, task.Now)
}
