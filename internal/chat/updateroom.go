package chat

import (
	"context"
	"reflect"
	"time"
)

// updateRoom changes a room's policy, and in the same transaction that of the rooms beneath
// it that inherit what changed. Policy first: who may not read any more is put out after.
func (s *Service) updateRoom(ctx context.Context, c Caller, cmd UpdateRoom) error {
	return s.untilSettled(func() error {
		f, err := s.lookToKeep(ctx, c, Question{Room: cmd.Room})
		if err != nil {
			return err
		}
		if !c.MayIn(*f.Room, f.Membership, ChangeRoom) || cmd.Settings.govern() && !c.MayIn(*f.Room, f.Membership, GovernRoom) {
			return errNotPermitted
		}
		change, err := s.policyChange(ctx, c, *f.Room, cmd.Settings)
		if err != nil {
			return err
		}
		now := change.Rooms[0].Now
		if now.Rev != f.Room.Rev {
			change.Members = s.actor(c, f)
			if err := s.notePolicy(ctx, c, *f.Room, now, &change); err != nil {
				return err
			}
			if err := s.store.Change(ctx, change); err != nil {
				return err
			}
		}
		for _, w := range change.Rooms {
			if w.Now.ID != now.Parent {
				if err := s.enforce(ctx, w.Now.ID, true); err != nil {
					return err
				}
			}
		}
		return s.answer(ctx, c, s.roomChanged(now))
	})
}

// lookToKeep is look for those who want to change a room: it must be there for them, and be
// none of two people's own.
func (s *Service) lookToKeep(ctx context.Context, c Caller, q Question) (Facts, error) {
	f, err := s.look(ctx, c, q)
	if err != nil {
		return f, err
	}
	return f, mayKeep(q.Room, f, s.opts.Now())
}

// mayKeep says why nobody, or not this person, can look after a room, or nil.
func mayKeep(id RoomID, f Facts, now time.Time) error {
	if err := mayRead(id, f.Room, f.Membership, now); err != nil {
		return err
	}
	if id.Private() {
		return Errorf(Invalid, "A private conversation has no rules and no roles")
	}
	return nil
}

// actor holds the caller to the role that allowed the change. Who has the right from the
// deployment needs none.
func (s *Service) actor(c Caller, f Facts) []MemberWrite {
	if f.Membership.Role.level() <= Member.level() {
		return nil
	}
	return []MemberWrite{{Room: f.Room.ID, User: c.UserID, Was: f.Membership, Now: f.Membership}}
}

// govern says whether these are settings for owners.
func (c Settings) govern() bool {
	return c.Visibility != nil || c.Parent != nil || c.Retention != nil || c.Guests != nil || c.Inviters != nil || len(c.Inherit) > 0
}

// policyChange is what must be written for a room to have the settings: the room first.
func (s *Service) policyChange(ctx context.Context, c Caller, was Room, set Settings) (Change, error) {
	now := was.changed(set)
	above, err := s.parents(ctx, c, was, now)
	if err != nil {
		return Change{}, err
	}
	for _, w := range above {
		if w.Now.ID == now.Parent {
			now = now.following(w.Was)
			if err := fitsBeneath(now, w.Was); err != nil {
				return Change{}, err
			}
		}
	}
	if err := mayBe(now); err != nil {
		return Change{}, err
	}
	beneath, err := s.beneath(ctx, now)
	if err != nil {
		return Change{}, err
	}
	rooms := append([]RoomWrite{s.rewrite(was, now)}, beneath...)
	return Change{Rooms: append(rooms, above...)}, nil
}

// rewrite is a room before and after, with a new Rev where they differ.
func (s *Service) rewrite(was, now Room) RoomWrite {
	if reflect.DeepEqual(was, now) {
		return RoomWrite{Was: was, Now: now}
	}
	if was.Retention != now.Retention {
		now = s.keeping(was, now)
	}
	now.Rev++
	return RoomWrite{Was: was, Now: now}
}

// keeping notes in a room of another retention what became of the one that it had. What a
// shorter one has let expire stays so when it grows, and what was sent until then expires
// when it was to: all of it after the shortest time that was given to any.
func (s *Service) keeping(was, now Room) Room {
	if from := s.floor(was); from.After(was.CreatedAt) {
		now.KeptFrom = from
	}
	at, kept := s.opts.Now(), s.retention(was)
	if s.retention(now) <= kept {
		return now
	}
	if at.Before(was.KeptTo.Add(was.KeptFor)) {
		kept = min(kept, was.KeptFor)
	}
	now.KeptTo, now.KeptFor = at.Add(longestWrite), kept // whoever writes now may have read the room before
	return now
}

// floor is when the oldest message was sent that a room still shows.
func (s *Service) floor(r Room) time.Time {
	now := s.opts.Now()
	from := now.Add(-s.retention(r))
	if r.KeptFrom.After(from) {
		from = r.KeptFrom
	}
	short := now.Add(-r.KeptFor)
	if short.After(r.KeptTo) {
		short = r.KeptTo
	}
	if short.After(from) {
		from = short
	}
	return from
}

// parents are the rooms above a room: the one that it stays or comes under, and the one that
// it leaves.
func (s *Service) parents(ctx context.Context, c Caller, was, now Room) ([]RoomWrite, error) {
	var above []RoomWrite
	if now.Parent != was.Parent && now.Parent != "" {
		parent, err := s.newParent(ctx, c, now.Parent)
		if err != nil {
			return nil, err
		}
		above = append(above, parent)
	}
	if was.Parent == "" {
		return above, nil
	}
	old, err := s.store.Rooms(ctx, []RoomID{was.Parent})
	if err != nil {
		return nil, err
	}
	for _, r := range old {
		w := RoomWrite{Was: r, Now: r}
		if now.Parent != was.Parent {
			w.Now.Children--
			w.Now.Rev++
		}
		above = append(above, w)
	}
	return above, nil
}

// beneath are the rooms under a room that change with it.
func (s *Service) beneath(ctx context.Context, now Room) ([]RoomWrite, error) {
	if now.Children == 0 {
		return nil, nil
	}
	ids, err := s.store.RoomsBeneath(ctx, now.ID)
	if err != nil {
		return nil, err
	}
	rooms, err := s.store.Rooms(ctx, ids)
	if err != nil {
		return nil, err
	}
	var writes []RoomWrite
	for _, r := range rooms {
		w := s.rewrite(r, r.following(now))
		if err := fitsBeneath(w.Now, now); err != nil {
			return nil, Errorf(Invalid, "The room %q beneath it is more open: change that first", string(r.ID))
		}
		if w.Now.Rev != w.Was.Rev {
			writes = append(writes, w)
		}
	}
	return writes, nil
}
