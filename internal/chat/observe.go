package chat

import (
	"context"
	"slices"
)

// Bounds of what the dashboard shows at once.
const (
	MaxLiveConnections = 20_000
	MaxRoomsObserved   = 200
	maxRecentMessages  = 100
	recentPages        = 5  // of the log are read for them at most
	fewestRead         = 20 // entries of the log in one of these pages
)

// LiveConnections lists open connections, newest first, eventually consistent, at most
// MaxLiveConnections of them. more: there are older ones. Groups, Session and MovedAt are
// not set.
func (s *Service) LiveConnections(ctx context.Context) (list []Connection, more bool, err error) {
	parts := make([][]Connection, ConnectionBuckets)
	err = eachRoom(numbers(ConnectionBuckets), func(n int) (err error) {
		parts[n], err = s.store.NewestConnections(ctx, n, MaxLiveConnections/ConnectionBuckets+1)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	for _, part := range parts {
		more = more || len(part) > MaxLiveConnections/ConnectionBuckets
	}
	list = slices.DeleteFunc(slices.Concat(parts...), func(c Connection) bool { return c.Closing })
	slices.SortFunc(list, func(a, b Connection) int { return b.ConnectedAt.Compare(a.ConnectedAt) })
	return list[:min(len(list), MaxLiveConnections)], more, nil
}

// numbers are 0 to n-1.
func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// ObservedRoom is a listed room and who is in it now.
type ObservedRoom struct {
	Room        Room
	Head        Head
	Connections []ConnectionID // at most 1,000
	People      int            // among them
	Full        bool           // there are more
}

// ObserveRooms lists public rooms, most active first, at most MaxRoomsObserved of them.
// more: there are others, less active.
func (s *Service) ObserveRooms(ctx context.Context) (rooms []ObservedRoom, more bool, err error) {
	entries, next, err := s.store.Directory(ctx, "", "", MaxRoomsObserved)
	if err != nil {
		return nil, false, err
	}
	rooms = make([]ObservedRoom, len(entries))
	for i, e := range entries {
		rooms[i] = ObservedRoom{Room: e.Room, Head: e.Head}
	}
	err = eachRoom(numbers(len(rooms)), func(i int) error {
		subs, err := s.roster(ctx, rooms[i].Room.ID, max(1, rooms[i].Head.Shards), rosterLimit)
		for _, sub := range subs {
			rooms[i].Connections = append(rooms[i].Connections, sub.ConnectionID)
		}
		rooms[i].People, rooms[i].Full = len(peopleOf(subs)), len(subs) >= rosterLimit
		return err
	})
	return rooms, next != "", err
}

// RecentMessages reads the last messages of a public room, oldest first. Other rooms are
// NotFound, as if they were not there: nobody reads private conversations here.
func (s *Service) RecentMessages(ctx context.Context, id RoomID, limit int) (Room, []Message, error) {
	f, err := s.store.Read(ctx, Question{Room: id, Head: true})
	if err != nil {
		return Room{}, nil, err
	}
	if f.Room == nil || f.Head == nil || f.Room.Visibility != Public {
		return Room{}, nil, errNoRoom(id)
	}
	list, err := s.lastMessages(ctx, id, f.Head.Seq, min(limit, maxRecentMessages))
	return *f.Room, list, err
}

// lastMessages reads back from a number, past events, voids and what was deleted.
func (s *Service) lastMessages(ctx context.Context, id RoomID, to int64, limit int) ([]Message, error) {
	var list []Message
	for range recentPages {
		page, err := s.store.Log(ctx, id, 1, to, max(limit, fewestRead), true)
		if err != nil || len(page) == 0 {
			return list, err
		}
		to = page[0].Seq - 1
		page = slices.DeleteFunc(page, func(m Message) bool { return m.Kind != KindMessage || !m.DeletedAt.IsZero() })
		if list = append(page, list...); len(list) >= limit {
			return list[len(list)-limit:], nil
		}
	}
	return list, nil
}

// KnownUser reads what is known of a person, or gives NotFound.
func (s *Service) KnownUser(ctx context.Context, id UserID) (User, error) {
	f, err := s.store.Read(ctx, Question{User: id})
	if err != nil {
		return User{}, err
	}
	if f.User == nil {
		return User{}, errNobody(id)
	}
	return *f.User, nil
}
