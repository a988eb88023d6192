package checker

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is one of the promises.
type Rule string

// The whole list of rules; the package comment says what each wants.
const (
	Order        Rule = "order"
	Loss         Rule = "loss"
	Hole         Rule = "hole"
	Double       Rule = "double"
	Resurrection Rule = "resurrection"
	Isolation    Rule = "isolation"
	Invention    Rule = "invention"
)

// Fault is a promise that was broken.
type Fault struct {
	Rule Rule
	What string
}

// Counts are what a history comes to.
type Counts struct {
	Said, Accepted int // messages, each once
	Pushed         int // copies that came by themselves, each screen's first ones
	Again          int // further copies, which a screen drops
	Fetched        int // messages that a screen has from pages only
	Late           int // acknowledged ones that should have been pushed, and were not: the screen was in the room all along
	Void, Missing  int // numbers without a message, in all rooms, at the end
}

// Verdict is what Check found.
type Verdict struct {
	Counts
	Faults []Fault
}

// shownFaults bounds how many faults a verdict writes out.
const shownFaults = 20

// String is one line of counts, and one more for each fault, up to twenty.
func (v Verdict) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "said %d, accepted %d, pushed %d, again %d, fetched %d, late %d, void %d, missing %d, faults %d",
		v.Said, v.Accepted, v.Pushed, v.Again, v.Fetched, v.Late, v.Void, v.Missing, len(v.Faults))
	for _, f := range v.Faults[:min(len(v.Faults), shownFaults)] {
		fmt.Fprintf(&text, "\n%s: %s", f.Rule, f.What)
	}
	return text.String()
}

// check is one run of Check.
type check struct {
	*History
	verdict Verdict
	voided  map[place]bool
	missing map[place]bool
}

// place is a number of a room's log.
type place struct {
	room string
	seq  int64
}

// Check judges all that was recorded so far.
func (h *History) Check() Verdict {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := &check{History: h, voided: map[place]bool{}, missing: map[place]bool{}}
	c.count()
	c.numbers()
	c.turns()
	c.origins()
	c.doubles()
	c.rooms()
	c.deletions()
	c.pushes()
	c.ends()
	c.verdict.Void, c.verdict.Missing = len(c.voided), len(c.missing)
	return c.verdict
}

func (c *check) fault(r Rule, format string, args ...any) {
	f := Fault{r, fmt.Sprintf(format, args...)}
	if !slices.Contains(c.verdict.Faults, f) {
		c.verdict.Faults = append(c.verdict.Faults, f)
	}
}

func (c *check) count() {
	v := &c.verdict
	v.Said = len(c.said)
	for _, st := range c.said {
		if st.accepted != 0 {
			v.Accepted++
		}
	}
	for _, s := range c.screens {
		had := map[string]bool{}
		for _, m := range s.heard {
			if had[m.ID] {
				v.Again++
				continue
			}
			had[m.ID] = true
			v.Pushed++
		}
		for _, p := range s.pages {
			for _, m := range p.Messages {
				if !had[m.ID] {
					had[m.ID] = true
					v.Fetched++
				}
			}
		}
	}
}

// seen calls do for every message that a screen was given, pushed or in a page.
func (c *check) seen(do func(s *Screen, m Message)) {
	for _, s := range c.screens {
		for _, m := range s.heard {
			do(s, m.Message)
		}
		for _, p := range s.pages {
			for _, m := range p.Messages {
				do(s, m)
			}
		}
	}
}
