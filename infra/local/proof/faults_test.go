package proof_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"switchboard/internal/app"
	"switchboard/internal/config"
	"switchboard/lambdas/handler"
)

// plan is what goes wrong; the zero value is nothing. Shares are from 0 to 1.
type plan struct {
	throttle   float64          // of writes to DynamoDB, refused
	lose       float64          // of requests to DynamoDB, done but without an answer
	stale      bool             // half of all eventual reads answer as they did before
	twice      float64          // of invocations, run a second time
	late       time.Duration    // invocations begin up to so late
	clocks     [3]time.Duration // how wrong the clocks of a function's instances are
	kill       string           // the function whose next invocation is killed
	killBefore int              // at which of its steps, counted from 0
}

// faults stand between the functions of a house and AWS. They are safe for concurrent use.
type faults struct {
	plan atomic.Pointer[plan]

	mu     sync.Mutex
	random *rand.Rand
	counts map[string]int
	before map[string]string // the last answer to each eventual read
	killed chan bool         // whether the victim died
}

func newFaults(seed uint64) *faults {
	f := &faults{random: rand.New(rand.NewPCG(seed, 1)), counts: map[string]int{}, before: map[string]string{}, killed: make(chan bool, 1)}
	f.plan.Store(&plan{})
	return f
}

// set changes what goes wrong from now on.
func (f *faults) set(p plan) { f.plan.Store(&p) }

// chance says yes with a probability, and counts it.
func (f *faults) chance(share float64, what string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.random.Float64() >= share {
		return false
	}
	f.counts[what]++
	return true
}

// below is a random number from 0 to n-1.
func (f *faults) below(n int64) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.random.Int64N(n)
}

// count says how often something went wrong since it was asked last.
func (f *faults) count(what string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.counts[what]
	f.counts[what] = 0
	return n
}

// make makes a function of three instances, each with a clock of its own.
func (f *faults) make(code handler.Function, lookup func(string) (string, bool), cfg aws.Config, out io.Writer) (lambda.Handler, error) {
	settings, err := config.Load(lookup)
	if err != nil {
		return nil, err
	}
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), f.install)
	cfg.Credentials = mortal{cfg.Credentials}
	fn := &function{name: code.Name, faults: f}
	for i := range fn.instances {
		clock := func() time.Time { return time.Now().Add(f.plan.Load().clocks[i]) }
		a, err := app.NewAt(clock, settings, cfg, code.Name, out)
		if err != nil {
			return nil, err
		}
		fn.instances[i] = code.New(a)
	}
	return fn, nil
}

// function is a function that faults befall.
type function struct {
	name      string
	faults    *faults
	instances [3]lambda.Handler
}

var errExit = errors.New("Runtime exited with error: signal: killed") //nolint:revive,staticcheck // as Lambda says it

// Invoke runs the function as the plan says.
func (fn *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	f := fn.faults
	p := f.plan.Load()
	if p.kill == fn.name && f.plan.CompareAndSwap(p, &plan{}) {
		return fn.kill(ctx, payload, p.killBefore)
	}
	fn.delay(ctx, p.late)
	if f.chance(p.twice, "invocations twice") {
		again := context.WithoutCancel(ctx)
		go func() {
			fn.delay(again, p.late)
			_, _ = fn.run(again, payload) // AWS hears nothing of a second one either
		}()
	}
	return fn.run(ctx, payload)
}

func (fn *function) run(ctx context.Context, payload []byte) ([]byte, error) {
	return fn.instances[fn.faults.below(int64(len(fn.instances)))].Invoke(ctx, payload)
}

func (fn *function) delay(ctx context.Context, most time.Duration) {
	if most == 0 {
		return
	}
	timer := time.NewTimer(time.Duration(fn.faults.below(int64(most))))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// kill runs the function as far as a step, after which nothing of it reaches anything.
func (fn *function) kill(ctx context.Context, payload []byte, step int) ([]byte, error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	v := &victim{left: step, end: end}
	answer, err := fn.instances[0].Invoke(context.WithValue(ctx, victimKey{}, v), payload)
	dead := v.isDead()
	fn.faults.killed <- dead
	if dead {
		return nil, errExit
	}
	return answer, err
}
