package fault

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"switchboard/infra/local/lambda"
)

// Init gives the handler of one invocation, as lambda.Function's does.
type Init func(context.Context) lambda.Handler

// End ends an environment.
type End func(context.Context) error

// Environment makes a function anew, as a cold start does. What it asks of AWS carries the session token, by which Call knows it. It is ended after one invocation.
type Environment func(token string) (Init, End, error)

// Init gives a function's Init with the faults of functions. An invocation that they befall has an environment of its own, so that nothing else ends with it.
func (f *Faults) Init(function string, next Init, anew Environment) Init {
	return func(ctx context.Context) lambda.Handler {
		if !f.active.Load() {
			return next(ctx)
		}
		changed := f.changed(FunctionCold)
		s, cold := f.strike(FunctionCold)
		v := f.doom(function)
		if !cold && v == nil {
			return next(ctx)
		}
		if cold {
			f.wait(ctx, changed, s.For, nil)
		}
		if v == nil {
			v = &victim{token: f.token()}
		}
		start, end, err := anew(v.token)
		if err != nil {
			return broken{fmt.Errorf("start another %s: %w", function, err)}
		}
		return &doomed{f, v, start(ctx), end}
	}
}

// broken is a function that could not be made.
type broken struct{ err error }

// Invoke gives the reason.
func (b broken) Invoke(context.Context, []byte) ([]byte, error) { return nil, b.err }

// doomed is an environment that ends with its only invocation.
type doomed struct {
	faults *Faults
	victim *victim
	next   lambda.Handler
	end    End
}

// Invoke runs the function, as far as it comes.
func (d *doomed) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d.victim.begins(ctx, cancel)
	defer d.faults.forget(d.victim)
	answer, err := d.next.Invoke(ctx, payload)
	if d.victim.died() {
		answer, err = nil, exited(ctx)
	}
	if ended := d.end(context.WithoutCancel(ctx)); err == nil && ended != nil {
		return nil, fmt.Errorf("end the environment: %w", ended)
	}
	return answer, err
}

func exited(ctx context.Context) error {
	id := ""
	if about, ok := lambdacontext.FromContext(ctx); ok {
		id = about.AwsRequestID
	}
	return &lambda.FunctionError{Type: "Runtime.ExitError", Message: fmt.Sprintf("RequestId: %s Error: Runtime exited with error: signal: killed", id)}
}

// plan is a crash that a test has asked for.
type plan struct {
	calls int
	died  chan bool
}

// CrashNext ends the function's next invocation after so many calls of AWS. The channel says then whether it did: false is of one that was done before, or of
// a plan that another one or Clear took away.
func (f *Faults) CrashNext(function string, calls int) <-chan bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if before, ok := f.planned[function]; ok {
		before.died <- false
	}
	if f.planned == nil {
		f.planned = map[string]plan{}
	}
	died := make(chan bool, 1)
	f.planned[function] = plan{calls, died}
	f.active.Store(true)
	return died
}

// doom decides whether an invocation ends in the middle of its work, and where; nil is that it does not.
func (f *Faults) doom(function string) *victim {
	f.mu.Lock()
	p, planned := f.planned[function]
	delete(f.planned, function)
	f.count()
	f.mu.Unlock()
	v := &victim{faults: f, fault: FunctionCrash, lifted: f.changed(FunctionTimeout), left: p.calls, told: p.died}
	if !planned {
		s, struck := f.roll(FunctionCrash)
		if !struck {
			v.fault = FunctionTimeout
			s, struck = f.roll(FunctionTimeout)
		}
		if !struck {
			return nil
		}
		v.left = s.Count
	}
	v.token = f.token()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.doomed == nil {
		f.doomed = map[string]*victim{}
	}
	f.doomed[v.token] = v
	return v
}

func (f *Faults) token() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens++
	return fmt.Sprintf("anew-%d", f.tokens)
}

func (f *Faults) forget(v *victim) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.doomed, v.token)
	if v.told != nil {
		v.told <- v.isOver()
	}
}
