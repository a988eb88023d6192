package metrics_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	local "switchboard/infra/local/cloudwatch"
	"switchboard/internal/chat"
	"switchboard/internal/metrics"
)

// known are the values that are there, by how many buckets they are from the last.
func known(v metrics.Values) map[int]float64 {
	m := map[int]float64{}
	for n, value := range v {
		if !math.IsNaN(value) {
			m[n-len(v)+1] = value
		}
	}
	return m
}

// anHour is something of everything, and what is not to be on the board.
func anHour(s *local.Service) {
	counted(s, "connect", chat.Connects, 0, 1, 1)
	counted(s, "connect", chat.Connects, 59, 1)
	counted(s, "connect", chat.Connects, 60, 1) // before the hour
	counted(s, "disconnect", chat.Disconnects, 1, 1)
	counted(s, "sweep", chat.Disconnects, 1, 2)
	counted(s, "message", chat.MessagesKept, 3, 1)
	counted(s, "message", chat.Deliveries, 3, 40)
	counted(s, "fanout", chat.Deliveries, 3, 200)
	counted(s, "fanout", chat.GoneConnections, 3, 0)
	counted(s, "message", chat.GoneConnections, 3, 2)
	counted(s, "fanout", chat.SlowConnections, 2, 1)
	counted(s, "message", chat.DeliveryFailures, 2, 5)
	counted(s, "message", chat.DeliveryLatency, 3, 10)
	counted(s, "fanout", chat.DeliveryLatency, 3, 30)
	counted(s, "message", "InvocationTime", 3, 12)
	counted(s, "connect", "InvocationTime", 0, 7)
	counted(s, "message", chat.Voids, 3, 1) // not on the board
	gateway := s.Gateway("api1", "dev")
	gateway.Add("ClientError", 1)
	gateway.Add("ExecutionError", 1)
	gateway.Add("MessageCount", 1)
	s.Gateway("api2", "dev").Add("IntegrationError", 1) // somebody else's
	s.Put("Other", []local.Datum{{Name: "Connects", Dimensions: map[string]string{"Function": "connect"}, Values: []float64{100}}})
	s.Put(ours.Namespace, []local.Datum{{Name: "Connects", Dimensions: map[string]string{"Function": "connect", "Room": "r"}, Values: []float64{100}}})
}

func TestReader_Series(t *testing.T) {
	t.Parallel()
	s := service(t)
	anHour(s)
	b := series(t, reader(t, s), metrics.Hour)
	got := map[string]map[int]float64{
		"connects": known(b.Connects), "disconnects": known(b.Disconnects), "in": known(b.MessagesIn), "out": known(b.MessagesOut),
		"p50": known(b.Latency.P50), "p95": known(b.Latency.P95), "p99": known(b.Latency.P99),
	}
	for _, lane := range b.Errors {
		got[lane.Kind] = known(lane.Counts)
	}
	for _, d := range b.Durations {
		got[d.Function+" p50"], got[d.Function+" p99"] = known(d.P50), known(d.P99)
	}
	want := map[string]map[int]float64{
		"connects": {0: 2, -59: 1}, "disconnects": {-1: 3}, "in": {-3: 1}, "out": {-3: 240},
		"p50": {-3: 30}, "p95": {-3: 30}, "p99": {-3: 30},
		"ClientError": {0: 1}, "IntegrationError": {}, "ExecutionError": {0: 1},
		"DeliveryFailures": {-2: 5}, "GoneConnections": {-3: 2}, "SlowConnections": {-2: 1},
		"connect p50": {0: 7}, "connect p99": {0: 7}, "message p50": {-3: 12}, "message p99": {-3: 12},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Series of an hour (-want +got):\n%s", diff)
	}
	var order []string
	for _, lane := range b.Errors {
		order = append(order, lane.Kind)
	}
	for _, d := range b.Durations {
		order = append(order, d.Function)
	}
	wantOrder := []string{
		"ClientError", "IntegrationError", "ExecutionError", "DeliveryFailures", "GoneConnections", "SlowConnections", "connect", "message",
	}
	if diff := cmp.Diff(wantOrder, order); diff != "" {
		t.Errorf("order of errors and functions (-want +got):\n%s", diff)
	}
}

func TestReader_Ranges(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := reader(t, s)
	const minutes, day = 60, 24 * 60
	for _, ago := range []int{0, 2, 33, 33 + 23*minutes, 7*day - 28, 7 * day} {
		counted(s, "message", chat.MessagesKept, ago, 1)
	}
	tests := []struct {
		text            string
		over            metrics.Range
		buckets, period int
		elapsed         int
		first           time.Time
		want            map[int]float64
	}{
		{"1h", metrics.Hour, 60, 60, 20, time.Date(2026, 11, 22, 11, 33, 0, 0, time.UTC), map[int]float64{0: 1, -2: 1, -33: 1}},
		{"24h", metrics.Day, 288, 300, 140, time.Date(2026, 11, 21, 12, 35, 0, 0, time.UTC), map[int]float64{0: 2, -7: 1, -283: 1}},
		{"7d", metrics.Week, 168, 3600, 1940, time.Date(2026, 11, 15, 13, 0, 0, 0, time.UTC), map[int]float64{0: 2, -1: 1, -24: 1, -167: 1}},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			over, err := metrics.ParseRange(test.text)
			if err != nil || over != test.over {
				t.Fatalf("ParseRange(%q) = %v, %v", test.text, over, err)
			}
			b := series(t, r, over)
			if len(b.Times) != test.buckets || b.Period != test.period || b.Elapsed != test.elapsed || b.Times[0] != test.first.Unix() {
				t.Errorf("%d buckets of %d s from %v, %d s into the last; want %d of %d from %v, %d",
					len(b.Times), b.Period, time.Unix(b.Times[0], 0).UTC(), b.Elapsed, test.buckets, test.period, test.first, test.elapsed)
			}
			if diff := cmp.Diff(test.want, known(b.MessagesIn)); diff != "" {
				t.Errorf("MessagesIn (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := metrics.ParseRange("1y"); chat.CodeOf(err) != chat.Invalid {
		t.Errorf("ParseRange(1y): %v, want invalid", err)
	}
}

func TestBoard_Connections(t *testing.T) {
	t.Parallel()
	gap := math.NaN()
	tests := []struct {
		name     string
		in, out  metrics.Values
		now      int
		expected metrics.Values
	}{
		{"counts back", metrics.Values{2, 1, 0}, metrics.Values{0, 0, 2}, 1, metrics.Values{2, 3, 1}},
		{"holds the level through gaps", metrics.Values{2, gap, 1}, metrics.Values{gap, gap, gap}, 3, metrics.Values{2, 2, 3}},
		{"knows nothing before the first data", metrics.Values{gap, gap, 1}, metrics.Values{gap, 1, gap}, 5, metrics.Values{gap, 4, 5}},
		{"is never below none", metrics.Values{0, 9}, metrics.Values{0, 0}, 4, metrics.Values{0, 4}},
		{"knows nothing without data", metrics.Values{gap, gap}, metrics.Values{gap, gap}, 4, metrics.Values{gap, gap}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := metrics.Board{Times: make([]int64, len(test.in)), Connects: test.in, Disconnects: test.out}
			if diff := cmp.Diff(test.expected, b.Connections(test.now), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("Connections(%d) (-want +got):\n%s", test.now, diff)
			}
		})
	}
}

func TestValues_JSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(metrics.Board{Connects: metrics.Values{0, math.NaN(), 1.5}, Errors: []metrics.Lane{}})
	const want = `{"times":null,"period":0,"elapsed":0,"connects":[0,null,1.5],"disconnects":[],"messagesIn":[],"messagesOut":[],` +
		`"errors":[],"durations":null,"latency":{"p50":[],"p95":[],"p99":[]}}`
	if err != nil || string(got) != want {
		t.Errorf("Marshal = %s, %v, want %s", got, err, want)
	}
}

func TestReader_Pages(t *testing.T) {
	t.Parallel()
	s := service(t)
	for ago := range 20 {
		counted(s, "message", chat.MessagesKept, ago, float64(ago))
		counted(s, "message", chat.Deliveries, ago, float64(ago))
	}
	pages := 0
	b := series(t, reader(t, s, around(func(in any) {
		if in, ok := in.(*api.GetMetricDataInput); ok {
			in.MaxDatapoints = aws.Int32(7)
			pages++
		}
	}, nothing)), metrics.Hour)
	if pages != 6 || len(known(b.MessagesIn)) != 20 || len(known(b.MessagesOut)) != 20 {
		t.Errorf("%d and %d values from %d pages, want 20 each from 6", len(known(b.MessagesIn)), len(known(b.MessagesOut)), pages)
	}
}

func TestReader_Many(t *testing.T) {
	t.Parallel()
	s := service(t)
	for n := range 600 { // more than a page of ListMetrics, and two queries each
		counted(s, fmt.Sprintf("f%03d", n), "InvocationTime", 1, float64(n))
	}
	calls := 0
	b := series(t, reader(t, s, around(func(any) { calls++ }, upsideDown)), metrics.Hour)
	if calls != 5 || len(b.Durations) != 600 {
		t.Fatalf("%d functions from %d calls, want 600 from 2 and 3", len(b.Durations), calls)
	}
	for n, d := range b.Durations {
		if got := known(d.P99)[-1]; got != float64(n) {
			t.Errorf("p99 of %s = %v, want %d", d.Function, got, n)
		}
	}
}

// upsideDown lists metrics in another order, for CloudWatch promises none.
func upsideDown(out any) {
	if out, ok := out.(*api.ListMetricsOutput); ok {
		slices.Reverse(out.Metrics)
	}
}

func TestReader_Unavailable(t *testing.T) {
	t.Parallel()
	const nobody = "http://127.0.0.1:1" // a port just closed may be another test's by now
	if _, err := metrics.New(client(nobody), ours).Series(t.Context(), metrics.Hour, now); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Series with CloudWatch away: %v, want unavailable", err)
	}

	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(busy.Close)
	if _, err := metrics.New(client(busy.URL), ours).Series(t.Context(), metrics.Hour, now); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Series with CloudWatch busy: %v, want unavailable", err)
	}

	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server sees that a client leaves once it has read the request
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	late, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := metrics.New(client(silent.URL), ours).Series(late, metrics.Hour, now); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Series of a CloudWatch that never answers: %v, want unavailable", err)
	}

	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := reader(t, service(t)).Series(gone, metrics.Hour, now); !errors.Is(err, context.Canceled) || chat.CodeOf(err) == chat.Unavailable {
		t.Errorf("Series for somebody who has left: %v, want that it was cancelled", err)
	}
}

func TestReader_Broken(t *testing.T) {
	t.Parallel()
	s := service(t)
	tests := map[types.StatusCode]chat.Code{
		types.StatusCodeInternalError: chat.Unavailable,
		types.StatusCodeForbidden:     chat.Internal,
	}
	for status, want := range tests {
		r := reader(t, s, around(nothing, func(out any) {
			if out, ok := out.(*api.GetMetricDataOutput); ok {
				out.MetricDataResults[0].StatusCode = status
			}
		}))
		if _, err := r.Series(t.Context(), metrics.Hour, now); err == nil || chat.CodeOf(err) != want {
			t.Errorf("Series with a result of %s: %v, want %s", status, err, want)
		}
	}
	r := reader(t, s, around(nothing, func(out any) {
		if out, ok := out.(*api.GetMetricDataOutput); ok {
			out.MetricDataResults[0].Timestamps = []time.Time{now.Add(-2 * time.Hour), now.Add(2 * time.Hour)}
			out.MetricDataResults[0].Values = []float64{1, 1}
		}
	}))
	if got := known(series(t, r, metrics.Hour).Errors[0].Counts); len(got) != 0 {
		t.Errorf("Series with values from before and after = %v, want none of them", got)
	}
	r = reader(t, s, around(nothing, func(out any) {
		if out, ok := out.(*api.GetMetricDataOutput); ok {
			out.MetricDataResults[0].Id = aws.String("q99")
		}
	}))
	if b, err := r.Series(t.Context(), metrics.Hour, now); err == nil {
		t.Errorf("Series with a result that was not asked for = %v, want an error", b)
	}
}

// BenchmarkReader_Week reads seven days of nine functions that were busy every minute.
func BenchmarkReader_Week(b *testing.B) {
	s := service(b)
	for ago := 7*24*60 - 1; ago >= 0; ago-- {
		for n := range 9 {
			function := fmt.Sprintf("f%d", n)
			counted(s, function, "InvocationTime", ago, float64(ago%97+1), float64(ago%31+1))
			counted(s, function, chat.Deliveries, ago, 10)
			counted(s, function, chat.GoneConnections, ago, 0)
		}
		counted(s, "f0", chat.DeliveryLatency, ago, float64(ago%50+1))
		counted(s, "f0", chat.Connects, ago, 1)
	}
	r := reader(b, s)
	for b.Loop() {
		if board := series(b, r, metrics.Week); len(known(board.MessagesOut)) != 168 {
			b.Fatal("not the whole week")
		}
	}
}
