package server

import (
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// audit lists what moderators did, newest first.
func (s *Server) audit(c echo.Context) error {
	before, err := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	if err != nil {
		before = 0
	}
	d := views.Audit{At: s.deps.Now()}
	if d.Entries, err = s.deps.Chat.AuditLog(c.Request().Context(), chat.Everywhere, max(0, before), views.PageRows); err != nil {
		return err
	}
	if n := len(d.Entries); n == views.PageRows && d.Entries[n-1].Number > 1 {
		d.Older = d.Entries[n-1].Number
	}
	return s.show(c, shown{
		title: "Audit", here: "/audit", live: views.AuditLive(d),
		whole: func(p views.Page) templ.Component { return views.AuditPage(p, d) },
	})
}
