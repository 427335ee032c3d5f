package ticketing

import "slices"

// TicketClass is what the reporter is after.
type TicketClass string

// The classes. Integrity is restricted: whistle-blowing and fraud by insiders.
const (
	ClassComplaint   TicketClass = "complaint"
	ClassAspiration  TicketClass = "aspiration"
	ClassInformation TicketClass = "information_request"
	ClassIntegrity   TicketClass = "integrity"
)

// TicketClasses lists the classes in the order of screens.
func TicketClasses() []TicketClass {
	return []TicketClass{ClassComplaint, ClassInformation, ClassAspiration, ClassIntegrity}
}

// ClosedReason is why a ticket is closed. Every closed ticket has exactly one.
type ClosedReason string

// The reasons.
const (
	ClosedConfirmed     ClosedReason = "confirmed"      // the reporter agreed
	ClosedAutoNoReply   ClosedReason = "auto_no_reply"  // resolved, nobody contested it
	ClosedNoResponse    ClosedReason = "no_response"    // the reporter never answered our question
	ClosedWithdrawn     ClosedReason = "withdrawn"      // by the reporter
	ClosedMerged        ClosedReason = "merged"         // goes on in another ticket
	ClosedReferred      ClosedReason = "referred"       // to a named outside body
	ClosedRejectedFinal ClosedReason = "rejected_final" // rejected, nobody contested it
	ClosedAppealDecided ClosedReason = "appeal_decided" // the decision was upheld
)

// ClosedReasons lists the reasons in the order of reports.
func ClosedReasons() []ClosedReason {
	return []ClosedReason{
		ClosedConfirmed, ClosedAutoNoReply, ClosedNoResponse, ClosedWithdrawn,
		ClosedMerged, ClosedReferred, ClosedRejectedFinal, ClosedAppealDecided,
	}
}

// TicketOutcome is what came of a resolved ticket.
type TicketOutcome string

// The outcomes.
const (
	OutcomeInformed        TicketOutcome = "information_given"   // a question was answered
	OutcomeExplained       TicketOutcome = "decision_explained"  // the record is right, the reporter knows why
	OutcomeRecordCorrected TicketOutcome = "record_corrected"    // the record was wrong and is right now
	OutcomePaid            TicketOutcome = "payment_made"        // money owed reached the reporter
	OutcomeAccessRestored  TicketOutcome = "access_restored"     // account, training or certificate reachable again
	OutcomeRefunded        TicketOutcome = "balance_restored"    // training balance given back
	OutcomePartnerActed    TicketOutcome = "partner_acted"       // provider, platform or payment partner put it right
	OutcomeSanctioned      TicketOutcome = "measure_taken"       // against a provider, partner or member of staff
	OutcomeApologised      TicketOutcome = "apology_given"       // service fell short, nothing else to put right
	OutcomeNoted           TicketOutcome = "suggestion_recorded" // aspiration passed to its owner
	OutcomeUnfounded       TicketOutcome = "not_substantiated"   // looked into, not found to be so
	OutcomeNotPossible     TicketOutcome = "not_possible"        // the rules do not allow what is asked
)

// TicketOutcomes lists the outcomes in the order of screens.
func TicketOutcomes() []TicketOutcome {
	return []TicketOutcome{
		OutcomeInformed, OutcomeExplained, OutcomeRecordCorrected, OutcomePaid, OutcomeAccessRestored, OutcomeRefunded,
		OutcomePartnerActed, OutcomeSanctioned, OutcomeApologised, OutcomeNoted, OutcomeUnfounded, OutcomeNotPossible,
	}
}

// RootCause is why a ticket had to arise at all, for the monthly report.
type RootCause string

// The root causes.
const (
	CauseUnclearInformation RootCause = "unclear_information" // rules or screens not understood
	CauseReporterInput      RootCause = "reporter_input"      // wrong data entered by the reporter
	CauseAccountMismatch    RootCause = "account_mismatch"    // payout account not in the reporter's name, or not verified
	CauseRegistryMismatch   RootCause = "registry_mismatch"   // civil registry differs
	CauseDelivery           RootCause = "message_delivery"    // one-time password or notice did not arrive
	CauseSystemFault        RootCause = "system_fault"        // our software
	CauseDataError          RootCause = "data_error"          // our records
	CauseStaffError         RootCause = "staff_error"
	CauseDelay              RootCause = "processing_delay" // right, but late
	CauseProvider           RootCause = "training_provider"
	CausePlatform           RootCause = "digital_platform"
	CausePayment            RootCause = "payment_partner"
	CauseFraud              RootCause = "third_party_fraud"
	CausePolicy             RootCause = "policy" // the rule itself is what is complained about
	CauseUnknown            RootCause = "unknown"
)

// RootCauses lists the root causes in the order of screens.
func RootCauses() []RootCause {
	return []RootCause{
		CauseUnclearInformation, CauseReporterInput, CauseAccountMismatch, CauseRegistryMismatch, CauseDelivery,
		CauseSystemFault, CauseDataError, CauseStaffError, CauseDelay, CauseProvider, CausePlatform, CausePayment,
		CauseFraud, CausePolicy, CauseUnknown,
	}
}

// Rejection is why a report is not admissible. "Not ours" is not among the
// reasons: what belongs elsewhere is transferred or referred.
type Rejection string

// The reasons of rejection. The first two need a question asked before.
const (
	RejectionNotUnderstandable Rejection = "not_understandable"
	RejectionFactsMissing      Rejection = "facts_missing"
	RejectionAlreadyDecided    Rejection = "already_decided" // same matter, no new facts
	RejectionBeforeCourt       Rejection = "before_court"
	RejectionAbusive           Rejection = "abusive" // nothing but abuse
	RejectionSpam              Rejection = "spam"    // advertisement, test

	// rejectionNotOurs is refused by name, to point at the right way out.
	rejectionNotOurs Rejection = "not_ours"
)

// Rejections lists the reasons in the order of screens.
func Rejections() []Rejection {
	return []Rejection{
		RejectionNotUnderstandable, RejectionFactsMissing, RejectionAlreadyDecided,
		RejectionBeforeCourt, RejectionAbusive, RejectionSpam,
	}
}

// needsQuestion reports whether the reporter must have been asked first.
func (r Rejection) needsQuestion() bool {
	return r == RejectionNotUnderstandable || r == RejectionFactsMissing
}

// checkCode refuses a value outside its closed list; empty passes.
func checkCode[C ~string](field string, value C, list []C) error {
	if value != "" && !slices.Contains(list, value) {
		return &Invalid{Field: field, Rule: "unknown"}
	}
	return nil
}
