package chat

import "context"

// ping answers the heads that differ from what the caller knows, and the rooms held for
// its connection, so that it joins again what was lost. It also keeps the connection's
// row alive.
func (s *Service) ping(ctx context.Context, c Caller, cmd Ping) error {
	f, err := s.look(ctx, c, Question{})
	if err != nil {
		return err
	}
	held, err := s.store.RoomsHeld(ctx, c.ConnectionID)
	if err != nil {
		return err
	}
	pong := Pong{Heads: map[RoomID]int64{}, At: s.opts.Now()}
	var asked []RoomID // only rooms held: other heads are none of the caller's business
	for _, h := range held {
		pong.Rooms = append(pong.Rooms, h.Room)
		if _, ok := cmd.Heads[h.Room]; ok {
			asked = append(asked, h.Room)
		}
	}
	heads, err := s.store.Heads(ctx, asked)
	if err != nil {
		return err
	}
	for room, h := range heads {
		if h.Seq != cmd.Heads[room] {
			pong.Heads[room] = h.Seq
		}
	}
	if err := s.answer(ctx, c, pong); err != nil {
		return err
	}
	return s.touch(ctx, *f.Connection)
}
