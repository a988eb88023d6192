package metrics

import (
	"encoding/json"
	"math"
	"time"

	"switchboard/internal/chat"
)

// Range is how far back a Board goes. The zero value is an hour.
type Range int

// The ranges, and the period of their buckets.
const (
	Hour Range = iota // 60 of a minute
	Day               // 288 of five minutes
	Week              // 168 of an hour
)

// ParseRange reads "1h", "24h" or "7d". For others the error is chat.Invalid.
func ParseRange(text string) (Range, error) {
	for _, r := range []Range{Hour, Day, Week} {
		if r.String() == text {
			return r, nil
		}
	}
	return Hour, chat.Errorf(chat.Invalid, "The range is one of 1h, 24h and 7d")
}

// String is what ParseRange reads.
func (r Range) String() string {
	switch r {
	case Day:
		return "24h"
	case Week:
		return "7d"
	}
	return "1h"
}

func (r Range) buckets() (n int, period time.Duration) {
	switch r {
	case Day:
		return 288, 5 * time.Minute
	case Week:
		return 168, time.Hour
	}
	return 60, time.Minute
}

// window is the whole buckets of which the last holds now.
func (r Range) window(now time.Time) (start, end time.Time) {
	n, period := r.buckets()
	end = now.UTC().Truncate(period).Add(period)
	return end.Add(-time.Duration(n) * period), end
}

// Board is figures over time, in buckets of one length. Every Values has one for each of Times.
type Board struct {
	Times  []int64 `json:"times"`  // when each bucket begins, in seconds since 1970, oldest first
	Period int     `json:"period"` // seconds
	// Elapsed is how many seconds of the last bucket have passed. It is not full yet: its counts will grow.
	Elapsed int `json:"elapsed"`

	Connects    Values `json:"connects"`
	Disconnects Values `json:"disconnects"`
	MessagesIn  Values `json:"messagesIn"`  // kept
	MessagesOut Values `json:"messagesOut"` // copies of those that reached a connection, the sender's own too
	// Errors are of all kinds, always the same ones in the same order.
	Errors []Lane `json:"errors"`
	// Durations are of the functions that counted anything in the last two weeks, by name.
	Durations []Duration `json:"durations"`
	Latency   Latency    `json:"latency"`
}

// Lane is one kind of error: ClientError, IntegrationError and ExecutionError of the gateway, DeliveryFailures,
// GoneConnections and SlowConnections of the functions.
type Lane struct {
	Kind   string `json:"kind"`
	Counts Values `json:"counts"`
}

// Duration is how long invocations of a function took, in milliseconds.
type Duration struct {
	Function string `json:"function"`
	P50      Values `json:"p50"`
	P99      Values `json:"p99"`
}

// Latency is how long a message took from its frame's arrival to the last post, in milliseconds. Of several functions that
// deliver, each percentile is that of the slowest.
type Latency struct {
	P50 Values `json:"p50"`
	P95 Values `json:"p95"`
	P99 Values `json:"p99"`
}

// Values are NaN where there is no data, which is not the same as 0. In JSON that is null.
type Values []float64

// MarshalJSON writes a list of numbers and nulls.
func (v Values) MarshalJSON() ([]byte, error) {
	list := make([]*float64, len(v))
	for n := range v {
		if !math.IsNaN(v[n]) {
			list[n] = &v[n]
		}
	}
	return json.Marshal(list)
}

// Connections is how many connections there were at the end of each bucket, counted back from how many there are now. A
// bucket without data changed nothing; before the first with data the number is not known.
func (b *Board) Connections(now int) Values {
	levels := gaps(len(b.Times))
	first := 0
	for first < len(levels) && math.IsNaN(b.Connects[first]) && math.IsNaN(b.Disconnects[first]) {
		first++
	}
	level := float64(now)
	for n := len(levels) - 1; n >= first; n-- {
		levels[n] = max(level, 0)
		level += orZero(b.Disconnects[n]) - orZero(b.Connects[n])
	}
	return levels
}

func orZero(value float64) float64 {
	if math.IsNaN(value) {
		return 0
	}
	return value
}

func gaps(n int) Values {
	v := make(Values, n)
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}

func newBoard(over Range, now time.Time) Board {
	n, period := over.buckets()
	start, end := over.window(now)
	b := Board{
		Period: int(period / time.Second), Elapsed: int(now.Sub(end.Add(-period)) / time.Second),
		Connects: gaps(n), Disconnects: gaps(n), MessagesIn: gaps(n), MessagesOut: gaps(n),
		Errors: make([]Lane, len(kinds)), Durations: []Duration{}, Latency: Latency{gaps(n), gaps(n), gaps(n)},
	}
	for i := range n {
		b.Times = append(b.Times, start.Add(time.Duration(i)*period).Unix())
	}
	for i, kind := range kinds {
		b.Errors[i] = Lane{kind, gaps(n)}
	}
	return b
}
