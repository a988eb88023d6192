package chat

import (
	"context"
	"errors"
)

// Disconnect removes a connection and tells its rooms. Idempotent: a connection that is
// not there is none of its business. Its row goes last, when everything else is done:
// after an error the sweep finds it and finishes what was begun.
func (s *Service) Disconnect(ctx context.Context, id ConnectionID) error {
	conn, left, errs := s.unlist(ctx, id)
	if errors.Is(errs, ErrNotFound) {
		return nil
	}
	unlisted := errs == nil
	for _, h := range left { // no other removal finds these again
		errs = errors.Join(errs, s.tellLeft(ctx, h.Room, conn.UserID, conn.Name))
	}
	if unlisted {
		errs = errors.Join(errs, s.presenceAfter(ctx, conn.UserID, nil, left))
	}
	if errs != nil {
		return errs
	}
	s.meter.Add(ctx, Disconnects, 1)
	return s.store.RemoveConnection(ctx, id)
}

// unlist takes a connection out of every list and says which rooms it took it out of, also
// beside an error: another removal may meet this one. Marked first, so that no join is
// added behind its back.
func (s *Service) unlist(ctx context.Context, id ConnectionID) (Connection, []Held, error) {
	conn, err := s.store.MarkClosing(ctx, id)
	if err != nil {
		return conn, nil, err
	}
	held, err := s.store.RoomsHeld(ctx, id)
	if err != nil {
		return conn, nil, err
	}
	var left []Held
	for _, h := range held {
		done, err := s.store.Unsubscribe(ctx, id, conn.UserID, h)
		if err != nil {
			return conn, left, err
		}
		if done {
			left = append(left, h)
		}
	}
	return conn, left, s.store.UnlistConnection(ctx, id, conn.UserID)
}
