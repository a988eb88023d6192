package cloudwatch_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// unchecked takes the client's own validation away, so that the service's is reached.
func unchecked(o *api.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		_, err := stack.Initialize.Remove("OperationInputValidation")
		return err
	})
}

func TestGetMetricData_Refuses(t *testing.T) {
	t.Parallel()
	client := clientOf(t, open(t, t.TempDir()))
	valid := func() *api.GetMetricDataInput {
		return &api.GetMetricDataInput{
			StartTime: aws.Time(minute(-60)), EndTime: aws.Time(minute(0)),
			MetricDataQueries: []types.MetricDataQuery{ask("q", "Name", "Sum", 60)},
		}
	}
	first := func(in *api.GetMetricDataInput) *types.MetricDataQuery { return &in.MetricDataQueries[0] }
	tests := []struct {
		name   string
		change func(*api.GetMetricDataInput)
		says   string
	}{
		{"no times", func(in *api.GetMetricDataInput) { in.StartTime = nil }, "StartTime and EndTime are required"},
		{"an end before its start", func(in *api.GetMetricDataInput) { in.EndTime = aws.Time(minute(-61)) }, "StartTime must be less than"},
		{"no queries", func(in *api.GetMetricDataInput) { in.MetricDataQueries = nil }, "from 1 to 500"},
		{"501 queries", func(in *api.GetMetricDataInput) {
			in.MetricDataQueries = slices.Repeat(in.MetricDataQueries, 501)
		}, "from 1 to 500"},
		{"too many data points", func(in *api.GetMetricDataInput) { in.MaxDatapoints = aws.Int32(100_801) }, "MaxDatapoints"},
		{"another order", func(in *api.GetMetricDataInput) { in.ScanBy = "Upwards" }, "ScanBy"},
		{"an id twice", func(in *api.GetMetricDataInput) { in.MetricDataQueries = slices.Repeat(in.MetricDataQueries, 2) }, "member.2.Id is not unique"},
		{"an id in capitals", func(in *api.GetMetricDataInput) { first(in).Id = aws.String("Q") }, "member.1.Id does not match"},
		{"no metric and no expression", func(in *api.GetMetricDataInput) { first(in).MetricStat = nil }, "is required"},
		{"both", func(in *api.GetMetricDataInput) { first(in).Expression = aws.String("1") }, "mutually exclusive"},
		{"metric math", func(in *api.GetMetricDataInput) {
			first(in).MetricStat, first(in).Expression = nil, aws.String("SUM(METRICS())")
		}, "knows no metric math"},
		{"half a minute", func(in *api.GetMetricDataInput) { first(in).MetricStat.Period = aws.Int32(30) }, "multiple of 60"},
		{"no period", func(in *api.GetMetricDataInput) { first(in).MetricStat.Period = aws.Int32(0) }, "multiple of 60"},
		{"a statistic that is none", func(in *api.GetMetricDataInput) { first(in).MetricStat.Stat = aws.String("p101") }, "not a valid statistic"},
		{"a unit that is none", func(in *api.GetMetricDataInput) { first(in).MetricStat.Unit = "Miles" }, "MetricStat.Unit"},
		{"a name that is none", func(in *api.GetMetricDataInput) { first(in).MetricStat.Metric.MetricName = nil }, "MetricName"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := valid()
			test.change(in)
			_, err := client.GetMetricData(t.Context(), in, unchecked)
			refused, ok := errors.AsType[smithy.APIError](err)
			if !ok || refused.ErrorCode() != "ValidationError" || refused.ErrorFault() != smithy.FaultClient {
				t.Fatalf("GetMetricData: %v, want a ValidationError that is the client's fault", err)
			}
			if !strings.Contains(refused.ErrorMessage(), test.says) {
				t.Errorf("message %q does not say %q", refused.ErrorMessage(), test.says)
			}
		})
	}
}

func TestGetMetricStatistics_Refuses(t *testing.T) {
	t.Parallel()
	client := clientOf(t, open(t, t.TempDir()))
	tests := []struct {
		name   string
		change func(*api.GetMetricStatisticsInput)
		code   string
	}{
		{"no name", func(in *api.GetMetricStatisticsInput) { in.MetricName = nil }, "MissingParameter"},
		{"no period", func(in *api.GetMetricStatisticsInput) { in.Period = nil }, "MissingParameter"},
		{"no statistics", func(in *api.GetMetricStatisticsInput) { in.Statistics = nil }, "MissingParameter"},
		{"half a minute", func(in *api.GetMetricStatisticsInput) { in.Period = aws.Int32(90) }, "InvalidParameterValue"},
		{"a percentile as a plain one", func(in *api.GetMetricStatisticsInput) { in.Statistics = []types.Statistic{"p99"} }, "InvalidParameterValue"},
		{"a unit that is none", func(in *api.GetMetricStatisticsInput) { in.Unit = "Miles" }, "InvalidParameterValue"},
		{"both kinds", func(in *api.GetMetricStatisticsInput) { in.ExtendedStatistics = []string{"p99"} }, "InvalidParameterCombination"},
		{"an end at its start", func(in *api.GetMetricStatisticsInput) { in.EndTime = in.StartTime }, "InvalidParameterCombination"},
		{"1,441 data points", func(in *api.GetMetricStatisticsInput) { in.StartTime = aws.Time(minute(-1441)) }, "InvalidParameterCombination"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := &api.GetMetricStatisticsInput{
				Namespace: aws.String("Test"), MetricName: aws.String("Name"), StartTime: aws.Time(minute(-1440)), EndTime: aws.Time(minute(0)),
				Period: aws.Int32(60), Statistics: []types.Statistic{types.StatisticSum},
			}
			if _, err := client.GetMetricStatistics(t.Context(), in); err != nil {
				t.Fatalf("GetMetricStatistics as it should be: %v", err)
			}
			test.change(in)
			_, err := client.GetMetricStatistics(t.Context(), in, unchecked)
			typed(t, err, test.code)
		})
	}
}

// refusedPut changes a request that is as it should be, the second datum for one.
type refusedPut struct {
	name   string
	change func(*api.PutMetricDataInput)
	code   string
}

func datum(in *api.PutMetricDataInput) *types.MetricDatum { return &in.MetricData[1] }

func TestPutMetricData_RefusesNames(t *testing.T) {
	t.Parallel()
	refusePuts(t, []refusedPut{
		{"no namespace", func(in *api.PutMetricDataInput) { in.Namespace = nil }, "MissingParameter"},
		{"AWS's own namespace", func(in *api.PutMetricDataInput) { in.Namespace = aws.String("AWS/Lambda") }, "InvalidParameterValue"},
		{"a namespace of spaces", func(in *api.PutMetricDataInput) { in.Namespace = aws.String("  ") }, "InvalidParameterValue"},
		{"no data", func(in *api.PutMetricDataInput) { in.MetricData = nil }, "MissingParameter"},
		{"1,001 data", func(in *api.PutMetricDataInput) { in.MetricData = slices.Repeat(in.MetricData[:1], 1001) }, "InvalidParameterValue"},
		{"no name", func(in *api.PutMetricDataInput) { datum(in).MetricName = nil }, "MissingParameter"},
		{"a long name", func(in *api.PutMetricDataInput) { datum(in).MetricName = aws.String(strings.Repeat("n", 256)) }, "InvalidParameterValue"},
		{"a name with a control character", func(in *api.PutMetricDataInput) { datum(in).MetricName = aws.String("a\nb") }, "InvalidParameterValue"},
		{"31 dimensions", func(in *api.PutMetricDataInput) { datum(in).Dimensions = dimensions(31) }, "InvalidParameterValue"},
		{"a dimension twice", func(in *api.PutMetricDataInput) { datum(in).Dimensions = slices.Repeat(dimensions(1), 2) }, "InvalidParameterValue"},
		{"a dimension without a value", func(in *api.PutMetricDataInput) {
			datum(in).Dimensions = []types.Dimension{{Name: aws.String("Room"), Value: aws.String("")}}
		}, "InvalidParameterValue"},
		{"a unit that is none", func(in *api.PutMetricDataInput) { datum(in).Unit = "Miles" }, "InvalidParameterValue"},
	})
}

func TestPutMetricData_RefusesValues(t *testing.T) {
	t.Parallel()
	refusePuts(t, []refusedPut{
		{"a resolution of ten seconds", func(in *api.PutMetricDataInput) { datum(in).StorageResolution = aws.Int32(10) }, "InvalidParameterValue"},
		{"not a number", func(in *api.PutMetricDataInput) { datum(in).Value = aws.Float64(math.NaN()) }, "InvalidParameterValue"},
		{"infinity", func(in *api.PutMetricDataInput) { datum(in).Value = aws.Float64(math.Inf(-1)) }, "InvalidParameterValue"},
		{"more than 2^360", func(in *api.PutMetricDataInput) { datum(in).Value = aws.Float64(math.Ldexp(1.01, 360)) }, "InvalidParameterValue"},
		{"three hours ahead", func(in *api.PutMetricDataInput) { datum(in).Timestamp = aws.Time(noon.Add(3 * time.Hour)) }, "InvalidParameterValue"},
		{"fifteen days ago", func(in *api.PutMetricDataInput) { datum(in).Timestamp = aws.Time(noon.AddDate(0, 0, -15)) }, "InvalidParameterValue"},
		{"nothing to put", func(in *api.PutMetricDataInput) { datum(in).Value = nil }, "MissingParameter"},
		{"a value and values", func(in *api.PutMetricDataInput) { datum(in).Values = []float64{1} }, "InvalidParameterCombination"},
		{"counts without values", func(in *api.PutMetricDataInput) { datum(in).Counts = []float64{1} }, "InvalidParameterCombination"},
		{"fewer counts than values", func(in *api.PutMetricDataInput) {
			datum(in).Value, datum(in).Values, datum(in).Counts = nil, []float64{1, 2}, []float64{1}
		}, "InvalidParameterCombination"},
		{"a count of nothing", func(in *api.PutMetricDataInput) {
			datum(in).Value, datum(in).Values, datum(in).Counts = nil, []float64{1}, []float64{0}
		}, "InvalidParameterValue"},
		{"151 values", func(in *api.PutMetricDataInput) {
			datum(in).Value, datum(in).Values = nil, make([]float64, 151)
		}, "InvalidParameterValue"},
		{"half a statistic set", func(in *api.PutMetricDataInput) {
			datum(in).Value, datum(in).StatisticValues = nil, &types.StatisticSet{Sum: aws.Float64(1)}
		}, "MissingParameter"},
		{"a statistic set of nothing", func(in *api.PutMetricDataInput) {
			datum(in).Value, datum(in).StatisticValues = nil, set(0, 0, 0, 0)
		}, "InvalidParameterValue"},
		{"a statistic set upside down", func(in *api.PutMetricDataInput) {
			datum(in).Value, datum(in).StatisticValues = nil, set(2, 3, 2, 1)
		}, "InvalidParameterCombination"},
	})
}

// refusePuts wants each refused, and nothing of it kept.
func refusePuts(t *testing.T, tests []refusedPut) {
	t.Helper()
	client := clientOf(t, open(t, t.TempDir()))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := &api.PutMetricDataInput{Namespace: aws.String("Test"), MetricData: []types.MetricDatum{
				{MetricName: aws.String("Good"), Value: aws.Float64(1)}, {MetricName: aws.String("Bad"), Value: aws.Float64(1)},
			}}
			test.change(in)
			_, err := client.PutMetricData(t.Context(), in, unchecked)
			typed(t, err, test.code)
		})
	}
	t.Cleanup(func() {
		if got := listed(context.Background(), t, client, &api.ListMetricsInput{}); len(got) != 0 {
			t.Errorf("ListMetrics after refusals = %v, want that nothing of them was kept", got)
		}
	})
}

func TestListMetrics_Refuses(t *testing.T) {
	t.Parallel()
	client := clientOf(t, open(t, t.TempDir()))
	for _, in := range []*api.ListMetricsInput{{RecentlyActive: "PT1H"}, {NextToken: aws.String("?")}} {
		_, err := client.ListMetrics(t.Context(), in)
		typed(t, err, "InvalidParameterValue")
	}
}

// typed wants the SDK's own type for a code.
func typed(t *testing.T, err error, code string) {
	t.Helper()
	var ok bool
	switch code {
	case "MissingParameter":
		_, ok = errors.AsType[*types.MissingRequiredParameterException](err)
	case "InvalidParameterValue":
		_, ok = errors.AsType[*types.InvalidParameterValueException](err)
	case "InvalidParameterCombination":
		_, ok = errors.AsType[*types.InvalidParameterCombinationException](err)
	}
	if !ok {
		t.Fatalf("error = %v, want the SDK's type of %s", err, code)
	}
	if refused, _ := errors.AsType[smithy.APIError](err); refused.ErrorCode() != code || refused.ErrorMessage() == "" {
		t.Errorf("code %q and message %q, want %q and a message", refused.ErrorCode(), refused.ErrorMessage(), code)
	}
}

func dimensions(n int) []types.Dimension {
	var list []types.Dimension
	for i := range n {
		list = append(list, types.Dimension{Name: aws.String(fmt.Sprintf("D%d", i)), Value: aws.String("v")})
	}
	return list
}

func set(count, sum, least, most float64) *types.StatisticSet {
	return &types.StatisticSet{SampleCount: &count, Sum: &sum, Minimum: &least, Maximum: &most}
}
