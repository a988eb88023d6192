package views

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Now is the first page: what happens now, and how it came.
type Now struct {
	Verdict string
	Needs   []Need // what needs somebody, worst first
	Figures []Figure
	Range   string // 1h, 24h or 7d
	Series  string // what the charts draw, as JSON; empty: there is nothing to draw yet
	Rooms   []Room // the most active
	All     int    // how many rooms there are
	MayRead bool
	At      time.Time
}

// Need is one thing that needs somebody, and where to look.
type Need struct{ Text, Address string }

// Figure is one number. Points are its last hour, NaN where nothing is known.
type Figure struct {
	Name   string
	About  string  // what is counted, where the name does not say it
	Value  float64 // NaN: not known
	Whole  string  // what it is a part of, such as "of 326"
	Unit   string
	Age    time.Duration
	Points []float64
}

func (f Figure) number() string {
	switch {
	case math.IsNaN(f.Value):
		return "–"
	case f.Value < 10 && f.Value != math.Trunc(f.Value):
		return strconv.FormatFloat(f.Value, 'f', 1, 64)
	}
	return count(int64(math.Round(f.Value)))
}

// The spark line's size, and room for its last point.
const (
	sparkWidth  = 60
	sparkHeight = 20
	sparkEdge   = 2
)

// spark gives the line's path, broken where nothing is known, and its last point.
func (f Figure) spark() (path, x, y string) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range f.Points {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if high < low {
		return "", "", ""
	}
	span := max(high-low, 1e-9)
	var b strings.Builder
	pen := "M"
	for n, v := range f.Points {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		x = fmt.Sprintf("%.1f", sparkEdge+float64(n)/float64(max(1, len(f.Points)-1))*(sparkWidth-2*sparkEdge))
		y = fmt.Sprintf("%.1f", sparkHeight-sparkEdge-(v-low)/span*(sparkHeight-2*sparkEdge))
		b.WriteString(pen + x + " " + y)
		pen = "L"
	}
	return b.String(), x, y
}
