package server

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"time"

	"switchboard/internal/metrics"
)

// figuresEvery is how seldom CloudWatch is asked unless Deps say otherwise: it gets new
// numbers once a minute and takes money for each question.
const figuresEvery = 10 * time.Second

// figures keeps one board for each range that somebody looks at.
type figures map[metrics.Range]*cached[metrics.Board]

func newFigures(d Deps) figures {
	f := figures{}
	for _, over := range []metrics.Range{metrics.Hour, metrics.Day, metrics.Week} {
		f[over] = newCached(d.seldom(), d.Now, func(ctx context.Context, _ metrics.Board) (metrics.Board, error) {
			return d.Figures.Series(ctx, over, d.Now())
		})
	}
	return f
}

// seldom is how often services are asked that count, or charge for, each question.
func (d Deps) seldom() time.Duration {
	return cmp.Or(d.FiguresEvery, figuresEvery)
}

// drawn is what the charts draw.
func drawn(b metrics.Board, over metrics.Range, connections int) (string, error) {
	names := map[string]string{}
	for _, lane := range b.Errors {
		names[lane.Kind] = errorName(lane.Kind)
	}
	written, err := json.Marshal(struct {
		Range string            `json:"range"`
		Open  metrics.Values    `json:"open"`
		Names map[string]string `json:"names"` // of the kinds of errors
		metrics.Board
	}{over.String(), b.Connections(connections), names, b})
	return string(written), err
}

// errorName says a kind of errors in words.
func errorName(kind string) string {
	switch kind {
	case "ClientError":
		return "Client errors"
	case "IntegrationError":
		return "Function errors"
	case "ExecutionError":
		return "Gateway errors"
	case "DeliveryFailures":
		return "Failed posts"
	case "GoneConnections":
		return "Gone connections"
	case "SlowConnections":
		return "Slow readers"
	}
	return kind
}

// lastMinute is what was counted in about the last 60 seconds: the running minute, and as
// much of the one before as is still missing.
func lastMinute(b metrics.Board, v metrics.Values) float64 {
	n := len(v)
	if n < 2 || math.IsNaN(v[n-1]) && math.IsNaN(v[n-2]) {
		return math.NaN()
	}
	part := min(1, float64(b.Elapsed)/60)
	return orNothing(v[n-1]) + (1-part)*orNothing(v[n-2])
}

// lately is the newest value of this minute and the one before: what is older is over.
func lately(v metrics.Values) float64 { return newest(v[max(0, len(v)-2):]) }

// newest is the last value that is known.
func newest(v metrics.Values) float64 {
	for n := len(v) - 1; n >= 0; n-- {
		if !math.IsNaN(v[n]) {
			return v[n]
		}
	}
	return math.NaN()
}

func orNothing(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// sum adds values place by place; where none is known the sum is not.
func sum(lanes []metrics.Lane, n int) metrics.Values {
	total := make(metrics.Values, n)
	for i := range total {
		total[i] = math.NaN()
		for _, lane := range lanes {
			if !math.IsNaN(lane.Counts[i]) {
				total[i] = orNothing(total[i]) + lane.Counts[i]
			}
		}
	}
	return total
}
