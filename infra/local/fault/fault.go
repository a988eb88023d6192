// Package fault holds what goes wrong on purpose in a run here. Each fault has a share, from 0 to 1, of the times at which it strikes; whoever is at
// the place asks Strikes.
//
//	drop-disconnect     the end of a connection is not told to its function
//	push-410            a post is answered with 410 although its connection is open
//	push-429            a post is refused with 429
//	dynamodb-throttle   a write is refused with ThrottlingException
//	dynamodb-conflict   a transaction is cancelled by TransactionConflict
package fault

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The faults that there are.
const (
	DropDisconnect   = "drop-disconnect"
	Push410          = "push-410"
	Push429          = "push-429"
	DynamoDBThrottle = "dynamodb-throttle"
	DynamoDBConflict = "dynamodb-conflict"
)

// Names lists every fault.
func Names() []string {
	return []string{DropDisconnect, DynamoDBConflict, DynamoDBThrottle, Push410, Push429}
}

// Parse reads name=share, with commas between. It refuses names that there are not, and says which there are.
func Parse(text string) (map[string]float64, error) {
	shares := map[string]float64{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		share, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("fault %q: write it as name=share, such as %s=0.05", part, Push410)
		}
		shares[name] = share
	}
	return shares, check(shares)
}

func check(shares map[string]float64) error {
	for _, name := range slices.Sorted(maps.Keys(shares)) {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("there is no fault %q: there are %s", name, strings.Join(Names(), ", "))
		}
		if share := shares[name]; !(share >= 0 && share <= 1) {
			return fmt.Errorf("fault %s is %v: write a share from 0 to 1", name, share)
		}
	}
	return nil
}

// State is a fault as it is now.
type State struct {
	Share   float64 `json:"share"`
	Strikes int     `json:"strikes"` // how often it has struck since the start
}

// Faults are those of one run. The zero value has none; its methods may be called at once.
type Faults struct {
	mu     sync.Mutex
	states map[string]State
}

// Set changes the faults that are named, and no others. A refused change changes nothing.
func (f *Faults) Set(shares map[string]float64) error {
	if err := check(shares); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.states == nil {
		f.states = map[string]State{}
	}
	for name, share := range shares {
		f.states[name] = State{Share: share, Strikes: f.states[name].Strikes}
	}
	return nil
}

// Clear ends every fault.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, state := range f.states {
		f.states[name] = State{Strikes: state.Strikes}
	}
}

// List gives every fault there is by its name.
func (f *Faults) List() map[string]State {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := map[string]State{}
	for _, name := range Names() {
		list[name] = f.states[name]
	}
	return list
}

// Strikes says whether the fault befalls whoever asks, and counts it.
func (f *Faults) Strikes(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	state := f.states[name]
	if state.Share == 0 || rand.Float64() >= state.Share {
		return false
	}
	state.Strikes++
	f.states[name] = state
	return true
}
