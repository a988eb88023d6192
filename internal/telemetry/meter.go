package telemetry

import (
	"context"
	"sync"
	"time"

	"switchboard/internal/chat"
)

// Invocations take this long, from Begin to End, in milliseconds.
const invocationTime chat.Metric = "InvocationTime"

// Begin starts counting for one invocation. End writes what was counted with its context.
func (t *Telemetry) Begin(ctx context.Context) context.Context {
	return context.WithValue(ctx, invocationKey{}, &invocation{begun: t.now(), counted: map[chat.Metric][]float64{}})
}

// End writes what was counted since Begin, and how long it took, as one line. More than
// 100 values of one metric take another line for each 100 (EMF specification). A second
// End writes nothing.
func (t *Telemetry) End(ctx context.Context) {
	call, ok := ctx.Value(invocationKey{}).(*invocation)
	if !ok {
		return
	}
	if counted := call.end(); counted != nil {
		now := t.now()
		counted[invocationTime] = []float64{now.Sub(call.begun).Seconds() * 1000}
		t.write(now, counted)
	}
}

// Add counts for the invocation of ctx. Outside of one, and after its End, the value is
// written at once as a line of its own.
func (t *Telemetry) Add(ctx context.Context, m chat.Metric, value float64) {
	call, ok := ctx.Value(invocationKey{}).(*invocation)
	if !ok || !call.add(m, value) {
		t.write(t.now(), map[chat.Metric][]float64{m: {value}})
	}
}

type invocationKey struct{}

type invocation struct {
	begun time.Time

	mu      sync.Mutex
	ended   bool
	counted map[chat.Metric][]float64 // one sum for counts, every value for the rest
}

func (i *invocation) add(m chat.Metric, value float64) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ended {
		return false
	}
	if values := i.counted[m]; unitOf(m) == count && len(values) > 0 {
		values[0] += value
		return true
	}
	i.counted[m] = append(i.counted[m], value)
	return true
}

// end gives what was counted, and nil when it gave it before.
func (i *invocation) end() map[chat.Metric][]float64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ended = true
	counted := i.counted
	i.counted = nil
	return counted
}
