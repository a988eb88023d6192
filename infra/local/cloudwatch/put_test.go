package cloudwatch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/cloudwatch"
)

func TestPutMetricData(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	at := aws.Time(minute(-1))
	_, err := client.PutMetricData(t.Context(), &api.PutMetricDataInput{
		Namespace: aws.String("Test"),
		MetricData: []types.MetricDatum{
			{MetricName: aws.String("Value"), Timestamp: at, Value: aws.Float64(5)},
			{MetricName: aws.String("Values"), Timestamp: at, Values: []float64{1, 10}, Counts: []float64{9, 1}},
			{MetricName: aws.String("Set"), Timestamp: at, StatisticValues: set(4, 20, 2, 8)},
			{MetricName: aws.String("Same"), Timestamp: at, StatisticValues: set(4, 20, 5, 5)},
			{MetricName: aws.String("Below"), Timestamp: at, Values: []float64{-1, 1}},
		},
		EntityMetricData: []types.EntityMetricData{{MetricData: []types.MetricDatum{
			{MetricName: aws.String("Entity"), Timestamp: at, Value: aws.Float64(6), StorageResolution: aws.Int32(1)},
		}}},
		StrictEntityValidation: aws.Bool(false),
	})
	if err != nil {
		t.Fatalf("PutMetricData: %v", err)
	}
	tests := []struct {
		name, stat string
		want       []float64
	}{
		{"Value", "Sum", []float64{5}},
		{"Values", "Average", []float64{1.9}},
		{"Values", "p50", []float64{1}},
		{"Values", "p95", []float64{10}},
		{"Set", "Average", []float64{5}},
		{"Set", "Maximum", []float64{8}},
		{"Set", "p99", []float64{}}, // it is not known
		{"Same", "p99", []float64{5}},
		{"Below", "Minimum", []float64{-1}},
		{"Below", "p99", []float64{}}, // nor is it with negative values
		{"Entity", "Sum", []float64{6}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, values(t, client, -1, 0, test.name, test.stat)); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", test.stat, test.name, diff)
		}
	}
}

// The client compresses what is over 10 KB.
func TestPutMetricData_Compressed(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	compressed := make(chan bool, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		compressed <- r.Header.Get("Content-Encoding") == "gzip"
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	put := clientOf(t, s)
	in := &api.PutMetricDataInput{Namespace: aws.String("Test")}
	for n := range 500 {
		in.MetricData = append(in.MetricData, types.MetricDatum{
			MetricName: aws.String("Sent"), Dimensions: dimensions(3), Timestamp: aws.Time(minute(-1)), Value: aws.Float64(float64(n)),
		})
	}
	if _, err := put.PutMetricData(t.Context(), in, func(o *api.Options) { o.BaseEndpoint = &server.URL }); err != nil {
		t.Fatalf("PutMetricData: %v", err)
	}
	if !<-compressed {
		t.Error("the request was not compressed: the test says nothing")
	}
	q := ask("q", "Sent", "SampleCount", 60)
	q.MetricStat.Metric.Dimensions = dimensions(3)
	if got := data(t, put, -1, 0, q)[0].Values; len(got) != 1 || got[0] != 500 {
		t.Errorf("SampleCount = %v, want 500", got)
	}
}

func TestServeHTTP_Refuses(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	bomb := &bytes.Buffer{}
	w := gzip.NewWriter(bomb)
	if _, err := io.CopyN(w, zeros{}, 11<<20); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	put := cloudwatch.PathPrefix + "PutMetricData"
	tests := []struct {
		name, method, path, encoding, body string
		status                             int
		says                               string
	}{
		{"another path", "POST", "/", "", "", http.StatusNotFound, "answers here to POST"},
		{"another method", "GET", put, "", "", http.StatusNotFound, "answers here to POST"},
		{"an operation that is not here", "POST", cloudwatch.PathPrefix + "PutDashboard", "", "", http.StatusNotFound, "UnknownOperationException"},
		{"what is not CBOR", "POST", put, "", "Action=PutMetricData", http.StatusBadRequest, "SerializationException"},
		{"a list for a structure", "POST", put, "", "\x80", http.StatusBadRequest, "SerializationException"},
		{"CBOR that breaks off", "POST", put, "", "\xbfiNamesp", http.StatusBadRequest, "SerializationException"},
		{"what is not gzip", "POST", put, "gzip", "plain", http.StatusBadRequest, "SerializationException"},
		{"over 1 MB", "POST", put, "", strings.Repeat("x", 1<<20+1), http.StatusRequestEntityTooLarge, "TooLarge"},
		{"over 10 MB inflated", "POST", put, "gzip", bomb.String(), http.StatusRequestEntityTooLarge, "TooLarge"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(test.method, test.path, strings.NewReader(test.body))
			r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
			r.Header.Set("Content-Encoding", test.encoding)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%s %s = %d %q, want %d with %q", test.method, test.path, w.Code, w.Body, test.status, test.says)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestListMetrics(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	dims := func(function string) map[string]string {
		return map[string]string{"Function": function, "Stage": "dev"}
	}
	s.Put("Test", []cloudwatch.Datum{
		{Name: "Sent", Dimensions: dims("message"), Values: []float64{1}},
		{Name: "Sent", Dimensions: dims("message"), Unit: "Count", Values: []float64{1}},
		{Name: "Sent", Dimensions: dims("fanout"), Values: []float64{1}},
		{Name: "Gone", Dimensions: map[string]string{"Function": "message"}, At: noon.Add(-4 * time.Hour), Values: []float64{1}},
	})
	s.Put("Other", []cloudwatch.Datum{{Name: "Sent", Values: []float64{1}}})
	tests := []struct {
		name string
		in   api.ListMetricsInput
		want []string
	}{
		{"all, each once", api.ListMetricsInput{}, []string{"Other/Sent", "Test/Gone message", "Test/Sent fanout dev", "Test/Sent message dev"}},
		{"of a namespace", api.ListMetricsInput{Namespace: aws.String("Other")}, []string{"Other/Sent"}},
		{"of a name", api.ListMetricsInput{MetricName: aws.String("Gone")}, []string{"Test/Gone message"}},
		{"with a dimension", api.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("Stage")}}},
			[]string{"Test/Sent fanout dev", "Test/Sent message dev"}},
		{"with a dimension's value", api.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("Function"), Value: aws.String("message")}}},
			[]string{"Test/Gone message", "Test/Sent message dev"}},
		{"with data in the last three hours", api.ListMetricsInput{RecentlyActive: types.RecentlyActivePt3h},
			[]string{"Other/Sent", "Test/Sent fanout dev", "Test/Sent message dev"}},
		{"none", api.ListMetricsInput{Namespace: aws.String("None")}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, listed(t.Context(), t, client, &test.in)); diff != "" {
				t.Errorf("ListMetrics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListMetrics_Pages(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	var want []string
	for n := range 1001 {
		name := fmt.Sprintf("M%04d", n)
		put(s, name, minute(0), 1)
		want = append(want, "Test/"+name)
	}
	if diff := cmp.Diff(want, listed(t.Context(), t, client, &api.ListMetricsInput{})); diff != "" {
		t.Errorf("ListMetrics over three pages (-want +got):\n%s", diff)
	}
}

// listed follows the pages, each of 500 at most.
func listed(ctx context.Context, t *testing.T, client *api.Client, in *api.ListMetricsInput) []string {
	t.Helper()
	var list []string
	for pages := api.NewListMetricsPaginator(client, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatalf("ListMetrics: %v", err)
		}
		if len(page.Metrics) > 500 {
			t.Errorf("a page has %d metrics, want at most 500", len(page.Metrics))
		}
		for _, m := range page.Metrics {
			name := *m.Namespace + "/" + *m.MetricName
			for _, d := range m.Dimensions {
				name += " " + *d.Value
			}
			list = append(list, name)
		}
	}
	return list
}

func TestGetMetricStatistics(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	s.Put("Test", []cloudwatch.Datum{
		{Name: "Time", Unit: "Milliseconds", At: minute(-3), Values: []float64{1, 2, 3}},
		{Name: "Time", Unit: "Seconds", At: minute(-3), Values: []float64{4}},
	})
	ask := func(in api.GetMetricStatisticsInput) []types.Datapoint {
		in.Namespace, in.MetricName, in.Period = aws.String("Test"), aws.String("Time"), aws.Int32(300)
		in.StartTime, in.EndTime = aws.Time(minute(-5)), aws.Time(minute(0))
		output, err := client.GetMetricStatistics(t.Context(), &in)
		if err != nil {
			t.Fatalf("GetMetricStatistics: %v", err)
		}
		if aws.ToString(output.Label) != "Time" {
			t.Errorf("label = %q, want the metric's name", aws.ToString(output.Label))
		}
		return output.Datapoints
	}
	at := aws.Time(minute(-5))
	opaque := cmp.AllowUnexported(types.Datapoint{})

	all := ask(api.GetMetricStatisticsInput{Statistics: types.Statistic("").Values()})
	want := []types.Datapoint{
		{Timestamp: at, Unit: "Seconds", SampleCount: aws.Float64(1), Sum: aws.Float64(4), Average: aws.Float64(4), Minimum: aws.Float64(4), Maximum: aws.Float64(4)},
		{Timestamp: at, Unit: "Milliseconds", SampleCount: aws.Float64(3), Sum: aws.Float64(6), Average: aws.Float64(2), Minimum: aws.Float64(1), Maximum: aws.Float64(3)},
	}
	if diff := cmp.Diff(want, all, opaque); diff != "" {
		t.Errorf("all statistics, a data point for each unit (-want +got):\n%s", diff)
	}

	extended := ask(api.GetMetricStatisticsInput{ExtendedStatistics: []string{"p0", "p100"}, Unit: "Milliseconds"})
	want = []types.Datapoint{{Timestamp: at, Unit: "Milliseconds", ExtendedStatistics: map[string]float64{"p0": 1, "p100": 3}}}
	if diff := cmp.Diff(want, extended, opaque); diff != "" {
		t.Errorf("percentiles of one unit (-want +got):\n%s", diff)
	}
}

func TestClient_Unknown(t *testing.T) {
	t.Parallel()
	client := clientOf(t, open(t, t.TempDir()))
	_, err := client.ListDashboards(t.Context(), &api.ListDashboardsInput{})
	if refused, ok := errors.AsType[smithy.APIError](err); !ok || refused.ErrorCode() != "UnknownOperationException" {
		t.Errorf("ListDashboards: %v, want UnknownOperationException", err)
	}
}
