package server

import (
	"math"
	"slices"
	"testing"
	"time"

	"switchboard/internal/metrics"
)

// What needs somebody is said in the charts' words.
func TestVerdict(t *testing.T) {
	none := metrics.Values{math.NaN(), math.NaN()}
	b := metrics.Board{Elapsed: 30, Latency: metrics.Latency{P99: metrics.Values{0, 1500}}}
	for _, kind := range []string{"ClientError", "IntegrationError", "ExecutionError", "DeliveryFailures", "GoneConnections", "SlowConnections"} {
		b.Errors = append(b.Errors, metrics.Lane{Kind: kind, Counts: metrics.Values{0, 3}})
	}
	b.Errors = append(b.Errors, metrics.Lane{Kind: "ClientError", Counts: none})
	text, needs := verdict(known[board]{at: time.Unix(1, 0)}, known[metrics.Board]{value: b})
	var got []string
	for _, n := range needs {
		got = append(got, n.Text)
	}
	want := []string{
		"Client errors: 3 in the last minute", "Function errors: 3 in the last minute", "Gateway errors: 3 in the last minute",
		"Failed posts: 3 in the last minute", "Slow readers: 3 in the last minute", "Delivery p99 is 1500 ms, the goal is 1000",
	}
	if text != "All lines are up. 6 things need you." || !slices.Equal(got, want) {
		t.Errorf("verdict() = %q, %q, want %q", text, got, want)
	}
}
