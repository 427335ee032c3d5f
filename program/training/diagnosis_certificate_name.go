package training

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// CertificateName: a certificate bears another name than the record.
func CertificateName() record.Rule {
	return record.Rule{
		Code: "certificate_name_wrong", Severity: record.Fault, Remedies: []string{ReissueCertificateCode},
		Intents: []intent.Code{intent.TrainingCertificate},
		Find: func(r record.Record) []record.Finding {
			return each(r, func(t record.Training) *record.Finding {
				if t.Certificate == nil || t.Certificate.Name == r.Participant.Name {
					return nil
				}
				return &record.Finding{Since: t.Certificate.IssuedAt, Params: record.Params{"title": t.Title, "wrong": t.Certificate.Name, "name": r.Participant.Name}}
			})
		},
	}
}
