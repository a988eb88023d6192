package main

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// connectingAtOnce is how many handshakes are under way at a time.
const connectingAtOnce = 32

// room is one room with its members.
type room struct {
	id      string
	ledger  *ledger
	clients []*client
}

// measurement is one run.
type measurement struct {
	options
	rooms   []*room
	lobby   lobby
	faults  faults
	left    atomic.Int64 // messages that may still be sent
	readers sync.WaitGroup
	hangUp  context.CancelFunc
}

// measure opens the clients, waits until what their coming makes them hear is over, sends, waits for what is still on its way, and
// adds up.
func measure(ctx context.Context, o options) (*report, error) {
	m := &measurement{options: o, faults: faults{counts: map[string]int{}}}
	m.left.Store(int64(o.messages))
	defer m.close()
	idle, err := processorTimes(o.pids)
	if err != nil {
		return nil, err
	}
	opening := time.Now()
	if err := m.open(ctx); err != nil {
		return nil, err
	}
	r := &report{Clients: o.clients, Rooms: o.rooms, ConnectsPerSecond: float64(o.clients) / time.Since(opening).Seconds()}
	if err := m.settle(ctx); err != nil {
		return nil, err
	}
	before, err := processorTimes(o.pids)
	if err != nil {
		return nil, err
	}
	r.ConnectCPU = perOne(idle, before, o.clients)
	began := time.Now()
	if err := m.send(ctx); err != nil {
		return nil, err
	}
	m.waitForStragglers(ctx)
	after, err := processorTimes(o.pids)
	if err != nil {
		return nil, err
	}
	r.add(m, time.Since(began), before, after)
	return r, nil
}

func (m *measurement) open(ctx context.Context) error {
	life, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	m.hangUp = hangUp
	run := strings.ToLower(rand.Text()[:8]) // rooms that nobody has spoken in
	for i := range m.options.rooms {
		size := m.clients / m.options.rooms
		if i < m.clients%m.options.rooms {
			size++
		}
		r := &room{id: fmt.Sprintf("load-%s-%d", run, i), ledger: newLedger(size)}
		for member := range size {
			r.clients = append(r.clients, &client{room: r, member: member, answered: make(chan bool, 1), lobby: &m.lobby, faults: &m.faults})
		}
		m.rooms = append(m.rooms, r)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connectingAtOnce)
	for i, r := range m.rooms {
		for _, c := range r.clients {
			person := c.member*len(m.rooms) + i // another one for each client
			group.Go(func() error {
				if err := c.open(ctx, m.url, person); err != nil {
					return err
				}
				m.readers.Go(func() { c.listen(life) })
				return nil
			})
		}
	}
	return group.Wait()
}

// settle waits until every client is welcome and nothing comes any more.
func (m *measurement) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, longestWait+time.Duration(m.clients)*perClient)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !m.lobby.quiet(m.clients, quietFor, time.Now()) {
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for quiet before the first message: %d of %d clients have their welcome: %w",
				m.lobby.welcomed.Load(), m.clients, ctx.Err())
		}
	}
	return nil
}

// send lets the senders write until the time or the messages are used up.
func (m *measurement) send(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, m.length)
	defer cancel()
	if m.rate > 0 {
		return ignoreEnd(ctx, m.sendAtRate(ctx))
	}
	group, inner := errgroup.WithContext(ctx)
	for i, r := range m.rooms {
		if m.oneByOne {
			dice := mathrand.New(mathrand.NewPCG(m.seed, uint64(i)))
			group.Go(func() error { return m.sendOneByOne(inner, r, dice) })
			continue
		}
		for i, c := range r.clients[:min(m.senders, len(r.clients))] {
			dice := mathrand.New(mathrand.NewPCG(m.seed, uint64(i)))
			group.Go(func() error { return m.sendAsAnswered(inner, c, dice) })
		}
	}
	return ignoreEnd(ctx, group.Wait())
}

// ignoreEnd drops an error that only says that the time is over.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

func (m *measurement) sendAtRate(ctx context.Context) error {
	dice := mathrand.New(mathrand.NewPCG(m.seed, 0))
	began := time.Now()
	for n := 0; m.left.Add(-1) >= 0; n++ {
		due := began.Add(time.Duration(float64(n) / m.rate * float64(time.Second)))
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return nil
		}
		r := m.rooms[dice.IntN(len(m.rooms))]
		c := r.clients[dice.IntN(min(m.senders, len(r.clients)))]
		// The time that is over must not cut a frame in two, which would end the connection.
		if _, err := c.send(context.WithoutCancel(ctx), lettersOf(dice)); err != nil {
			return err
		}
	}
	return nil
}

func (m *measurement) sendAsAnswered(ctx context.Context, c *client, dice *mathrand.Rand) error {
	for m.left.Add(-1) >= 0 {
		if _, err := c.send(context.WithoutCancel(ctx), lettersOf(dice)); err != nil {
			return err
		}
		select {
		case <-c.answered:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// sendOneByOne sends a message when the one before has come to everybody, or is lost.
func (m *measurement) sendOneByOne(ctx context.Context, r *room, dice *mathrand.Rand) error {
	for ctx.Err() == nil && m.left.Add(-1) >= 0 {
		c := r.clients[dice.IntN(min(m.senders, len(r.clients)))]
		select {
		case <-c.answered: // an answer of before
		default:
		}
		n, err := c.send(context.WithoutCancel(ctx), lettersOf(dice))
		if err != nil {
			return err
		}
		r.waitFor(ctx, n, c)
	}
	return nil
}

// waitFor waits until a message has come to everybody, was refused, or is lost.
func (r *room) waitFor(ctx context.Context, number int, sender *client) {
	whole, late := r.ledger.wholeOf(number), time.After(stragglers)
	for {
		select {
		case <-whole:
			return
		case kept := <-sender.answered:
			if !kept {
				return
			}
		case <-late:
			return
		case <-ctx.Done():
			return
		}
	}
}

// lettersOf makes messages as long as those that people write.
func lettersOf(dice *mathrand.Rand) int { return 10 + dice.IntN(150) }

// waitForStragglers waits for the last deliveries, as long as some still come.
func (m *measurement) waitForStragglers(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	had, since := -1, time.Now()
	for {
		all, came := true, 0
		for _, r := range m.rooms {
			n, complete := r.ledger.progress()
			came, all = came+n, all && complete
		}
		if came > had {
			had, since = came, time.Now()
		}
		if all || time.Since(since) > stragglers {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

func (m *measurement) close() {
	m.hangUp()
	m.readers.Wait()
}
