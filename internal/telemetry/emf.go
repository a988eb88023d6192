package telemetry

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"switchboard/internal/chat"
)

// Units that CloudWatch knows, as far as they are used.
const (
	count        = "Count"
	milliseconds = "Milliseconds"
	none         = "None"
)

// unitOf is the table of metrics and their units. Counts are summed, the others kept
// one by one. A metric that is missing here gets no unit.
func unitOf(m chat.Metric) string {
	switch m {
	case chat.Connects, chat.Disconnects,
		chat.MessagesKept, chat.Duplicates, chat.Voids,
		chat.Deliveries, chat.DeliveryFailures, chat.GoneConnections, chat.SlowConnections,
		chat.SweptConnections, chat.SweepDoubts, chat.JobsDropped, chat.DirectoryFailures:
		return count
	case chat.DeliveryLatency, invocationTime:
		return milliseconds
	}
	return none
}

// maxValues is how many values of a metric one line may hold (EMF specification,
// "Target members").
const maxValues = 100

type directive struct {
	Timestamp         int64        `json:"Timestamp"` // milliseconds
	CloudWatchMetrics []metricList `json:"CloudWatchMetrics"`
}

type metricList struct {
	Namespace  string       `json:"Namespace"`
	Dimensions [][]string   `json:"Dimensions"`
	Metrics    []definition `json:"Metrics"`
}

type definition struct {
	Name chat.Metric `json:"Name"`
	Unit string      `json:"Unit"`
}

// write writes the values, one line for each hundred of the longest list.
func (t *Telemetry) write(at time.Time, counted map[chat.Metric][]float64) {
	for len(counted) > 0 {
		list := metricList{Namespace: t.namespace, Dimensions: [][]string{{"Function"}}}
		line := map[string]any{"Function": t.function}
		rest := make(map[chat.Metric][]float64)
		for _, m := range slices.Sorted(maps.Keys(counted)) {
			values := counted[m]
			if len(values) > maxValues {
				values, rest[m] = values[:maxValues], values[maxValues:]
			}
			list.Metrics = append(list.Metrics, definition{m, unitOf(m)})
			line[string(m)] = target(values)
		}
		line["_aws"] = directive{at.UnixMilli(), []metricList{list}}
		if b, err := json.Marshal(line); err == nil { // only NaN and infinity have no JSON
			_, _ = t.out.Write(append(b, '\n')) // a log that cannot be written has nowhere to say so
		}
		counted = rest
	}
}

// target is how EMF writes values: one as a number, several as a list.
func target(values []float64) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}
