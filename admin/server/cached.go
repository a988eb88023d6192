package server

import (
	"context"
	"sync"
	"time"
)

// cached keeps the last good value of something that many ask for, so that it is read once
// for all of them. While reading fails it gives the old value with the error.
type cached[T any] struct {
	every time.Duration
	now   func() time.Time
	read  func(context.Context, T) (T, error) // is given the value before

	mu    sync.Mutex
	known known[T]
	tried time.Time
}

// known is a value with how good it is.
type known[T any] struct {
	value T
	at    time.Time // when it was read; zero: never
	err   error     // of the last try; nil: the value is that try's
	since time.Time // when tries began to fail
}

// health is how good what a page shows is.
type health struct {
	age   time.Duration
	fault string // what does not answer, as a sentence for people
	never bool   // there is nothing to show
}

// health says it of a value of what is named.
func (k known[T]) health(what string, now time.Time) health {
	h := health{age: now.Sub(k.at), never: k.at.IsZero()}
	if k.err == nil {
		return h
	}
	h.fault = what + " has not answered since " + k.since.UTC().Format(time.TimeOnly) + " UTC. "
	if h.never {
		h.fault += "This page fills by itself when it does."
	} else {
		h.fault += "You see how it was at " + k.at.UTC().Format(time.TimeOnly) + "; the page comes back by itself."
	}
	return h
}

// readTimeout bounds one reading: all who ask wait for it.
const readTimeout = 5 * time.Second

func newCached[T any](every time.Duration, now func() time.Time, read func(context.Context, T) (T, error)) *cached[T] {
	return &cached[T]{every: every, now: now, read: read}
}

// get gives the value, read anew when the last try is older than every. The reading goes
// on when who asked has gone: the others wait for it too.
func (c *cached[T]) get(ctx context.Context) known[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if !c.tried.IsZero() && now.Sub(c.tried) < c.every {
		return c.known
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
	defer cancel()
	value, err := c.read(ctx, c.known.value)
	c.tried = c.now()
	switch {
	case err == nil:
		c.known = known[T]{value: value, at: now}
	case c.known.err == nil:
		c.known.err, c.known.since = err, now
	default:
		c.known.err = err
	}
	return c.known
}
