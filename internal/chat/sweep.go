package chat

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	silentFor  = 12 * time.Minute // API Gateway closes idle connections after 10 minutes (quota "Idle Connection Timeout")
	checkPause = 10 * time.Millisecond
)

// Sweep removes connections whose end was never told: those the gateway does not know,
// those past their life, and those whose removal was cut off; and it has those ended whose
// session is about to end. An answer other than "not there" never removes anything. It asks the gateway at most 100 times a second and
// stops at the context's end; the next run goes on. One connection in trouble does not
// keep it from the others.
func (s *Service) Sweep(ctx context.Context) error {
	var errs error
	for bucket := range ConnectionBuckets {
		errs = errors.Join(errs, s.sweepBucket(ctx, bucket))
	}
	return errs
}

func (s *Service) sweepBucket(ctx context.Context, bucket int) error {
	var errs error
	ending := endings{service: s, due: map[time.Time][]Job{}}
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := s.store.OldestConnections(ctx, bucket, cursor)
		if err != nil {
			return errors.Join(errs, err, ending.handAll(ctx))
		}
		for _, conn := range page {
			if err := errors.Join(s.sweepOne(ctx, conn), ending.add(ctx, conn)); err != nil {
				errs = errors.Join(errs, fmt.Errorf("sweep connection %s: %w", conn.ID, err))
			}
			if ctx.Err() != nil {
				return errs
			}
		}
		cursor = next
	}
	return errors.Join(errs, ending.handAll(ctx))
}

func (s *Service) sweepOne(ctx context.Context, conn Connection) error {
	now := s.opts.Now()
	switch {
	case conn.Closing, now.Sub(conn.ConnectedAt) > ConnectionLife:
		return s.sweepAway(ctx, conn.ID)
	case now.Sub(conn.LastActiveAt) < silentFor:
		return nil
	}
	if err := s.opts.Pause(ctx, checkPause); err != nil {
		return err
	}
	active, err := s.pusher.LastActive(ctx, conn.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		return s.sweepAway(ctx, conn.ID)
	case err != nil: // busy or away: that says nothing about the connection
		s.meter.Add(ctx, SweepDoubts, 1)
		return ctx.Err()
	}
	return s.store.Touch(ctx, conn.ID, active)
}

func (s *Service) sweepAway(ctx context.Context, id ConnectionID) error {
	s.meter.Add(ctx, SweptConnections, 1)
	return s.Disconnect(ctx, id)
}
