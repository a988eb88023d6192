package chat

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// reconnectRate is how many connections a second are advised to come back: API Gateway
	// admits 500 (quota "New connections per second"), and a random spread has peaks.
	reconnectRate = 400
	leastSpread   = time.Second
	drainPart     = 500 // connections told at a time
)

// Drained says what a drain did.
type Drained struct {
	Connections int
	Spread      time.Duration // over which they come back
}

// Drain tells every open connection that the server goes away, and over how long all of
// them should spread their return. With hangUp they are closed too; without it whoever
// asked does that. Whom it does not reach comes back by its own back-off.
func (s *Service) Drain(ctx context.Context, hangUp bool) (Drained, error) {
	var ids []ConnectionID
	for bucket := range ConnectionBuckets {
		for cursor, more := "", true; more; more = cursor != "" {
			page, next, err := s.store.OldestConnections(ctx, bucket, cursor)
			if err != nil {
				return Drained{}, err
			}
			for _, conn := range page {
				if !conn.Closing && s.opts.Now().Sub(conn.ConnectedAt) < ConnectionLife {
					ids = append(ids, conn.ID)
				}
			}
			cursor = next
		}
	}
	done := Drained{Connections: len(ids), Spread: spreadOf(len(ids))}
	var errs error
	for part := range slices.Chunk(ids, drainPart) {
		errs = errors.Join(errs, s.drain(ctx, part, done.Spread, hangUp))
	}
	return done, errs
}

func (s *Service) drain(ctx context.Context, ids []ConnectionID, spread time.Duration, hangUp bool) error {
	e := Closing{Code: CloseDraining, Reason: closeReasons[CloseDraining], Retry: true, Spread: spread, At: s.opts.Now()}
	if _, err := s.pusher.Post(ctx, ids, Frame{Event: e}); err != nil || !hangUp {
		return err
	}
	return eachRoom(ids, func(id ConnectionID) error { return s.pusher.Close(ctx, id) })
}

// spreadOf is how long so many connections take to come back at reconnectRate.
func spreadOf(connections int) time.Duration {
	return max(leastSpread, time.Duration(connections)*time.Second/reconnectRate)
}
