package lambda

import (
	"context"
	"time"
)

// How many batches of a source without MaximumConcurrency are under way at once (Lambda developer guide, "Configuring scaling behavior for SQS
// event source mappings"): five to begin with, up to 300 a minute more while there are messages, 1,000 at most, five again when there are none.
const (
	firstRoom = 5
	mostRoom  = 1000
	roomEvery = time.Minute / 300
)

// room is the places for batches under way. All but leave are for one goroutine.
type room struct {
	places chan struct{} // one in it for each batch under way, and for each place that is not open yet
	shut   int           // places that are not open yet
	first  int           // open places to begin with
}

func newRoom(most int) *room {
	if most > 0 {
		return &room{places: make(chan struct{}, most), first: most}
	}
	r := &room{places: make(chan struct{}, mostRoom), first: firstRoom}
	r.shrink()
	return r
}

// enter waits for a place, and opens more when it waits for long. It is false when ctx ends first.
func (r *room) enter(ctx context.Context) bool {
	ticker := time.NewTicker(roomEvery)
	defer ticker.Stop()
	for {
		var more <-chan time.Time
		if r.shut > 0 {
			more = ticker.C
		}
		select {
		case r.places <- struct{}{}:
			return true
		case <-more:
			<-r.places
			r.shut--
		case <-ctx.Done():
			return false
		}
	}
}

func (r *room) leave() { <-r.places }

// shrink shuts what was opened and is free, for there is nothing to do.
func (r *room) shrink() {
	for r.shut < cap(r.places)-r.first {
		select {
		case r.places <- struct{}{}:
			r.shut++
		default:
			return
		}
	}
}
