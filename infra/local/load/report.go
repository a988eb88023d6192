package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// report is what a run comes to. Times are milliseconds.
type report struct {
	Clients             int     `json:"clients"`
	Rooms               int     `json:"rooms"`
	Seconds             float64 `json:"seconds"`
	ConnectsPerSecond   float64 `json:"connectsPerSecond"`
	MessagesPerSecond   float64 `json:"messagesPerSecond"`
	DeliveriesPerSecond float64 `json:"deliveriesPerSecond"`

	Delivery quantiles `json:"deliveryMs"` // from the sending to the arrival at another member
	Own      quantiles `json:"ownMs"`      // from the sending to the own copy
	Last     quantiles `json:"lastMs"`     // from the sending to the last member's copy

	balance
	Errors map[string]int `json:"errors"`
	// CPU is microseconds of the server's processes for one delivery, in the order of -pid, and ConnectCPU for one connect with its
	// greeting and what others hear of it.
	CPU        []float64 `json:"cpuUsPerDelivery,omitempty"`
	ConnectCPU []float64 `json:"cpuUsPerConnect,omitempty"`
}

type quantiles struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func quantilesOf(h *histogram) quantiles {
	return quantiles{
		millis(h.quantile(0.5)), millis(h.quantile(0.9)), millis(h.quantile(0.99)), millis(h.max),
	}
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (r *report) add(m *measurement, took time.Duration, before, after []time.Duration) {
	var delivery, own, last histogram
	for _, room := range m.rooms {
		r.balance.add(room.ledger.balance())
		room.ledger.mergeInto(&delivery, &own, &last)
	}
	r.Delivery, r.Own, r.Last = quantilesOf(&delivery), quantilesOf(&own), quantilesOf(&last)
	r.Seconds = took.Seconds()
	r.MessagesPerSecond = float64(r.Messages) / r.Seconds
	r.DeliveriesPerSecond = float64(r.Deliveries) / r.Seconds
	r.Errors = m.faults.list()
	r.CPU = perOne(before, after, r.Deliveries)
}

// perOne is microseconds of each process for one of n.
func perOne(before, after []time.Duration, n int) []float64 {
	list := make([]float64, len(before))
	for i := range before {
		list[i] = float64((after[i] - before[i]).Microseconds()) / float64(max(1, n))
	}
	return list
}

// verdict is an error when the server did not keep its promises.
func (r *report) verdict() error {
	if r.Lost+r.Doubled+r.Disagreed+r.Holes+r.Strange+r.Unanswered > 0 {
		limited := ""
		if r.Errors["rate_limited"] > 0 {
			limited = "; the server's limits were met: " + unlimited
		}
		return fmt.Errorf("lost %d, unanswered %d, doubled %d, strange %d, holes %d, disagreed %d%s",
			r.Lost, r.Unanswered, r.Doubled, r.Strange, r.Holes, r.Disagreed, limited)
	}
	return nil
}

func (r *report) writeJSON(out io.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func (r *report) writeText(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	var errs error
	line := func(name, format string, args ...any) {
		_, err := fmt.Fprintf(w, name+"\t"+format+"\n", args...)
		errs = errors.Join(errs, err)
	}
	line("clients", "%d in %d rooms, %.0f connects/s", r.Clients, r.Rooms, r.ConnectsPerSecond)
	line("messages", "%d in %.1f s, %.1f/s", r.Messages, r.Seconds, r.MessagesPerSecond)
	line("deliveries", "%d, %.0f/s", r.Deliveries, r.DeliveriesPerSecond)
	line("", "p50\tp90\tp99\tmax")
	for _, row := range []struct {
		name string
		q    quantiles
	}{{"delivery ms", r.Delivery}, {"own copy ms", r.Own}, {"last copy ms", r.Last}} {
		line(row.name, "%.1f\t%.1f\t%.1f\t%.1f", row.q.P50, row.q.P90, row.q.P99, row.q.Max)
	}
	line("kept", "lost %d, unanswered %d, doubled %d, strange %d", r.Lost, r.Unanswered, r.Doubled, r.Strange)
	line("numbers", "holes %d, disagreed %d, outOfOrder %d", r.Holes, r.Disagreed, r.OutOfOrder)
	for _, what := range slices.Sorted(maps.Keys(r.Errors)) {
		line("error", "%s: %d", what, r.Errors[what])
	}
	for i, cpu := range r.CPU {
		line("CPU", "%.1f us for a delivery, %.0f us for a connect", cpu, r.ConnectCPU[i])
	}
	return errors.Join(errs, w.Flush())
}
