package cloudwatch_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/cloudwatch"
	"switchboard/internal/telemetry"
)

// sink hands over lines as they are written.
type sink struct{ service *cloudwatch.Service }

func (s sink) Write(line []byte) (int, error) {
	s.service.Ingest(line)
	return len(line), nil
}

func TestIngest_Telemetry(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	function := telemetry.New(sink{s}, "message", "Test", func() time.Time { return noon })
	function.Logger().Info("a line that is none of ours", "_aws", "not one")
	call := function.Begin(t.Context())
	function.Add(call, "MessagesKept", 1)
	function.Add(call, "MessagesKept", 1)
	for n := range 250 { // three lines of 100 at most
		function.Add(call, "DeliveryLatency", float64(n+1))
	}
	function.End(call)
	function.Add(context.Background(), "Deliveries", 12)

	tests := []struct {
		name, stat string
		unit       types.StandardUnit
		want       []float64
	}{
		{"MessagesKept", "Sum", "Count", []float64{2}},
		{"Deliveries", "Sum", "Count", []float64{12}},
		{"DeliveryLatency", "SampleCount", "Milliseconds", []float64{250}},
		{"DeliveryLatency", "Maximum", "Milliseconds", []float64{250}},
		{"DeliveryLatency", "p50", "Milliseconds", []float64{125}},
		{"InvocationTime", "SampleCount", "Milliseconds", []float64{1}},
	}
	for _, test := range tests {
		q := ask("q", test.name, test.stat, 60)
		q.MetricStat.Unit = test.unit
		q.MetricStat.Metric.Dimensions = []types.Dimension{{Name: aws.String("Function"), Value: aws.String("message")}}
		if diff := cmp.Diff(test.want, data(t, client, 0, 1, q)[0].Values, cmp.Comparer(near)); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", test.stat, test.name, diff)
		}
	}
	if got := listed(t.Context(), t, client, &api.ListMetricsInput{}); len(got) != 4 {
		t.Errorf("ListMetrics = %q, want the four metrics and nothing of the log line", got)
	}
}

func TestIngest(t *testing.T) {
	t.Parallel()
	directive := func(namespace, dimensions, metrics string) string {
		return fmt.Sprintf(`{"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":%q,"Dimensions":%s,"Metrics":%s}]},"A":"a","B":"b","N":5,"V":[1,2],"T":"text"}`,
			noon.UnixMilli(), namespace, dimensions, metrics)
	}
	n := `[{"Name":"N","Unit":"Count"}]`
	tests := []struct {
		name, line string
		want       []string
		refused    bool
	}{
		{"two sets of dimensions", directive("Test", `[["A"],["A","B"]]`, n), []string{"Test/N a", "Test/N a b"}, false},
		{"an empty set", directive("Test", `[[]]`, n), []string{"Test/N"}, false},
		{"no sets", directive("Test", `[]`, n), []string{"Test/N"}, false},
		{"several metrics", directive("Test", `[["A"]]`, `[{"Name":"N"},{"Name":"V"},{"Name":"Absent"}]`), []string{"Test/N a", "Test/V a"}, false},
		{"AWS's own namespace", directive("AWS/Lambda", `[[]]`, n), []string{"AWS/Lambda/N"}, false},
		{"a log line", `{"level":"INFO","msg":"sent"}`, nil, false},
		{"a log line with the word", `{"msg":"\"_aws\" is a word"}`, nil, false},
		{"what is not JSON", `"_aws" and more`, nil, true},
		{"a dimension that is not there", directive("Test", `[["C"]]`, n), nil, true},
		{"a text for a value", directive("Test", `[[]]`, `[{"Name":"T"}]`), nil, true},
		{"no namespace", directive("", `[[]]`, n), nil, true},
		{"a unit that is none", directive("Test", `[[]]`, `[{"Name":"N","Unit":"Miles"}]`), nil, true},
		{"a day that is over", strings.Replace(directive("Test", `[[]]`, n), "17", "13", 1), nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			log := &bytes.Buffer{}
			s, err := cloudwatch.Open(t.TempDir(), cloudwatch.Options{
				Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(log, nil)),
			})
			if err != nil {
				t.Fatalf("Open: %v", err)
			}
			s.Ingest([]byte(test.line))
			if diff := cmp.Diff(test.want, listed(t.Context(), t, clientOf(t, s), &api.ListMetricsInput{})); diff != "" {
				t.Errorf("metrics of %s (-want +got):\n%s", test.line, diff)
			}
			closeService(t, s)
			if got := strings.Contains(log.String(), "metric data dropped"); got != test.refused {
				t.Errorf("log = %q, want that data was dropped: %v", log, test.refused)
			}
		})
	}
}

func TestGateway(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	var feed interface {
		Add(name string, value float64)
	} = s.Gateway("api1", "dev")
	feed.Add("MessageCount", 1)
	feed.Add("MessageCount", 1)
	feed.Add("IntegrationLatency", 12)
	want := []string{
		"AWS/ApiGateway/IntegrationLatency api1", "AWS/ApiGateway/IntegrationLatency api1 dev",
		"AWS/ApiGateway/MessageCount api1", "AWS/ApiGateway/MessageCount api1 dev",
	}
	if diff := cmp.Diff(want, listed(t.Context(), t, client, &api.ListMetricsInput{})); diff != "" {
		t.Errorf("ListMetrics (-want +got):\n%s", diff)
	}
	q := ask("q", "MessageCount", "Sum", 60)
	q.MetricStat.Unit = "Count"
	q.MetricStat.Metric = &types.Metric{Namespace: aws.String("AWS/ApiGateway"), MetricName: aws.String("MessageCount"), Dimensions: []types.Dimension{
		{Name: aws.String("Stage"), Value: aws.String("dev")}, {Name: aws.String("ApiId"), Value: aws.String("api1")},
	}}
	late := q
	late.Id, late.MetricStat = aws.String("late"), &types.MetricStat{Metric: &types.Metric{
		Namespace: q.MetricStat.Metric.Namespace, MetricName: aws.String("IntegrationLatency"), Dimensions: q.MetricStat.Metric.Dimensions,
	}, Period: aws.Int32(60), Stat: aws.String("p99"), Unit: "Milliseconds"}
	got := data(t, client, 0, 1, q, late)
	if diff := cmp.Diff([][]float64{{2}, {12}}, [][]float64{got[0].Values, got[1].Values}); diff != "" {
		t.Errorf("MessageCount and IntegrationLatency (-want +got):\n%s", diff)
	}
}

func TestLambda(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	feed := s.Lambda()
	feed.Began("message", 1)
	feed.Began("message", 2)
	feed.Throttled("message")
	feed.Ended("message", 30*time.Millisecond, true)
	feed.Ended("message", 10*time.Millisecond, false)
	tests := []struct {
		name, stat string
		want       float64
	}{
		{"Invocations", "Sum", 2},
		{"Errors", "Average", 0.5},
		{"Throttles", "Sum", 1},
		{"Duration", "Average", 20},
		{"Duration", "p99", 30},
		{"ConcurrentExecutions", "Maximum", 2},
	}
	for _, test := range tests {
		q := ask("q", test.name, test.stat, 60)
		q.MetricStat.Metric.Namespace = aws.String("AWS/Lambda")
		q.MetricStat.Metric.Dimensions = []types.Dimension{{Name: aws.String("FunctionName"), Value: aws.String("message")}}
		if diff := cmp.Diff([]float64{test.want}, data(t, client, 0, 1, q)[0].Values, cmp.Comparer(near)); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", test.stat, test.name, diff)
		}
	}
}
