package chat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// moveTries bounds how often a join starts again because something moved meanwhile.
const moveTries = 5

// entry is what a join found and did.
type entry struct {
	room  Room
	name  string // the caller's
	role  Role
	fresh bool   // the connection was not in the room before
	left  []Held // rooms that were left

	readSeq int64
	muted   Mute
}

// join moves the connection into a room, or adds the room, and tells everyone concerned.
func (s *Service) join(ctx context.Context, c Caller, cmd Join) error {
	e, err := s.enter(ctx, c, cmd)
	if errors.Is(err, ErrOvertaken) { // a later request won: say where the connection is
		room, err := s.currentRoom(ctx, c)
		if err != nil {
			return err
		}
		cmd = Join{Room: room, Stay: true, Since: cmd.Since}
		if e, err = s.enter(ctx, c, cmd); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	if err := s.greet(ctx, c, e); err != nil {
		return err
	}
	for _, h := range e.left {
		if err := s.tellLeft(ctx, h.Room, c.UserID, e.name); err != nil {
			return err
		}
	}
	if cmd.Since == nil {
		return nil
	}
	return s.catchUp(ctx, c, e, *cmd.Since)
}

// enter reads what there is to know of the room, and subscribes the connection to it.
func (s *Service) enter(ctx context.Context, c Caller, cmd Join) (entry, error) {
	f, err := s.roomFor(ctx, c, cmd.Room)
	if err != nil {
		return entry{}, err
	}
	held, err := s.store.RoomsHeld(ctx, c.ConnectionID)
	if err != nil {
		return entry{}, err
	}
	return s.settleIn(ctx, c, f, held, !cmd.Stay)
}

// settleIn subscribes the connection, starting again when it or the room is not any more
// what was read of them.
func (s *Service) settleIn(ctx context.Context, c Caller, f Facts, held []Held, move bool) (entry, error) {
	room := f.Room.ID
	for try := 1; ; try++ {
		e, err := s.subscribe(ctx, c, f, held, move)
		if !errors.Is(err, ErrMoved) {
			return e, err
		}
		if try == moveTries {
			return entry{}, AsUnavailable(err)
		}
		if f, err = s.roomFor(ctx, c, room); err != nil {
			return entry{}, err
		}
		if held, err = s.store.RoomsHeld(ctx, c.ConnectionID); err != nil {
			return entry{}, err
		}
	}
}

// roomFor reads what a join must know, and makes the room if it is not there.
func (s *Service) roomFor(ctx context.Context, c Caller, id RoomID) (Facts, error) {
	f, err := s.lookMaking(ctx, c, Question{Room: id, Head: true})
	if err != nil {
		return f, err
	}
	if err := mayRead(id, f.Room, f.Membership, s.opts.Now()); err != nil {
		return f, err
	}
	if id.Private() {
		return f, Errorf(Invalid, "A private conversation cannot be joined, write with private_message")
	}
	return f, nil
}

// lookMaking is look, but makes a room that may be made by naming it and is not there.
func (s *Service) lookMaking(ctx context.Context, c Caller, q Question) (Facts, error) {
	f, err := s.look(ctx, c, q)
	if err != nil || f.Room != nil || q.Room.Reserved() {
		return f, err
	}
	if err := s.store.CreateRoom(ctx, s.newRoom(q.Room)); err != nil && !errors.Is(err, ErrExists) {
		return f, err
	}
	return s.look(ctx, c, q)
}

func (s *Service) newRoom(id RoomID) Room {
	return Room{ID: id, Name: titled(string(id)), Visibility: Public, CreatedAt: s.opts.Now()}
}

// titled makes a name of an id: "general" is shown as "General".
func titled(id string) string {
	first, size := utf8.DecodeRuneInString(id)
	return string(unicode.ToUpper(first)) + strings.ReplaceAll(id[size:], "_", " ")
}

// subscribe puts the connection into the room of f. With move set it also becomes the
// current room, and every other room held is left.
func (s *Service) subscribe(ctx context.Context, c Caller, f Facts, held []Held, move bool) (entry, error) {
	e := entry{
		room: *f.Room, name: f.nameOf(c), role: f.Membership.Role, fresh: true, readSeq: f.Membership.Read.Seq, muted: mutedIn(f, s.opts.Now()),
	}
	if e.role == "" && f.Head != nil {
		e.readSeq = f.Head.Seq
	}
	conn := *f.Connection
	sub := Subscription{
		Connection: conn, Room: *f.Room, Shard: shardOf(conn.ID, f.Head), At: s.opts.Now(),
		Member: f.Room.Visibility == Private, Move: move, Requested: c.At,
	}
	if f.Head != nil {
		sub.Head = *f.Head
	}
	if i := slices.IndexFunc(held, func(h Held) bool { return h.Room == f.Room.ID }); i >= 0 {
		sub.Shard, e.fresh = held[i].Shard, false
	}
	if e.fresh && !move && len(held) >= MaxRoomsHeld {
		return e, errTooManyRooms
	}
	if e.role == "" {
		e.role = Member
	}
	if move {
		e.left = others(held, f.Room.ID)
		if i := slices.IndexFunc(e.left, func(h Held) bool { return h.Room == conn.CurrentRoom }); i >= 0 {
			sub.Leaving = &e.left[i]
		}
	}
	if !e.fresh && (!move || conn.CurrentRoom == f.Room.ID && len(e.left) == 0) {
		return e, nil
	}
	if err := s.store.Subscribe(ctx, sub); err != nil {
		return entry{}, joinError(f.Room.ID, err)
	}
	if e.fresh {
		s.watchShard(ctx, conn.ID, Held{Room: f.Room.ID, Shard: sub.Shard})
	}
	for _, h := range e.left {
		if sub.Leaving != nil && h == *sub.Leaving {
			continue
		}
		if _, err := s.store.Unsubscribe(ctx, conn.ID, conn.UserID, h); err != nil {
			return entry{}, err
		}
	}
	return e, nil
}

var errTooManyRooms = Errorf(Forbidden, "A connection can be in at most %d rooms, leave one first", MaxRoomsHeld)

func joinError(room RoomID, err error) error {
	switch {
	case errors.Is(err, ErrClosing):
		return errConnectionNotFound
	case errors.Is(err, ErrBarred):
		return errBarred
	case errors.Is(err, ErrNotFound):
		return errNoRoom(room)
	}
	return err
}

func others(held []Held, room RoomID) []Held {
	return slices.DeleteFunc(slices.Clone(held), func(h Held) bool { return h.Room == room })
}

// greet answers a join and tells the room of a newcomer. The head is read after the
// subscription: whoever reads it is in the list of every later number.
func (s *Service) greet(ctx context.Context, c Caller, e entry) error {
	f, err := s.roomNow(ctx, e.room.ID)
	if err != nil {
		return err
	}
	subs, err := s.around(ctx, e.room.ID, *f.Head)
	if err != nil {
		return err
	}
	people := peopleOf(subs)
	active := len(people)
	if len(subs) > announceLimit {
		active = max(active, f.Head.People)
	}
	joined := RoomJoined{
		Room: s.whole(*f.Room), Role: e.role, Head: *f.Head, ActiveUsers: active,
		People: listed(people), ReadSeq: e.readSeq, Muted: e.muted, At: s.opts.Now(),
	}
	if err := s.withStatus(ctx, joined.People, len(subs)); err != nil {
		return err
	}
	if err := s.answer(ctx, c, joined); err != nil {
		return err
	}
	if !e.fresh {
		return nil
	}
	return s.tellJoined(ctx, subs, e.room.ID, c)
}

// listed is as many people as one answer holds.
func listed(people []Person) []Person {
	const shell, policy = 80, 3000 // bytes around a person, and of the rest of the answer
	size := policy
	for i, p := range people {
		size += shell + len(p.UserID) + len(p.Name)
		if i == MaxPeopleListed || size > maxListBytes {
			return people[:i]
		}
	}
	return people
}

// roomNow reads a room's policy and head, which are both there.
func (s *Service) roomNow(ctx context.Context, room RoomID) (Facts, error) {
	f, err := s.store.Read(ctx, Question{Room: room, Head: true})
	if err == nil && (f.Room == nil || f.Head == nil) {
		err = errNoRoom(room)
	}
	return f, err
}

// tellJoined tells a room, the newcomer included, of a person's first connection in it. subs are
// those in it, or more than announceLimit of them.
func (s *Service) tellJoined(ctx context.Context, subs []Subscriber, room RoomID, c Caller) error {
	if len(subs) > announceLimit {
		return s.digestSoon(ctx, room)
	}
	first, there := firstOf(subs, c.UserID)
	if !there || first.ConnectionID != c.ConnectionID {
		return nil
	}
	return s.announce(ctx, subs, Joined{UserID: c.UserID, Name: first.Name, Room: room, At: s.opts.Now()})
}
