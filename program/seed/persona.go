package seed

import (
	"time"

	"sapa/program"
	"sapa/program/incentive"
	"sapa/program/record"
)

// script is what happened to one named demo participant.
func (l *life) script(key string) {
	switch key {
	case "returned_name", "household_wife":
		l.returnedFixed(incentive.ReturnNameDiffers)
	case "returned_closed":
		l.returnedFixed(incentive.ReturnAccountClosed)
	case "no_account":
		l.noAccount()
	case "kyc_missing":
		l.kycMissing()
	case "waiting_rating":
		l.waitingRating()
	case "scheduled":
		l.scheduled(3 * 24 * time.Hour)
	case "attendance":
		l.forkliftGap()
	case "certificate_name":
		l.certificateName()
		l.learning.Certificates[0].Name = "FRANSISCUS LOBBO"
	case "posttest_failed":
		l.failed(55)
	case "not_selected":
		l.join(l.g.batches[fresh], "quota")
	case "deadline_near":
		l.join(l.g.batches[nearDue], "selected")
	case "revoked":
		l.join(l.g.batches[learning], "selected")
		l.revoke()
	case "otp_locked":
		l.join(l.g.batches[pending], "")
		l.lock()
	case "identity_mismatch":
		l.mismatch("kk")
	case "transfer_late":
		l.underWay(10 * 24 * time.Hour)
	case "survey_open":
		l.surveyOpen()
	case "household_husband":
		l.paid(l.g.batches[earning])
	case "videos":
		l.videos(l.g.batches[fresh])
		l.participation.Videos = 1
	case "redeem":
		l.redeemUnused()
		l.learning.Purchases[0].BoughtAt = l.now.AddDate(0, 0, -6)
	default:
		l.alumni(l.g.batches[settled])
	}
}

// returnedFixed is returned with the account of the story: 600,000 rupiah came
// back from Bank Arunika six days ago.
func (l *life) returnedFixed(code string) {
	l.returned(code)
	a, t := &l.money.Accounts[0], &l.money.Transfers[0]
	a.Institution = incentive.Institutions()[0]
	if code == incentive.ReturnNameDiffers {
		a.Holder = map[string]string{"Wulandari Kusumaningrum": "Kusnadi Hartono", "Tutik Purwaningsih": "Eko Purwantoro"}[l.person.Name]
	}
	back := l.now.AddDate(0, 0, -6)
	t.OrderedAt, t.ReturnedAt = back.AddDate(0, 0, -2), back
	t.SentAt = t.OrderedAt.Add(3 * time.Hour)
}

// forkliftGap missed the second day of a class in town: the face was not read.
func (l *life) forkliftGap() {
	in := l.g.batches[learning]
	l.join(in, "selected")
	at := in.AnnouncesAt.Add(48 * time.Hour)
	s := l.g.titled("Operator Forklif")
	p := l.buyThis(s, s.next(at.Add(24*time.Hour)), at)
	l.attend(p, 1, "face_mismatch")
	l.test(p, 74)
	l.link(p.BoughtAt, "", incentive.Linked)
	l.owe(incentive.Completion, 1, incentive.CompletionAmount, "finish")
}

// dress puts the persona's fixed features on a drawn person.
func (l *life) dress(p program.Persona, g *generator) {
	l.person.ID, l.person.Name, l.person.Phone = p.ID, p.Name, p.Phone
	l.person.Sex, l.person.BirthDate, l.person.RegionCode, l.person.Language = sex(p.Female), p.Born, p.Region, p.Language
	l.person.NIK = g.ids.nik(p.Region, p.Born, p.Female)
	l.person.Stage = record.StageRegistered
}
