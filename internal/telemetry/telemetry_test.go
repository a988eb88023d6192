package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/telemetry"
)

// clock is a time that moves by 250 ms at each look.
func clock() func() time.Time {
	now := time.UnixMilli(1795344713000)
	return func() time.Time {
		now = now.Add(250 * time.Millisecond)
		return now
	}
}

type object = map[string]any

func linesOf(t *testing.T, out *bytes.Buffer) []object {
	t.Helper()
	var list []object
	for line := range strings.Lines(out.String()) {
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("the line %q: %v", line, err)
		}
		list = append(list, o)
	}
	out.Reset()
	return list
}

func TestTelemetry_writes_one_line_for_an_invocation(t *testing.T) {
	var out bytes.Buffer
	tel := telemetry.New(&out, "message", "Switchboard", clock())
	ctx := tel.Begin(t.Context())
	tel.Add(ctx, chat.Deliveries, 3)
	tel.Add(ctx, chat.Deliveries, 4)
	tel.Add(ctx, chat.DeliveryLatency, 12.5)
	tel.Add(ctx, chat.DeliveryLatency, 8)
	if out.Len() > 0 {
		t.Errorf("before the end %q is written", out.String())
	}
	tel.End(ctx)
	want := []object{{
		"_aws": object{
			"Timestamp": 1795344713500.0,
			"CloudWatchMetrics": []any{object{
				"Namespace":  "Switchboard",
				"Dimensions": []any{[]any{"Function"}},
				"Metrics": []any{
					object{"Name": "Deliveries", "Unit": "Count"},
					object{"Name": "DeliveryLatency", "Unit": "Milliseconds"},
					object{"Name": "InvocationTime", "Unit": "Milliseconds"},
				},
			}},
		},
		"Function":        "message",
		"Deliveries":      7.0,
		"DeliveryLatency": []any{12.5, 8.0},
		"InvocationTime":  250.0,
	}}
	if diff := cmp.Diff(want, linesOf(t, &out)); diff != "" {
		t.Errorf("the line (-want +got):\n%s", diff)
	}

	tel.End(ctx)
	tel.End(t.Context())
	if out.Len() > 0 {
		t.Errorf("an invocation that has ended, or never began, wrote %q", out.String())
	}
	tel.End(tel.Begin(t.Context()))
	if lines := linesOf(t, &out); len(lines) != 1 || lines[0]["InvocationTime"] == nil {
		t.Errorf("an invocation that counted nothing wrote %v, want how long it took", lines)
	}
}

func TestTelemetry_Add_outside_of_an_invocation(t *testing.T) {
	var out bytes.Buffer
	tel := telemetry.New(&out, "message", "Switchboard", clock())
	ended := tel.Begin(t.Context())
	tel.End(ended)
	out.Reset()
	for _, ctx := range []context.Context{t.Context(), ended} {
		tel.Add(ctx, chat.Voids, 2)
		if got := linesOf(t, &out); len(got) != 1 || got[0]["Voids"] != 2.0 {
			t.Errorf("Add() outside of an invocation wrote %v, want one line with 2 Voids", got)
		}
	}
}

func TestTelemetry_puts_100_values_into_a_line(t *testing.T) {
	var out bytes.Buffer
	tel := telemetry.New(&out, "message", "Switchboard", clock())
	ctx := tel.Begin(t.Context())
	for i := range 201 {
		tel.Add(ctx, chat.DeliveryLatency, float64(i))
		tel.Add(ctx, chat.Deliveries, 1)
	}
	tel.End(ctx)
	var got []string
	for _, line := range linesOf(t, &out) {
		values, isList := line["DeliveryLatency"].([]any)
		if !isList {
			values = []any{line["DeliveryLatency"]}
		}
		got = append(got, fmt.Sprintf("%d from %v, %v deliveries", len(values), values[0], line["Deliveries"]))
	}
	want := []string{"100 from 0, 201 deliveries", "100 from 100, <nil> deliveries", "1 from 200, <nil> deliveries"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the lines (-want +got):\n%s", diff)
	}
}

func TestTelemetry_knows_the_unit_of_every_metric(t *testing.T) {
	source, err := os.ReadFile("../chat/ports.go")
	if err != nil {
		t.Fatal(err)
	}
	metrics := regexp.MustCompile(`Metric += "(\w+)"`).FindAllSubmatch(source, -1)
	if len(metrics) < 13 {
		t.Fatalf("%d metrics are found in ports.go", len(metrics))
	}
	for _, m := range metrics {
		var out bytes.Buffer
		telemetry.New(&out, "message", "Switchboard", clock()).Add(t.Context(), chat.Metric(m[1]), 1)
		if !strings.Contains(out.String(), fmt.Sprintf(`{"Name":"%s","Unit":"Count"}`, m[1])) && string(m[1]) != "DeliveryLatency" {
			t.Errorf("Add(%s) wrote %s, want a unit", m[1], out.String())
		}
	}
}

func TestTelemetry_Logger(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.New(&out, "message", "Switchboard", clock()).Logger()
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r-1"})
	log.With("room", "general").InfoContext(ctx, "hello\nworld", "n", 1)
	log.Warn("outside")
	got := linesOf(t, &out)
	for _, line := range got {
		if _, err := time.Parse(time.RFC3339Nano, line["time"].(string)); err != nil {
			t.Error(err)
		}
		delete(line, "time")
	}
	want := []object{
		{"level": "INFO", "msg": "hello\nworld", "function": "message", "room": "general", "n": 1.0, "requestId": "r-1"},
		{"level": "WARN", "msg": "outside", "function": "message"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the lines (-want +got):\n%s", diff)
	}
}

func TestTelemetry_writes_whole_lines(t *testing.T) {
	var out bytes.Buffer
	now := time.UnixMilli(1795344713000)
	tel := telemetry.New(&out, "message", "Switchboard", func() time.Time { return now })
	log := tel.Logger()
	shared := tel.Begin(t.Context())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				ctx := tel.Begin(t.Context())
				tel.Add(ctx, chat.Connects, 1)
				tel.Add(shared, chat.Disconnects, 1)
				log.Info("connected")
				tel.End(ctx)
			}
		})
	}
	all.Wait()
	tel.End(shared)
	lines := linesOf(t, &out)
	if last := lines[len(lines)-1]; len(lines) != 801 || last["Disconnects"] != 400.0 {
		t.Errorf("%d lines, the last one %v, want 801 and 400 Disconnects", len(lines), last)
	}
}
