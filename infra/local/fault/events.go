package fault

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Invoke gives an event to a function, as the gateway does.
type Invoke func(ctx context.Context, function string, event []byte) ([]byte, error)

// Events gives next with the faults of messages and disconnects before it.
func (f *Faults) Events(next Invoke) Invoke {
	return func(ctx context.Context, function string, event []byte) ([]byte, error) {
		if !f.active.Load() {
			return next(ctx, function, event)
		}
		var about struct {
			RequestContext struct{ EventType, ConnectionID string }
		}
		_ = json.Unmarshal(event, &about) // the gateway wrote it; an authorizer's is neither of these
		switch about.RequestContext.EventType {
		case "DISCONNECT":
			if f.Strike(DisconnectDrop) {
				return []byte(`{"statusCode":200}`), nil
			}
			f.Hold(ctx, DisconnectLate)
		case "MESSAGE":
			f.Hold(ctx, MessageDelay)
			defer f.Pass(ctx, MessageReorder, about.RequestContext.ConnectionID)()
		}
		return next(ctx, function, event)
	}
}

// Stall says from when on a connection takes the next frame: the channel is closed then. Nil means at once.
func (f *Faults) Stall(connection string) <-chan struct{} {
	if !f.active.Load() {
		return nil
	}
	changed := f.changed(ReaderStuck)
	if _, stuck := f.chosen(ReaderStuck, connection); stuck {
		return changed
	}
	s, slow := f.chosen(ReaderSlow, connection)
	if !slow {
		return nil
	}
	reads := make(chan struct{})
	time.AfterFunc(s.For, func() { close(reads) })
	return reads
}

// chosen is Strike for a fault that a connection has for as long as the fault's share stays.
func (f *Faults) chosen(name, connection string) (Setting, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	st := f.state(name)
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(name + connection)) // never fails, see hash.Hash
	if rand.New(rand.NewPCG(sum.Sum64(), 0)).Float64() >= st.Share {
		return Setting{}, false
	}
	st.Strikes++
	return st.Setting, true
}
