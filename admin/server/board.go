package server

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

const (
	// boardAge is how old a picture may be when it is shown again.
	boardAge = 900 * time.Millisecond
	// lastAtOnce is how many rooms' newest messages are read at the same time.
	lastAtOnce = 8
)

// board is one picture of who is connected and where.
type board struct {
	connections []views.Connection // newest first
	older       bool               // there are more connections than these
	rooms       []views.Room       // most active first
	others      bool               // there are more rooms than these
}

// observe reads a new picture. Newest messages are read only of rooms where there is a new one.
func (s *Server) observe(ctx context.Context, before board) (board, error) {
	var b board
	list, older, err := s.deps.Chat.LiveConnections(ctx)
	if err != nil {
		return b, err
	}
	observed, others, err := s.deps.Chat.ObserveRooms(ctx)
	if err != nil {
		return b, err
	}
	in := map[chat.ConnectionID][]views.Place{}
	for _, room := range observed {
		b.rooms = append(b.rooms, views.Room{ObservedRoom: room})
		for _, id := range room.Connections {
			in[id] = append(in[id], views.Room{ObservedRoom: room}.Place())
		}
	}
	for _, c := range list {
		rooms := in[c.ID]
		slices.SortFunc(rooms, func(a, b views.Place) int { return cmp.Compare(a.Name, b.Name) })
		b.connections = append(b.connections, views.Connection{Connection: c, Rooms: rooms})
	}
	b.older, b.others = older, others
	return b, s.addLast(ctx, before, b.rooms)
}

func (s *Server) addLast(ctx context.Context, before board, rooms []views.Room) error {
	old := make(map[chat.RoomID]views.Room, len(before.rooms))
	for _, r := range before.rooms {
		old[r.Room.ID] = r
	}
	var (
		workers sync.WaitGroup
		mu      sync.Mutex
		first   error
	)
	slots := make(chan struct{}, lastAtOnce)
	for i := range rooms {
		r := &rooms[i]
		if was, ok := old[r.Room.ID]; ok && was.Head.Seq == r.Head.Seq {
			r.Last = was.Last
			continue
		}
		slots <- struct{}{}
		workers.Go(func() {
			defer func() { <-slots }()
			_, list, err := s.deps.Chat.RecentMessages(ctx, r.Room.ID, 1)
			mu.Lock()
			defer mu.Unlock()
			if err != nil && first == nil && chat.CodeOf(err) != chat.NotFound {
				first = err
			}
			if len(list) > 0 {
				r.Last = &list[0]
			}
		})
	}
	workers.Wait()
	return first
}

// people are those who are connected, in the order of their newest connections.
func (b board) people() []views.Person {
	place := map[chat.UserID]int{}
	var list []views.Person
	for _, c := range b.connections {
		n, there := place[c.UserID]
		if !there {
			n = len(list)
			place[c.UserID] = n
			list = append(list, views.Person{ID: c.UserID, Name: c.Name, Guest: c.Guest})
		}
		list[n].Connections = append(list[n].Connections, c)
	}
	return list
}

// room is a room of the picture.
func (b board) room(id chat.RoomID) (views.Room, bool) {
	n := slices.IndexFunc(b.rooms, func(r views.Room) bool { return r.Room.ID == id })
	if n < 0 {
		return views.Room{}, false
	}
	return b.rooms[n], true
}

// place is a room by its name, or by its id while the picture does not have it.
func (b board) place(id chat.RoomID) views.Place {
	if r, ok := b.room(id); ok {
		return r.Place()
	}
	return views.Place{ID: id, Name: string(id)}
}

func roomNames(b board) map[chat.RoomID]string {
	names := make(map[chat.RoomID]string, len(b.rooms))
	for _, r := range b.rooms {
		names[r.Room.ID] = r.Room.Name
	}
	return names
}
