package ticketing

import (
	"context"
	"time"

	"sapa/channels"
)

// ProofIdle is how long a proof of identity outlives the citizen's last message
// in a browser: the time to read an answer and think of the next question, too
// short for somebody else to sit down at the machine and ask. Source: security
// test 24 has the same 15 minutes for staff.
const ProofIdle = 15 * time.Minute

// proofOver takes the proof away from a chat that was silent for too long, before
// the new message counts. A number belongs to one phone, a browser to whoever
// sits before it, so only chats forget; and only while the bot answers, which
// cannot judge who writes, as people can.
func (w *work) proofOver(ctx context.Context, c *Conversation) error {
	if c.Kind != channels.Webchat || c.State != StateBot || c.Assurance == AssuranceNone || c.InboundAt == nil || w.at.Sub(*c.InboundAt) <= ProofIdle {
		return nil
	}
	c.Assurance = AssuranceNone
	return w.event(ctx, c, "proof_over", map[string]string{"participant": c.Participant})
}
