// Package bootstrap runs programs that are made for Lambda's provided.al2023, unmodified, as processes of this machine: each asks the Lambda
// Runtime API for its next invocation, and is given one at a time.
//
//	as Lambda       as many processes as invocations are in flight; one that is idle is stopped (SIGSTOP) and used again; one that fails to
//	                answer in time, or ends, is thrown away; errors as the program names them; the environment of the function only
//	not as Lambda   memory is a number that the program is told and that bounds nothing; layers and extensions are not there
package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// maxIdle bounds the processes kept for later invocations of one function.
const maxIdle = 16

// Options say what is run. Program is needed.
type Options struct {
	Program     string            // the path of the executable
	Dir         string            // where it runs
	Environment map[string]string // all that it is told, besides the address of the Runtime API
	// Output takes each line that a process writes, with the request id of the invocation it is at ("" between them), from many
	// goroutines. Nil drops them.
	Output func(requestID, line string)
}

// Function is a program with its processes. Its zero value is of no use: make one with New. Its methods may be called at once.
type Function struct {
	options Options

	mu     sync.Mutex
	closed bool
	idle   []*process
	all    map[*process]bool
	cold   int
}

// New makes a function, of which no process runs before the first Invoke.
func New(o Options) *Function {
	if o.Output == nil {
		o.Output = func(string, string) {}
	}
	return &Function{options: o, all: map[*process]bool{}}
}

// Invoke gives the payload to an idle process, or to a new one, and returns its answer. The context must carry the lambdacontext and a
// deadline, at which the process is ended. What the program reports as its error is a messages.InvokeResponse_Error.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	about, ok := lambdacontext.FromContext(ctx)
	deadline, timed := ctx.Deadline()
	if !ok || !timed {
		return nil, errors.New("invoke: the context has no lambdacontext or no deadline")
	}
	p, err := f.take()
	if err != nil {
		return nil, messages.InvokeResponse_Error{Type: "Runtime.InvalidEntrypoint", Message: err.Error()}
	}
	answer, err := p.invoke(ctx, invocation{
		id: about.AwsRequestID, arn: about.InvokedFunctionArn, payload: payload, deadline: deadline, answer: make(chan answer, 1),
	})
	f.giveBack(p)
	return answer, err
}

// ColdStarts is how many processes were started.
func (f *Function) ColdStarts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cold
}

// Close ends every process and returns when they are gone.
func (f *Function) Close() {
	f.mu.Lock()
	f.closed = true
	var ending []*process
	for p := range f.all {
		ending = append(ending, p)
	}
	f.mu.Unlock()
	for _, p := range ending {
		p.end()
		<-p.gone
	}
}

// take gives an idle process that still lives, or a new one.
func (f *Function) take() (*process, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, errors.New("the function is closed")
	}
	for len(f.idle) > 0 {
		p := f.idle[len(f.idle)-1]
		f.idle = f.idle[:len(f.idle)-1]
		if p.lives() {
			return p, nil
		}
		delete(f.all, p)
	}
	p, err := start(f.options)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", f.options.Program, err)
	}
	f.cold++
	f.all[p] = true
	return p, nil
}

func (f *Function) giveBack(p *process) {
	f.mu.Lock()
	keep := p.lives() && len(f.idle) < maxIdle && !f.closed
	if keep {
		f.idle = append(f.idle, p)
	} else {
		delete(f.all, p)
	}
	f.mu.Unlock()
	if !keep {
		p.end()
	}
}
