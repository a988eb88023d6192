package cloudwatch_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"switchboard/infra/local/cloudwatch"
)

// noon is the time of tests: half a minute into its minute.
var noon = time.Date(2026, 11, 22, 12, 0, 30, 0, time.UTC)

// minute is noon's minute and those after and before it.
func minute(n int) time.Time { return noon.Truncate(time.Minute).Add(time.Duration(n) * time.Minute) }

func open(t testing.TB, dir string) *cloudwatch.Service {
	t.Helper()
	return openAt(t, dir, noon)
}

func openAt(t testing.TB, dir string, now time.Time) *cloudwatch.Service {
	t.Helper()
	s, err := cloudwatch.Open(dir, cloudwatch.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { closeService(t, s) })
	return s
}

func closeService(t testing.TB, s *cloudwatch.Service) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// clientOf is the SDK's client as it is, over a socket.
func clientOf(t testing.TB, s *cloudwatch.Service) *api.Client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return api.New(api.Options{
		Region:       "us-east-1",
		BaseEndpoint: &server.URL,
		Credentials:  credentials.NewStaticCredentialsProvider("key", "secret", ""),
		Retryer:      retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 10 * time.Millisecond }),
	})
}

// ask is a query for a metric of namespace Test without dimensions.
func ask(id, name, stat string, period int32) types.MetricDataQuery {
	return types.MetricDataQuery{Id: &id, MetricStat: &types.MetricStat{
		Metric: &types.Metric{Namespace: aws.String("Test"), MetricName: &name}, Stat: &stat, Period: &period,
	}}
}

// data asks from one minute to another, oldest first.
func data(t testing.TB, client *api.Client, from, to int, queries ...types.MetricDataQuery) []types.MetricDataResult {
	t.Helper()
	output, err := client.GetMetricData(t.Context(), &api.GetMetricDataInput{
		StartTime: aws.Time(minute(from)), EndTime: aws.Time(minute(to)), ScanBy: types.ScanByTimestampAscending, MetricDataQueries: queries,
	})
	if err != nil {
		t.Fatalf("GetMetricData: %v", err)
	}
	return output.MetricDataResults
}

// values asks for one statistic by the minute.
func values(t testing.TB, client *api.Client, from, to int, name, stat string) []float64 {
	t.Helper()
	return data(t, client, from, to, ask("q", name, stat, 60))[0].Values
}

func put(s *cloudwatch.Service, name string, at time.Time, values ...float64) {
	s.Put("Test", []cloudwatch.Datum{{Name: name, At: at, Values: values}})
}
