package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

const sessionsPath = "/sessions"

// askSignOut asks before a person is signed out everywhere.
func (s *Server) askSignOut(c echo.Context) error {
	return s.showSignOut(c, http.StatusOK, views.Erasure{}, c.QueryParam("person"))
}

func (s *Server) showSignOut(c echo.Context, status int, d views.Erasure, person string) error {
	d, err := s.aboutPerson(c, d, person)
	if err != nil {
		return err
	}
	d.Elsewhere = !s.deps.Chat.GroupsAreKept()
	return s.render(c, status, views.SignOutPage(s.page(c, "Sign out", "/people"), d))
}

// signOutPerson ends every session of a person.
func (s *Server) signOutPerson(c echo.Context) error {
	id, err := chat.ParseUserID(c.FormValue("person"))
	if err != nil {
		return err
	}
	reason := c.FormValue("reason")
	err = s.deps.Chat.SignOutEverywhere(c.Request().Context(), sessionOf(c).Person, id, reason)
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Invalid, code == chat.TooLarge:
		return s.showSignOut(c, statuses[code].status, views.Erasure{Reason: reason, Problem: chat.TextOf(err)}, string(id))
	default:
		return err
	}
	if err := s.say(c, "Signed "+string(id)+" out everywhere."); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, string(views.PersonAddress(id)))
}
