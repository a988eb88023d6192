package lambda

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

type outcome struct {
	payload []byte
	err     error
}

// Invoke calls the function once and returns what it answers. The handler's context ends at the function's timeout and carries
// the lambdacontext. A handler's error, panic or time-out is a *FunctionError; ErrNotFound, ErrTooLarge, ErrThrottled and ErrClosed
// mean that it was not called. When ctx ends first, Invoke returns ctx's error and the function runs on, as in Lambda when the caller hangs up.
func (s *Service) Invoke(ctx context.Context, name string, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return nil, ErrTooLarge
	}
	f, err := s.find(name)
	if err != nil {
		return nil, err
	}
	if err := s.begin(f); err != nil {
		return nil, err
	}
	ended := make(chan outcome, 1)
	go s.run(context.WithoutCancel(ctx), f, payload, ended)
	select {
	case o := <-ended:
		return o.payload, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run calls the handler, and tells when it has ended or its time is over, whichever is first.
func (s *Service) run(ctx context.Context, f *function, payload []byte, ended chan<- outcome) {
	defer s.calls.Done()
	id := newID()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: id, InvokedFunctionArn: f.arn})
	h := f.Handler
	if f.Init != nil {
		h = f.Init(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, f.Timeout)
	defer cancel()
	began := time.Now()
	end := func(o outcome) {
		s.end(f, time.Since(began), o.err != nil)
		ended <- o
	}
	withdraw := context.AfterFunc(ctx, func() { end(outcome{err: timedOut(id, f.Timeout)}) })
	answer, err := call(ctx, h, payload)
	if withdraw() {
		end(outcome{payload: answer, err: err})
	}
}

func call(ctx context.Context, h Handler, payload []byte) (answer []byte, err error) {
	defer func() {
		if value := recover(); value != nil {
			answer, err = nil, panicked(value)
		}
	}()
	answer, err = h.Invoke(ctx, payload)
	if err != nil {
		return nil, failed(err)
	}
	if len(answer) > MaxPayload {
		return nil, TooLargeAnswer()
	}
	return answer, nil
}

func (s *Service) begin(f *function) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if s.running >= s.limit || (f.Concurrency > 0 && f.stats.Running >= f.Concurrency) {
		f.stats.Throttles++
		s.observe.Throttled(f.Name)
		return ErrThrottled
	}
	s.running++
	s.calls.Add(1)
	f.stats.Invocations++
	f.stats.Running++
	f.stats.Peak = max(f.stats.Peak, f.stats.Running)
	s.observe.Began(f.Name, f.stats.Running)
	return nil
}

func (s *Service) end(f *function, took time.Duration, bad bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	f.stats.Running--
	f.stats.Duration += took
	if bad {
		f.stats.Errors++
	}
	s.observe.Ended(f.Name, took, bad)
}

// newID is a random UUID, the form of Lambda's request ids and EventBridge's event ids.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
