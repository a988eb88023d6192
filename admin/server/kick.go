package server

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

const kickPath = "/kick"

// askKick asks before a kick, with what it would do at this moment.
func (s *Server) askKick(c echo.Context) error {
	t, err := targetOf(c.QueryParam("connection"), c.QueryParam("person"))
	if err != nil {
		return err
	}
	k := views.Kick{Target: t, Back: local(c.QueryParam("back")), Reason: s.typedBefore(c, t)}
	if k.Reason != "" {
		k.Problem = "Your session had ended, so nothing was done. You are signed in again: look once more, then confirm."
	}
	return s.ask(c, http.StatusOK, k)
}

// kick does it, if things are still as the person was shown.
func (s *Server) kick(c echo.Context) error {
	t, err := targetOf(c.FormValue("connection"), c.FormValue("person"))
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	var shown []chat.ConnectionID
	for _, id := range form["shown"] {
		shown = append(shown, chat.ConnectionID(id))
	}
	by, reason, back := sessionOf(c).Person, c.FormValue("reason"), local(c.FormValue("back"))
	done, err := s.deps.Chat.Kick(c.Request().Context(), by, t, reason, shown)
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Conflict, code == chat.Invalid, code == chat.TooLarge:
		return s.ask(c, statuses[code].status, views.Kick{Target: t, Reason: reason, Back: back, Problem: chat.TextOf(err)})
	default:
		return err
	}
	closed := strconv.Itoa(done.Connections) + " connections"
	if done.Connections == 1 {
		closed = "1 connection"
	}
	if err := s.say(c, fmt.Sprintf("Kicked %s: %s closed, refused until %s UTC.", done.Name, closed, done.Until.UTC().Format("15:04:05"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back)
}

func (s *Server) ask(c echo.Context, status int, k views.Kick) error {
	var err error
	if k.Plan, err = s.deps.Chat.PlanKick(c.Request().Context(), sessionOf(c).Person, k.Target); err != nil {
		return err
	}
	k.Names = roomNames(s.board.get(c.Request().Context()).value)
	return s.render(c, status, views.KickPage(s.page(c, "Kick", "/connections"), k))
}

// targetOf wants a connection, a person, or both.
func targetOf(connection, person string) (t chat.Target, err error) {
	if connection == "" && person == "" {
		return t, chat.Errorf(chat.Invalid, "Say whom: a connection or a person.")
	}
	if connection != "" {
		if t.Connection, err = chat.ParseConnectionID(connection); err != nil {
			return t, err
		}
	}
	if person != "" {
		t.User, err = chat.ParseUserID(person)
	}
	return t, err
}
