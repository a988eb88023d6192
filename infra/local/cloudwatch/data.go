package cloudwatch

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
)

// Limits of GetMetricData, from the CloudWatch API Reference.
const (
	maxQueries    = 500
	maxDatapoints = 100_800
)

var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

// query is a MetricDataQuery that was found good.
type query struct {
	identity
	id, label, unit string
	statistic       statistic
	span            span
}

// getMetricData answers query after query, and cuts a page where it has as many data points as were asked for.
func (s *Service) getMetricData(body []byte) (smithy.Serializable, error) {
	var in getMetricDataInput
	if err := decodeShape(body, &in); err != nil {
		return nil, err
	}
	queries, problems := queriesOf(&in)
	if len(problems) > 0 {
		return nil, validation(strings.Join(problems, "\n"))
	}
	from, err := startOf(&in)
	if err != nil {
		return nil, err
	}
	output := &api.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{}, Messages: []types.MessageData{}}
	room := int(aws.ToInt32(cmp.Or(in.MaxDatapoints, aws.Int32(maxDatapoints))))
	for n := from.Query; n < len(queries); n++ {
		result := s.answerQuery(queries[n], in.ScanBy)
		if n == from.Query {
			from.skip(&result, in.ScanBy)
		}
		next := position{Query: n, Request: from.Request}
		cut := next.cut(&result, room)
		output.MetricDataResults = append(output.MetricDataResults, result)
		if cut {
			output.NextToken = aws.String(next.token())
			break
		}
		room -= len(result.Values)
	}
	return output, nil
}

func (s *Service) answerQuery(q query, scan types.ScanBy) types.MetricDataResult {
	buckets := s.store.gather(q.identity, q.unit, q.span, q.statistic.bins)
	if scan != types.ScanByTimestampAscending {
		slices.Reverse(buckets)
	}
	result := types.MetricDataResult{
		Id: &q.id, Label: &q.label, StatusCode: types.StatusCodeComplete,
		Timestamps: make([]time.Time, 0, len(buckets)), Values: make([]float64, 0, len(buckets)),
	}
	for _, b := range buckets {
		if value, known := q.statistic.of(&b); known {
			result.Timestamps = append(result.Timestamps, timeOf(b.minute))
			result.Values = append(result.Values, value)
		}
	}
	return result
}

// queriesOf are the queries whose data is to be returned, and what is wrong with the request.
func queriesOf(in *getMetricDataInput) (queries []query, problems []string) {
	refuse := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	switch {
	case in.StartTime == nil || in.EndTime == nil:
		refuse("The parameters StartTime and EndTime are required.")
	case !in.StartTime.Before(*in.EndTime):
		refuse("The parameter StartTime must be less than the parameter EndTime.")
	}
	if n := len(in.MetricDataQueries); n == 0 || n > maxQueries {
		refuse("The collection MetricDataQueries must have a size from 1 to %d.", maxQueries)
	}
	if m := in.MaxDatapoints; m != nil && (*m < 1 || *m > maxDatapoints) {
		refuse("The value %d for parameter MaxDatapoints is not from 1 to %d.", *m, maxDatapoints)
	}
	if in.ScanBy != "" && !slices.Contains(in.ScanBy.Values(), in.ScanBy) {
		refuse("The value %s for parameter ScanBy is invalid.", in.ScanBy)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	seen := map[string]bool{}
	for n, asked := range in.MetricDataQueries {
		member := fmt.Sprintf("MetricDataQueries.member.%d", n+1)
		q, problem := queryOf(member, asked, *in.StartTime, *in.EndTime)
		switch {
		case problem != "":
			refuse("%s", problem)
		case seen[q.id]:
			refuse("The value %s for parameter %s.Id is not unique.", q.id, member)
		case asked.ReturnData == nil || *asked.ReturnData:
			queries = append(queries, q)
		}
		seen[q.id] = true
	}
	return queries, problems
}

// queryOf reads a query, or says what is wrong with it.
func queryOf(member string, asked types.MetricDataQuery, start, end time.Time) (query, string) {
	id := aws.ToString(asked.Id)
	switch {
	case !queryID.MatchString(id):
		return query{}, fmt.Sprintf("The value %s for parameter %s.Id does not match %s.", id, member, queryID)
	case asked.Expression != nil && asked.MetricStat != nil:
		return query{}, fmt.Sprintf("The parameters %[1]s.Expression and %[1]s.MetricStat are mutually exclusive and you have specified both.", member)
	case asked.Expression != nil:
		return query{}, fmt.Sprintf("The expression of %s cannot be answered: the local CloudWatch knows no metric math and no searches.", member)
	case asked.MetricStat == nil || asked.MetricStat.Metric == nil:
		return query{}, fmt.Sprintf("One of %[1]s.MetricStat.Metric and %[1]s.Expression is required.", member)
	}
	stat := asked.MetricStat
	metric := identity{aws.ToString(stat.Metric.Namespace), aws.ToString(stat.Metric.MetricName), namesOf(stat.Metric.Dimensions)}
	q := query{identity: metric, id: id, label: aws.ToString(asked.Label), unit: string(stat.Unit)}
	q.label = cmp.Or(q.label, metric.name)
	if err := metric.check(); err != nil {
		return q, fmt.Sprintf("%s: %v", member, err)
	}
	if stat.Unit != "" && !knownUnit(q.unit) {
		return q, fmt.Sprintf("The value %s for parameter %s.MetricStat.Unit is invalid.", q.unit, member)
	}
	period := aws.ToInt32(stat.Period)
	if !wholeMinutes(period) {
		return q, fmt.Sprintf("The value %d for parameter %s.MetricStat.Period is not a multiple of 60.", period, member)
	}
	var known bool
	if q.statistic, known = statisticNamed(aws.ToString(stat.Stat)); !known {
		return q, fmt.Sprintf("The value %s for parameter %s.MetricStat.Stat is not a valid statistic.", aws.ToString(stat.Stat), member)
	}
	q.span = spanOf(start, end, period)
	return q, ""
}

func wholeMinutes(period int32) bool { return period > 0 && period%secondsOf == 0 }
