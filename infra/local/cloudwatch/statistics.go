package cloudwatch

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
)

// maxStatistics is how many data points GetMetricStatistics may be asked for (CloudWatch API Reference).
const maxStatistics = 1440

// getMetricStatistics answers for one metric, with data points for each unit that it was put in.
func (s *Service) getMetricStatistics(body []byte) (smithy.Serializable, error) {
	var in getMetricStatisticsInput
	if err := decodeShape(body, &in); err != nil {
		return nil, err
	}
	if err := checkStatistics(&in); err != nil {
		return nil, err
	}
	statistics, err := statisticsOf(&in)
	if err != nil {
		return nil, err
	}
	over := spanOf(*in.StartTime, *in.EndTime, *in.Period)
	if n := over.periods(); n > maxStatistics {
		return nil, combination("You have requested up to %d datapoints, which exceeds the limit of %d. "+
			"You may reduce the datapoints requested by increasing Period, or decreasing the time range.", n, maxStatistics)
	}
	id := identity{*in.Namespace, *in.MetricName, namesOf(in.Dimensions)}
	if err := id.check(); err != nil {
		return nil, err
	}
	output := &api.GetMetricStatisticsOutput{Label: in.MetricName, Datapoints: []types.Datapoint{}}
	for _, unit := range in.Unit.Values() {
		if in.Unit != "" && in.Unit != unit {
			continue
		}
		for _, b := range s.store.gather(id, string(unit), over, in.ExtendedStatistics != nil) {
			output.Datapoints = append(output.Datapoints, datapoint(&b, unit, statistics))
		}
	}
	return output, nil
}

func checkStatistics(in *getMetricStatisticsInput) error {
	switch {
	case in.Namespace == nil:
		return missing("Namespace")
	case in.MetricName == nil:
		return missing("MetricName")
	case in.StartTime == nil:
		return missing("StartTime")
	case in.EndTime == nil:
		return missing("EndTime")
	case in.Period == nil:
		return missing("Period")
	case !wholeMinutes(*in.Period):
		return invalidValue("The value %d for parameter Period is not a multiple of 60.", *in.Period)
	case !in.StartTime.Before(*in.EndTime):
		return combination("The parameter StartTime must be less than the parameter EndTime.")
	case in.Unit != "" && !knownUnit(string(in.Unit)):
		return invalidValue("The value %s for parameter Unit is invalid.", in.Unit)
	case len(in.Statistics) == 0 && len(in.ExtendedStatistics) == 0:
		return missing("Statistics")
	case len(in.Statistics) > 0 && len(in.ExtendedStatistics) > 0:
		return combination("The parameters Statistics and ExtendedStatistics are mutually exclusive.")
	}
	return nil
}

func statisticsOf(in *getMetricStatisticsInput) ([]statistic, error) {
	var list []statistic
	for _, name := range in.Statistics {
		one, known := statisticNamed(string(name))
		if !known || one.bins {
			return nil, invalidValue("The value %s for parameter Statistics is invalid.", name)
		}
		list = append(list, one)
	}
	for _, name := range in.ExtendedStatistics {
		one, known := statisticNamed(name)
		if !known || !one.bins {
			return nil, invalidValue("The value %s for parameter ExtendedStatistics is invalid.", name)
		}
		list = append(list, one)
	}
	return list, nil
}

func datapoint(b *bucket, unit types.StandardUnit, statistics []statistic) types.Datapoint {
	point := types.Datapoint{Timestamp: aws.Time(timeOf(b.minute)), Unit: unit}
	for _, one := range statistics {
		value, known := one.of(b)
		if !known {
			continue
		}
		switch types.Statistic(one.name) {
		case types.StatisticSampleCount:
			point.SampleCount = &value
		case types.StatisticSum:
			point.Sum = &value
		case types.StatisticAverage:
			point.Average = &value
		case types.StatisticMinimum:
			point.Minimum = &value
		case types.StatisticMaximum:
			point.Maximum = &value
		default:
			if point.ExtendedStatistics == nil {
				point.ExtendedStatistics = map[string]float64{}
			}
			point.ExtendedStatistics[one.name] = value
		}
	}
	return point
}
