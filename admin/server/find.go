package server

import (
	"context"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// found is a page of people whose names begin so.
type found struct {
	page []chat.User
	next string
}

// findPeople lists the people whose names begin so, connected or not.
func (s *Server) findPeople(c echo.Context, name string) error {
	ctx, by, now := c.Request().Context(), sessionOf(c).Person, s.deps.Now()
	cursor := c.QueryParam("cursor")
	k := s.found.at(name+"\n"+cursor, now, func() *cached[found] {
		return newCached(boardAge, s.deps.Now, func(ctx context.Context, _ found) (found, error) {
			page, next, err := s.deps.Chat.FindPeople(ctx, by, name, cursor)
			return found{page, next}, err
		})
	}).get(ctx)
	if k.err != nil && chat.CodeOf(k.err) == chat.Invalid {
		return k.err
	}
	d := views.Found{Name: name, Cursor: cursor, Next: k.value.next, At: now}
	connected := map[chat.UserID]int{}
	for _, row := range s.board.get(ctx).value.connections {
		connected[row.UserID]++
	}
	for _, u := range k.value.page {
		d.Rows = append(d.Rows, views.FoundPerson{User: u, Connections: connected[u.ID]})
	}
	return s.show(c, shown{
		title: "People", here: "/people", health: k.health(database, now), live: views.FoundLive(d),
		whole: func(p views.Page) templ.Component { return views.FoundPage(p, d) },
	})
}
