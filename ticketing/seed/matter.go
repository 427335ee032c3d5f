package seed

import (
	"strings"

	"sapa/program/intent"
)

// matter is something citizens write about: how often, by weight, and in how many
// of a hundred cases people are needed before the figures are scaled to the
// containment wanted. The order of the reports' figures is plausible, not
// published; complaints and failed payments need people most.
type matter struct {
	intent intent.Code
	share  int
	people int
}

// matters lists what conversations are about. Greetings and thanks are lines of
// them, not matters.
func matters() []matter {
	return []matter{
		{intent.IncentiveStatus, 1400, 42}, {intent.BatchResult, 800, 22}, {intent.BatchSchedule, 700, 9},
		{intent.AccountOTP, 680, 38}, {intent.AccountLogin, 580, 40}, {intent.TrainingCertificate, 500, 42},
		{intent.IncentiveLinkFailed, 450, 55}, {intent.RegistrationIdentityMismatch, 450, 45}, {intent.BatchJoin, 420, 22},
		{intent.RegistrationHow, 400, 12}, {intent.TrainingBuy, 360, 35}, {intent.TrainingAttendance, 320, 60},
		{intent.IncentiveLinkAccount, 320, 24}, {intent.TrainingAccess, 300, 45}, {intent.IncentiveFailedTransfer, 260, 75},
		{intent.ProgramEligibility, 260, 12}, {intent.TrainingRedeem, 220, 38}, {intent.TrainingAssessment, 220, 30},
		{intent.RegistrationFaceFailed, 200, 40}, {intent.IncentiveAmount, 200, 9}, {intent.TrainingBalance, 200, 25},
		{intent.BatchRevoked, 180, 55}, {intent.TrainingDeadline, 180, 16}, {intent.IncentiveChangeAccount, 160, 55},
		{intent.AccountChangeContact, 160, 60}, {intent.ProgramAbout, 150, 7}, {intent.SurveyEvaluation, 130, 25},
		{intent.RegistrationNIKUsed, 120, 62}, {intent.TrainingSearch, 120, 15}, {intent.TicketStatus, 140, 60},
		{intent.JobSearch, 90, 14}, {intent.JobApply, 50, 35}, {intent.ComplaintService, 90, 80},
		{intent.ComplaintProvider, 90, 90}, {intent.ComplaintPartner, 50, 85}, {intent.ComplaintFraud, 70, 92},
		{intent.TrainingScheduleChange, 90, 50}, {intent.RegistrationTest, 90, 25}, {intent.ServiceHours, 80, 5},
		{intent.AccountCreate, 90, 22}, {intent.AccountSecurity, 50, 85}, {intent.TrainingReview, 50, 20},
		{intent.Suggestion, 50, 30}, {intent.OutOfScope, 140, 16}, {intent.AgentRequest, 140, 100},
	}
}

// needed is the mean of people over all matters, in a hundred.
func needed(list []matter) float64 {
	sum, weights := 0, 0
	for _, m := range list {
		sum += m.share * m.people
		weights += m.share
	}
	return float64(sum) / float64(weights)
}

// complaint tells whether a hand-over of the matter makes a ticket by itself.
func (m matter) complaint() bool { return strings.HasPrefix(string(m.intent), "complaint.") }

// group names the sections of texts for what agents and citizens say around the
// matter.
func (m matter) group() string {
	switch group := intent.Group(m.intent); group {
	case "account", "registration", "batch", "training", "incentive", "complaint":
		return group
	case "survey":
		return "incentive"
	}
	return "other"
}
