package channels

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/seal"
)

// outboxRow is a row of table outbox.
type outboxRow struct {
	bun.BaseModel `bun:"table:outbox,alias:o"`

	ID             OutboxID        `bun:"type:uuid"`
	InboxID        InboxID         `bun:"type:uuid"`
	Address        string          `bun:"address"`
	Purpose        Purpose         `bun:"purpose"`
	ConversationID string          `bun:"type:uuid,nullzero"`
	MessageID      string          `bun:"type:uuid,nullzero"`
	MessageSeq     int64           `bun:",nullzero"`
	Text           string          `bun:"text"`
	Key            string          `bun:"key"`
	Params         json.RawMessage `bun:"type:jsonb"`
	Language       string          `bun:"language"`
	Buttons        []Button        `bun:"type:jsonb"`
	Attachments    []string        `bun:",array"`
	Template       string          `bun:"template"`
	Secret         []byte          `bun:"secret"`
	State          State           `bun:"state"`
	Attempts       int             `bun:"attempts"`
	Asked          int             `bun:"asked"`
	DueAt          time.Time       `bun:"due_at"`
	SlotAt         time.Time       `bun:",nullzero"`
	ExpiresAt      time.Time       `bun:",nullzero"`
	CalledAt       time.Time       `bun:",nullzero"`
	ProviderID     string          `bun:",nullzero"`
	FormerIDs      []string        `bun:"former_ids,array"`
	ErrorCode      string          `bun:"error_code"`
	ErrorKey       string          `bun:"error_key"`
	RetriedBy      string          `bun:"retried_by"`
	CreatedAt      time.Time       `bun:"created_at"`
	SentAt         time.Time       `bun:",nullzero"`
	DeliveredAt    time.Time       `bun:",nullzero"`
	ReadAt         time.Time       `bun:",nullzero"`
	FailedAt       time.Time       `bun:",nullzero"`
	UpdatedAt      time.Time       `bun:"updated_at"`
}

func (r outboxRow) delivery() Delivery {
	return Delivery{
		ID: r.ID, InboxID: r.InboxID, ConversationID: r.ConversationID, MessageSeq: r.MessageSeq,
		Purpose: r.Purpose, State: r.State, ErrorCode: r.ErrorCode, ErrorKey: r.ErrorKey,
		Attempts: r.Attempts, Retryable: r.retryable(), UpdatedAt: r.UpdatedAt,
	}
}

// deliveryColumns are what delivery needs.
const deliveryColumns = "id, inbox_id, conversation_id, message_seq, purpose, params, secret, state, error_code, error_key, attempts, updated_at"

// retryable: a person may send again what failed or what nobody knows about, but
// not a one-time password, which is asked for anew, nor what would go out
// without its secret.
func (r outboxRow) retryable() bool {
	return (r.State == StateFailed || r.State == StateUnknown) && r.Purpose != PurposeOTP && !r.spent()
}

// spent tells that the row was to carry a secret that is erased by now.
func (r outboxRow) spent() bool {
	params, err := r.params()
	return err == nil && params["Code"] != nil && len(r.Secret) == 0
}

// secretContext binds a sealed secret to its row.
func (r outboxRow) secretContext() string { return "outbox.secret:" + string(r.ID) }

func (r outboxRow) openSecret(box *seal.Box) (string, error) {
	if len(r.Secret) == 0 {
		return "", nil
	}
	plain, err := box.Open(r.Secret, r.secretContext())
	if err != nil {
		return "", fmt.Errorf("secret of outbox %s: %w", r.ID, err)
	}
	return string(plain), nil
}

// params decodes the parameters with whole numbers as int64, since plural forms
// are chosen by them.
func (r outboxRow) params() (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(r.Params))
	decoder.UseNumber()
	params := map[string]any{}
	if err := decoder.Decode(&params); err != nil {
		return nil, &Permanent{Key: ErrorKey("render"), Text: fmt.Sprintf("parameters of outbox %s: %v", r.ID, err)}
	}
	for name, value := range params {
		number, ok := value.(json.Number)
		if !ok {
			continue
		}
		if whole, err := number.Int64(); err == nil {
			params[name] = whole
		} else {
			params[name] = number.String()
		}
	}
	return params, nil
}

func (r outboxRow) attachments() []AttachmentID {
	ids := make([]AttachmentID, len(r.Attachments))
	for i, id := range r.Attachments {
		ids[i] = AttachmentID(id)
	}
	return ids
}
