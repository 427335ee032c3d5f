// Package intent holds the codes of what citizens write about.
//
// The bot classifies messages into these codes, the category tree of tickets
// hangs on them, articles answer them and reports count by them. One list for
// all keeps "what the bot understood" and "what the desk worked on" comparable.
package intent

import (
	"slices"
	"strings"
)

// Code names one intent, such as "incentive.status". The part before the dot
// is its group. Codes are stored in rows and printed in reports: never rename
// or reuse one.
type Code string

// The 49 codes, grouped as [Group] groups them.
const (
	Greeting Code = "greeting"
	Thanks   Code = "thanks"
	Goodbye  Code = "goodbye"

	AgentRequest Code = "agent.request"

	ServiceHours Code = "service.hours"

	ProgramAbout       Code = "program.about"
	ProgramEligibility Code = "program.eligibility"

	AccountCreate        Code = "account.create"
	AccountLogin         Code = "account.login"
	AccountOTP           Code = "account.otp"
	AccountChangeContact Code = "account.change_contact"
	AccountSecurity      Code = "account.security"

	RegistrationHow              Code = "registration.how"
	RegistrationIdentityMismatch Code = "registration.identity_mismatch"
	RegistrationNIKUsed          Code = "registration.nik_used"
	RegistrationFaceFailed       Code = "registration.face_failed"
	RegistrationTest             Code = "registration.test"

	BatchSchedule Code = "batch.schedule"
	BatchJoin     Code = "batch.join"
	BatchResult   Code = "batch.result"
	BatchRevoked  Code = "batch.revoked"

	TrainingBalance        Code = "training.balance"
	TrainingSearch         Code = "training.search"
	TrainingBuy            Code = "training.buy"
	TrainingDeadline       Code = "training.deadline"
	TrainingRedeem         Code = "training.redeem"
	TrainingScheduleChange Code = "training.schedule_change"
	TrainingAttendance     Code = "training.attendance"
	TrainingAccess         Code = "training.access"
	TrainingAssessment     Code = "training.assessment"
	TrainingCertificate    Code = "training.certificate"
	TrainingReview         Code = "training.review"

	IncentiveStatus         Code = "incentive.status"
	IncentiveAmount         Code = "incentive.amount"
	IncentiveLinkAccount    Code = "incentive.link_account"
	IncentiveLinkFailed     Code = "incentive.link_failed"
	IncentiveChangeAccount  Code = "incentive.change_account"
	IncentiveFailedTransfer Code = "incentive.failed_transfer"

	SurveyEvaluation Code = "survey.evaluation"

	JobSearch Code = "job.search"
	JobApply  Code = "job.apply"

	TicketStatus Code = "ticket.status"

	ComplaintProvider Code = "complaint.provider"
	ComplaintFraud    Code = "complaint.fraud"
	ComplaintService  Code = "complaint.service"
	ComplaintPartner  Code = "complaint.partner"

	Suggestion Code = "suggestion"

	LanguageSwitch Code = "language.switch"

	OutOfScope Code = "out_of_scope"
)

// entry pairs a code with what the citizen wants, in plain English for the
// people who label messages and read reports. Citizens never see it.
type entry struct {
	code    Code
	meaning string
}

// entries lists every code once, in the order in which reports print them.
// It is read only.
var entries = [...]entry{
	{Greeting, "The citizen only greets (halo, selamat pagi, assalamualaikum, sampurasun) and states no need yet"},
	{Thanks, "The citizen thanks, or confirms that the matter is solved"},
	{Goodbye, "The citizen ends the conversation"},
	{AgentRequest, "Asks for a human agent, officer or supervisor"},
	{ServiceHours, "Asks when and through which channels the contact centre can be reached"},
	{ProgramAbout, "Asks what the programme is, who runs it, whether it is free, what one gets"},
	{ProgramEligibility, "Asks whether a certain person may join (age 18-64, student, civil servant, village official, social-aid recipient, earlier recipient, worker, migrant returnee)"},
	{AccountCreate, "How to open an account, or opening one fails"},
	{AccountLogin, "Cannot log in, forgot the password, account is locked"},
	{AccountOTP, "The one-time password by SMS, e-mail or WhatsApp does not arrive, is late or is refused"},
	{AccountChangeContact, "Wants to change the registered phone number or e-mail address"},
	{AccountSecurity, "Someone else has used the account or the identity number; suspicious login; wants the account deleted or personal data removed"},
	{RegistrationHow, "How to register, which data and documents are needed"},
	{RegistrationIdentityMismatch, "NIK, KK number, birth date or mother's name is refused as not matching the civil registry"},
	{RegistrationNIKUsed, "The NIK is said to be registered already, though the citizen has not registered"},
	{RegistrationFaceFailed, "The selfie, the liveness check or the ID-card photo is refused during registration"},
	{RegistrationTest, "About the motivation and basic-ability test: how, cannot open, must it be repeated"},
	{BatchSchedule, "When the next batch opens or closes, when results are announced"},
	{BatchJoin, "How to join a batch, the join button is missing or fails"},
	{BatchResult, "Did I pass the selection, why did I not pass, quota, how often may I try"},
	{BatchRevoked, "Participation was revoked or blocked; why, and how to appeal"},
	{TrainingBalance, "How large the training scholarship is, balance missing, wrong, or about to expire"},
	{TrainingSearch, "Looking for trainings: by topic, place, mode (online, webinar, offline), recommendation"},
	{TrainingBuy, "How to buy a training, the purchase or payment with the balance fails"},
	{TrainingDeadline, "By when the first training must be bought or a training finished"},
	{TrainingRedeem, "The redeem code: where it is, how to use it, it is refused or already used"},
	{TrainingScheduleChange, "The class was cancelled, moved, or the citizen cannot attend; change of class, refund"},
	{TrainingAttendance, "Attendance was not recorded, or the face check or QR at the class fails"},
	{TrainingAccess, "The learning platform, the webinar link or the material cannot be opened"},
	{TrainingAssessment, "Pre-test, post-test, assignment or skills demonstration: score, repeat, cannot submit"},
	{TrainingCertificate, "The certificate has not appeared, has a wrong name, or cannot be downloaded"},
	{TrainingReview, "How to rate and review a training, or the rating cannot be sent"},
	{IncentiveStatus, "The incentive has not arrived, or when it will be paid"},
	{IncentiveAmount, "How large the incentive is, how many payments, what the conditions are"},
	{IncentiveLinkAccount, "How to link a bank account or e-wallet"},
	{IncentiveLinkFailed, "Linking fails: name differs, account not verified (KYC), number in use by another"},
	{IncentiveChangeAccount, "Wants another bank account or e-wallet, or the account was closed"},
	{IncentiveFailedTransfer, "The transfer is marked failed or returned, or is marked paid and never came"},
	{SurveyEvaluation, "The evaluation survey: where it is, its incentive, cannot be filled in"},
	{JobSearch, "Looking for vacancies, how to search and filter them, job recommendation"},
	{JobApply, "How to apply for a vacancy, the application fails, no answer from the employer"},
	{TicketStatus, "Asks how far an earlier complaint or ticket is"},
	{ComplaintProvider, "Complaint on a training provider: poor teaching, overpriced, asks for money, fake attendance, rude"},
	{ComplaintFraud, "Report of fraud: touts, fake sites, someone asking a fee or an OTP, sale of accounts"},
	{ComplaintService, "Complaint on the contact centre or the website itself: rude agent, slow reply, site down"},
	{ComplaintPartner, "Complaint on a digital platform, payment partner or job portal"},
	{Suggestion, "Suggestion, idea or praise for the programme"},
	{LanguageSwitch, "Asks to continue in another language"},
	{OutOfScope, "None of the above: another programme, chit-chat, advertisement, abuse, nonsense"},
}

// All returns every code in report order. The slice is the caller's own.
func All() []Code {
	codes := make([]Code, len(entries))
	for i, e := range entries {
		codes[i] = e.code
	}
	return codes
}

// Valid reports whether code is one of the list. The empty code is not.
func Valid(code Code) bool {
	return Meaning(code) != ""
}

// Meaning says in English what a citizen with this intent wants, or "" for a
// code that is not in the list.
func Meaning(code Code) string {
	i := slices.IndexFunc(entries[:], func(e entry) bool { return e.code == code })
	if i < 0 {
		return ""
	}
	return entries[i].meaning
}

// Group is the part of the code before the dot, under which reports add codes
// up ("incentive"); a code without a dot is its own group.
func Group(code Code) string {
	group, _, _ := strings.Cut(string(code), ".")
	return group
}
