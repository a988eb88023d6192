package server

import (
	"cmp"
	"context"
	"slices"
	"strings"

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

const recentMessages = 50

// roomText is a room with its last messages, and what was done there.
type roomText struct {
	room     chat.Room
	messages []chat.Message

	standings []chat.Standing // who is muted or banned there
	deeds     []chat.Audit
}

// read is the one place that reads a room for a page.
func (s *Server) read(id chat.RoomID) *cached[roomText] {
	return s.rooms.at(id, s.deps.Now(), func() *cached[roomText] {
		return newCached(boardAge, s.deps.Now, func(ctx context.Context, _ roomText) (roomText, error) {
			var t roomText
			var err error
			if t.room, t.messages, err = s.deps.Chat.RecentMessages(ctx, id, recentMessages); err == nil {
				t.standings, t.deeds, err = s.deps.Chat.RoomMeasures(ctx, id)
			}
			return t, err
		})
	})
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
	if d.MayModerate = person.May(chat.ModeratePeople); d.MayModerate {
		d.Measures = views.AgainstInRoom(text.value.standings, text.value.deeds, now)
	}
	if text.value.room.ID != "" { // its rules are newer than the list's
		d.Room.Room = text.value.room
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
