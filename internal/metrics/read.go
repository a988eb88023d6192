package metrics

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

const (
	maxQueries = 500 // of one GetMetricData (CloudWatch API Reference)
	maxPages   = 20  // of either call: 10,000 metrics, or 2,000,000 values
)

// list is what the functions have counted in the last two weeks.
func (r *Reader) list(ctx context.Context) ([]types.Metric, error) {
	pages := cloudwatch.NewListMetricsPaginator(r.client, &cloudwatch.ListMetricsInput{
		Namespace: &r.opts.Namespace, Dimensions: []types.DimensionFilter{{Name: aws.String(functionDimension)}},
	})
	var list []types.Metric
	for n := 0; pages.HasMorePages() && n < maxPages; n++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Metrics...)
	}
	return list, nil
}

// fill asks for all lines, in as few calls as may be.
func (r *Reader) fill(ctx context.Context, over Range, now time.Time, lines []line) error {
	for some := range slices.Chunk(lines, maxQueries) {
		if err := r.fillSome(ctx, over, now, some); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) fillSome(ctx context.Context, over Range, now time.Time, lines []line) error {
	start, end := over.window(now)
	_, period := over.buckets()
	queries := make([]types.MetricDataQuery, len(lines))
	for n, l := range lines {
		queries[n] = types.MetricDataQuery{Id: aws.String(idOf(n)), MetricStat: &types.MetricStat{
			Metric: &l.metric, Stat: &l.stat, Period: aws.Int32(int32(period / time.Second)),
		}}
	}
	pages := cloudwatch.NewGetMetricDataPaginator(r.client, &cloudwatch.GetMetricDataInput{
		StartTime: &start, EndTime: &end, MetricDataQueries: queries,
	})
	for n := 0; pages.HasMorePages() && n < maxPages; n++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, result := range page.MetricDataResults {
			if err := take(result, lines, start, period); err != nil {
				return err
			}
		}
	}
	return nil
}

// take puts values where they belong.
func take(result types.MetricDataResult, lines []line, start time.Time, period time.Duration) error {
	switch result.StatusCode {
	case types.StatusCodeInternalError:
		return errBroken
	case types.StatusCodeForbidden:
		return fmt.Errorf("CloudWatch forbids to read %s", aws.ToString(result.Id))
	}
	n, err := lineOf(aws.ToString(result.Id), len(lines))
	if err != nil {
		return err
	}
	for i, at := range result.Timestamps[:min(len(result.Timestamps), len(result.Values))] {
		if bucket := int(at.Sub(start) / period); !at.Before(start) && bucket < len(lines[n].into) {
			lines[n].put(bucket, result.Values[i])
		}
	}
	return nil
}

const idPrefix = "q" // an id begins with a small letter

func idOf(n int) string { return idPrefix + strconv.Itoa(n) }

func lineOf(id string, lines int) (int, error) {
	number, ours := strings.CutPrefix(id, idPrefix)
	n, err := strconv.Atoi(number)
	if !ours || err != nil || n < 0 || n >= lines {
		return 0, fmt.Errorf("CloudWatch answered %q, which was not asked", id)
	}
	return n, nil
}
