package server

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// roomList lists the public rooms.
func (s *Server) roomList(c echo.Context) error {
	k := s.board.get(c.Request().Context())
	now := s.deps.Now()
	d := views.Rooms{
		Query: query(c, "/rooms", "find"), Total: len(k.value.rooms), More: k.value.others,
		MayRead: sessionOf(c).Person.May(chat.ReadMessages), At: now,
	}
	find := strings.ToLower(d.Query.Get("find"))
	for _, r := range k.value.rooms {
		if strings.Contains(strings.ToLower(string(r.Room.ID)+"\n"+r.Room.Name), find) {
			d.Rows = append(d.Rows, readable(r, d.MayRead))
		}
	}
	sortRows(d.Rows, d.Query, roomOrders)
	return s.show(c, shown{
		title: "Rooms", here: "/rooms", health: k.health(database, now), live: views.RoomsLive(d),
		whole: func(p views.Page) templ.Component { return views.RoomsPage(p, d) },
	})
}

// readable takes away what the reader may not know.
func readable(r views.Room, mayRead bool) views.Room {
	if !mayRead {
		r.Last = nil
	}
	return r
}

var roomOrders = orders[views.Room]{
	"":     func(a, b views.Room) int { return b.Head.At.Compare(a.Head.At) },
	"last": func(a, b views.Room) int { return b.Head.At.Compare(a.Head.At) },
	"room": func(a, b views.Room) int {
		return cmp.Compare(strings.ToLower(a.Room.Name), strings.ToLower(b.Room.Name))
	},
	"people":      func(a, b views.Room) int { return cmp.Compare(b.People, a.People) },
	"connections": func(a, b views.Room) int { return cmp.Compare(len(b.Connections), len(a.Connections)) },
	"messages":    func(a, b views.Room) int { return cmp.Compare(b.Head.Messages, a.Head.Messages) },
}

// Bounds of the rooms that are read at the same time.
const (
	recentMessages = 50
	maxRoomsRead   = 100
)

// roomText is a room with its last messages.
type roomText struct {
	room     chat.Room
	messages []chat.Message
}

// rooms keeps the last messages of the rooms that somebody reads, for all who do.
type rooms struct {
	mu sync.Mutex
	of map[chat.RoomID]*readRoom
}

type readRoom struct {
	text  *cached[roomText]
	asked time.Time // when somebody read it last
}

// read is the one place that reads a room for a page. What nobody asked for the longest
// makes place when there are too many.
func (s *Server) read(id chat.RoomID) *cached[roomText] {
	s.rooms.mu.Lock()
	defer s.rooms.mu.Unlock()
	now := s.deps.Now()
	if r, ok := s.rooms.of[id]; ok {
		r.asked = now
		return r.text
	}
	if len(s.rooms.of) >= maxRoomsRead {
		delete(s.rooms.of, s.rooms.longestUnread())
	}
	text := newCached(boardAge, s.deps.Now, func(ctx context.Context, _ roomText) (roomText, error) {
		room, list, err := s.deps.Chat.RecentMessages(ctx, id, recentMessages)
		return roomText{room, list}, err
	})
	s.rooms.of[id] = &readRoom{text, now}
	return text
}

func (r *rooms) longestUnread() (oldest chat.RoomID) {
	for id, room := range r.of {
		if first := r.of[oldest]; first == nil || room.asked.Before(first.asked) {
			oldest = id
		}
	}
	return oldest
}

// room shows one public room: who is there and, to those who may read, what is said.
func (s *Server) room(c echo.Context) error {
	id, err := chat.ParseRoomID(c.QueryParam("id"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	text := s.read(id).get(ctx)
	if chat.CodeOf(text.err) == chat.NotFound && text.err != nil {
		return text.err
	}
	k := s.board.get(ctx)
	now := s.deps.Now()
	person := sessionOf(c).Person
	d := views.RoomPage{MayRead: person.May(chat.ReadMessages), MayKick: person.May(chat.KickPeople), At: now}
	d.Room.Room = text.value.room
	if found, ok := k.value.room(id); ok {
		d.Room = readable(found, d.MayRead)
	}
	if d.MayRead {
		d.Messages = text.value.messages
	}
	d.People = slices.DeleteFunc(k.value.people(), func(p views.Person) bool {
		return !slices.ContainsFunc(p.Connections, func(c views.Connection) bool { return c.In(id) })
	})
	h := text.health(database, now)
	if h.fault == "" {
		h = k.health(database, now)
	}
	return s.show(c, shown{
		title: d.Room.Room.Name, here: "/rooms", health: h, live: views.RoomLive(d),
		whole: func(p views.Page) templ.Component { return views.RoomView(p, d) },
	})
}
