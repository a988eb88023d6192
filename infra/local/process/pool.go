// Package process runs a function's unmodified bootstrap as Lambda does: each process in an environment of its own, over the Lambda Runtime API,
// one invocation at a time, frozen (SIGSTOP) in between.
//
//	pool.go          as many processes as invocations are under way, up to a limit; idle ones are ended
//	turn.go          one invocation's way through a process
//	environment.go   one process: its start, freezing and end
//	variables.go     what it is told in its environment
//	api.go           the Runtime API that it asks: next, response, error, init/error
//	report.go        what Lambda writes into the function's log
//
// As Lambda: the environment's variables and nothing else, deadlines, time-outs and exits that end the process, an init phase of at most 10 s that
// does not count into the timeout and is tried once more within it, answers over 6 MB, cold starts. Not as Lambda: memory is told and not
// limited, there is no /tmp of its own, and no more processes start at once than there are processors.
package process

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"switchboard/infra/local/lambda"
)

const (
	// DefaultLimit is what a laptop bears: Go functions of 20 MB each.
	DefaultLimit = 256
	// defaultIdle ends idle processes. AWS does not say after how long it does.
	defaultIdle = 5 * time.Minute
)

// Options say what is run. Limit and Idle may be 0.
type Options struct {
	Name        string
	Path        string            // of the bootstrap
	MemoryMB    int               // as the function is told
	Environment map[string]string // all that the process is given besides what Lambda adds
	Out         io.Writer         // takes the process's output and Lambda's own lines, one whole line at a time, from several goroutines
	Limit       int               // processes at once; 0 is DefaultLimit. A lambda.Function with this Concurrency throttles beyond it
	Idle        time.Duration     // after which a process without work is ended; 0 is five minutes
	Cold        func()            // hears of each cold start; nil is nobody
	Metrics     string            // the namespace of ColdStarts and InitDuration, which Lambda has in REPORT lines only; "" leaves them there
}

// Pool is a function's processes. Use New.
type Pool struct {
	options Options
	slots   chan struct{}  // a place for each process that is at work or about to be
	starts  chan struct{}  // a place for each process that is starting
	busy    sync.WaitGroup // environments that are neither idle nor gone

	mu      sync.Mutex
	closed  bool
	idle    []*environment // the one that worked last at the end
	waiting []chan *environment
	colds   int
	reaper  *time.Timer // runs while there are idle ones
}

var errClosed = errors.New("process: closed")

// New makes a pool without processes.
func New(o Options) *Pool {
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.Cold == nil {
		o.Cold = func() {}
	}
	if o.Idle == 0 {
		o.Idle = defaultIdle
	}
	return &Pool{options: o, slots: make(chan struct{}, o.Limit), starts: make(chan struct{}, runtime.NumCPU())}
}

// ColdStarts is how many processes there have been.
func (p *Pool) ColdStarts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.colds
}

// Init brings about a process for one invocation: one that is free, or a new one. It is a lambda.Function's Init, takes as long as the init phase,
// and the handler that it gives must be called once. What went wrong is tried again by the handler.
func (p *Pool) Init(ctx context.Context) lambda.Handler {
	p.slots <- struct{}{} // bounded: whoever has one gives it back within the init phase, the timeout and settleLimit
	t := &turn{pool: p}
	t.environment, t.err = p.take(ctx, initPhase)
	return t
}

// take gives a process that waits for an invocation: one that is free, or becomes so, or a new one.
func (p *Pool) take(ctx context.Context, during phase) (*environment, error) {
	e, freed, err := p.free()
	if e != nil || err != nil {
		return e, err
	}
	select {
	case e := <-freed:
		return e, nil
	case p.starts <- struct{}{}:
	case <-ctx.Done():
		if e := p.leave(freed); e != nil {
			return e, nil
		}
		p.busy.Done()
		return nil, ctx.Err()
	}
	defer func() { <-p.starts }()
	if e := p.leave(freed); e != nil {
		return e, nil
	}
	p.mu.Lock()
	p.colds++
	p.mu.Unlock()
	p.options.Cold()
	e, err = p.start(ctx, during)
	if err != nil {
		p.busy.Done()
	}
	return e, err
}

// free gives a living process that is idle, or else a place where the next one that gets free will come. Either counts as busy from now on.
func (p *Pool) free() (*environment, chan *environment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, nil, errClosed
	}
	p.busy.Add(1)
	for n := len(p.idle) - 1; n >= 0; n-- {
		e := p.idle[n]
		p.idle = p.idle[:n]
		if e.alive() {
			return e, nil, nil
		}
	}
	freed := make(chan *environment, 1)
	p.waiting = append(p.waiting, freed)
	return nil, freed, nil
}

// leave waits no longer for a process that gets free, and gives the one that has come meanwhile.
func (p *Pool) leave(freed chan *environment) *environment {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := slices.Index(p.waiting, freed); n >= 0 {
		p.waiting = slices.Delete(p.waiting, n, n+1)
		return nil
	}
	return <-freed
}

// put gives a frozen process to who waits for one, or keeps it for later.
func (p *Pool) put(e *environment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		e.kill()
	case len(p.waiting) > 0:
		p.waiting[0] <- e
		p.waiting = p.waiting[1:]
	default:
		e.since = time.Now()
		p.idle = append(p.idle, e)
		if p.reaper == nil {
			p.reaper = time.AfterFunc(p.options.Idle, p.reap)
		}
	}
	p.busy.Done()
}

// reap ends what has been idle for long, and comes again while anything is idle.
func (p *Pool) reap() {
	p.mu.Lock()
	defer p.mu.Unlock()
	long := time.Now().Add(-p.options.Idle)
	for len(p.idle) > 0 && !p.idle[0].since.After(long) {
		p.idle[0].kill()
		p.idle = slices.Delete(p.idle, 0, 1)
	}
	p.reaper = nil
	if len(p.idle) > 0 && !p.closed {
		p.reaper = time.AfterFunc(p.idle[0].since.Sub(long), p.reap)
	}
}

// Close ends every process, and returns when none is left; those that are at work are waited for until ctx ends.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	if p.reaper != nil {
		p.reaper.Stop()
	}
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
