package chat

import (
	"context"
	"slices"
)

// leave takes the connection out of a room, which the person follows no more: their other devices
// find that out when they list rooms. Leaving a room it is not in is answered the same, so that
// the frame can be repeated.
func (s *Service) leave(ctx context.Context, c Caller, cmd Leave) error {
	f, err := s.look(ctx, c, Question{})
	if err != nil {
		return err
	}
	if cmd.Room == "" {
		cmd.Room = f.Connection.CurrentRoom
	}
	if cmd.Room == "" {
		return Errorf(Invalid, "Room ID required")
	}
	held, err := s.store.RoomsHeld(ctx, c.ConnectionID)
	if err != nil {
		return err
	}
	var left bool
	if i := slices.IndexFunc(held, func(h Held) bool { return h.Room == cmd.Room }); i >= 0 {
		if left, err = s.store.Unsubscribe(ctx, c.ConnectionID, c.UserID, held[i]); err != nil {
			return err
		}
	}
	if err := s.store.MarkLeft(ctx, c.UserID, cmd.Room, s.opts.Now()); err != nil {
		return err
	}
	if err := s.answer(ctx, c, RoomLeft{Room: cmd.Room, At: s.opts.Now()}); err != nil || !left {
		return err
	}
	return s.tellLeft(ctx, cmd.Room, c.UserID, f.nameOf(c))
}
