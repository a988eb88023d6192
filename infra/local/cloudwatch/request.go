package cloudwatch

import (
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
)

// The SDK reads every shape but the inputs, which only a server needs to.

type getMetricDataInput struct{ api.GetMetricDataInput }

// Deserialize reads the input of GetMetricData.
func (in *getMetricDataInput) Deserialize(d smithy.ShapeDeserializer) error {
	return smithy.ReadStruct(d, schemas.GetMetricDataInput, func(member *smithy.Schema) error {
		switch member {
		case schemas.GetMetricDataInput_MetricDataQueries:
			return readList(d, member, &in.MetricDataQueries, func(q *types.MetricDataQuery) error { return q.Deserialize(d) })
		case schemas.GetMetricDataInput_StartTime:
			return readTime(d, member, &in.StartTime)
		case schemas.GetMetricDataInput_EndTime:
			return readTime(d, member, &in.EndTime)
		case schemas.GetMetricDataInput_NextToken:
			return readString(d, member, &in.NextToken)
		case schemas.GetMetricDataInput_ScanBy:
			return d.ReadString(member, (*string)(&in.ScanBy))
		case schemas.GetMetricDataInput_MaxDatapoints:
			in.MaxDatapoints = new(int32)
			return d.ReadInt32(member, in.MaxDatapoints)
		case schemas.GetMetricDataInput_LabelOptions:
			in.LabelOptions = &types.LabelOptions{}
			return in.LabelOptions.Deserialize(d)
		}
		return nil
	})
}

type getMetricStatisticsInput struct{ api.GetMetricStatisticsInput }

// Deserialize reads the input of GetMetricStatistics.
func (in *getMetricStatisticsInput) Deserialize(d smithy.ShapeDeserializer) error {
	return smithy.ReadStruct(d, schemas.GetMetricStatisticsInput, func(member *smithy.Schema) error {
		switch member {
		case schemas.GetMetricStatisticsInput_Namespace:
			return readString(d, member, &in.Namespace)
		case schemas.GetMetricStatisticsInput_MetricName:
			return readString(d, member, &in.MetricName)
		case schemas.GetMetricStatisticsInput_Dimensions:
			return readList(d, member, &in.Dimensions, func(one *types.Dimension) error { return one.Deserialize(d) })
		case schemas.GetMetricStatisticsInput_StartTime:
			return readTime(d, member, &in.StartTime)
		case schemas.GetMetricStatisticsInput_EndTime:
			return readTime(d, member, &in.EndTime)
		case schemas.GetMetricStatisticsInput_Period:
			in.Period = new(int32)
			return d.ReadInt32(member, in.Period)
		case schemas.GetMetricStatisticsInput_Statistics:
			return readList(d, member, &in.Statistics, func(one *types.Statistic) error { return d.ReadString(nil, (*string)(one)) })
		case schemas.GetMetricStatisticsInput_ExtendedStatistics:
			return readList(d, member, &in.ExtendedStatistics, func(one *string) error { return d.ReadString(nil, one) })
		case schemas.GetMetricStatisticsInput_Unit:
			return d.ReadString(member, (*string)(&in.Unit))
		}
		return nil
	})
}

type listMetricsInput struct{ api.ListMetricsInput }

// Deserialize reads the input of ListMetrics.
func (in *listMetricsInput) Deserialize(d smithy.ShapeDeserializer) error {
	return smithy.ReadStruct(d, schemas.ListMetricsInput, func(member *smithy.Schema) error {
		switch member {
		case schemas.ListMetricsInput_Namespace:
			return readString(d, member, &in.Namespace)
		case schemas.ListMetricsInput_MetricName:
			return readString(d, member, &in.MetricName)
		case schemas.ListMetricsInput_Dimensions:
			return readList(d, member, &in.Dimensions, func(one *types.DimensionFilter) error { return one.Deserialize(d) })
		case schemas.ListMetricsInput_NextToken:
			return readString(d, member, &in.NextToken)
		case schemas.ListMetricsInput_RecentlyActive:
			return d.ReadString(member, (*string)(&in.RecentlyActive))
		case schemas.ListMetricsInput_IncludeLinkedAccounts:
			in.IncludeLinkedAccounts = new(bool)
			return d.ReadBool(member, in.IncludeLinkedAccounts)
		case schemas.ListMetricsInput_OwningAccount:
			return readString(d, member, &in.OwningAccount)
		}
		return nil
	})
}

type putMetricDataInput struct{ api.PutMetricDataInput }

// Deserialize reads the input of PutMetricData.
func (in *putMetricDataInput) Deserialize(d smithy.ShapeDeserializer) error {
	return smithy.ReadStruct(d, schemas.PutMetricDataInput, func(member *smithy.Schema) error {
		switch member {
		case schemas.PutMetricDataInput_Namespace:
			return readString(d, member, &in.Namespace)
		case schemas.PutMetricDataInput_MetricData:
			return readList(d, member, &in.MetricData, func(one *types.MetricDatum) error { return one.Deserialize(d) })
		case schemas.PutMetricDataInput_EntityMetricData:
			return readList(d, member, &in.EntityMetricData, func(one *types.EntityMetricData) error { return one.Deserialize(d) })
		case schemas.PutMetricDataInput_StrictEntityValidation:
			in.StrictEntityValidation = new(bool)
			return d.ReadBool(member, in.StrictEntityValidation)
		}
		return nil
	})
}

func readList[T any](d smithy.ShapeDeserializer, member *smithy.Schema, into *[]T, read func(*T) error) error {
	*into = []T{}
	return smithy.ReadList(d, member, func() error {
		var one T
		if err := read(&one); err != nil {
			return err
		}
		*into = append(*into, one)
		return nil
	})
}

func readString(d smithy.ShapeDeserializer, member *smithy.Schema, into **string) error {
	*into = new(string)
	return d.ReadString(member, *into)
}

func readTime(d smithy.ShapeDeserializer, member *smithy.Schema, into **time.Time) error {
	*into = new(time.Time)
	return d.ReadTime(member, *into)
}
