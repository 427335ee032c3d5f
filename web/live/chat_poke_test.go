package live

import (
	"slices"
	"testing"
	"time"

	"sapa/ticketing"
)

// The reader of signals serves every window: one whose database or browser is slow
// must not hold up the others.
func TestPokeNeverWaits(t *testing.T) {
	t.Parallel()
	win := &window{resumed: true, pumping: true}
	win.telling.Lock() // a look is under way
	poked := make(chan struct{})
	go func() { win.poke(); close(poked) }()
	select {
	case <-poked:
	case <-time.After(10 * time.Second):
		t.Fatal("poke waits for a look")
	}
	if !win.again() || win.again() {
		t.Error("a poke during a look makes one look more")
	}
}

// A queue moves with nearly every message; only those who stand in one look.
func TestOnlyThoseWhoWaitLookAtTheirPlace(t *testing.T) {
	t.Parallel()
	chat := NewChat(ChatOptions{Now: time.Now})
	var looked []string
	for _, state := range []ticketing.State{ticketing.StateBot, ticketing.StateQueued, ticketing.StateAgent} {
		l := &listener{poke: func() { looked = append(looked, string(state)) }}
		chat.hear(l, ticketing.ChatState{Conversation: ticketing.ConversationID(state), State: string(state)})
	}
	chat.pokeEach(func(l *listener) bool { return l.queued })
	if want := []string{"queued"}; !slices.Equal(looked, want) {
		t.Errorf("looked: %v, want %v", looked, want)
	}
}
