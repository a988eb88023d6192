package cloudwatch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"switchboard/infra/local/cloudwatch"
)

// week fills every minute of seven days: 50 counts and 10 latencies of 20 values each.
func week(b *testing.B, s *cloudwatch.Service) (queries []types.MetricDataQuery) {
	b.Helper()
	for n := range 60 {
		name, stat := fmt.Sprintf("Count%d", n), "Sum"
		samples := []float64{1}
		if n >= 50 {
			name, stat, samples = fmt.Sprintf("Latency%d", n), "p99", make([]float64, 20)
		}
		for at := range 7 * 24 * 60 {
			for i := range samples {
				samples[i] = float64((i*37+at)%500 + 1)
			}
			put(s, name, minute(-at), samples...)
		}
		queries = append(queries, ask(fmt.Sprintf("q%d", n), name, stat, 3600))
	}
	return queries
}

// BenchmarkGetMetricData_Week asks for 60 series of a week by the hour, over a socket, by the SDK's client.
func BenchmarkGetMetricData_Week(b *testing.B) {
	s := open(b, b.TempDir())
	queries := week(b, s)
	client := clientOf(b, s)
	b.ReportAllocs()
	for b.Loop() {
		output, err := client.GetMetricData(b.Context(), &api.GetMetricDataInput{
			StartTime: aws.Time(minute(-7 * 24 * 60)), EndTime: aws.Time(minute(1)), MetricDataQueries: queries,
		})
		if err != nil || len(output.MetricDataResults[0].Values) < 168 {
			b.Fatalf("GetMetricData: %d values, %v; want 168 at least", len(output.MetricDataResults[0].Values), err)
		}
	}
}

// BenchmarkOpen_Week reads a full week at start.
func BenchmarkOpen_Week(b *testing.B) {
	dir := b.TempDir()
	s := open(b, dir)
	week(b, s)
	closeService(b, s)
	for b.Loop() {
		closeService(b, open(b, dir))
	}
}

// BenchmarkGateway_Add is what every message costs the local gateway.
func BenchmarkGateway_Add(b *testing.B) {
	feed := openAt(b, b.TempDir(), time.Now()).Gateway("api1", "dev")
	b.ReportAllocs()
	for b.Loop() {
		feed.Add("MessageCount", 1)
	}
}

// BenchmarkIngest_Log is a line that holds no metrics.
func BenchmarkIngest_Log(b *testing.B) {
	s := open(b, b.TempDir())
	line := []byte(`{"time":"2026-11-22T12:00:30Z","level":"INFO","msg":"sent","function":"message","connection":"R0oXAdfD0kwCH6w=","room":"general","code":"ok","ms":12}`)
	for b.Loop() {
		s.Ingest(line)
	}
}
