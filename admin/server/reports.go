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
	text := s.read(r.Room).get(c.Request().Context())
	if text.err != nil && chat.CodeOf(text.err) == chat.NotFound { // not public any more: the value is older
		return row
	}
	list := text.value.messages
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
	r, err := s.waiting(c, value)
	if err != nil {
		return err
	}
	d.Report = s.inContext(c, r)
	return s.render(c, status, views.ResolvePage(s.page(c, "Report", "/reports"), d))
}

// waiting is the report that is asked about, or Gone.
func (s *Server) waiting(c echo.Context, value func(string) string) (chat.Report, error) {
	list, _, err := s.deps.Chat.Reports(c.Request().Context(), sessionOf(c).Person, value("cursor"))
	if err != nil {
		return chat.Report{}, err
	}
	n := slices.IndexFunc(list, func(r chat.Report) bool { return r.ID == value("id") })
	if n < 0 {
		return chat.Report{}, chat.Errorf(chat.Gone, "This report was dealt with already.")
	}
	return list[n], nil
}

// resolve removes the message where that was asked, and then takes the report from those that
// wait: one whose message could not be removed goes on waiting. Removing again changes nothing.
func (s *Server) resolve(c echo.Context) error {
	ctx, by := c.Request().Context(), sessionOf(c).Person
	r, err := s.waiting(c, c.FormValue)
	if err != nil {
		return err
	}
	removes, reason, said := c.FormValue("do") == "remove", c.FormValue("reason"), "Kept."
	if removes {
		said = "Removed 1 message."
		err = s.deps.Chat.KeepOrder(ctx, by, chat.Amend{Room: r.Room, Message: r.Message, Reason: reason})
	}
	if err == nil {
		err = s.deps.Chat.Resolve(ctx, by, r.ID, reason)
	}
	switch code := chat.CodeOf(err); {
	case err == nil:
		said += " The report is dealt with."
	case code == chat.Gone && removes:
		said += " Somebody else was faster with the report."
	case code == chat.Invalid, code == chat.TooLarge:
		return s.showResolve(c, statuses[code].status, views.Resolution{Reason: reason, Problem: chat.TextOf(err)}, c.FormValue)
	default:
		return err
	}
	if err := s.say(c, said); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/reports")
}
