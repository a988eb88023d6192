package server

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
	"switchboard/internal/metrics"
)

const (
	topRooms    = 8
	latencyGoal = 1000 // ms, of the slowest message in a hundred
)

// now is the first page: what happens now, and how it came.
func (s *Server) now(c echo.Context) error {
	over, err := metrics.ParseRange(c.QueryParam("range"))
	if err != nil {
		over = metrics.Hour
	}
	ctx := c.Request().Context()
	k, hour := s.board.get(ctx), s.figures[metrics.Hour].get(ctx)
	series := hour
	if over != metrics.Hour {
		series = s.figures[over].get(ctx)
	}
	at := s.deps.Now()
	d := views.Now{Range: over.String(), All: len(k.value.rooms), MayRead: sessionOf(c).Person.May(chat.ReadMessages), At: at}
	for _, r := range k.value.rooms[:min(topRooms, len(k.value.rooms))] {
		d.Rooms = append(d.Rooms, readable(r, d.MayRead))
	}
	if !series.at.IsZero() {
		if d.Series, err = drawn(series.value, over, len(k.value.connections)); err != nil {
			return fmt.Errorf("write series: %w", err)
		}
	}
	d.Figures = figureCells(k, hour, at)
	h := k.health(database, at)
	if figures := hour.health("CloudWatch", at); h.fault == "" {
		h.fault = figures.fault
	}
	d.Verdict, d.Needs = verdict(k, hour)
	return s.show(c, shown{
		title: "Now", here: "/", health: h, live: views.NowLive(d),
		whole: func(p views.Page) templ.Component { return views.NowPage(p, d) },
	})
}

func figureCells(k known[board], hour known[metrics.Board], at time.Time) []views.Figure {
	b := hour.value
	talking := 0
	for _, r := range k.value.rooms {
		if r.Talking(at) {
			talking++
		}
	}
	counts, read := at.Sub(k.at), at.Sub(hour.at)
	errs := sum(b.Errors, len(b.Times))
	in, out := lastMinute(b, b.MessagesIn), lastMinute(b, b.MessagesOut)
	fanOut := math.NaN()
	if in > 0 {
		fanOut = out / in
	}
	open := b.Connections(len(k.value.connections))
	return []views.Figure{
		{Name: "Connections", Value: float64(len(k.value.connections)), Age: counts, Points: open},
		{Name: "People", Value: float64(len(k.value.people())), Age: counts},
		{Name: "Rooms talking", Value: float64(talking), Whole: "of " + strconv.Itoa(len(k.value.rooms)), Age: counts},
		{Name: "Messages in", About: "Messages that were kept", Value: in, Unit: "/min", Age: read, Points: b.MessagesIn},
		{Name: "Messages out", About: "Copies of messages that reached a connection, the sender’s own too", Value: out, Unit: "/min", Age: read, Points: b.MessagesOut},
		{Name: "Fan-out", About: "Copies for each message, the sender’s own too", Value: fanOut, Unit: "copies", Age: read},
		{Name: "Errors", Value: orNothing(lastMinute(b, errs)), Unit: "/min", Age: read, Points: errs},
		{Name: "Delivery p99", Value: newest(b.Latency.P99), Unit: "ms", Age: read, Points: b.Latency.P99},
	}
}

// verdict begins the page with a sentence, and with what needs somebody, worst first.
func verdict(k known[board], hour known[metrics.Board]) (string, []views.Need) {
	if k.err != nil {
		return "The database is away.", nil
	}
	var needs []views.Need
	need := func(address, format string, args ...any) {
		needs = append(needs, views.Need{Text: fmt.Sprintf(format, args...), Address: address})
	}
	b := hour.value
	for _, lane := range b.Errors {
		if n := lastMinute(b, lane.Counts); n >= 1 && lane.Kind != "GoneConnections" {
			need("#over-time", "%s: %.0f in the last minute", errorName(lane.Kind), n)
		}
	}
	if p99 := lately(b.Latency.P99); p99 > latencyGoal {
		need("#over-time", "Delivery p99 is %.0f ms, the goal is %d", p99, latencyGoal)
	}
	switch {
	case hour.err != nil:
		return "Lines are up. Figures are away.", needs
	case len(needs) == 0:
		return "All lines are up.", nil
	case len(needs) == 1:
		return "All lines are up. One thing needs you.", needs
	}
	return fmt.Sprintf("All lines are up. %d things need you.", len(needs)), needs
}
