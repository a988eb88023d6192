package chat

import (
	"context"
	"errors"
	"slices"
)

// Status is how present a person is.
type Status string

// Somebody offline has no open connection.
const (
	Busy    Status = "busy"
	Online  Status = "online"
	Away    Status = "away"
	Offline Status = "offline"
)

// statusTries bounds how often a person's status is worked out again because another of
// their connections changed it meanwhile.
const statusTries = 5

// mostPresent is a person's status over all their connections: busy, which is said on
// purpose, before online, and online before away, which a tab that nobody looks at says by
// itself. A connection that has said nothing is online.
func mostPresent(subs []Subscriber) Status {
	said := func(status Status) bool {
		return slices.ContainsFunc(subs, func(sub Subscriber) bool {
			return sub.Status == status || sub.Status == "" && status == Online
		})
	}
	for _, status := range []Status{Busy, Online, Away} {
		if said(status) {
			return status
		}
	}
	return Offline
}

// setPresence keeps what a connection says of its person, and tells who shares a room with
// them if that makes another person of them.
func (s *Service) setPresence(ctx context.Context, c Caller, cmd SetPresence) error {
	if _, err := s.look(ctx, c, Question{}); err != nil {
		return err
	}
	now := s.opts.Now()
	wait, err := s.store.SetStatus(ctx, c.UserID, c.ConnectionID, cmd.Status, now, PresenceEvery)
	switch {
	case errors.Is(err, ErrNotFound):
		return errConnectionNotFound
	case err != nil:
		return err
	case wait > 0:
		e := Errorf(RateLimited, "Your status changes too fast, wait %v", inSeconds(wait))
		e.RetryAfter = wait
		return e
	}
	change, err := s.settle(ctx, c.UserID, nil)
	if err != nil {
		return err
	}
	if err := s.tellPresence(ctx, c.UserID, change, nil, c.ConnectionID); err != nil {
		return err
	}
	return s.answer(ctx, c, Presence{UserID: c.UserID, Status: change.now, At: now})
}

// change is what became of a person's status.
type change struct {
	was, now Status
	open     []Subscriber // the person's connections
}

// settle works a person's status out of their connections and keeps it where readers of
// lists find it. Read before the connections are listed and written only if nobody wrote
// since, it is right after the last of any number of changes at once. known is the person
// as read some time before, or nil: of somebody offline only the write has to be right.
func (s *Service) settle(ctx context.Context, user UserID, known *User) (change, error) {
	if known != nil && known.StatusNow() != Offline { // a change since then may be what is to be seen
		known = nil
	}
	for range statusTries {
		f := Facts{User: known}
		if known = nil; f.User == nil {
			var err error
			if f, err = s.store.Read(ctx, Question{User: user}); err != nil || f.User == nil {
				return change{was: Offline, now: Offline}, err
			}
		}
		open, err := s.store.ConnectionsOf(ctx, user)
		if err != nil {
			return change{}, err
		}
		c := change{was: f.User.StatusNow(), now: mostPresent(open), open: open}
		done, err := s.keepStatus(ctx, *f.User, c.now)
		if done || err != nil {
			return c, err
		}
	}
	return change{}, AsUnavailable(errors.New("the status changes too fast"))
}

// keepStatus keeps a person's status if it is still what was read. Where it is the same there
// may be somebody who read earlier and is about to write another one: that is too late then.
func (s *Service) keepStatus(ctx context.Context, u User, status Status) (done bool, err error) {
	if u.StatusNow() == status {
		return s.store.ConfirmStatus(ctx, u.ID, status)
	}
	return s.store.KeepStatus(ctx, u.ID, status, u.StatusRev)
}

// StatusNow is the status that is kept of a person; nothing kept is offline.
func (u User) StatusNow() Status {
	if u.Status == "" {
		return Offline
	}
	return u.Status
}

// tellPresence tells everybody who shares a room with a person, also one of those just left,
// and the person's other connections. Each connection hears it once. Rooms of over
// announceLimit connections do not.
func (s *Service) tellPresence(ctx context.Context, user UserID, c change, left []Held, except ConnectionID) error {
	if c.was == c.now {
		return nil
	}
	rooms := make(map[RoomID]bool)
	for _, h := range left {
		rooms[h.Room] = true
	}
	for _, sub := range c.open {
		held, err := s.store.RoomsHeld(ctx, sub.ConnectionID)
		if err != nil {
			return err
		}
		for _, h := range held {
			rooms[h.Room] = true
		}
	}
	var ids []RoomID
	for id := range rooms {
		ids = append(ids, id)
	}
	hearers, err := s.everyoneIn(ctx, ids)
	if err != nil {
		return err
	}
	seen := map[ConnectionID]bool{except: true}
	all := slices.DeleteFunc(append(hearers, c.open...), func(sub Subscriber) bool {
		before := seen[sub.ConnectionID]
		seen[sub.ConnectionID] = true
		return before
	})
	return s.announce(ctx, all, Presence{UserID: user, Status: c.now, At: s.opts.Now()})
}

// everyoneIn lists the connections in rooms, those of over announceLimit left out.
func (s *Service) everyoneIn(ctx context.Context, rooms []RoomID) ([]Subscriber, error) {
	heads, err := s.store.Heads(ctx, rooms)
	if err != nil {
		return nil, err
	}
	parts := make([][]Subscriber, len(rooms))
	err = eachRoom(numbers(len(rooms)), func(i int) (err error) {
		parts[i], _, err = s.audible(ctx, rooms[i], heads[rooms[i]])
		return err
	})
	return slices.Concat(parts...), err
}

// withStatus tells of each person in a room how present they are. Whoever is in it has an
// open connection: what is not kept yet is online. In rooms where presence is not told
// everybody is.
func (s *Service) withStatus(ctx context.Context, people []Person, connections int) error {
	known := map[UserID]User{}
	if connections <= announceLimit {
		ids := make([]UserID, len(people))
		for i, p := range people {
			ids[i] = p.UserID
		}
		var err error
		if known, err = s.store.Users(ctx, ids); err != nil {
			return err
		}
	}
	for i, p := range people {
		if people[i].Status = known[p.UserID].StatusNow(); people[i].Status == Offline {
			people[i].Status = Online
		}
	}
	return nil
}

// presenceAfter settles a person's status after one of their connections came or went, and
// tells of it. Whoever comes with their first connection is told of as joined.
func (s *Service) presenceAfter(ctx context.Context, user UserID, known *User, left []Held) error {
	c, err := s.settle(ctx, user, known)
	if err != nil || c.was == Offline {
		return err
	}
	return s.tellPresence(ctx, user, c, left, "")
}
