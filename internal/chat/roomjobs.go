package chat

import (
	"context"
	"slices"
	"time"
)

// enforceAgain is when rooms are looked over a second time: whatever was on its way when the
// policy was written has ended by then (Lambda quota for an API Gateway call: 29 s).
const enforceAgain = time.Minute

// enforce has everybody put out of a room who may not read it (any more), now and again
// later, and tells the others what the room is. The policy is written before.
func (s *Service) enforce(ctx context.Context, room RoomID, tell bool) error {
	j := Job{Kind: EnforceJob, At: s.opts.Now(), Room: room, Tell: tell}
	if err := s.queue.Enqueue(ctx, 0, j); err != nil {
		return err
	}
	j.Tell = false
	return s.queue.Enqueue(ctx, enforceAgain, j)
}

// enforcePart looks over a part of a room's connections and leaves the rest to the next job.
func (s *Service) enforcePart(ctx context.Context, j Job) error {
	f, err := s.store.Read(ctx, Question{Room: j.Room, Head: true})
	if err != nil || f.Room == nil || f.Head == nil {
		return err
	}
	subs, next, err := s.store.Roster(ctx, j.Room, j.Shard, j.After, shardPage)
	if err != nil {
		return err
	}
	stay, err := s.putOut(ctx, *f.Room, j.Shard, subs)
	if err != nil {
		return err
	}
	if j.Tell {
		if err := s.announce(ctx, stay, s.roomChanged(*f.Room)); err != nil {
			return err
		}
	}
	j.After = next
	if next == "" {
		j.Shard++
	}
	if j.Shard >= max(1, f.Head.Shards) {
		return nil
	}
	return s.queue.Enqueue(ctx, 0, j)
}

// putOut takes those out of a room who may not be in it, tells them, and gives the others.
func (s *Service) putOut(ctx context.Context, r Room, shard int, subs []Subscriber) ([]Subscriber, error) {
	users := make([]UserID, len(subs))
	for i, sub := range subs {
		users[i] = sub.UserID
	}
	standings, err := s.store.Standings(ctx, r.ID, users)
	if err != nil {
		return nil, err
	}
	now := s.opts.Now()
	var stay, out []Subscriber
	why := map[UserID]string{}
	for i, sub := range subs {
		if reason := mustGo(r, sub.Guest, standings[i], now); reason != "" {
			out, why[sub.UserID] = append(out, sub), reason
		} else {
			stay = append(stay, sub)
		}
	}
	return stay, eachRoom(out, func(sub Subscriber) error {
		left, err := s.store.Unsubscribe(ctx, sub.ConnectionID, sub.UserID, Held{Room: r.ID, Shard: shard})
		if err != nil || !left {
			return err
		}
		gone := RoomLeft{Room: r.ID, Reason: why[sub.UserID], At: now}
		if err := s.announce(ctx, []Subscriber{sub}, gone); err != nil {
			return err
		}
		return s.tellLeft(ctx, r.ID, sub.UserID, sub.Name)
	})
}

// mustGo says why somebody cannot stay in a room, or nothing.
func mustGo(r Room, guest bool, m Membership, now time.Time) string {
	switch {
	case now.Before(m.BannedUntil):
		return errBarred.Text
	case guest && r.GuestsOut:
		return errNoGuests.Text
	case m.Role == "":
		return "You are not a member of this room any more"
	}
	return ""
}

func (s *Service) roomChanged(r Room) RoomChanged {
	return RoomChanged{Room: s.whole(r), At: s.opts.Now()}
}

// whole is a room with what the deployment says where the room itself does not.
func (s *Service) whole(r Room) Room {
	r.Retention, r.EditWindow = s.retention(r), s.editWindow(r)
	return r
}

// tellPerson tells every connection of a person something, one try each.
func (s *Service) tellPerson(ctx context.Context, user UserID, e Event) error {
	subs, err := s.store.ConnectionsOf(ctx, user)
	if err != nil {
		return err
	}
	return s.announce(ctx, subs, e)
}

// tellMember tells a room, and the person, what they are there now. The caller has it as
// the answer and is left out.
func (s *Service) tellMember(ctx context.Context, c Caller, h Head, e MemberChanged) error {
	subs, _, err := s.audible(ctx, e.Room, h)
	if err != nil {
		return err
	}
	own, err := s.store.ConnectionsOf(ctx, e.UserID)
	if err != nil {
		return err
	}
	for _, sub := range own {
		same := func(o Subscriber) bool { return o.ConnectionID == sub.ConnectionID }
		if !slices.ContainsFunc(subs, same) {
			subs = append(subs, sub)
		}
	}
	subs = slices.DeleteFunc(subs, func(sub Subscriber) bool { return sub.ConnectionID == c.ConnectionID })
	return s.announce(ctx, subs, e)
}
