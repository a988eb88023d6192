package main

import (
	"sync"
	"time"
)

// ledger keeps the accounts of one room: what was sent, and what came to whom.
type ledger struct {
	members int

	mu       sync.Mutex
	messages []message
	numbered map[int64]int // seq -> message
	got      []bitmap      // by member: the messages that came
	highest  []int64       // by member: the highest seq that came

	delivery, own, last histogram
	deliveries          int
	doubled, outOfOrder int
	disagreed           int // a seq with two messages, or a message with two seqs
	strange             int // messages that nobody here sent
}

// message is one that was sent.
type message struct {
	sender int
	sent   time.Time
	id     string
	seq    int64
	came   int // members that have it
	own    bool
	whole  chan struct{} // closed when it has come to everybody; nil: nobody asked
}

func newLedger(members int) *ledger {
	return &ledger{
		members: members, numbered: map[int64]int{},
		got: make([]bitmap, members), highest: make([]int64, members),
	}
}

// send notes that a member sends the room's next message now, and gives the message's number.
func (l *ledger) send(sender int, at time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.messages = append(l.messages, message{sender: sender, sent: at})
	return len(l.messages) - 1
}

// receive notes that a message came to a member.
func (l *ledger) receive(member, number int, id string, seq int64, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if number < 0 || number >= len(l.messages) {
		l.strange++
		return
	}
	m := &l.messages[number]
	if m.id == "" {
		m.id, m.seq = id, seq
	}
	if _, taken := l.numbered[seq]; !taken {
		l.numbered[seq] = number
	}
	if m.id != id || m.seq != seq || l.numbered[seq] != number {
		l.disagreed++
	}
	if !l.got[member].set(number) {
		l.doubled++
		return
	}
	l.deliveries++
	m.came++
	if seq < l.highest[member] {
		l.outOfOrder++
	}
	l.highest[member] = max(l.highest[member], seq)
	if m.came == l.members {
		l.last.add(at.Sub(m.sent))
		if m.whole != nil {
			close(m.whole)
		}
	}
	if member == m.sender {
		m.own = true
		l.own.add(at.Sub(m.sent))
		return
	}
	l.delivery.add(at.Sub(m.sent))
}

// wholeOf gives what is closed when a message that was sent has come to everybody.
func (l *ledger) wholeOf(number int) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := &l.messages[number]
	if m.whole == nil {
		m.whole = make(chan struct{})
		if m.came == l.members {
			close(m.whole)
		}
	}
	return m.whole
}

// sentBy says which member sent a message, and -1 when nobody did.
func (l *ledger) sentBy(number int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if number < 0 || number >= len(l.messages) {
		return -1
	}
	return l.messages[number].sender
}

func (l *ledger) mergeInto(delivery, own, last *histogram) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delivery.merge(&l.delivery)
	own.merge(&l.own)
	last.merge(&l.last)
}

// progress says how much has come, and whether everything sent has come to everybody.
func (l *ledger) progress() (came int, complete bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.deliveries, l.deliveries == len(l.messages)*l.members
}

// balance is what a ledger comes to.
type balance struct {
	Messages   int `json:"messages"`
	Deliveries int `json:"deliveries"`
	// Lost counts deliveries that never came of messages whose own copy did; Unanswered
	// counts messages without an own copy.
	Lost       int `json:"lost"`
	Unanswered int `json:"unanswered"`
	Doubled    int `json:"doubled"`
	OutOfOrder int `json:"outOfOrder"` // arrivals below a number that had come before
	Holes      int `json:"holes"`      // numbers between the first and the last without a message
	Disagreed  int `json:"disagreed"`
	Strange    int `json:"strange"`
}

func (l *ledger) balance() balance {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := balance{
		Messages: len(l.messages), Deliveries: l.deliveries, Doubled: l.doubled,
		OutOfOrder: l.outOfOrder, Disagreed: l.disagreed, Strange: l.strange,
	}
	for _, m := range l.messages {
		if m.own {
			b.Lost += l.members - m.came
		} else {
			b.Unanswered++
		}
	}
	first, last := int64(0), int64(-1)
	for seq := range l.numbered {
		if last < first {
			first, last = seq, seq
		}
		first, last = min(first, seq), max(last, seq)
	}
	b.Holes = int(last-first+1) - len(l.numbered)
	return b
}

func (b *balance) add(o balance) {
	b.Messages += o.Messages
	b.Deliveries += o.Deliveries
	b.Lost += o.Lost
	b.Unanswered += o.Unanswered
	b.Doubled += o.Doubled
	b.OutOfOrder += o.OutOfOrder
	b.Holes += o.Holes
	b.Disagreed += o.Disagreed
	b.Strange += o.Strange
}

// bitmap is a growing set of small numbers.
type bitmap []uint64

// set adds n and says whether it was not there.
func (b *bitmap) set(n int) bool {
	for len(*b) <= n/64 {
		*b = append(*b, 0)
	}
	word, bit := &(*b)[n/64], uint64(1)<<(n%64)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}
