package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// statuses says which status and title a code becomes.
var statuses = map[chat.Code]struct {
	status int
	title  string
}{
	chat.Invalid:      {http.StatusBadRequest, "That does not work"},
	chat.Unauthorized: {http.StatusUnauthorized, "Sign in"},
	chat.Forbidden:    {http.StatusForbidden, "Not for you"},
	chat.NotFound:     {http.StatusNotFound, "There is nothing here"},
	chat.Conflict:     {http.StatusConflict, "It has changed meanwhile"},
	chat.TooLarge:     {http.StatusRequestEntityTooLarge, "Too much"},
	chat.RateLimited:  {http.StatusTooManyRequests, "Too often"},
	chat.Muted:        {http.StatusForbidden, "Not for you"},
	chat.Gone:         {http.StatusGone, "It is gone"},
	chat.Unavailable:  {http.StatusServiceUnavailable, "Something is away"},
	chat.Internal:     {http.StatusInternalServerError, "Something went wrong"},
}

// fail answers an error with a page, and logs it here and nowhere else.
func (s *Server) fail(err error, c echo.Context) {
	ctx := c.Request().Context()
	err = ours(err)
	code := chat.CodeOf(err)
	level := slog.LevelInfo
	switch code {
	case chat.Internal:
		level = slog.LevelError
	case chat.Unavailable:
		level = slog.LevelWarn
	}
	s.deps.Log.LogAttrs(ctx, level, "refused", slog.String("method", c.Request().Method), slog.String("path", c.Path()),
		slog.String("user", string(sessionOf(c).Person.UserID)), slog.String("code", string(code)), slog.String("error", err.Error()))
	if c.Response().Committed {
		return
	}
	answer := statuses[code]
	m := views.Message{Title: answer.title, Text: chat.TextOf(err), Action: "/", Label: "Go to the first page"}
	switch code {
	case chat.Unauthorized, chat.Invalid:
		if strings.HasPrefix(c.Path(), "/signin") || code == chat.Unauthorized {
			m.Action, m.Label = "/signin", "Sign in"
		}
	case chat.Forbidden:
		if person := sessionOf(c).Person; person.UserID != "" && person.Rank() == "" {
			m.Text = "The dashboard is for ops, moderators and admins, and you, " + person.Name + ", are in none of these groups."
			m.Action, m.Label = "/signin?other=yes", "Sign in as someone else"
		}
	}
	if err := s.render(c, answer.status, views.Say(s.page(c, m.Title, ""), m)); err != nil {
		s.deps.Log.LogAttrs(ctx, slog.LevelError, "render error page", slog.String("error", err.Error()))
	}
}

// ours gives Echo's errors our codes.
func ours(err error) error {
	echos, ok := errors.AsType[*echo.HTTPError](err)
	if !ok {
		return err
	}
	switch echos.Code {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return chat.Errorf(chat.NotFound, "This page does not exist.")
	case http.StatusRequestEntityTooLarge:
		return chat.Errorf(chat.TooLarge, "That was too long.")
	case http.StatusServiceUnavailable:
		return chat.AsUnavailable(err)
	}
	return err
}

// render sends a page when the whole of it is there, or else the spare one.
func (s *Server) render(c echo.Context, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(c.Request().Context(), &b); err != nil {
		s.deps.Log.LogAttrs(c.Request().Context(), slog.LevelError, "render", slog.String("path", c.Path()), slog.String("error", err.Error()))
		return c.HTMLBlob(http.StatusInternalServerError, s.spare)
	}
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	return c.HTMLBlob(status, b.Bytes())
}

// spare is made at the start, when there is nothing that could fail later.
func spare() ([]byte, error) {
	var b bytes.Buffer
	err := views.Say(views.Page{Title: statuses[chat.Internal].title}, views.Message{
		Title: statuses[chat.Internal].title, Text: chat.TextOf(errors.New("any")), Action: "/", Label: "Go to the first page",
	}).Render(context.Background(), &b)
	return b.Bytes(), err
}
