// Package category is the tree of what tickets are about. Its leaves are the
// intents that somebody may have to work on; each carries its class, queue,
// priority, target and the fields a form must ask.
//
// A ticket copies what it needs of its leaf when it is registered, so changing a
// leaf never alters old tickets.
package category

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/intent"
)

// ErrNotFound says that there is no such category, or that it is retired.
var ErrNotFound = errors.New("category: not found")

// Classes a leaf can propose; a ticket has exactly one.
const (
	Complaint   = "complaint"
	Aspiration  = "aspiration"
	Information = "information_request"
	Integrity   = "integrity"
)

// Other is the leaf of everything that fits no other.
const Other = string(intent.OutOfScope)

// Category is one leaf. TargetHours are hours of working days, 24 a day; Queue
// is a slug; Priority is 1 (urgent) to 4. Its label is said by the key
// "category."+Code, the group's by "category.group."+Group.
type Category struct {
	bun.BaseModel `bun:"table:categories,alias:k"`

	Code        string   `bun:"code,pk"`
	Group       string   `bun:"grp"`
	Class       string   `bun:"class"`
	Queue       string   `bun:"queue"`
	Priority    int      `bun:"priority"`
	TargetHours int      `bun:"target_hours"`
	Required    []string `bun:"required,array"`
	Sort        int      `bun:"sort"`
	Status      string   `bun:"status"`
}

// conversational intents are about the talk itself: nobody works on them.
func conversational(code intent.Code) bool {
	switch code {
	case intent.Greeting, intent.Thanks, intent.Goodbye, intent.AgentRequest, intent.LanguageSwitch, intent.TicketStatus:
		return true
	}
	return false
}

// Defaults is the tree that a new desk begins with: a leaf for each of the
// intents that can become work.
func Defaults() []Category {
	var tree []Category
	for i, code := range intent.All() {
		if !conversational(code) {
			tree = append(tree, leaf(code, i))
		}
	}
	return tree
}

// workingDay in target hours.
const workingDay = 24

func leaf(code intent.Code, sort int) Category {
	c := Category{
		Code: string(code), Group: intent.Group(code), Class: Information, Queue: queueOf(code), Priority: 3,
		TargetHours: 5 * workingDay, Required: []string{}, Sort: sort, Status: "active",
	}
	switch code {
	case intent.ComplaintFraud, intent.AccountSecurity:
		c.Class, c.Priority, c.TargetHours = Integrity, 1, 60*workingDay
	case intent.ComplaintProvider, intent.ComplaintPartner, intent.ComplaintService:
		c.Class, c.Priority, c.TargetHours = Complaint, 2, 14*workingDay
	case intent.Suggestion:
		c.Class, c.Priority, c.TargetHours = Aspiration, 4, 14*workingDay
	default:
		if troubled(code) {
			c.Class, c.TargetHours = Complaint, 14*workingDay
		}
	}
	c.Required = required(code)
	return c
}

// troubled intents report that something went wrong, the others ask.
func troubled(code intent.Code) bool {
	switch code {
	case intent.AccountLogin, intent.AccountOTP, intent.RegistrationIdentityMismatch, intent.RegistrationNIKUsed,
		intent.RegistrationFaceFailed, intent.BatchRevoked, intent.TrainingBalance, intent.TrainingBuy, intent.TrainingRedeem,
		intent.TrainingAttendance, intent.TrainingAccess, intent.TrainingCertificate, intent.IncentiveStatus,
		intent.IncentiveLinkFailed, intent.IncentiveFailedTransfer:
		return true
	}
	return false
}

// queueOf is the slug of the queue that a leaf waits in.
func queueOf(code intent.Code) string {
	switch intent.Group(code) {
	case "account", "registration":
		return "akun"
	case "training", "batch", "job", "survey":
		return "pelatihan"
	case "incentive":
		return "insentif"
	case "complaint":
		return "pengaduan"
	}
	return "umum"
}

// required are the fields without which the work cannot begin.
func required(code intent.Code) []string {
	switch code {
	case intent.ComplaintProvider, intent.TrainingAttendance, intent.TrainingAccess, intent.TrainingScheduleChange:
		return []string{"training"}
	case intent.TrainingRedeem:
		return []string{"redeem_code"}
	case intent.ComplaintFraud:
		return []string{"what_happened"}
	}
	return []string{}
}

// Seed stores the defaults that are not there yet and leaves the others alone.
func Seed(ctx context.Context, db bun.IDB) error {
	tree := Defaults()
	if _, err := db.NewInsert().Model(&tree).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("seed categories: %w", err)
	}
	return nil
}

// All lists the active leaves in their order.
func All(ctx context.Context, db bun.IDB) ([]Category, error) {
	var list []Category
	if err := db.NewSelect().Model(&list).Where("k.status = 'active'").OrderExpr("k.sort").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list categories: %w", err)
	}
	return list, nil
}

// ByCode reads one active leaf. Error: ErrNotFound.
func ByCode(ctx context.Context, db bun.IDB, code string) (Category, error) {
	list, err := byCodes(ctx, db, code)
	if err != nil {
		return Category{}, err
	}
	if len(list) == 0 {
		return Category{}, ErrNotFound
	}
	return list[0], nil
}

// ForIntent is the leaf of an intent, or Other where it has none, also when the
// tree has not been seeded.
func ForIntent(ctx context.Context, db bun.IDB, code string) (Category, error) {
	list, err := byCodes(ctx, db, code, Other)
	if err != nil {
		return Category{}, err
	}
	for _, c := range list {
		if c.Code == code {
			return c, nil
		}
	}
	if len(list) > 0 {
		return list[0], nil
	}
	return leaf(intent.OutOfScope, 0), nil
}

func byCodes(ctx context.Context, db bun.IDB, codes ...string) ([]Category, error) {
	var list []Category
	err := db.NewSelect().Model(&list).Where("k.code = ANY(?)", pgdialect.Array(codes)).Where("k.status = 'active'").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read category: %w", err)
	}
	return list, nil
}
