// Package process runs a function's unmodified bootstrap as Lambda does: each process in an environment of its own, over the Lambda Runtime API,
// one invocation at a time, frozen (SIGSTOP) in between.
//
//	pool.go          as many processes as invocations are under way, up to a limit; the next ones wait
//	environment.go   one process: its start, freezing and end
//	api.go           the Runtime API that it asks: next, response, error, init/error
//	report.go        what Lambda writes into the function's log
//
// As Lambda: the environment's variables and nothing else, deadlines, time-outs and exits that end the process, errors of the init phase, at
// most 10 s for it, cold starts. Not as Lambda: a cold start counts into the function's timeout, memory is told and not limited, and
// there is no /tmp of its own.
package process

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// defaultLimit is what two cores bear: Go functions of 20 MB each.
const defaultLimit = 32

// Options say what is run. Limit may be 0.
type Options struct {
	Name        string
	Path        string            // of the bootstrap
	MemoryMB    int               // as the function is told
	Environment map[string]string // all that the process is given besides what Lambda adds
	Out         io.Writer         // takes the process's output and Lambda's own lines, whole ones, from several goroutines
	Limit       int               // processes at once; 0 is 32
	Metrics     string            // the namespace of ColdStarts and InitDuration, which Lambda has in REPORT lines only; "" leaves them there
}

// Pool is a function's processes. It is a lambda.Handler; use New.
type Pool struct {
	options Options
	slots   chan struct{}
	busy    sync.WaitGroup // environments that are neither idle nor gone

	mu     sync.Mutex
	closed bool
	idle   []*environment
	colds  int
}

var errClosed = errors.New("process: closed")

// New makes a pool without processes.
func New(o Options) *Pool {
	if o.Limit == 0 {
		o.Limit = defaultLimit
	}
	return &Pool{options: o, slots: make(chan struct{}, o.Limit)}
}

// ColdStarts is how many processes there have been.
func (p *Pool) ColdStarts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.colds
}

// Invoke runs the function once in a process that is free, or in a new one. The context's lambdacontext and deadline are the invocation's; a process that
// has not answered by then is killed. What fails in the function is a *lambda.FunctionError.
func (p *Pool) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	inv := newInvocation(ctx, payload)
	for {
		e, err := p.take(ctx, inv)
		if err != nil {
			<-p.slots
			return nil, err
		}
		if e.give(inv) {
			answer, err := e.await(ctx, inv)
			settled := make(chan struct{})
			go func() {
				defer close(settled)
				p.settle(e, inv)
			}()
			select {
			case <-settled:
			case <-time.After(settleSoon):
			}
			return answer, err
		}
		p.busy.Done() // it died while it was frozen: another one
	}
}

// take gives a living process that waits for an invocation.
func (p *Pool) take(ctx context.Context, inv *invocation) (*environment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	p.busy.Add(1)
	for n := len(p.idle) - 1; n >= 0; n-- {
		e := p.idle[n]
		p.idle = p.idle[:n]
		if e.alive() {
			return e, nil
		}
	}
	p.colds++
	p.mu.Unlock()
	e, err := p.start(ctx, inv)
	p.mu.Lock()
	if err != nil {
		p.busy.Done()
	}
	return e, err
}

const (
	settleLimit = 2 * time.Second       // bounds what a function does after its answer
	settleSoon  = 10 * time.Millisecond // for which the answer waits, so that a caller's next call finds the process
)

// settle waits until the process asks for more, and freezes it; or until it is gone.
func (p *Pool) settle(e *environment, inv *invocation) {
	defer p.busy.Done()
	defer func() { <-p.slots }()
	late := time.NewTimer(settleLimit)
	defer late.Stop()
	select {
	case <-e.ready:
		e.report(inv)
		e.freeze()
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.closed {
			e.kill()
			return
		}
		p.idle = append(p.idle, e)
	case <-late.C:
		e.kill()
		e.report(inv)
	case <-e.ended:
		e.report(inv)
	}
}

// Close ends every process, and returns when none is left; those that are at work are waited for until ctx ends.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, e := range idle {
		e.kill()
	}
	done := make(chan struct{})
	go func() {
		p.busy.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
