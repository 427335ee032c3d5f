package fault

import (
	"io"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
)

// balancer passes each connection to a process that is there, as a load balancer
// before several does; when a process dies its connections end.
type balancer struct {
	addresses []string
	turn      atomic.Int64
	only      atomic.Pointer[string] // all to this one, when set
}

// balance takes the address of the desk for the balancer.
func (d *desk) balance(addresses ...string) *balancer {
	d.t.Helper()
	b := &balancer{addresses: addresses}
	listener, err := net.Listen("tcp", d.address)
	must(d.t, err)
	d.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go b.pass(client)
		}
	}()
	return b
}

func (b *balancer) pass(client net.Conn) {
	defer client.Close()
	server := b.dial()
	if server == nil {
		return
	}
	defer server.Close()
	done := make(chan struct{}, 2)
	carry := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		done <- struct{}{}
	}
	go carry(server, client)
	go carry(client, server)
	<-done
}

// to sends all that is new to one process.
func (b *balancer) to(address string) {
	b.only.Store(&address)
	caller.CloseIdleConnections()
}

// dial tries the processes in turn.
func (b *balancer) dial() net.Conn {
	addresses := b.addresses
	if only := b.only.Load(); only != nil {
		addresses = []string{*only}
	}
	first := b.turn.Add(1)
	for i := range addresses {
		server, err := net.Dial("tcp", addresses[(int(first)+i)%len(addresses)])
		if err == nil {
			return server
		}
	}
	return nil
}

// beside starts one more process of the desk, with an address and a spool of its own.
func (d *desk) beside() (*process, string) {
	d.t.Helper()
	address := freeAddress(d.t)
	p := run(d.t, program(d.t, "sapa"), slices.Concat(d.settings, []string{"SAPA_LISTEN=" + address, "SAPA_SPOOL_DIR=" + d.t.TempDir()}), "serve")
	until(d.t, "another process is ready", func() bool { return answers("http://"+address+"/readyz", http.StatusOK) })
	return p, address
}

// pair serves with two processes; web is one of them.
func (d *desk) pair() {
	d.t.Helper()
	one, first := d.beside()
	_, second := d.beside()
	d.web = one
	d.balance(first, second)
}

// A visitor's window and the agent's console hang on different processes. The
// visitor's is killed; the window resumes at the other one.
func TestSocketsOfAKilledProcessResumeAtTheOther(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	one, first := d.beside()
	_, second := d.beside()
	line := d.balance(first, second)

	line.to(second)
	rina := d.agent("rina")
	screen := rina.console()
	line.to(first)
	siti := d.visitor()
	window := siti.connect()
	asked := siti.says(window, "e1", question)
	d.quiet()
	talk := d.text("SELECT id FROM conversations")
	line.to(second)
	rina.claim(talk)
	rina.says(talk, "r1", "Halo, saya Rina.")
	siti.upTo(window, "Halo, saya Rina.") // told across processes, there and back
	screen.send(fields{"type": "open", "conversation": talk, "after": asked.Seq})
	wrote := siti.says(window, "e2", "halo juga")
	for screen.awaits("thread").Seq < wrote.Seq {
	}

	one.kill()
	for window.last() != nil {
	}
	rina.says(talk, "r2", "Masih di sana?")
	window = siti.connect()
	siti.upTo(window, "Masih di sana?")
	if again := siti.says(window, "e1", question); again.Seq != asked.Seq {
		t.Errorf("sent again it is message %d, was %d", again.Seq, asked.Seq)
	}
	siti.says(window, "e3", "masih")
	siti.upTo(window, "masih")
	d.wholeThread(siti)
	if last := rina.after(talk, 0); last[len(last)-1].Text != "masih" {
		t.Errorf("the agent sees at the end %q", last[len(last)-1].Text)
	}
}
