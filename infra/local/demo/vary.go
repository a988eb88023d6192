package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// exchange is a few lines that belong together and are said again and again, a little otherwise each time:
// {room:Birch|Cedar} is one of these, {n:10-90} a number, and {room} after it the same once more.
type exchange []line

var slot = regexp.MustCompile(`\{(\w+)(?::([^}]*))?\}`)

// vary fills the slots.
func (e exchange) vary(r *rand.Rand) []line {
	chosen := map[string]string{}
	lines := make([]line, len(e))
	for n, l := range e {
		lines[n] = line{l.who, slot.ReplaceAllStringFunc(l.text, func(found string) string {
			parts := slot.FindStringSubmatch(found)
			if parts[2] != "" {
				chosen[parts[1]] = choose(r, parts[2])
			}
			return chosen[parts[1]]
		})}
	}
	return lines
}

// choose takes one of a|b|c, or a number of 10-90.
func choose(r *rand.Rand, from string) string {
	low, high, isRange := strings.Cut(from, "-")
	least, err := strconv.Atoi(low)
	most, other := strconv.Atoi(high)
	if isRange && err == nil && other == nil && least <= most {
		return strconv.Itoa(least + r.IntN(most-least+1))
	}
	list := strings.Split(from, "|")
	return list[r.IntN(len(list))]
}

// teller says a thread's lines one after the other and never comes to an end.
type teller struct {
	thread
	random *rand.Rand
	next   []line
	left   []int    // exchanges that were not said since all were
	dealt  int      // the exchange that was said last
	said   []string // lately, in exchanges
}

// How much is remembered of what was said, and how often other words are looked for.
const (
	remembered = 60
	otherwise  = 12
)

// tell gives the next line. It differs from what was said lately as far as the exchanges can.
func (t *teller) tell() line {
	if len(t.next) == 0 {
		t.next = t.freshest(t.later[t.deal()])
		for _, l := range t.next {
			t.said = append(t.said, l.text)
		}
		t.said = t.said[max(0, len(t.said)-remembered):]
	}
	l := t.next[0]
	t.next = t.next[1:]
	return l
}

// deal says which exchange comes next: every one before one again, and never the same twice in a row.
func (t *teller) deal() int {
	if len(t.left) == 0 {
		t.left = t.random.Perm(len(t.later))
		if last := len(t.left) - 1; t.left[0] == t.dealt {
			t.left[0], t.left[last] = t.left[last], t.left[0]
		}
	}
	t.dealt, t.left = t.left[0], t.left[1:]
	return t.dealt
}

// freshest is the exchange in the words that were used the least of late.
func (t *teller) freshest(e exchange) []line {
	var best []line
	least := len(e) + 1
	for range otherwise {
		lines := e.vary(t.random)
		old := 0
		for _, l := range lines {
			if slices.Contains(t.said, l.text) {
				old++
			}
		}
		if old < least {
			best, least = lines, old
		}
	}
	return best
}

// circle is all threads; those with more to say are heard more often.
type circle struct {
	random *rand.Rand
	turns  []*teller // each as often as it has exchanges
}

func newCircle(threads []thread, seed uint64) *circle {
	c := &circle{random: rand.New(rand.NewPCG(seed, 0))}
	for _, t := range threads {
		teller := &teller{thread: t, random: c.random, next: t.now, dealt: -1}
		for range max(1, len(t.later)) {
			c.turns = append(c.turns, teller)
		}
	}
	return c
}

// tell gives the next line, and where it is said.
func (c *circle) tell() (thread, line) {
	t := c.turns[c.random.IntN(len(c.turns))]
	return t.thread, t.tell()
}
