package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// arrivals is a transcript of what came: member, message, id, seq.
type arrivals []struct {
	member, number int
	id             string
	seq            int64
}

func TestBalance(t *testing.T) {
	for _, c := range []struct {
		name string
		sent int // messages of member 0, in a room of two
		came arrivals
		want balance
	}{
		{"all came", 2, arrivals{{1, 0, "a", 1}, {0, 0, "a", 1}, {1, 1, "b", 2}, {0, 1, "b", 2}},
			balance{Messages: 2, Deliveries: 4}},
		{"a delivery is lost", 1, arrivals{{0, 0, "a", 1}},
			balance{Messages: 1, Deliveries: 1, Lost: 1}},
		{"the own copy never came", 1, arrivals{{1, 0, "a", 1}},
			balance{Messages: 1, Deliveries: 1, Unanswered: 1}},
		{"nothing came", 1, nil,
			balance{Messages: 1, Unanswered: 1}},
		{"a delivery came twice", 1, arrivals{{1, 0, "a", 1}, {1, 0, "a", 1}, {0, 0, "a", 1}},
			balance{Messages: 1, Deliveries: 2, Doubled: 1}},
		{"the second came first", 2, arrivals{{1, 1, "b", 2}, {1, 0, "a", 1}, {0, 0, "a", 1}, {0, 1, "b", 2}},
			balance{Messages: 2, Deliveries: 4, OutOfOrder: 1}},
		{"a number is left out", 2, arrivals{{1, 0, "a", 1}, {0, 0, "a", 1}, {1, 1, "b", 3}, {0, 1, "b", 3}},
			balance{Messages: 2, Deliveries: 4, Holes: 1}},
		{"members disagree about a number", 1, arrivals{{1, 0, "a", 1}, {0, 0, "a", 2}},
			balance{Messages: 1, Deliveries: 2, Disagreed: 1}},
		{"members disagree about an id", 1, arrivals{{1, 0, "a", 1}, {0, 0, "b", 1}},
			balance{Messages: 1, Deliveries: 2, Disagreed: 1}},
		{"two messages have one number", 2, arrivals{{1, 0, "a", 1}, {0, 0, "a", 1}, {1, 1, "b", 1}, {0, 1, "b", 1}},
			balance{Messages: 2, Deliveries: 4, Disagreed: 2}},
		{"a message of nobody", 1, arrivals{{1, 7, "x", 9}, {1, -1, "y", 8}, {1, 0, "a", 1}, {0, 0, "a", 1}},
			balance{Messages: 1, Deliveries: 2, Strange: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLedger(2)
			start := time.Now()
			for range c.sent {
				l.send(0, start)
			}
			for _, a := range c.came {
				l.receive(a.member, a.number, a.id, a.seq, start.Add(time.Millisecond))
			}
			if diff := cmp.Diff(c.want, l.balance()); diff != "" {
				t.Errorf("balance differs (-want +got):\n%s", diff)
			}
			r := report{balance: c.want}
			if bad := c.want != (balance{Messages: c.sent, Deliveries: 2 * c.sent, OutOfOrder: c.want.OutOfOrder}); (r.verdict() != nil) != bad {
				t.Errorf("verdict = %v, want an error: %v", r.verdict(), bad)
			}
		})
	}
}

func TestLatenciesTellOwnCopies(t *testing.T) {
	l := newLedger(2)
	start := time.Now()
	n := l.send(0, start)
	l.receive(1, n, "a", 1, start.Add(2*time.Millisecond))
	l.receive(0, n, "a", 1, start.Add(3*time.Millisecond))
	if l.delivery.max != 2*time.Millisecond || l.own.max != 3*time.Millisecond {
		t.Errorf("delivery took %v and the own copy %v, want 2ms and 3ms", l.delivery.max, l.own.max)
	}
	if came, complete := l.progress(); came != 2 || !complete {
		t.Errorf("progress = %d, %v, want 2, true", came, complete)
	}
}
