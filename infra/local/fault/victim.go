package fault

import (
	"context"
	"sync"
)

// victim is an invocation that ends after so many calls.
type victim struct {
	faults *Faults
	fault  string          // FunctionCrash or FunctionTimeout
	lifted <-chan struct{} // closed when FunctionTimeout has changed since it was chosen
	token  string
	told   chan bool // whether it came to that; nil tells nobody

	mu   sync.Mutex
	ctx  context.Context //nolint:containedctx // the invocation's, which its calls do not know; nil before it has begun
	end  context.CancelFunc
	left int
	over bool
}

// begins says that the invocation begins: what its environment did before counts for nothing.
func (v *victim) begins(ctx context.Context, end context.CancelFunc) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ctx, v.end = ctx, end
}

func (v *victim) isOver() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.over
}

// died says whether it has crashed.
func (v *victim) died() bool { return v.fault == FunctionCrash && v.isOver() }

// Call is one call of AWS by an environment.
type Call struct {
	victim        *victim
	carried, told bool
}

// Call says what becomes of a call that carries a session token. Those of functions that nothing befalls are carried out and told.
func (f *Faults) Call(token string) Call {
	f.mu.Lock()
	v := f.doomed[token]
	f.mu.Unlock()
	if v == nil {
		return Call{carried: true, told: true}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ctx == nil {
		return Call{carried: true, told: true}
	}
	v.left--
	return Call{victim: v, carried: v.left >= 0 && !v.over, told: v.left > 0 && !v.over}
}

// Carried says whether the call reaches its service.
func (c Call) Carried() bool { return c.carried }

// Told says whether the answer reaches the function.
func (c Call) Told() bool { return c.told }

// End ends the function, or lets it hang until its time is over, after a call that is not told.
func (c Call) End() {
	v := c.victim
	v.mu.Lock()
	first := !v.over
	v.over = true
	v.mu.Unlock()
	if first {
		v.faults.add(v.fault)
	}
	if v.fault == FunctionCrash {
		v.end()
		return
	}
	select {
	case <-v.ctx.Done():
	case <-v.lifted:
	}
}
