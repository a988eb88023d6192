package server

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// reports lists what people want looked at, the oldest first, each message in its context.
func (s *Server) reports(c echo.Context) error {
	list, next, err := s.deps.Chat.Reports(c.Request().Context(), sessionOf(c).Person, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	d := views.Reports{Cursor: c.QueryParam("cursor"), Next: next, At: s.deps.Now()}
	for _, r := range list {
		d.Rows = append(d.Rows, s.inContext(c, r))
	}
	return s.show(c, shown{
		title: "Reports", here: "/reports", live: views.ReportsLive(d),
		whole: func(p views.Page) templ.Component { return views.ReportsPage(p, d) },
	})
}

// inContext adds the message, and those around it, if it is among the last of a public room.
func (s *Server) inContext(c echo.Context, r chat.Report) views.Report {
	row := views.Report{Report: r, Place: s.where(c, r.Room)}
	list := s.read(r.Room).get(c.Request().Context()).value.messages
	n := slices.IndexFunc(list, func(m chat.Message) bool { return m.ID == r.Message })
	if n >= 0 {
		row.Around = list[max(0, n-1):min(len(list), n+2)]
	}
	return row
}

// askResolve asks before a report is dealt with.
func (s *Server) askResolve(c echo.Context) error {
	return s.showResolve(c, http.StatusOK, views.Resolution{}, c.QueryParam)
}

func (s *Server) showResolve(c echo.Context, status int, d views.Resolution, value func(string) string) error {
	d.Remove, d.Cursor = value("do") == "remove", value("cursor")
	list, _, err := s.deps.Chat.Reports(c.Request().Context(), sessionOf(c).Person, d.Cursor)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(list, func(r chat.Report) bool { return r.ID == value("id") })
	if n < 0 {
		return chat.Errorf(chat.Gone, "This report was dealt with already.")
	}
	d.Report = s.inContext(c, list[n])
	return s.render(c, status, views.ResolvePage(s.page(c, "Report", "/reports"), d))
}

// resolve takes the report from those that wait, of two moderators for one only, and then
// removes the message where that was asked.
func (s *Server) resolve(c echo.Context) error {
	ctx, by := c.Request().Context(), sessionOf(c).Person
	remove, reason := c.FormValue("do") == "remove", c.FormValue("reason")
	err := s.deps.Chat.Resolve(ctx, by, c.FormValue("id"), reason)
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Invalid, code == chat.TooLarge:
		return s.showResolve(c, statuses[code].status, views.Resolution{Reason: reason, Problem: chat.TextOf(err)}, c.FormValue)
	default:
		return err
	}
	said := "Kept. The report is dealt with."
	if remove {
		cmd := chat.Amend{Room: chat.RoomID(c.FormValue("room")), Message: chat.MessageID(c.FormValue("message")), Reason: reason}
		if err := s.deps.Chat.KeepOrder(ctx, by, cmd); err != nil {
			return err
		}
		said = "Removed 1 message. The report is dealt with."
	}
	if err := s.say(c, said); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/reports")
}
