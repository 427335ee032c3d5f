package fault

import (
	"bytes"
	"net"
	"sync"
	"testing"
)

// proxy stands between a program and PostgreSQL. It can refuse, hang, and stop
// one connection at a chosen statement.
type proxy struct {
	listener net.Listener
	upstream string

	mu    sync.Mutex
	state lineState
	open  chan struct{} // closed while the line passes
	links map[*link]bool
	trap  *trap
}

type lineState int

const (
	passing lineState = iota
	refusing
	hanging
)

// trap waits for a connection that says all patterns, one after the other, and
// stops it there.
type trap struct {
	patterns []string
	answer   bool          // what was said passes; the answer does not
	caught   chan struct{} // closed when it has sprung
	release  chan struct{} // closed to let it go on
}

func newProxy(t *testing.T, upstream string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &proxy{listener: listener, upstream: upstream, open: make(chan struct{}), links: map[*link]bool{}}
	close(p.open)
	var serving sync.WaitGroup
	serving.Go(p.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut()
		serving.Wait()
	})
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

// cut ends all connections and takes no new ones.
func (p *proxy) cut() {
	for l := range p.become(refusing) {
		l.close()
	}
}

// hang lets nothing through any more, and ends nothing: a network that swallows.
func (p *proxy) hang() { p.become(hanging) }

// mend lets everything through again.
func (p *proxy) mend() { p.become(passing) }

func (p *proxy) become(state lineState) map[*link]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if was := p.state; was == hanging && state != hanging {
		close(p.open)
	} else if was != hanging && state == hanging {
		p.open = make(chan struct{})
	}
	p.state = state
	links := map[*link]bool{}
	for l := range p.links {
		links[l] = true
	}
	return links
}

// hold stops the next connection that says the patterns, before the last of them
// is heard by PostgreSQL.
func (p *proxy) hold(patterns ...string) *trap { return p.set(&trap{patterns: patterns}) }

// swallow lets PostgreSQL hear the last pattern, and stops its answer.
func (p *proxy) swallow(patterns ...string) *trap {
	return p.set(&trap{patterns: patterns, answer: true})
}

func (p *proxy) set(t *trap) *trap {
	t.caught, t.release = make(chan struct{}), make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trap = t
	return t
}

func (t *trap) let() { close(t.release) }

func (p *proxy) serve() {
	var links sync.WaitGroup
	defer links.Wait()
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		links.Go(func() { p.connect(client) })
	}
}

func (p *proxy) connect(client net.Conn) {
	server, err := net.Dial("tcp", p.upstream)
	if err != nil {
		_ = client.Close()
		return
	}
	l := &link{proxy: p, client: client, server: server, over: make(chan struct{}), muted: make(chan struct{})}
	p.mu.Lock()
	p.links[l] = true
	refused := p.state == refusing
	p.mu.Unlock()
	if refused {
		l.close()
	}
	var both sync.WaitGroup
	both.Go(l.up)
	both.Go(l.down)
	both.Wait()
	p.mu.Lock()
	delete(p.links, l)
	p.mu.Unlock()
}

// passes is closed while the line lets things through.
func (p *proxy) passes() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// link is one connection.
type link struct {
	proxy          *proxy
	client, server net.Conn
	once           sync.Once
	over           chan struct{} // closed at the end
	muted          chan struct{} // closed when answers are held back

	// Owned by up.
	trap *trap // whose first patterns were heard
	next int
}

func (l *link) close() {
	l.once.Do(func() {
		close(l.over)
		_ = l.client.Close()
		_ = l.server.Close()
	})
}

// up carries what the program says. It reads on while the link is stopped, so
// that the program's death ends PostgreSQL's side too, as it would without us.
func (l *link) up() {
	defer l.close()
	said := make(chan []byte)
	go l.read(said)
	for chunk := range said {
		proceed := l.proxy.passes()
		if sprung := l.spring(chunk); sprung != nil {
			chunk, proceed = l.stop(sprung, chunk), sprung.release
		}
		chunk, alive := gather(chunk, said, proceed)
		if !alive {
			return
		}
		if _, err := l.server.Write(chunk); err != nil {
			return
		}
	}
}

// stop tells the test that its trap has sprung, and returns what is held back.
func (l *link) stop(sprung *trap, chunk []byte) []byte {
	defer close(sprung.caught)
	if !sprung.answer {
		return chunk
	}
	close(l.muted)
	_, _ = l.server.Write(chunk) // a line that broke ends the link at the next word
	return nil
}

// gather keeps what is said until the link may proceed; not alive: the program
// has hung up.
func gather(chunk []byte, said <-chan []byte, proceed <-chan struct{}) (all []byte, alive bool) {
	for {
		select {
		case <-proceed:
			return chunk, true
		case more, ok := <-said:
			if !ok {
				return nil, false
			}
			chunk = append(chunk, more...)
		}
	}
}

func (l *link) read(into chan<- []byte) {
	defer close(into)
	for {
		chunk := make([]byte, 32<<10)
		n, err := l.client.Read(chunk)
		if n > 0 {
			select {
			case into <- chunk[:n]:
			case <-l.over:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// down carries the answers.
func (l *link) down() {
	defer l.close()
	chunk := make([]byte, 32<<10)
	for {
		n, err := l.server.Read(chunk)
		if err != nil {
			return
		}
		select {
		case <-l.muted:
			<-l.over
			return
		default:
		}
		select {
		case <-l.proxy.passes():
		case <-l.over:
			return
		}
		if _, err := l.client.Write(chunk[:n]); err != nil {
			return
		}
	}
}

// spring returns the trap that this chunk sets off, if any. A trap goes off once.
func (l *link) spring(chunk []byte) *trap {
	l.proxy.mu.Lock()
	defer l.proxy.mu.Unlock()
	set := l.proxy.trap
	if set == nil {
		return nil
	}
	if l.trap != set {
		l.trap, l.next = set, 0
	}
	for rest := chunk; l.next < len(set.patterns); l.next++ {
		at := bytes.Index(rest, []byte(set.patterns[l.next]))
		if at < 0 {
			return nil
		}
		rest = rest[at+1:]
	}
	l.proxy.trap = nil
	return set
}
