// Package lambda runs functions on one machine as AWS Lambda does: calls, SQS event source mappings and schedules.
//
//	as Lambda       deadlines, time-outs, error and event shapes, payload limits, concurrency and throttling, partial batches
//	not as Lambda   a handler of this process that ignores its deadline runs on unseen, where Lambda ends its environment, and starts warm;
//	                infra/local/process has handlers that do neither. Memory is a setting that bounds nothing
package lambda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// MaxPayload is the most bytes of a request and of an answer (Lambda quotas: 6 MB for each of a synchronous call).
const MaxPayload = 6_291_556

const (
	defaultConcurrency = 1000 // Lambda quotas: concurrent executions of an account in a Region
	minTimeout         = time.Second
	maxTimeout         = 15 * time.Minute // Lambda quotas: function timeout, 900 seconds
	minMemory          = 128              // Lambda quotas: function memory, 128 MB to 10,240 MB
	maxMemory          = 10_240
)

var (
	// ErrThrottled is Lambda's TooManyRequestsException: the function or the account runs as much as it may.
	ErrThrottled = errors.New("TooManyRequestsException: rate exceeded")
	// ErrNotFound is Lambda's ResourceNotFoundException: no function has that name.
	ErrNotFound = errors.New("ResourceNotFoundException: function not found")
	// ErrTooLarge is Lambda's RequestTooLargeException: the payload is over 6 MB.
	ErrTooLarge = errors.New("RequestTooLargeException: the payload is over 6 MB")
	// ErrClosed says that the service takes no more calls.
	ErrClosed = errors.New("lambda: closed")
)

// Handler is a function's code. Its method is that of aws-lambda-go's lambda.Handler, so lambda.NewHandler makes one.
type Handler interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Function is a handler with the settings that Lambda would hold for it.
type Function struct {
	Name    string
	Handler Handler
	// Init, in place of Handler, gives the handler of one call, which is called once. It is what Lambda's init phase is: its time is not the
	// function's, and its context has no deadline.
	Init     func(context.Context) Handler
	Timeout  time.Duration // 1 s to 15 min
	MemoryMB int           // 128 to 10,240
	// Concurrency is how many calls may run at once; 0 leaves the account's limit only.
	Concurrency int
}

// Options are the account's settings. The zero value is usable.
type Options struct {
	Log                *slog.Logger // takes the failures that no caller hears of: those of sources and schedules; nil drops them
	AccountConcurrency int          // calls at once over all functions; 0 is AWS's default of 1,000
	Region             string       // "" is us-east-1
	AccountID          string       // "" is 000000000000
	Observer           Observer     // hears of every call; nil is nobody
	// Twice says of a source's batch whether it comes a second time, as SQS does not rule out, and how much later; nil is never.
	Twice func() (later time.Duration, again bool)
}

// Observer hears what becomes of calls, from many goroutines. It must not block.
type Observer interface {
	// Began says that a call was let in, and how many of the function's run now, this one included.
	Began(function string, running int)
	// Ended says that a call ended, after how long, and whether with an error or a time-out.
	Ended(function string, took time.Duration, failed bool)
	// Throttled says that a call was refused.
	Throttled(function string)
}

type nobody struct{}

func (nobody) Began(string, int)                 {}
func (nobody) Ended(string, time.Duration, bool) {}
func (nobody) Throttled(string)                  {}

// Service holds functions and calls them. Make one with New; all its methods may be called at once.
type Service struct {
	log     *slog.Logger
	observe Observer
	limit   int
	region  string
	account string
	twice   func() (time.Duration, bool)
	calls   sync.WaitGroup // handlers that have not returned

	mu        sync.Mutex
	closed    bool
	running   int
	functions map[string]*function
}

type function struct {
	Function
	arn   string
	stats Stats // guarded by Service.mu
}

// Stats are a function's CloudWatch figures (namespace AWS/Lambda) since the start.
type Stats struct {
	Invocations int64         // calls that were let in, those still running included
	Errors      int64         // of them, those that ended with an error or a time-out
	Throttles   int64         // calls refused with ErrThrottled, not among Invocations
	Running     int           // ConcurrentExecutions now
	Peak        int           // the most ConcurrentExecutions there were
	Duration    time.Duration // of all calls that ended, together
}

// New makes a service without functions.
func New(o Options) *Service {
	s := &Service{log: o.Log, observe: o.Observer, limit: o.AccountConcurrency, region: o.Region, account: o.AccountID, twice: o.Twice, functions: map[string]*function{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.observe == nil {
		s.observe = nobody{}
	}
	if s.twice == nil {
		s.twice = func() (time.Duration, bool) { return 0, false }
	}
	if s.limit == 0 {
		s.limit = defaultConcurrency
	}
	if s.region == "" {
		s.region = "us-east-1"
	}
	if s.account == "" {
		s.account = "000000000000"
	}
	return s
}

// Register adds a function. It refuses a name that is taken and settings that Lambda would refuse.
func (s *Service) Register(f Function) error {
	switch {
	case f.Name == "" || (f.Handler == nil) == (f.Init == nil):
		return errors.New("register function: it needs a name and a handler, or what makes one")
	case f.Timeout < minTimeout || f.Timeout > maxTimeout:
		return fmt.Errorf("register function %s: timeout %v is not between %v and %v", f.Name, f.Timeout, minTimeout, maxTimeout)
	case f.MemoryMB < minMemory || f.MemoryMB > maxMemory:
		return fmt.Errorf("register function %s: %d MB of memory is not between %d and %d", f.Name, f.MemoryMB, minMemory, maxMemory)
	case f.Concurrency < 0:
		return fmt.Errorf("register function %s: concurrency %d is negative", f.Name, f.Concurrency)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.functions[f.Name]; taken {
		return fmt.Errorf("register function %s: there is one of that name already", f.Name)
	}
	arn := fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", s.region, s.account, f.Name)
	s.functions[f.Name] = &function{Function: f, arn: arn}
	return nil
}

// Stats are the named function's figures, or ErrNotFound.
func (s *Service) Stats(name string) (Stats, error) {
	f, err := s.find(name)
	if err != nil {
		return Stats{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return f.stats, nil
}

// Close refuses further calls and waits until every handler has returned, or ctx ends.
// Sources and schedules end with their own contexts; end those first.
func (s *Service) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		s.calls.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for running functions: %w", ctx.Err())
	}
}

func (s *Service) find(name string) (*function, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.functions[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, name)
	}
	return f, nil
}
