package fault

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// State is a fault as it is now.
type State struct {
	Setting
	Strikes int // how often it has struck since the start
}

// state is a State with what has begun.
type state struct {
	State
	row     int       // of strikes that are still to come
	until   time.Time // when the row ends; zero is never
	changed chan struct{}
}

// Faults are those of one run. The zero value has none; its methods may be called at once.
type Faults struct {
	active atomic.Bool // so that a run without faults pays nothing

	mu      sync.Mutex
	random  *rand.Rand // nil is a random one
	states  map[string]*state
	waiting map[string]chan struct{} // what is held until another has gone by
	planned map[string]plan          // by function
	doomed  map[string]*victim       // by session token
	tokens  int
}

// Seed makes all later choices come from a seed.
func (f *Faults) Seed(seed uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.random = rand.New(rand.NewPCG(seed, 0))
}

// Set changes the faults that are named, and no others; what they held goes on. A refused change changes nothing, and its error is an *Error.
func (f *Faults) Set(settings map[string]Setting) error {
	if err := check(settings); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, kind := range Kinds() {
		if s, ok := settings[kind.Name]; ok {
			f.change(kind.Name, kind.whole(s))
		}
	}
	f.count()
	return nil
}

// Clear ends every fault. What they held goes on.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name := range f.states {
		f.change(name, Setting{})
	}
	for function, p := range f.planned {
		p.died <- false
		delete(f.planned, function)
	}
	f.count()
}

func (f *Faults) change(name string, to Setting) {
	st := f.state(name)
	close(st.changed)
	*st = state{State: State{Setting: to, Strikes: st.Strikes}, changed: make(chan struct{})}
}

// count finds out whether there is any fault.
func (f *Faults) count() {
	active := len(f.planned) > 0
	for _, st := range f.states {
		active = active || st.Share > 0
	}
	f.active.Store(active)
}

func (f *Faults) state(name string) *state {
	if f.states == nil {
		f.states = map[string]*state{}
	}
	st, ok := f.states[name]
	if !ok {
		st = &state{changed: make(chan struct{})}
		f.states[name] = st
	}
	return st
}

// List gives every fault there is by its name.
func (f *Faults) List() map[string]State {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := map[string]State{}
	for _, kind := range Kinds() {
		list[kind.Name] = State{}
	}
	for name, st := range f.states {
		list[name] = st.State
	}
	return list
}

// Strike says whether the fault befalls whoever asks, and counts it. After the first of a row, the others follow.
func (f *Faults) Strike(name string) bool {
	_, struck := f.strike(name)
	return struck
}

func (f *Faults) strike(name string) (Setting, bool) {
	if !f.active.Load() {
		return Setting{}, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	st := f.state(name)
	switch {
	case st.row > 0 && (st.until.IsZero() || time.Now().Before(st.until)):
		st.row--
	case f.meets(st):
		st.row = max(0, st.Count-1)
		if st.For > 0 {
			st.until = time.Now().Add(st.For)
		}
	default:
		return Setting{}, false
	}
	st.Strikes++
	return st.Setting, true
}

// roll is Strike for what may still not come to pass, and is counted when it does. There are no rows: the count is one of calls.
func (f *Faults) roll(name string) (Setting, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	st := f.state(name)
	return st.Setting, f.meets(st)
}

func (f *Faults) meets(st *state) bool { return st.Share > 0 && f.float() < st.Share }

func (f *Faults) add(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state(name).Strikes++
}

func (f *Faults) float() float64 {
	if f.random == nil {
		return rand.Float64()
	}
	return f.random.Float64()
}

// Hold keeps whoever asks for the fault's duration if it strikes; no longer than until ctx ends or the fault is changed.
func (f *Faults) Hold(ctx context.Context, name string) {
	changed := f.changed(name)
	if s, struck := f.strike(name); struck {
		f.wait(ctx, changed, s.For, nil)
	}
}

// wait waits for a time, or until something ends it: ctx, a change of the fault, or early.
func (f *Faults) wait(ctx context.Context, changed <-chan struct{}, most time.Duration, early <-chan struct{}) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-early:
	case <-changed:
	case <-ctx.Done():
	}
}

// changed is closed at the next change of the fault. Ask before deciding whether it strikes: who was struck by what is over waits for nothing.
func (f *Faults) changed(name string) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state(name).changed
}

// Pass lets things of a key by, such as posts to a connection. When the fault strikes, whoever asks waits until the next of its key has gone by, for the
// fault's duration at most. Whoever goes by calls gone afterwards.
func (f *Faults) Pass(ctx context.Context, name, key string) (gone func()) {
	if !f.active.Load() {
		return func() {}
	}
	key = name + " " + key
	f.mu.Lock()
	behind, overtakes := f.waiting[key]
	delete(f.waiting, key)
	f.mu.Unlock()
	if overtakes {
		return func() { close(behind) }
	}
	changed := f.changed(name)
	s, struck := f.strike(name)
	if !struck {
		return func() {}
	}
	next := f.queue(key)
	f.wait(ctx, changed, s.For, next)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiting[key] == next {
		delete(f.waiting, key)
	}
	return func() {}
}

func (f *Faults) queue(key string) chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiting == nil {
		f.waiting = map[string]chan struct{}{}
	}
	next := make(chan struct{})
	f.waiting[key] = next
	return next
}

// Twice says whether a batch comes a second time, and how much later.
func (f *Faults) Twice() (later time.Duration, again bool) {
	s, struck := f.strike(QueueTwice)
	return s.For, struck
}
