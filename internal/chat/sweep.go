package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	silentFor  = 12 * time.Minute // API Gateway closes idle connections after 10 minutes (quota "Idle Connection Timeout")
	checkPause = 10 * time.Millisecond
	doubtPause = 100 * time.Millisecond
	// asksARun bounds what a bucket remembers to ask about: a run of 5 minutes has no time for more.
	asksARun = 30_000 / ConnectionBuckets
)

// Sweep removes connections whose end was never told: those the gateway does not know,
// those past their life, and those whose removal was cut off; and it has those ended whose
// session is about to end. An answer other than "not there" never removes anything.
//
// It asks about connections whose row is silent for 12 minutes, at most 100 a second, the
// longest silent first: what was asked about has spoken since or is gone, so that a run
// goes on where the one before it stopped. It stops at the context's end, which is no
// error. One connection in trouble does not keep it from the others.
//
// At 100,000 connections, with rows of 400 bytes: 1,000 requests and 5,000 read units to
// list them, about 2 s over 8 buckets at once. Pages ping every 4 minutes and are not asked
// about, so that only what died is added: a request of the API each, 10 ms apart, and 6 read
// and 12 write units to take it out of one room. Where nobody pings all are asked about:
// 29,000 in a run of 290 s, everyone within 4 runs.
func (s *Service) Sweep(ctx context.Context) error {
	p := &pace{service: s}
	return eachRoom(numbers(ConnectionBuckets), func(bucket int) error {
		return s.sweepBucket(ctx, bucket, p)
	})
}

// pace holds all buckets to one rate of questions.
type pace struct {
	service *Service
	mu      sync.Mutex
}

func (p *pace) wait(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.service.opts.Pause(ctx, d)
}

func (s *Service) sweepBucket(ctx context.Context, bucket int, p *pace) error {
	var errs error
	var silent []Connection
	ending := endings{service: s, due: map[time.Time][]Job{}}
	try := func(conn Connection, do func() error) {
		if err := do(); err != nil && ctx.Err() == nil {
			errs = errors.Join(errs, fmt.Errorf("sweep connection %s: %w", conn.ID, err))
		}
	}
	for cursor, more := "", true; more && ctx.Err() == nil; more = cursor != "" {
		page, next, err := s.store.OldestConnections(ctx, bucket, cursor)
		if err != nil && ctx.Err() == nil {
			return errors.Join(errs, err, ending.handAll(ctx))
		}
		for _, conn := range page {
			switch now := s.opts.Now(); {
			case conn.Closing, now.Sub(conn.ConnectedAt) > ConnectionLife:
				try(conn, func() error { return s.sweepAway(ctx, conn.ID) })
			case now.Sub(conn.LastActiveAt) >= silentFor:
				silent = append(silent, conn)
			}
			try(conn, func() error { return ending.add(ctx, conn) })
		}
		silent = longestSilent(silent)
		cursor = next
	}
	if err := ending.handAll(ctx); err != nil && ctx.Err() == nil {
		errs = errors.Join(errs, err)
	}
	for _, conn := range silent {
		if ctx.Err() != nil {
			break
		}
		try(conn, func() error { return s.ask(ctx, conn.ID, p) })
	}
	return errs
}

// longestSilent sorts, and drops what there will be no time for.
func longestSilent(list []Connection) []Connection {
	slices.SortFunc(list, func(a, b Connection) int { return a.LastActiveAt.Compare(b.LastActiveAt) })
	return list[:min(len(list), asksARun)]
}

// ask removes a connection if the gateway does not know it.
func (s *Service) ask(ctx context.Context, id ConnectionID, p *pace) error {
	if err := p.wait(ctx, checkPause); err != nil {
		return err
	}
	active, err := s.pusher.LastActive(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return s.sweepAway(ctx, id)
	case err != nil: // busy or away: that says nothing about the connection
		s.meter.Add(ctx, SweepDoubts, 1)
		return p.wait(ctx, doubtPause)
	}
	return s.store.Touch(ctx, id, active)
}

func (s *Service) sweepAway(ctx context.Context, id ConnectionID) error {
	s.meter.Add(ctx, SweptConnections, 1)
	return s.Disconnect(ctx, id)
}
