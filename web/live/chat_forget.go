package live

import (
	"context"
	"fmt"
	"net/http"

	"sapa/channels/bus"
	"sapa/ticketing"
)

// closeForgotten is what other windows of a forgotten chat are told as they close.
const closeForgotten = "forgotten"

// forget ends the chat for this browser: DELETE /chat/sessions. On a shared phone
// or in an internet café the next person must not read what was said. The secret
// is dead at once, the conversation ends, other windows of it close.
func (c *Chat) forget(w http.ResponseWriter, r *http.Request, v visitor) {
	if err := c.forgetSession(r.Context(), v); err != nil {
		c.refuse(w, r, err, 0, "")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// forgetSession ends the conversation first: if that fails the browser still has
// the secret to try again with.
func (c *Chat) forgetSession(ctx context.Context, v visitor) error {
	if err := c.o.Desk.VisitorEnd(ctx, v.inbox.ID, v.point); err != nil {
		return err
	}
	if _, err := c.o.DB.NewRaw("DELETE FROM chat_sessions WHERE id = ?", v.session).Exec(ctx); err != nil {
		return fmt.Errorf("forget chat session: %w", err)
	}
	c.over(v.session)
	_ = c.o.Bus.Publish(ctx, bus.Signal{Topic: bus.Session, ID: ticketSubject + v.session}) // windows at other processes
	return nil
}

// over closes the windows of a session.
func (c *Chat) over(session string) {
	c.mu.Lock()
	var some []*listener
	for l := range c.windows {
		if l.session == session {
			some = append(some, l)
		}
	}
	c.mu.Unlock()
	for _, l := range some {
		l.end()
	}
}

// enter remembers an open window until the function it returns is called.
func (c *Chat) enter(l *listener) (leave func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.windows[l] = true
	return func() {
		c.hear(l, ticketing.ChatState{})
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.windows, l)
	}
}
