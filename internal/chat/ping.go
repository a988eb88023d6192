package chat

import (
	"context"
	"maps"
	"slices"
)

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
	heads, err := s.headsToTell(ctx, c.UserID, cmd, held)
	if err != nil {
		return err
	}
	pong := Pong{Heads: map[RoomID]int64{}, At: s.opts.Now()}
	for _, h := range held {
		pong.Rooms = append(pong.Rooms, h.Room)
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

// headsToTell reads the heads of what a ping names, of the rooms held and of the caller's
// own private conversations only: other heads are none of the caller's business.
func (s *Service) headsToTell(ctx context.Context, user UserID, cmd Ping, held []Held) (map[RoomID]Head, error) {
	var asked []RoomID
	for _, h := range held {
		if _, ok := cmd.Heads[h.Room]; ok {
			asked = append(asked, h.Room)
		}
	}
	heads, err := s.store.Heads(ctx, asked)
	if err != nil || !slices.ContainsFunc(slices.Collect(maps.Keys(cmd.Heads)), RoomID.Private) {
		return heads, err
	}
	own, err := s.store.Conversations(ctx, user, MaxPingRooms)
	if err != nil {
		return nil, err
	}
	for _, with := range own {
		if _, ok := cmd.Heads[with.Room]; ok {
			heads[with.Room] = with.Head
		}
	}
	return heads, nil
}
