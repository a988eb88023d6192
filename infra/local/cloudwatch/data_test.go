package cloudwatch_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/cloudwatch"
)

func TestGetMetricData_Statistics(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	put(s, "Latency", minute(-2), 10, 20, 30, 40)
	put(s, "Latency", minute(-1).Add(59*time.Second), 100)
	tests := []struct {
		stat   string
		period int32
		want   []float64
	}{
		{"Average", 60, []float64{25, 100}},
		{"Sum", 60, []float64{100, 100}},
		{"Minimum", 60, []float64{10, 100}},
		{"Maximum", 60, []float64{40, 100}},
		{"SampleCount", 60, []float64{4, 1}},
		{"p0", 60, []float64{10, 100}},
		{"p100", 60, []float64{40, 100}},
		{"Average", 120, []float64{40}},
		{"Maximum", 120, []float64{100}},
	}
	for _, test := range tests {
		got := data(t, client, -2, 0, ask("q", "Latency", test.stat, test.period))[0]
		if diff := cmp.Diff(test.want, got.Values); diff != "" {
			t.Errorf("%s over %d s (-want +got):\n%s", test.stat, test.period, diff)
		}
		if got.StatusCode != types.StatusCodeComplete || aws.ToString(got.Label) != "Latency" {
			t.Errorf("%s: status %q and label %q, want Complete and the metric's name", test.stat, got.StatusCode, aws.ToString(got.Label))
		}
	}
}

// What is kept and what is to be written must not be the same memory.
func TestGetMetricData_Repeated(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	for range 2 {
		put(s, "Latency", minute(-1), 1)
	}
	put(s, "Latency", minute(-1), 100, 100, 100)
	if diff := cmp.Diff([]float64{100}, values(t, clientOf(t, s), -1, 0, "Latency", "p50"), cmp.Comparer(near)); diff != "" {
		t.Errorf("p50 of two and three values (-want +got):\n%s", diff)
	}
}

func TestGetMetricData_Range(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	for _, at := range []int{-7, -5, -4, -1, 0} {
		put(s, "Sent", minute(at), 1)
	}
	tests := []struct {
		name       string
		start, end time.Time
		period     int32
		want       []int // minutes
	}{
		{"takes the start and leaves the end out", minute(-5), minute(-1), 60, []int{-5, -4}},
		{"rounds the start down to its minute", minute(-5).Add(59 * time.Second), minute(-1), 60, []int{-5, -4}},
		{"has the running minute at once", minute(-1), noon, 60, []int{-1, 0}},
		{"counts periods from the start and leaves gaps out", minute(-7), minute(1), 120, []int{-7, -5, -1}},
		{"has nothing where nothing was", minute(-3), minute(-1), 60, []int{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			output, err := client.GetMetricData(t.Context(), &api.GetMetricDataInput{
				StartTime: &test.start, EndTime: &test.end, ScanBy: types.ScanByTimestampAscending,
				MetricDataQueries: []types.MetricDataQuery{ask("q", "Sent", "Sum", test.period)},
			})
			if err != nil {
				t.Fatalf("GetMetricData: %v", err)
			}
			want := []time.Time{}
			for _, n := range test.want {
				want = append(want, minute(n))
			}
			if diff := cmp.Diff(want, output.MetricDataResults[0].Timestamps); diff != "" {
				t.Errorf("timestamps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGetMetricData_Metric(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	s.Put("Test", []cloudwatch.Datum{
		{Name: "Time", Dimensions: map[string]string{"Function": "send", "Stage": "dev"}, Unit: "Seconds", At: minute(-1), Values: []float64{1}},
		{Name: "Time", Dimensions: map[string]string{"Function": "send", "Stage": "dev"}, Unit: "Milliseconds", At: minute(-1), Values: []float64{5}},
		{Name: "Time", Dimensions: map[string]string{"Function": "send"}, At: minute(-1), Values: []float64{7}},
	})
	both := []types.Dimension{{Name: aws.String("Stage"), Value: aws.String("dev")}, {Name: aws.String("Function"), Value: aws.String("send")}}
	tests := []struct {
		name       string
		dimensions []types.Dimension
		unit       types.StandardUnit
		want       []float64
	}{
		{"adds all units up when none is asked for", both, "", []float64{6}},
		{"keeps to the unit asked for", both, types.StandardUnitMilliseconds, []float64{5}},
		{"has nothing in another unit", both, types.StandardUnitBytes, []float64{}},
		{"tells sets of dimensions apart", both[1:], "", []float64{7}},
		{"has nothing for a set that was never put", both[:1], "", []float64{}},
		{"has nothing for a metric that is not there", nil, "", []float64{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			q := ask("q", "Time", "Sum", 60)
			q.MetricStat.Metric.Dimensions, q.MetricStat.Unit = test.dimensions, test.unit
			q.Label = aws.String("named")
			hidden := ask("hidden", "Time", "Sum", 60)
			hidden.ReturnData = aws.Bool(false)
			got := data(t, client, -1, 0, hidden, q)
			if diff := cmp.Diff(test.want, got[0].Values); diff != "" || len(got) != 1 {
				t.Errorf("values of %d results, want of 1 (-want +got):\n%s", len(got), diff)
			}
			if aws.ToString(got[0].Label) != "named" {
				t.Errorf("label = %q, want the one asked for", aws.ToString(got[0].Label))
			}
		})
	}
}

func TestGetMetricData_Pages(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	for n := range 7 {
		put(s, "One", minute(-n-1), float64(n))
		put(s, "Two", minute(-n-1), float64(10+n))
	}
	wanted := map[types.ScanBy]map[string][]float64{
		types.ScanByTimestampAscending:  {"one": {6, 5, 4, 3, 2, 1, 0}, "none": nil, "two": {16, 15, 14, 13, 12, 11, 10}},
		types.ScanByTimestampDescending: {"one": {0, 1, 2, 3, 4, 5, 6}, "none": nil, "two": {10, 11, 12, 13, 14, 15, 16}},
		"":                              {"one": {0, 1, 2, 3, 4, 5, 6}, "none": nil, "two": {10, 11, 12, 13, 14, 15, 16}},
	}
	for scan, want := range wanted {
		for _, size := range []int32{1, 3, 7, 13, 14, 100} {
			t.Run(fmt.Sprintf("has everything once in pages of %d, %s", size, scan), func(t *testing.T) {
				t.Parallel()
				pages := api.NewGetMetricDataPaginator(client, &api.GetMetricDataInput{
					StartTime: aws.Time(minute(-8)), EndTime: aws.Time(minute(0)), ScanBy: scan, MaxDatapoints: &size,
					MetricDataQueries: []types.MetricDataQuery{
						ask("one", "One", "Sum", 60), ask("none", "None", "Sum", 60), ask("two", "Two", "Sum", 60),
					},
				})
				got, status := map[string][]float64{}, map[string]types.StatusCode{}
				for pages.HasMorePages() {
					page, err := pages.NextPage(t.Context())
					if err != nil {
						t.Fatalf("GetMetricData: %v", err)
					}
					points := 0
					for _, r := range page.MetricDataResults {
						got[*r.Id] = append(got[*r.Id], r.Values...)
						status[*r.Id] = r.StatusCode
						points += len(r.Values)
					}
					if points > int(size) {
						t.Errorf("a page has %d data points, want at most %d", points, size)
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("values of all pages (-want +got):\n%s", diff)
				}
				for id, code := range status {
					if code != types.StatusCodeComplete {
						t.Errorf("status of %s on its last page = %s, want Complete", id, code)
					}
				}
			})
		}
	}
}

func TestGetMetricData_Token(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	client := clientOf(t, s)
	put(s, "One", minute(-2), 1)
	put(s, "One", minute(-1), 2)
	request := func() *api.GetMetricDataInput {
		return &api.GetMetricDataInput{
			StartTime: aws.Time(minute(-2)), EndTime: aws.Time(minute(1)), MaxDatapoints: aws.Int32(1),
			MetricDataQueries: []types.MetricDataQuery{ask("one", "One", "Sum", 60)},
		}
	}
	first, err := client.GetMetricData(t.Context(), request())
	if err != nil {
		t.Fatalf("GetMetricData: %v", err)
	}
	if got := first.MetricDataResults[0].StatusCode; got != types.StatusCodePartialData {
		t.Errorf("status of a page that is not the last = %s, want PartialData", got)
	}

	put(s, "One", minute(0), 3) // newer than the first page
	next := request()
	next.NextToken = first.NextToken
	second, err := client.GetMetricData(t.Context(), next)
	if err != nil {
		t.Fatalf("second page: %v", err)
	}
	if got := second.MetricDataResults[0].Values; len(got) != 1 || got[0] != 1 {
		t.Errorf("second page = %v, want the oldest point, whatever came meanwhile", got)
	}

	other := request()
	other.EndTime = aws.Time(minute(2))
	other.NextToken = first.NextToken
	foreign := request()
	foreign.NextToken = aws.String("eyJxIjotMX0!")
	for _, bad := range []*api.GetMetricDataInput{other, foreign} {
		_, err := client.GetMetricData(t.Context(), bad)
		if _, ok := errors.AsType[*types.InvalidNextToken](err); !ok {
			t.Errorf("GetMetricData with a token of another request: %v, want InvalidNextToken", err)
		}
	}
}
