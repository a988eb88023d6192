package suite

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Outcome is what came of a case.
type Outcome string

// The outcomes.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "FAIL"
	Skipped Outcome = "skipped"
)

// Result is a case with what came of it. Reason says why it failed or was skipped.
type Result struct {
	Case
	Outcome Outcome
	Reason  string
	Took    time.Duration
}

const (
	atOnce    = 8                // cases
	caseLimit = 20 * time.Second // for a case, besides the stage's clocks it waits for
)

// Run tries cases, several at once, and returns their results in the same order. The error says
// that the witness could not connect, without which nothing is seen.
func Run(ctx context.Context, t Target, cases []Case) ([]Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := newWitness(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("connect the witness: %w", err)
	}
	defer w.close()
	var alone sync.Mutex // cases on stages with rates would take each other's
	results := make([]Result, len(cases))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for n, c := range cases {
		group.Go(func() error {
			if c.Stage == Throttled || c.Stage == Rationed {
				alone.Lock()
				defer alone.Unlock()
			}
			results[n] = try(ctx, t, w, c)
			return nil
		})
	}
	return results, group.Wait()
}

// try tries one case.
func try(ctx context.Context, t Target, w *witness, c Case) Result {
	stage, there := t.Stages[c.Stage]
	switch {
	case !there:
		return Result{Case: c, Outcome: Skipped, Reason: "no stage " + c.Stage}
	case c.Slow && stage.Lifetime > t.Patience:
		return Result{Case: c, Outcome: Skipped, Reason: fmt.Sprintf("would wait for up to %v", stage.Lifetime)}
	}
	limit := caseLimit
	if c.Slow {
		limit += stage.Lifetime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	p := &probe{ctx: ctx, target: t, stage: stage, witness: w, name: newNonce(), http: httpClient(t)}
	defer p.end()
	started := time.Now()
	c.try(p)
	r := Result{Case: c, Outcome: Pass, Took: time.Since(started)}
	if p.err != nil {
		r.Outcome, r.Reason = Fail, p.err.Error()
	}
	return r
}
