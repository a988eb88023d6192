package proof_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"switchboard/infra/local/checker"
	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/stack"
)

var (
	seedFlag = flag.Uint64("seed", 0, "what is random comes from it; 0 takes one at random")
	long     = flag.Bool("long", false, "the whole of each scenario, which takes minutes")
)

// house is a running Switchboard with faults in it.
type house struct {
	*stack.Stack
	faults *faults
	random *rand.Rand // for scenarios, which run one after another
}

// open starts a house that ends with the test.
func open(t *testing.T, seed uint64) *house {
	t.Helper()
	h := &house{faults: newFaults(seed), random: rand.New(rand.NewPCG(seed, 2))}
	s, err := stack.Start(t.Context(), stack.Options{
		Template: "../../template.yaml", Data: t.TempDir(), Children: childtest.Dir(t),
		Parameters: map[string]string{"MessageRate": "0"}, // people here talk faster than people
		Report:     func(line string) { t.Log(line) }, Make: h.faults.make,
	})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	h.Stack = s
	s.Faults.Seed(seed)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience) // the test's own has ended
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return h
}

// scenario is one way to break the house.
type scenario struct {
	name string
	run  func(t *testing.T, h *house)
}

// TestScenarios runs every scenario in one house, one after another.
func TestScenarios(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("go test ./infra/local/proof -v -seed %d plays this again", seed)
	h := open(t, seed)
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			began := time.Now()
			s.run(t, h)
			h.faults.set(plan{})
			t.Logf("seed %d, %.1f s", seed, time.Since(began).Seconds())
		})
	}
}

func scenarios() []scenario {
	return []scenario{
		{"storm", storm}, {"joins", joins}, {"cuts", cuts}, {"disconnects", disconnects}, {"invocations", invocations},
		{"changes", changes}, {"kills", kills}, {"throttling", throttling}, {"indexes", indexes}, {"clocks", clocks}, {"kicks", kicks},
		{"moves", moves}, {"switches", switches}, {"crash", crash},
	}
}

// size is how much of a scenario is run.
func size[T int | time.Duration](short, whole T) T {
	if *long {
		return whole
	}
	return short
}

// crowd are the tabs of people in one room with what they saw.
type crowd struct {
	*checker.History
	house *house
	room  string
	tabs  []*tab
}

// gather lets n people into a new room.
func (h *house) gather(t *testing.T, room string, n int) *crowd {
	t.Helper()
	c := &crowd{History: checker.New(), house: h, room: room}
	for i := range n {
		user := fmt.Sprintf("%s-%d", room, i)
		c.tabs = append(c.tabs, h.tab(c.History, user, user))
	}
	c.each(t, func(ctx context.Context, tb *tab) error {
		if err := tb.come(ctx, room); err != nil {
			return err
		}
		_, err := tb.resume(ctx, room, false)
		return err
	})
	t.Cleanup(func() {
		for _, tb := range c.tabs {
			tb.close()
		}
	})
	return c
}

// each lets all tabs do something at once.
func (c *crowd) each(t *testing.T, do func(ctx context.Context, tb *tab) error) {
	t.Helper()
	var all errgroup.Group
	for _, tb := range c.tabs {
		all.Go(func() error { return do(t.Context(), tb) })
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
}

// talk lets every tab say so many things, one after another.
func (c *crowd) talk(t *testing.T, what string, times int) {
	t.Helper()
	c.each(t, func(ctx context.Context, tb *tab) error {
		for n := range times {
			if err := tb.say(ctx, c.room, fmt.Sprintf("%s %s %d", tb.user, what, n)); err != nil {
				return err
			}
		}
		return nil
	})
}

// judge brings all tabs up to date and fails the test for every promise that was broken. It is
// later by then: what was numbered and never kept is void.
func (c *crowd) judge(t *testing.T) checker.Verdict {
	t.Helper()
	c.house.faults.set(plan{clocks: [3]time.Duration{later, later, later}})
	c.each(t, func(ctx context.Context, tb *tab) error { return tb.finish(ctx, c.room) })
	v := c.Check()
	t.Log(v.String())
	if len(v.Faults) > 0 {
		t.Errorf("%d promises were broken: %s", len(v.Faults), v)
	}
	return v
}
