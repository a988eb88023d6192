package metrics

import (
	"math"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"switchboard/internal/chat"
)

const (
	gatewayNamespace = "AWS/ApiGateway" // API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics"

	// What telemetry calls its dimension, and how long an invocation took.
	functionDimension = "Function"
	invocationTime    = "InvocationTime"

	sum = "Sum"
)

// kinds are the errors, the gateway's first.
var kinds = []string{
	"ClientError", "IntegrationError", "ExecutionError",
	string(chat.DeliveryFailures), string(chat.GoneConnections), string(chat.SlowConnections),
}

const gatewayKinds = 3

// line is one query, and where its values belong.
type line struct {
	metric types.Metric
	stat   string
	into   Values
	join   func(have, more float64) float64 // of two functions
}

func added(have, more float64) float64   { return have + more }
func slowest(have, more float64) float64 { return max(have, more) }

func (l line) put(n int, value float64) {
	if !math.IsNaN(l.into[n]) {
		value = l.join(l.into[n], value)
	}
	l.into[n] = value
}

// plan is what to ask to fill the board, with the metrics that the functions have.
func (r *Reader) plan(b *Board, list []types.Metric) []line {
	var lines []line
	for _, lane := range b.Errors[:gatewayKinds] {
		lines = append(lines, line{r.ofGateway(lane.Kind), sum, lane.Counts, added})
	}
	for _, m := range list {
		lines = append(lines, planFunction(b, m)...)
	}
	slices.SortFunc(b.Durations, func(x, y Duration) int { return strings.Compare(x.Function, y.Function) })
	return lines
}

func (r *Reader) ofGateway(name string) types.Metric {
	return types.Metric{Namespace: aws.String(gatewayNamespace), MetricName: &name, Dimensions: []types.Dimension{
		{Name: aws.String("ApiId"), Value: &r.opts.APIID}, {Name: aws.String("Stage"), Value: &r.opts.Stage},
	}}
}

// planFunction is nothing for a metric that the board has no place for.
func planFunction(b *Board, m types.Metric) []line {
	if len(m.Dimensions) != 1 || aws.ToString(m.Dimensions[0].Name) != functionDimension {
		return nil
	}
	name := aws.ToString(m.MetricName)
	switch chat.Metric(name) {
	case chat.Connects:
		return []line{{m, sum, b.Connects, added}}
	case chat.Disconnects:
		return []line{{m, sum, b.Disconnects, added}}
	case chat.MessagesKept:
		return []line{{m, sum, b.MessagesIn, added}}
	case chat.Deliveries:
		return []line{{m, sum, b.MessagesOut, added}}
	case chat.DeliveryLatency:
		return []line{{m, "p50", b.Latency.P50, slowest}, {m, "p95", b.Latency.P95, slowest}, {m, "p99", b.Latency.P99, slowest}}
	case invocationTime:
		d := Duration{aws.ToString(m.Dimensions[0].Value), gaps(len(b.Times)), gaps(len(b.Times))}
		b.Durations = append(b.Durations, d)
		return []line{{m, "p50", d.P50, slowest}, {m, "p99", d.P99, slowest}}
	}
	if n := slices.Index(kinds, name); n >= gatewayKinds {
		return []line{{m, sum, b.Errors[n].Counts, added}}
	}
	return nil
}
