package server

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchboard/internal/chat"
)

// admitTime is how long a page waits to hear whether its session still counts. It is less than
// boardAge, so that the picture of the tick that a page follows is still good after it.
const admitTime = 300 * time.Millisecond

// admit says why a session does not count any more, or nil: a ban, or signing out everywhere,
// ends it within a second. For what only shows something the answer is that old, and a database
// that does not say is no refusal: there is nothing of it to see then. What changes something is
// asked about each time.
func (s *Server) admit(c echo.Context, found session) error {
	ctx := c.Request().Context()
	if c.Request().Method != http.MethodGet {
		return s.deps.Chat.Admit(ctx, found.Person)
	}
	asked := s.admits.at(found.ID, s.deps.Now(), func() *cached[bool] {
		return newCached(boardAge, s.deps.Now, func(ctx context.Context, _ bool) (bool, error) {
			ctx, cancel := context.WithTimeout(ctx, admitTime)
			defer cancel()
			return true, s.deps.Chat.Admit(ctx, found.Person)
		})
	}).get(ctx)
	switch chat.CodeOf(asked.err) {
	case chat.Unauthorized, chat.Forbidden:
		return asked.err
	}
	return nil
}

// turnAway ends the session of somebody who was signed out everywhere, and lets them sign in
// again. The banned hear why.
func (s *Server) turnAway(c echo.Context, found session, why error) error {
	if chat.CodeOf(why) != chat.Unauthorized {
		return why
	}
	if c.Request().Header.Get("HX-Request") == "" { // the page itself, which then loads, still says who it was
		http.SetCookie(c.Response(), s.without(sessionCookie))
	}
	return s.sendToSignIn(c, found)
}
