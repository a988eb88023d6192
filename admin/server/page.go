package server

import (
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// words are the rail's, each shown to those who may see what is behind it.
var words = []struct {
	views.Word
	operation chat.Operation
}{
	{views.Word{Path: "/", Name: "Now"}, chat.SeeFigures},
	{views.Word{Path: "/rooms", Name: "Rooms"}, chat.SeeRooms},
	{views.Word{Path: "/people", Name: "People"}, chat.SeePeople},
	{views.Word{Path: "/connections", Name: "Connections"}, chat.SeeConnections},
	{views.Word{Path: "/reports", Name: "Reports"}, chat.HandleReports},
	{views.Word{Path: "/audit", Name: "Audit"}, chat.SeeAudit},
	{views.Word{Path: "/groups", Name: "Groups"}, chat.GrantGroups},
}

// page is what stands around a page that does not change by itself.
func (s *Server) page(c echo.Context, title, here string) views.Page {
	found := sessionOf(c)
	p := views.Page{Title: title, Here: here, Place: s.deps.Place, Live: views.Live{At: s.deps.Now()}}
	if found.ID == "" {
		return p
	}
	p.Person, p.Rank, p.Token = found.Person.Name, found.Person.Rank(), s.session.formToken(found.ID)
	for _, w := range words {
		if found.Person.May(w.operation) {
			p.Rail = append(p.Rail, w.Word)
		}
	}
	return p
}

// shown is a page that keeps itself up to date: whole at first, then its live part alone.
type shown struct {
	title, here string
	health
	whole func(views.Page) templ.Component
	live  templ.Component
}

func (s *Server) show(c echo.Context, v shown) error {
	p := s.page(c, v.title, v.here)
	p.Live.Poll, p.Live.Age, p.Live.Fault = s.deps.Poll, v.age, v.fault
	if v.never {
		v.live = views.Nothing(v.title)
		v.whole = views.NothingPage
	}
	p.Live.Address = liveAddress(*c.Request().URL)
	if c.Request().Header.Get("HX-Request") != "" {
		return s.render(c, http.StatusOK, views.Refreshed(p.Live, v.live))
	}
	p.Notice = s.notice(c)
	return s.render(c, http.StatusOK, v.whole(p))
}

// liveAddress leaves out what only one asking was about.
func liveAddress(u url.URL) string {
	q := u.Query()
	q.Del("at")
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

// notice is what was just done, said once.
func (s *Server) notice(c echo.Context) string {
	var n struct {
		Text    string
		Expires time.Time
	}
	if err := s.recall(c.Request(), noticeCookie, &n); err != nil {
		return ""
	}
	http.SetCookie(c.Response(), s.without(noticeCookie))
	if s.deps.Now().After(n.Expires) {
		return ""
	}
	return n.Text
}

func (s *Server) say(c echo.Context, text string) error {
	return s.keep(c.Response(), noticeCookie, struct {
		Text    string
		Expires time.Time
	}{text, s.deps.Now().Add(noticeTime)}, noticeTime)
}

// query is a list's address without what is not ours.
func query(c echo.Context, path string, names ...string) views.Query {
	q := views.Query{Path: path, Values: url.Values{}}
	for _, name := range append(names, "sort", "dir", "from") {
		if value := c.QueryParam(name); value != "" && len(value) <= 200 {
			q.Values.Set(name, value)
		}
	}
	return q
}
