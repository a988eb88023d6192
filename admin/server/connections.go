package server

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// connections lists who is connected: filtered, sorted and cut as the address says.
func (s *Server) connections(c echo.Context) error {
	k := s.board.get(c.Request().Context())
	now := s.deps.Now()
	d := views.Connections{
		Query: query(c, "/connections", "find", "room", "person", "address", "agent", "state"),
		Room:  k.value.place(chat.RoomID(c.QueryParam("room"))).Name,
		Total: len(k.value.connections), More: k.value.older,
		MayKick: sessionOf(c).Person.May(chat.KickPeople), At: now,
	}
	held := heldAt(c.QueryParam("at"))
	var matching []views.Connection
	for _, row := range k.value.connections {
		switch {
		case !connectionMatches(row, d.Query):
		case !held.IsZero() && row.ConnectedAt.After(held):
			d.Newer++
		case row.Idle(now):
			if d.Idle++; d.Query.Get("state") != "open" {
				matching = append(matching, row)
			}
		default:
			if d.Open++; d.Query.Get("state") != "idle" {
				matching = append(matching, row)
			}
		}
	}
	sortRows(matching, d.Query, connectionOrders)
	d.Match = len(matching)
	d.Rows, d.From = stretch(matching, d.Query)
	return s.show(c, shown{
		title: "Connections", here: "/connections", health: k.health(database, now), live: views.ConnectionsLive(d),
		whole: func(p views.Page) templ.Component { return views.ConnectionsPage(p, d) },
	})
}

// database is what faults call it.
const database = "The database"

// connectionMatches asks everything but the state.
func connectionMatches(row views.Connection, q views.Query) bool {
	find := strings.ToLower(q.Get("find"))
	named := strings.Contains(strings.ToLower(strings.Join(
		[]string{string(row.ID), string(row.UserID), row.Name, row.SourceIP, row.UserAgent}, "\n")), find)
	room := chat.RoomID(q.Get("room"))
	return named &&
		(room == "" || row.In(room)) &&
		is(q.Get("person"), string(row.UserID)) && is(q.Get("address"), row.SourceIP) && is(q.Get("agent"), views.Agent(row.UserAgent))
}

// is says whether a filter that may be unset lets a value through.
func is(want, value string) bool { return want == "" || want == value }

// heldAt is the time after which new rows are only counted, so that none moves under the
// pointer; zero: all are shown.
func heldAt(at string) time.Time {
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || ms <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// orders are the orders of a list by their names in the address; "" is the list's own.
type orders[T any] map[string]func(a, b T) int

var connectionOrders = orders[views.Connection]{
	"":        newestFirst,
	"age":     newestFirst,
	"person":  func(a, b views.Connection) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
	"address": func(a, b views.Connection) int { return cmp.Compare(a.SourceIP, b.SourceIP) },
	"agent": func(a, b views.Connection) int {
		return cmp.Compare(views.Agent(a.UserAgent), views.Agent(b.UserAgent))
	},
}

func newestFirst(a, b views.Connection) int { return b.ConnectedAt.Compare(a.ConnectedAt) }

// sortRows sorts as the address says; rows that are equal stay in the order they had.
func sortRows[T any](rows []T, q views.Query, by orders[T]) {
	order, known := by[q.Get("sort")]
	if !known {
		order = by[""]
	}
	if q.Get("dir") == "down" {
		upwards := order
		order = func(a, b T) int { return upwards(b, a) }
	}
	slices.SortStableFunc(rows, order)
}

// stretch cuts out the page that the address asks for, and says how many rows come before.
func stretch[T any](rows []T, q views.Query) ([]T, int) {
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 || from >= len(rows) {
		from = 0
	}
	return rows[from:min(len(rows), from+views.PageRows)], from
}
