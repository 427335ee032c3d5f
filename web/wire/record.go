package wire

import (
	"time"

	"sapa/program"
	"sapa/program/access"
)

// ParticipantRow is a participant in a list, masked.
type ParticipantRow struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	PhoneMasked string `json:"phone_masked"`
	NIKMasked   string `json:"nik_masked"`
	Region      string `json:"region"`
	Stage       string `json:"stage"`
	Language    string `json:"language"`
}

// Participant shapes a participant for a list.
func Participant(s program.Summary) ParticipantRow {
	return ParticipantRow{ID: string(s.ID), Name: s.Name, PhoneMasked: s.PhoneMasked, NIKMasked: s.NIKMasked, Region: s.Region,
		Stage: string(s.Stage), Language: s.Language}
}

// ParticipantHead is who a record is about, masked.
type ParticipantHead struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	ProgrammeNumber string `json:"programme_number,omitempty"`
	PhoneMasked     string `json:"phone_masked"`
	EmailMasked     string `json:"email_masked"`
	NIKMasked       string `json:"nik_masked"`
	BirthDateMasked string `json:"birth_date_masked"`
	Region          string `json:"region"`
	Language        string `json:"language"`
	Stage           string `json:"stage"`
	Scheme          string `json:"scheme"`
}

// Step is one station of the journey line.
type Step struct {
	Code  string     `json:"code"`
	Label string     `json:"label"`
	State string     `json:"state" enum:"done,current,blocked,upcoming"`
	At    *time.Time `json:"at"`
	Note  string     `json:"note"`
}

// Diagnosis is one trouble in a sentence.
type Diagnosis struct {
	Code     string     `json:"code"`
	Text     string     `json:"text"`
	Severity string     `json:"severity" enum:"fault,waiting,info"`
	Since    *time.Time `json:"since"`
	Remedies []string   `json:"remedies" nullable:"false"`
}

// RemedyOffer is a correction that can be made, with its form.
type RemedyOffer struct {
	Code           string  `json:"code"`
	Label          string  `json:"label"`
	Description    string  `json:"description"`
	Money          bool    `json:"money"`
	NeedsEvidence  bool    `json:"needs_evidence"`
	ApproverRole   string  `json:"approver_role,omitempty"`
	Fields         []Field `json:"fields" nullable:"false"`
	BlockedBecause string  `json:"blocked_because,omitempty"`
}

// BatchLine is one batch the person joined.
type BatchLine struct {
	Number    int        `json:"number,omitempty"`
	State     string     `json:"state"`
	JoinedAt  *time.Time `json:"joined_at,omitempty"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
}

// Training is one bought training.
type Training struct {
	ID          string       `json:"id"`
	Title       string       `json:"title"`
	Provider    string       `json:"provider"`
	Mode        string       `json:"mode"`
	Price       int64        `json:"price"`
	BoughtAt    time.Time    `json:"bought_at"`
	RedeemState string       `json:"redeem_state"`
	Sessions    []Meeting    `json:"sessions" nullable:"false"`
	PreTest     *int         `json:"pre_test,omitempty"`
	PostTest    *int         `json:"post_test,omitempty"`
	Certificate *Certificate `json:"certificate,omitempty"`
	Rating      *int         `json:"rating,omitempty"`
}

// Meeting is one meeting of a training.
type Meeting struct {
	At    time.Time `json:"at"`
	State string    `json:"state"`
}

// Certificate of a finished training.
type Certificate struct {
	Number   string    `json:"number"`
	IssuedAt time.Time `json:"issued_at"`
	State    string    `json:"state"`
}

// PayoutAccount is where incentives go.
type PayoutAccount struct {
	ID           string    `json:"id"`
	Kind         string    `json:"kind" enum:"bank,ewallet"`
	Institution  string    `json:"institution"`
	NumberMasked string    `json:"number_masked"`
	Holder       string    `json:"holder"`
	State        string    `json:"state"`
	LinkedAt     time.Time `json:"linked_at"`
}

// Incentive is one sum the person earned or may earn.
type Incentive struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Amount    int64      `json:"amount"`
	State     string     `json:"state"`
	DueAt     *time.Time `json:"due_at"`
	Transfers []Transfer `json:"transfers" nullable:"false"`
}

// Transfer is one attempt to pay an incentive.
type Transfer struct {
	ID           string    `json:"id"`
	At           time.Time `json:"at"`
	Amount       int64     `json:"amount"`
	State        string    `json:"state"`
	Institution  string    `json:"institution"`
	NumberMasked string    `json:"number_masked"`
	ReturnCode   string    `json:"return_code,omitempty"`
	ReturnText   string    `json:"return_text,omitempty"`
}

// Record is a participant's whole record, masked.
type Record struct {
	Participant   ParticipantHead `json:"participant"`
	Journey       []Step          `json:"journey" nullable:"false"`
	Diagnoses     []Diagnosis     `json:"diagnoses" nullable:"false"`
	Remedies      []RemedyOffer   `json:"remedies" nullable:"false"`
	Batch         []BatchLine     `json:"batch" nullable:"false"`
	Trainings     []Training      `json:"trainings" nullable:"false"`
	PayoutAccount *PayoutAccount  `json:"payout_account"`
	Incentives    []Incentive     `json:"incentives" nullable:"false"`
	Balance       int64           `json:"balance"`
	Changes       []Change        `json:"changes" nullable:"false"`
	OpenApprovals []ApprovalRow   `json:"open_approvals" nullable:"false"`
}

// Record shapes a record, but for open approvals; papers hold what its changes
// name by id.
func (v Voice) Record(r program.Record, papers Papers) Record {
	return Record{
		Participant: v.head(r.Participant), Journey: Each(r.Journey, v.step), Diagnoses: Each(r.Diagnoses, v.diagnosis),
		Remedies: Each(r.Remedies, v.remedy), Batch: batches(r), Trainings: Each(r.Trainings, training), PayoutAccount: payoutAccount(r.PayoutAccount),
		Incentives: Each(r.Incentives, v.incentive), Balance: r.Balance,
		Changes:       Each(r.Changes, func(c program.Change) Change { return v.Change(c, papers) }),
		OpenApprovals: []ApprovalRow{},
	}
}

func (v Voice) head(p program.Participant) ParticipantHead {
	return ParticipantHead{
		ID: string(p.ID), Name: p.Name, ProgrammeNumber: p.ProgrammeNumber, PhoneMasked: p.PhoneMasked, EmailMasked: p.EmailMasked, NIKMasked: p.NIKMasked,
		BirthDateMasked: p.BirthDateMasked, Region: p.Region, Language: p.Language, Stage: string(p.Stage), Scheme: p.Scheme,
	}
}

func (v Voice) step(s program.Step) Step {
	return Step{Code: s.Code, Label: v.Texts.Step(v.Language, s.Code), State: s.State, At: instant(s.At), Note: v.Texts.Note(v.Language, s.Note)}
}

func (v Voice) diagnosis(d program.Diagnosis) Diagnosis {
	return Diagnosis{Code: d.Code, Text: v.Texts.Diagnosis(v.Language, d), Severity: string(d.Severity), Since: instant(d.Since), Remedies: texts(d.Remedies)}
}

func (v Voice) remedy(o program.RemedyOffer) RemedyOffer {
	offer := RemedyOffer{Code: o.Code, Label: v.Texts.RemedyLabel(v.Language, o.Code), Description: v.Texts.RemedyDescription(v.Language, o.Code),
		Money: o.Money, NeedsEvidence: o.NeedsEvidence, ApproverRole: ApproverRole(o.Approval), Fields: Each(o.Fields, v.remedyField)}
	if o.Blocked != nil {
		offer.BlockedBecause = v.Texts.Note(v.Language, *o.Blocked)
	}
	return offer
}

// ApproverRole is who decides a kind of approval, "" where nobody need.
func ApproverRole(kind string) string {
	if kind == "" {
		return ""
	}
	return string(access.Approver)
}

func batches(r program.Record) []BatchLine {
	return Each(r.Applications, func(a program.Application) BatchLine {
		return BatchLine{Number: a.BatchNumber, State: a.Result, JoinedAt: instant(a.JoinedAt), DecidedAt: instant(a.DecidedAt)}
	})
}

func training(t program.Training) Training {
	shaped := Training{
		ID: t.ID, Title: t.Title, Provider: t.Provider, Mode: t.Mode, Price: t.Price, BoughtAt: t.BoughtAt.UTC(), RedeemState: t.RedeemState,
		PreTest: t.PreTest, PostTest: t.PostTest, Rating: t.Rating,
		Sessions: Each(t.Sessions, func(s program.Session) Meeting { return Meeting{At: s.At.UTC(), State: s.State} }),
	}
	if c := t.Certificate; c != nil {
		shaped.Certificate = &Certificate{Number: c.Number, IssuedAt: c.IssuedAt.UTC(), State: c.State}
	}
	return shaped
}

func payoutAccount(a *program.PayoutAccount) *PayoutAccount {
	if a == nil {
		return nil
	}
	return &PayoutAccount{ID: a.ID, Kind: a.Kind, Institution: a.Institution, NumberMasked: a.NumberMasked, Holder: a.Holder, State: a.State, LinkedAt: a.LinkedAt.UTC()}
}

func (v Voice) incentive(i program.Incentive) Incentive {
	return Incentive{ID: i.ID, Kind: i.Kind, Amount: i.Amount, State: i.State, DueAt: instant(i.DueAt), Transfers: Each(i.Transfers, v.transfer)}
}

func (v Voice) transfer(t program.Transfer) Transfer {
	shaped := Transfer{ID: t.ID, At: t.At.UTC(), Amount: t.Amount, State: t.State, Institution: t.Institution, NumberMasked: t.NumberMasked, ReturnCode: t.ReturnCode}
	if t.ReturnCode != "" {
		shaped.ReturnText = v.Texts.Say(v.Language, "return."+t.ReturnCode, nil)
	}
	return shaped
}

// AccessLine is one look at a record.
type AccessLine struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Reason string    `json:"reason"`
	Fields []string  `json:"fields" nullable:"false"`
}

// Access shapes a line of the access ledger.
func (v Voice) Access(e access.Entry) AccessLine {
	return AccessLine{At: e.At.UTC(), Actor: v.Actor(e.Actor), Reason: e.Reason, Fields: texts(e.Fields)}
}
