package chat

import (
	"context"
	"slices"
)

// leave takes the connection out of a room. Leaving a room it is not in is answered the
// same, so that the frame can be repeated.
func (s *Service) leave(ctx context.Context, c Caller, cmd Leave) error {
	if cmd.Room == "" {
		room, err := s.currentRoom(ctx, c.ConnectionID)
		if err != nil {
			return err
		}
		cmd.Room = room
	}
	held, err := s.store.RoomsHeld(ctx, c.ConnectionID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(held, func(h Held) bool { return h.Room == cmd.Room })
	if i >= 0 {
		if err := s.store.Unsubscribe(ctx, c.ConnectionID, c.UserID, held[i]); err != nil {
			return err
		}
	}
	if err := s.answer(ctx, c, RoomLeft{Room: cmd.Room, At: s.opts.Now()}); err != nil || i < 0 {
		return err
	}
	return s.tellLeft(ctx, cmd.Room, c.UserID, c.Name)
}
