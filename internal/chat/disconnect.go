package chat

import (
	"context"
	"errors"
)

// Disconnect removes a connection: marked first, so that no join is added behind its
// back, its row last, so that the sweep can finish what was begun. Idempotent.
func (s *Service) Disconnect(ctx context.Context, id ConnectionID) error {
	conn, err := s.store.MarkClosing(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	held, err := s.store.RoomsHeld(ctx, id)
	if err != nil {
		return err
	}
	for _, h := range held {
		if err := s.store.Unsubscribe(ctx, id, conn.UserID, h); err != nil {
			return err
		}
	}
	if err := s.store.RemoveConnection(ctx, id, conn.UserID); err != nil {
		return err
	}
	s.meter.Add(ctx, Disconnects, 1)
	for _, h := range held {
		if err := s.tellLeft(ctx, h.Room, conn.UserID, conn.Name); err != nil {
			return err
		}
	}
	return nil
}
