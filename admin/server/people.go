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

// people lists who is connected, by person, or finds others by their names.
func (s *Server) people(c echo.Context) error {
	if name := c.QueryParam("name"); name != "" && len(name) <= 200 {
		return s.findPeople(c, name)
	}
	k := s.board.get(c.Request().Context())
	now := s.deps.Now()
	everyone := k.value.people()
	d := views.People{
		Query: query(c, "/people", "find"), Total: len(everyone),
		MayKick: sessionOf(c).Person.May(chat.KickPeople), At: now,
	}
	find := strings.ToLower(d.Query.Get("find"))
	matching := slices.DeleteFunc(everyone, func(p views.Person) bool {
		return !strings.Contains(strings.ToLower(string(p.ID)+"\n"+p.Name), find)
	})
	sortRows(matching, d.Query, personOrders)
	d.Match = len(matching)
	d.Rows, d.From = stretch(matching, d.Query)
	return s.show(c, shown{
		title: "People", here: "/people", health: k.health(database, now), live: views.PeopleLive(d),
		whole: func(p views.Page) templ.Component { return views.PeoplePage(p, d) },
	})
}

var personOrders = orders[views.Person]{
	"":            func(a, b views.Person) int { return cmp.Compare(len(b.Connections), len(a.Connections)) },
	"connections": func(a, b views.Person) int { return cmp.Compare(len(b.Connections), len(a.Connections)) },
	"person":      func(a, b views.Person) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
	"age": func(a, b views.Person) int {
		return b.Connections[0].ConnectedAt.Compare(a.Connections[0].ConnectedAt)
	},
}

// person shows one person, connected or not.
func (s *Server) person(c echo.Context) error {
	id, err := chat.ParseUserID(c.QueryParam("id"))
	if err != nil {
		return err
	}
	k := s.board.get(c.Request().Context())
	now := s.deps.Now()
	d := views.PersonPage{Person: views.Person{ID: id, Name: string(id)}, MayKick: sessionOf(c).Person.May(chat.KickPeople), At: now}
	d.MayModerate, d.MayErase = sessionOf(c).Person.May(chat.ModeratePeople), sessionOf(c).Person.May(chat.ErasePeople)
	d.GroupsKept = s.deps.Chat.GroupsAreKept()
	people := k.value.people()
	connected := slices.IndexFunc(people, func(p views.Person) bool { return p.ID == id })
	if connected >= 0 {
		d.Person = people[connected]
	}
	h := k.health(database, now)
	file := s.dossier(id).get(c.Request().Context())
	d.Dossier = file.value
	switch {
	case file.err != nil && h.fault == "" && connected < 0:
		return file.err
	case !file.at.IsZero() && connected < 0:
		d.Person.Name = d.Dossier.User.Name
		d.Person.Guest = id.Guest()
	}
	return s.show(c, shown{
		title: d.Person.Name, here: "/people", health: h, live: views.PersonLive(d),
		whole: func(p views.Page) templ.Component { return views.PersonView(p, d) },
	})
}

// dossier is the one place that reads what is known of a person.
func (s *Server) dossier(id chat.UserID) *cached[chat.Dossier] {
	return s.persons.at(id, s.deps.Now(), func() *cached[chat.Dossier] {
		return newCached(boardAge, s.deps.Now, func(ctx context.Context, _ chat.Dossier) (chat.Dossier, error) {
			return s.deps.Chat.Dossier(ctx, id)
		})
	})
}
