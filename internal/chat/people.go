package chat

import (
	"cmp"
	"context"
	"slices"
)

// MaxPeopleListed is how many people RoomJoined names.
const MaxPeopleListed = 100

// roster lists the connections in a room, the first limit of them, in the order they joined.
func (s *Service) roster(ctx context.Context, room RoomID, shards, limit int) ([]Subscriber, error) {
	var subs []Subscriber
	for shard := range shards {
		for cursor, first := "", true; first || cursor != ""; first = false {
			page, next, err := s.store.Roster(ctx, room, shard, cursor, min(shardPage, limit-len(subs)))
			if err != nil {
				return nil, err
			}
			subs = append(subs, page...)
			cursor = next
			if len(subs) >= limit {
				return inOrderOfJoining(subs), nil
			}
		}
	}
	return inOrderOfJoining(subs), nil
}

func inOrderOfJoining(subs []Subscriber) []Subscriber {
	slices.SortFunc(subs, func(a, b Subscriber) int {
		return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.ConnectionID, b.ConnectionID))
	})
	return subs
}

// peopleOf names each person once, however many connections they have.
func peopleOf(subs []Subscriber) []Person {
	seen := make(map[UserID]bool, len(subs))
	var people []Person
	for _, sub := range subs {
		if seen[sub.UserID] {
			continue
		}
		seen[sub.UserID] = true
		people = append(people, Person{UserID: sub.UserID, Name: sub.Name, Guest: sub.Guest})
	}
	return people
}

// firstOf gives the connection of a person that joined first, so that of several at once
// exactly one is announced. subs are in the order of joining.
func firstOf(subs []Subscriber, user UserID) (first Subscriber, there bool) {
	i := slices.IndexFunc(subs, func(sub Subscriber) bool { return sub.UserID == user })
	if i < 0 {
		return Subscriber{}, false
	}
	return subs[i], true
}

// tellLeft tells a room that a person went, if it was their last connection there. In
// rooms over announceLimit a digest is.
func (s *Service) tellLeft(ctx context.Context, room RoomID, user UserID, name string) error {
	heads, err := s.store.Heads(ctx, []RoomID{room})
	if err != nil {
		return err
	}
	subs, large, err := s.audible(ctx, room, heads[room])
	if err != nil {
		return err
	}
	if large {
		return s.digestSoon(ctx, room)
	}
	still := slices.ContainsFunc(subs, func(sub Subscriber) bool { return sub.UserID == user })
	if still || len(subs) == 0 {
		return nil
	}
	return s.announce(ctx, subs, Left{UserID: user, Name: name, Room: room, At: s.opts.Now()})
}
