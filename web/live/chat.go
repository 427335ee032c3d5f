package live

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/channels/words"
	"sapa/ticketing"
)

// ChatOptions are what the citizens' chat needs. All but Log are required.
type ChatOptions struct {
	DB      *bun.DB
	Desk    *ticketing.Desk
	Inboxes *channels.InboxCache
	Files   *attachment.Store
	Bus     *bus.Bus
	Words   *words.Catalogue // the catalogue of this package, see Words
	Origin  string           // of the desk itself: its own pages may always chat
	Now     func() time.Time
	// Address is where a request comes from, behind whatever proxy stands in front.
	Address func(*http.Request) string
	Log     *slog.Logger
}

// Chat serves citizens' browsers: sockets, and long polling where a network
// refuses those. It keeps who listens to which conversation, nothing else.
type Chat struct {
	o     ChatOptions
	paces paces
	told  outages

	mu        sync.Mutex
	listeners map[ticketing.ConversationID]map[*listener]bool
	windows   map[*listener]bool // all that are open
}

// listener is one open window. poke is called outside of all locks and must not
// wait; typing and end likewise. queued says that the window shows a place in the
// queue.
type listener struct {
	session string
	poke    func()
	typing  func(on bool)
	end     func() // the session is over
	hearing ticketing.ConversationID
	queued  bool
}

// placesEvery is how often those who wait are told their place anew: every message
// at the desk moves some queue, and each look costs queries.
const placesEvery = 2 * time.Second

// NewChat makes the chat; Run must be running for anything to arrive by itself.
func NewChat(o ChatOptions) *Chat {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Chat{o: o, paces: newPaces(o.Now), listeners: map[ticketing.ConversationID]map[*listener]bool{}, windows: map[*listener]bool{}}
}

// Routes puts the chat's addresses on a mux.
func (c *Chat) Routes(mux *http.ServeMux) {
	mux.Handle("POST /chat/sessions", c.open(http.HandlerFunc(c.begin)))
	mux.Handle("DELETE /chat/sessions", c.known(c.forget))
	mux.Handle("POST /chat/tickets", c.known(c.paced(c.paces.tickets, c.ticket)))
	mux.Handle("POST /chat/attachments", c.known(c.paced(c.paces.files, c.attach)))
	mux.Handle("POST /chat/messages", c.known(c.post))
	mux.Handle("GET /chat/messages", c.known(c.paced(c.paces.polls, c.poll)))
	mux.Handle("OPTIONS /chat/", http.HandlerFunc(c.preflight))
	mux.HandleFunc("GET /ws/chat", c.socket)
}

// Run passes signals on to the windows they concern, until ctx ends.
func (c *Chat) Run(ctx context.Context) error {
	signals, err := c.o.Bus.Subscribe(ctx, bus.Chat, bus.Conversation, bus.Typing, bus.Attachment, bus.Queue, bus.Session, bus.Setting)
	if err != nil {
		return err
	}
	var places <-chan time.Time
	for {
		select {
		case signal, open := <-signals:
			if !open {
				return ctx.Err()
			}
			switch signal.Topic {
			case bus.Lost:
				c.pokeEach(func(*listener) bool { return true })
			case bus.Queue:
				if places == nil {
					places = time.After(placesEvery)
				}
			case bus.Setting:
				if signal.ID == "outage" {
					c.told.forget()
					c.pokeAll()
				}
			case bus.Typing:
				c.passTyping(signal)
			case bus.Session: // of staff too, whose ids are no session of ours
				c.over(strings.TrimPrefix(signal.ID, ticketSubject))
			default:
				c.pokeOne(ticketing.ConversationID(signal.ID))
			}
		case <-places:
			places = nil
			c.pokeEach(func(l *listener) bool { return l.queued })
		}
	}
}

func (c *Chat) pokeOne(id ticketing.ConversationID) {
	for _, l := range c.hearing(id) {
		l.poke()
	}
}

// pokeEach has the windows look for news that meet a condition, which is asked
// under the lock.
func (c *Chat) pokeEach(meets func(*listener) bool) {
	c.mu.Lock()
	var some []*listener
	for _, all := range c.listeners {
		for l := range all {
			if meets(l) {
				some = append(some, l)
			}
		}
	}
	c.mu.Unlock()
	for _, l := range some {
		l.poke()
	}
}

func (c *Chat) passTyping(signal bus.Signal) {
	if who := signal.Data["who"]; who == string(ticketing.FromCitizen) || who == string(ticketing.LineNote) {
		return
	}
	for _, l := range c.hearing(ticketing.ConversationID(signal.ID)) {
		l.typing(signal.Data["on"] == "1")
	}
}

func (c *Chat) hearing(id ticketing.ConversationID) []*listener {
	c.mu.Lock()
	defer c.mu.Unlock()
	some := make([]*listener, 0, len(c.listeners[id]))
	for l := range c.listeners[id] {
		some = append(some, l)
	}
	return some
}

// hear makes a listener hear the conversation as it stands, the zero state for
// none.
func (c *Chat) hear(l *listener, chat ticketing.ChatState) {
	id := chat.Conversation
	c.mu.Lock()
	defer c.mu.Unlock()
	l.queued = chat.State == string(ticketing.StateQueued)
	if l.hearing == id {
		return
	}
	if some := c.listeners[l.hearing]; some != nil {
		delete(some, l)
		if len(some) == 0 {
			delete(c.listeners, l.hearing)
		}
	}
	l.hearing = id
	if id == "" {
		return
	}
	if c.listeners[id] == nil {
		c.listeners[id] = map[*listener]bool{}
	}
	c.listeners[id][l] = true
}
