// Package incentive holds the money that goes to participants: what they earned,
// the account it goes to, every attempt to pay it and the bank's answer.
package incentive

import "sapa/program/record"

// Institution is a bank or e-wallet that takes payments.
type Institution struct {
	Code string
	Name string
	Kind string // bank, ewallet
}

// Institutions lists the payment partners. The names are invented.
func Institutions() []Institution {
	return []Institution{
		{"arunika", "Bank Arunika", "bank"},
		{"lentera", "Bank Lentera Desa", "bank"},
		{"samudra", "Bank Samudra Kita", "bank"},
		{"cakra", "Dompet Cakra", "ewallet"},
		{"sakuria", "Saku Ria", "ewallet"},
	}
}

// FindInstitution returns the partner with this code; for an unknown code one
// that carries the code as its name.
func FindInstitution(code string) (Institution, bool) {
	for _, i := range Institutions() {
		if i.Code == code {
			return i, true
		}
	}
	return Institution{Code: code, Name: code}, false
}

func institutionName(code string) string {
	found, _ := FindInstitution(code)
	return found.Name
}

// Reasons for which a bank returns a transfer: ISO 20022 external return codes.
const (
	ReturnNameDiffers    = "BE01" // holder's name is not the beneficiary's
	ReturnNumberWrong    = "AC01" // no such account number
	ReturnAccountClosed  = "AC04"
	ReturnAccountBlocked = "AC06"
	ReturnUnverified     = "RR04" // regulatory reason: the account has not passed KYC
	ReturnUnsaid         = "MS03" // reason not given
)

// KnownReturn reports whether the code has a sentence of its own ("return."+code).
func KnownReturn(code string) bool {
	switch code {
	case ReturnNameDiffers, ReturnNumberWrong, ReturnAccountClosed, ReturnAccountBlocked, ReturnUnverified, ReturnUnsaid:
		return true
	}
	return false
}

// returnKey is the sentence for a bank's reason.
func returnKey(code string) string {
	if !KnownReturn(code) {
		code = ReturnUnsaid
	}
	return "@return." + code
}

// maskNumber shows the last four digits of an account.
func maskNumber(last4 string) string { return "******" + last4 }

// last returns the newest transfer of an incentive, nil when there is none.
func last(i record.Incentive) *record.Transfer {
	if len(i.Transfers) == 0 {
		return nil
	}
	return &i.Transfers[len(i.Transfers)-1]
}
