package chat

import (
	"context"
	"errors"
)

// Disconnect removes a connection and tells its rooms. Idempotent: a connection that is
// not there is none of its business.
func (s *Service) Disconnect(ctx context.Context, id ConnectionID) error {
	conn, left, err := s.remove(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.meter.Add(ctx, Disconnects, 1)
	for _, h := range left {
		if err := s.tellLeft(ctx, h.Room, conn.UserID, conn.Name); err != nil {
			return err
		}
	}
	return s.presenceAfter(ctx, conn.UserID, nil, left)
}

// remove takes a connection out of every list and says which rooms it took it out of:
// another removal may meet this one. Marked first, so that no join is added behind its
// back, its row last, so that the sweep can finish what was begun.
func (s *Service) remove(ctx context.Context, id ConnectionID) (Connection, []Held, error) {
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
	return conn, left, s.store.RemoveConnection(ctx, id, conn.UserID)
}
