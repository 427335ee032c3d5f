package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"sapa/channels/twilio"
)

// Intake says how webhooks are sent.
type Intake struct {
	Senders []int         // at a time, one run each
	Length  time.Duration // of each run
	Known   float64       // share of messages from people with an open conversation
	Worker  bool          // with worker and bot in the process, as `sapa serve` does
}

// knownPeople are enough for two senders to meet at one person rarely.
const knownPeople = 2000

// lines are what people write; none is asked twice in a row by one sender.
var lines = []string{
	"min insentif sy blm cair pdhl udh selesai pelatihan", "kapan gelombang berikutnya dibuka?", "kode otp tidak masuk ke hp saya",
	"sertifikat saya belum muncul padahal sudah lulus", "cara ganti rekening gimana ya kak", "halo, selamat siang",
	"saldo pelatihan saya kok nol", "saya mau bicara dengan petugas", "kumaha carana ngahubungkeun rekening?", "aku durung nampa duite",
}

// Intake measures signed WhatsApp webhooks until their rows are durable.
func (g *Ground) Intake(ctx context.Context, how Intake) error {
	var args []string
	kind := "web process with worker and bot"
	if !how.Worker {
		args, kind = []string{"--no-worker"}, "web process alone, no bot"
	}
	if err := g.serve(ctx, args...); err != nil {
		return err
	}
	crowd := newCrowd(g, maxOf(how.Senders))
	if err := crowd.introduce(ctx); err != nil {
		return err
	}
	fmt.Fprintf(g.o.Out, "\nintake: signed WhatsApp webhooks, %s, %.0f %% from known people\n", kind, how.Known*100)
	fmt.Fprintf(g.o.Out, "%8s  %10s  %s\n", "senders", "a second", "until answered 2xx")
	for _, senders := range how.Senders {
		if err := g.intakeRun(ctx, crowd, senders, how); err != nil {
			return err
		}
	}
	return g.stop()
}

func (g *Ground) intakeRun(ctx context.Context, crowd *crowd, senders int, how Intake) error {
	before, err := g.heard(ctx)
	if err != nil {
		return err
	}
	start, err := g.used()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, how.Length)
	defer cancel()
	began := time.Now()
	times, refused := crowd.write(ctx, senders, how.Known)
	took := time.Since(began)
	end, err := g.used()
	if err != nil {
		return err
	}
	after, err := g.heard(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	fmt.Fprintf(g.o.Out, "%8d  %10.0f  %s  desk %.0f µs of processor each\n", senders, float64(len(times))/took.Seconds(), times,
		float64((end.cpu-start.cpu).Microseconds())/float64(max(len(times), 1)))
	if stored := after - before; refused > 0 || stored < len(times) {
		return fmt.Errorf("bench: %d webhooks answered 2xx, %d refused, %d rows stored", len(times), refused, stored)
	}
	return nil
}

// heard counts the citizens' rows. A request that was under way when the time
// ran out may have been stored without its answer being read.
func (g *Ground) heard(ctx context.Context) (n int, err error) {
	err = g.db.NewRaw("SELECT count(*) FROM messages WHERE author = 'citizen'").Scan(ctx, &n)
	return n, err
}

// crowd writes to the desk by WhatsApp.
type crowd struct {
	address string
	client  *http.Client
	serial  struct {
		sync.Mutex
		message, person int
	}
}

func newCrowd(g *Ground, senders int) *crowd {
	return &crowd{address: g.public + "/hooks/whatsapp/wa", client: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: senders}, Timeout: 30 * time.Second,
	}}
}

// next numbers a message and, when asked, a new person.
func (c *crowd) next(stranger bool) (message, person int) {
	c.serial.Lock()
	defer c.serial.Unlock()
	c.serial.message++
	if stranger {
		c.serial.person++
	}
	return c.serial.message, c.serial.person
}

// introduce makes everybody known who is to be.
func (c *crowd) introduce(ctx context.Context) error {
	const senders = 16
	faults := make(chan error, senders)
	for range senders {
		go func() {
			for range knownPeople / senders {
				if err := c.say(ctx, true, 0); err != nil {
					faults <- err
					return
				}
			}
			faults <- nil
		}()
	}
	for range senders {
		if err := <-faults; err != nil {
			return err
		}
	}
	return nil
}

// write sends until ctx ends and returns how long each answer took.
func (c *crowd) write(ctx context.Context, senders int, known float64) (sample, int) {
	parts, refused := make([]sample, senders), make([]int, senders)
	var group sync.WaitGroup
	for i := range senders {
		group.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 7))
			for ctx.Err() == nil {
				began := time.Now()
				err := c.say(ctx, random.Float64() >= known, random.IntN(knownPeople)+1)
				switch {
				case err == nil:
					parts[i] = append(parts[i], time.Since(began))
				case ctx.Err() == nil:
					refused[i]++
				}
			}
		})
	}
	group.Wait()
	sum := 0
	for _, n := range refused {
		sum += n
	}
	return merge(parts), sum
}

func (c *crowd) say(ctx context.Context, stranger bool, person int) error {
	message, newcomer := c.next(stranger)
	if stranger {
		person = newcomer
	}
	phone := fmt.Sprintf("+62820%08d", person)
	sid := fmt.Sprintf("SM%032x", message)
	form := url.Values{
		"MessageSid": {sid}, "SmsMessageSid": {sid}, "SmsSid": {sid}, "SmsStatus": {"received"}, "AccountSid": {accountSID},
		"ApiVersion": {"2010-04-01"}, "NumSegments": {"1"}, "NumMedia": {"0"}, "MessageType": {"text"},
		"From": {"whatsapp:" + phone}, "To": {"whatsapp:" + number}, "WaId": {phone[1:]}, "ProfileName": {"Warga"},
		"Body": {lines[message%len(lines)]},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", twilio.Signature(authToken, c.address, form))
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection is used again
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("bench: webhook answered %s", response.Status)
	}
	return nil
}

func maxOf(list []int) int {
	most := 1
	for _, n := range list {
		most = max(most, n)
	}
	return most
}
