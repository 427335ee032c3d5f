// Package record is the vocabulary in which the programme's sub-rooms speak of
// one participant: what an agent sees beside a conversation, what the bot may
// say, what is wrong and how it is put right. It holds shapes and pure rules
// only, and is a leaf for the sub-rooms of program; other rooms use the same
// names through package program.
package record

import "time"

// ParticipantID names one participant (a UUIDv7).
type ParticipantID string

// Summary is one participant in a list: masked, enough to tell people apart.
type Summary struct {
	ID   ParticipantID
	Name string
	// PhoneMasked and NIKMasked show the last digits only; "" when unknown.
	PhoneMasked string
	NIKMasked   string
	NIKLast4    string
	// Region is the name of the regency or city.
	Region   string
	Stage    Stage
	Language string
}

// Stage is how far a participant has come; it is kept on the participant's row.
type Stage string

// The stages in the order of the journey; not_selected, revoked and blocked are
// side tracks.
const (
	StageAccount     Stage = "account"      // account opened, identity not yet proved
	StageRegistered  Stage = "registered"   // identity proved, test done
	StageApplied     Stage = "applied"      // joined a batch, result open
	StageNotSelected Stage = "not_selected" // may join a later batch
	StageSelected    Stage = "selected"     // recipient, nothing bought yet
	StageTraining    Stage = "training"     // has bought, not yet finished one
	StageFinished    Stage = "finished"     // certificate, incentive under way
	StagePaid        Stage = "paid"         // completion incentive arrived
	StageAlumni      Stage = "alumni"       // everything paid and surveyed
	StageRevoked     Stage = "revoked"      // first purchase missed
	StageBlocked     Stage = "blocked"      // account barred by the programme
)

// Record is everything the desk may know of one participant, masked. It is a
// snapshot: At says of when.
type Record struct {
	At            time.Time
	Participant   Participant
	Journey       []Step
	Facts         []Fact
	Diagnoses     []Diagnosis
	Remedies      []RemedyOffer
	Account       Account
	Applications  []Application
	Participation *Participation
	Trainings     []Training
	PayoutAccount *PayoutAccount
	Incentives    []Incentive
	Surveys       []Survey
	// Balance is what is left of the training scholarship, whole rupiah.
	Balance   int64
	Changes   []Change
	Approvals []Approval
}

// Participant is who it is.
type Participant struct {
	Summary
	ProgrammeNumber string
	EmailMasked     string
	// BirthDateMasked shows the year only.
	BirthDateMasked string
	RegionCode      string
	Province        string
	Scheme          string // normal, semi_social
	RegisteredAt    time.Time
	// Identity is what the civil registry said: matched, mismatched, unchecked.
	Identity       string
	IdentityField  string // which field did not match
	IdentityAt     time.Time
	PhoneProved    bool
	EmailProved    bool
	Disability     bool
	TestDoneAt     time.Time
	BlockedAt      time.Time
	BlockedBecause string
}

// Account is the state of signing in.
type Account struct {
	// LockedUntil is zero when the account is open.
	LockedUntil time.Time
	LockedSince time.Time
	LastLoginAt time.Time
}

// Application is one batch the participant joined.
type Application struct {
	ID          string
	BatchNumber int
	JoinedAt    time.Time
	AnnouncedAt time.Time // planned or past
	Result      string    // pending, selected, not_selected
	Reason      string    // quota, ineligible, family_limit, earlier_recipient; "" when selected
	DecidedAt   time.Time
	NextOpensAt time.Time // when the next batch opens, zero when not announced
}

// Participation exists once the person was selected.
type Participation struct {
	BatchNumber    int
	SelectedAt     time.Time
	VideosWatched  int // of 3
	PurchaseDueAt  time.Time
	ExtendedTimes  int
	FirstBoughtAt  time.Time
	RevokedAt      time.Time
	RevokedBecause string
}

// Training is one bought training.
type Training struct {
	ID         string // of the purchase
	TrainingID string
	Title      string
	Provider   string
	Topic      string
	Mode       string // offline, webinar, self_paced
	Price      int64
	BoughtAt   time.Time
	// RedeemState is issued, redeemed, refunded or expired.
	RedeemState string
	RedeemedAt  time.Time
	FinishedAt  time.Time
	Sessions    []Session
	PreTest     *int // of 100
	PostTest    *int // of 100; 61 and more pass
	PostTestAt  time.Time
	Certificate *Certificate
	Rating      *int // 1 to 5
	RatedAt     time.Time
}

// Session is one meeting of a training and whether the person was there.
type Session struct {
	ID string
	At time.Time
	// State is planned, present, absent, unverified or missing (held, but no
	// row of attendance was ever received).
	State  string
	Reason string // face_mismatch, qr_unread, network, none
}

// Certificate of a finished training.
type Certificate struct {
	ID       string
	Number   string
	Name     string
	IssuedAt time.Time
	State    string // valid, replaced, withdrawn
}

// PayoutAccount is where incentives go.
type PayoutAccount struct {
	ID           string
	Kind         string // bank, ewallet
	Institution  string
	NumberMasked string
	Holder       string
	// State is linked, unverified (KYC missing), closed or blocked.
	State    string
	LinkedAt time.Time
	// NameMatches tells whether the holder reads like the participant's name.
	NameMatches bool
}

// Incentive is one sum the participant earned or may earn.
type Incentive struct {
	ID       string
	Kind     string // completion, survey, monthly
	Sequence int
	Amount   int64
	// State is waiting, scheduled, ordered, paid, returned or cancelled.
	State string
	// WaitsFor says what is missing in state waiting: finish, rating, survey, account.
	WaitsFor string
	EarnedAt time.Time
	DueAt    time.Time
	PaidAt   time.Time
	// Transfers, oldest first.
	Transfers []Transfer
}

// Transfer is one attempt to pay an incentive.
type Transfer struct {
	ID           string
	OrderRef     string
	At           time.Time // ordered
	Amount       int64
	State        string // ordered, sent, settled, returned
	SentAt       time.Time
	SettledAt    time.Time
	ReturnedAt   time.Time
	Institution  string
	AccountID    string
	NumberMasked string
	Holder       string
	ReturnCode   string
}

// Survey is one evaluation survey the person was invited to.
type Survey struct {
	ID         string
	Title      string
	Amount     int64
	OpensAt    time.Time
	ClosesAt   time.Time
	AnsweredAt time.Time
}
