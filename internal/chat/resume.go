package chat

import (
	"context"
	"slices"
	"sync"
)

// roomsAtOnce is how many rooms of one frame are worked on at the same time.
const roomsAtOnce = 8

// resume subscribes to each room, then reads its head, then what came since, and answers
// each room with a frame of its own. A room that cannot be resumed is refused by itself,
// and named as the caller named it.
func (s *Service) resume(ctx context.Context, c Caller, cmd Resume) error {
	held, err := s.store.RoomsHeld(ctx, c.ConnectionID)
	if err != nil {
		return err
	}
	over := tooMany(cmd.Rooms, held)
	return eachRoom(cmd.Rooms, func(since Since) error {
		err := error(errTooManyRooms)
		if !over[since.Room] {
			err = s.resumeRoom(ctx, c, since, held)
		}
		if err != nil && CodeOf(err) != Internal && CodeOf(err) != Unavailable {
			e := RefusedOf(err, s.opts.Now())
			e.Room = since.Room
			return s.answer(ctx, c, e)
		}
		return err
	})
}

// tooMany are the last of these rooms, those for which MaxRoomsHeld leaves no place.
func tooMany(rooms []Since, held []Held) map[RoomID]bool {
	places, over := MaxRoomsHeld-len(held), map[RoomID]bool{}
	for _, since := range rooms {
		in := slices.ContainsFunc(held, func(h Held) bool { return h.Room == since.Room })
		switch {
		case in, since.Room.Private():
		case places > 0:
			places--
		default:
			over[since.Room] = true
		}
	}
	return over
}

// eachRoom does the same for all, several at once, and returns the first error.
func eachRoom[T any](rooms []T, do func(T) error) error {
	var (
		workers sync.WaitGroup
		once    sync.Once
		first   error
	)
	slots := make(chan struct{}, roomsAtOnce)
	for _, r := range rooms {
		slots <- struct{}{}
		workers.Go(func() {
			defer func() { <-slots }()
			if err := do(r); err != nil {
				once.Do(func() { first = err })
			}
		})
	}
	workers.Wait()
	return first
}

func (s *Service) resumeRoom(ctx context.Context, c Caller, since Since, held []Held) error {
	f, err := s.look(ctx, c, Question{Room: since.Room, Head: true})
	if err != nil {
		return err
	}
	if err := mayRead(since.Room, f.Room, f.Membership, s.opts.Now()); err != nil {
		return err
	}
	e := entry{room: *f.Room, muted: mutedIn(f, s.opts.Now())}
	if !since.Room.Private() { // a conversation of two goes to people, not to subscribers
		if e, err = s.settleIn(ctx, c, f, held, false); err != nil {
			return err
		}
	}
	if err := s.catchUp(ctx, c, e, since.Seq); err != nil || !e.fresh {
		return err
	}
	if f, err = s.roomNow(ctx, since.Room); err != nil {
		return err
	}
	return s.tellCame(ctx, *f.Head, since.Room, c)
}

// catchUp answers what a subscribed reader missed. The head is read after the subscription.
func (s *Service) catchUp(ctx context.Context, c Caller, e entry, since int64) error {
	f, err := s.store.Read(ctx, Question{Room: e.room.ID, Head: true})
	if err != nil {
		return err
	}
	if f.Head == nil {
		return errNoRoom(e.room.ID)
	}
	w := window{from: since + 1, to: f.Head.Seq, limit: MaxHistoryLimit}
	p, err := s.page(ctx, e.room, *f.Head, c.UserID, w)
	if err != nil {
		return err
	}
	complete := !p.More && len(p.Missing) == 0 && p.Expired == nil
	return s.answer(ctx, c, Resumed{Page: p, Complete: complete, Muted: e.muted})
}
