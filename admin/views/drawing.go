package views

import (
	"fmt"
	"slices"
	"strings"

	"switchboard/internal/chat"
)

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (k Kick) question() string {
	n := len(k.Plan.Connections)
	if k.Plan.Others > 0 {
		return fmt.Sprintf("Kick 1 of %d connections of %s?", k.Plan.Others+1, k.Plan.Name)
	}
	return fmt.Sprintf("Kick %s of %s?", counted(n, "connection", "connections"), k.Plan.Name)
}

// offline is how many people have no connection left.
func (k Kick) offline() int {
	if k.Plan.Others > 0 {
		return 0
	}
	return 1
}

// rooms are those that lose a connection, each once.
func (k Kick) rooms() []Place {
	var places []Place
	for _, ids := range k.Plan.Rooms {
		for _, id := range ids {
			places = append(places, k.place(id))
		}
	}
	return sorted(places)
}

func (k Kick) place(id chat.RoomID) Place {
	if name := k.Names[id]; name != "" {
		return Place{id, name}
	}
	return Place{id, string(id)}
}

func (k Kick) names() string {
	if len(k.rooms()) == 0 {
		return "In no public room."
	}
	return "In " + joined(k.rooms()) + "."
}

// Drawing is what a kick pulls: the person, the connections, the rooms, and the cords
// between them.
type Drawing struct {
	Height int
	Lines  []Line
	Boxes  []Spot
	Dots   []Spot
	Texts  []Spot
}

// Line is a cord.
type Line struct{ Class, Path string }

// Spot is something at a place.
type Spot struct {
	X, Y        int
	Class, Text string
}

// Where the columns of the drawing stand, and how many rows it has at most: beyond that
// cords cannot be followed.
const (
	drawingWidth = 640
	personX      = 168
	boxX         = 248
	boxEnd       = boxX + 112
	roomX        = 472
	drawingRows  = 12
	drawingPitch = 28
)

func (d Drawing) viewBox() string { return fmt.Sprintf("0 0 %d %d", drawingWidth, d.Height) }

// drawing is empty when there is too much to draw.
func (k Kick) drawing() Drawing {
	rooms := k.rooms()
	if len(k.Plan.Connections) > drawingRows || len(rooms) > drawingRows || len(rooms) == 0 {
		return Drawing{}
	}
	rows := max(len(k.Plan.Connections), len(rooms))
	d := Drawing{Height: rows*drawingPitch + 8}
	place := func(n, of int) int { return 4 + drawingPitch/2 + (rows-of)*drawingPitch/2 + n*drawingPitch }
	person := place(0, 1)
	d.Dots = append(d.Dots, Spot{X: personX, Y: person, Class: "full"})
	d.Texts = append(d.Texts, Spot{X: personX - 14, Y: person, Class: "end", Text: cutName(k.Plan.Name)})
	for n, c := range k.Plan.Connections {
		y := place(n, len(k.Plan.Connections))
		d.Lines = append(d.Lines, Line{"cord", bend(personX, person, boxX, y)})
		d.Boxes = append(d.Boxes, Spot{X: boxX, Y: y})
		d.Texts = append(d.Texts,
			Spot{X: boxX + 10, Y: y, Class: "quiet", Text: "open"},
			Spot{X: boxEnd - 10, Y: y, Class: "end", Text: age(k.Plan.At.Sub(c.ConnectedAt))})
		for _, room := range k.Plan.Rooms[n] {
			to := slices.Index(rooms, k.place(room))
			d.Lines = append(d.Lines, Line{"pulled", bend(boxEnd, y, roomX, place(to, len(rooms)))})
		}
	}
	for n, room := range rooms {
		y := place(n, len(rooms))
		d.Dots = append(d.Dots, Spot{X: roomX, Y: y, Class: "ring"})
		d.Texts = append(d.Texts, Spot{X: roomX + 14, Y: y, Class: "start", Text: cutName(room.Name)})
	}
	return d
}

func bend(x1, y1, x2, y2 int) string {
	middle := (x1 + x2) / 2
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, middle, y1, middle, y2, x2, y2)
}

func cutName(name string) string {
	if runes := []rune(strings.TrimSpace(name)); len(runes) > 20 {
		return string(runes[:19]) + "…"
	}
	return name
}
