package process

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

const (
	settleLimit = 2 * time.Second       // bounds what a function does after its answer
	settleSoon  = 10 * time.Millisecond // for which the answer waits, so that a caller's next call finds the process
)

// turn is one invocation's way through a process. It has a place of the pool's.
type turn struct {
	pool        *Pool
	environment *environment // nil when the init phase failed
	err         error        // why
}

// invocation is one event on its way through a process.
type invocation struct {
	id, arn, trace string
	deadline       time.Time
	began          time.Time
	payload        []byte
	outcome        chan outcome // one at most
}

type outcome struct {
	payload []byte
	err     error
}

func newInvocation(ctx context.Context, payload []byte) *invocation {
	inv := &invocation{payload: payload, began: time.Now(), outcome: make(chan outcome, 1)}
	inv.id = requestID(ctx)
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		inv.arn = lc.InvokedFunctionArn
	}
	inv.deadline, _ = ctx.Deadline()
	var root [12]byte
	_, _ = rand.Read(root[:]) // never fails, see crypto/rand
	inv.trace = fmt.Sprintf("Root=1-%08x-%s;Sampled=0", inv.began.Unix(), hex.EncodeToString(root[:]))
	return inv
}

// requestID is the id of the invocation that ctx is of.
func requestID(ctx context.Context) string {
	lc, ok := lambdacontext.FromContext(ctx)
	if !ok {
		return ""
	}
	return lc.AwsRequestID
}

// Invoke runs the function once. The context's lambdacontext and deadline are the invocation's; a process that has not answered by then is
// killed. What fails in the function is a *lambda.FunctionError. An init phase that failed is tried again, within the deadline
// (Lambda developer guide, "Understanding the Lambda execution environment lifecycle": Init phase).
func (t *turn) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	p := t.pool
	e, err := t.environment, t.err
	if errors.Is(err, errClosed) {
		<-p.slots
		return nil, err
	}
	inv := newInvocation(ctx, payload)
	for e == nil || !e.give(inv) {
		if e != nil {
			p.busy.Done() // it died while it was frozen: another one
		}
		if e, err = p.take(ctx, invokePhase); err != nil {
			<-p.slots
			return nil, err
		}
	}
	answer, err := e.await(ctx, inv)
	settled := make(chan struct{})
	go func() {
		defer close(settled)
		p.settle(e, inv, err)
	}()
	select {
	case <-settled:
	case <-time.After(settleSoon):
	}
	return answer, err
}

// settle waits until the process asks for more, and freezes it; or until it is gone.
func (p *Pool) settle(e *environment, inv *invocation, err error) {
	defer func() { <-p.slots }()
	late := time.NewTimer(settleLimit)
	defer late.Stop()
	select {
	case <-e.ready:
		e.report(inv, err)
		e.freeze()
		p.put(e)
		return
	case <-late.C:
		e.kill()
	case <-e.ended:
	}
	e.report(inv, err)
	p.busy.Done()
}

// give hands an invocation to the process; false when it is gone.
func (e *environment) give(inv *invocation) bool {
	e.running.set(inv)
	e.say("START RequestId: %s Version: $LATEST\n", inv.id)
	e.signal(syscall.SIGCONT)
	select {
	case e.work <- inv:
		return true
	case <-e.ended:
		return false
	}
}

// await waits for the answer, and kills the process when it does not come in time.
func (e *environment) await(ctx context.Context, inv *invocation) ([]byte, error) {
	select {
	case o := <-inv.outcome:
		return o.payload, o.err
	case <-e.ended:
		select {
		case o := <-inv.outcome: // a function that panics says so and exits
			return o.payload, o.err
		default:
			return nil, e.exited(inv.id)
		}
	case <-ctx.Done():
		e.kill()
		return nil, ctx.Err()
	}
}
