package cloudwatch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
)

// Limits of PutMetricData, from the CloudWatch API Reference.
const (
	maxData   = 1000
	maxValues = 150
)

// point is a datum that was found good.
type point struct {
	identity
	unit   string
	bucket bucket
}

// putMetricData keeps all data of the request, or none after an error. Entities are not kept, only their metrics.
func (s *Service) putMetricData(body []byte) (smithy.Serializable, error) {
	var in putMetricDataInput
	if err := decodeShape(body, &in); err != nil {
		return nil, err
	}
	namespace := aws.ToString(in.Namespace)
	switch {
	case in.Namespace == nil:
		return nil, missing("Namespace")
	case strings.HasPrefix(namespace, "AWS/"):
		return nil, invalidValue("The value %s for parameter Namespace is invalid.", namespace)
	}
	data := in.MetricData
	for _, entity := range in.EntityMetricData {
		data = append(data, entity.MetricData...)
	}
	if len(data) == 0 {
		return nil, missing("MetricData")
	}
	if len(data) > maxData {
		return nil, invalidValue("The collection MetricData must not have a size greater than %d.", maxData)
	}
	points := make([]point, 0, len(data))
	for n, datum := range data {
		p, err := s.pointOf(namespace, fmt.Sprintf("MetricData.member.%d.", n+1), datum)
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	for _, p := range points {
		if err := s.store.add(p.identity.keyed(), p.unit, p.bucket); err != nil {
			return nil, limitExceeded(err)
		}
	}
	return nil, nil
}

func (s *Service) pointOf(namespace, member string, d types.MetricDatum) (point, error) {
	if d.MetricName == nil {
		return point{}, missing(member + "MetricName")
	}
	p := point{identity: identity{namespace, *d.MetricName, namesOf(d.Dimensions)}, unit: cmp.Or(string(d.Unit), noUnit)}
	if err := p.check(); err != nil {
		return point{}, err
	}
	if !knownUnit(string(d.Unit)) {
		return point{}, invalidValue("The value %s for parameter %sUnit is invalid.", d.Unit, member)
	}
	if r := d.StorageResolution; r != nil && *r != 1 && *r != 60 {
		return point{}, invalidValue("The value %d for parameter %sStorageResolution is invalid.", *r, member)
	}
	now := s.now()
	at := now
	if d.Timestamp != nil {
		at = *d.Timestamp
	}
	if !timely(at, now) {
		return point{}, invalidValue("The value %s for parameter %sTimestamp is invalid.", at.UTC().Format(time.RFC3339), member)
	}
	var err error
	p.bucket, err = bucketOf(member, d)
	p.bucket.minute = minuteOf(at)
	return p, err
}

func bucketOf(member string, d types.MetricDatum) (bucket, error) {
	given := 0
	for _, one := range []bool{d.Value != nil, d.StatisticValues != nil, d.Values != nil} {
		if one {
			given++
		}
	}
	switch {
	case given == 0:
		return bucket{}, missing(member + "Value")
	case given > 1:
		return bucket{}, combination("The parameters %[1]sValue, %[1]sStatisticValues and %[1]sValues are mutually exclusive.", member)
	case d.Values == nil && d.Counts != nil:
		return bucket{}, combination("The parameter %[1]sCounts needs %[1]sValues.", member)
	case d.StatisticValues != nil:
		return bucketOfSet(member+"StatisticValues.", *d.StatisticValues)
	case d.Value != nil:
		return bucketOfValues(member+"Value", []float64{*d.Value}, []float64{1})
	}
	if len(d.Values) == 0 || len(d.Values) > maxValues {
		return bucket{}, invalidValue("The collection %sValues must have a size from 1 to %d.", member, maxValues)
	}
	counts := d.Counts
	if counts == nil {
		counts = slices.Repeat([]float64{1}, len(d.Values))
	}
	if len(counts) != len(d.Values) {
		return bucket{}, combination("The parameters %[1]sValues and %[1]sCounts must be of the same size.", member)
	}
	return bucketOfValues(member+"Values", d.Values, counts)
}

func bucketOfValues(member string, values, counts []float64) (bucket, error) {
	var b bucket
	for n, value := range values {
		if !sound(value) {
			return b, invalidValue("The value %v for parameter %s is invalid.", value, member)
		}
		if !sound(counts[n]) || counts[n] <= 0 {
			return b, invalidValue("The value %v for a count of parameter %s is invalid.", counts[n], member)
		}
		b.add(value, counts[n])
	}
	return b, nil
}

// bucketOfSet has bins only for a set whose values are all the same; of others the percentiles are not known.
func bucketOfSet(member string, set types.StatisticSet) (bucket, error) {
	members := []struct {
		name  string
		value *float64
	}{{"SampleCount", set.SampleCount}, {"Sum", set.Sum}, {"Minimum", set.Minimum}, {"Maximum", set.Maximum}}
	for _, m := range members {
		switch {
		case m.value == nil:
			return bucket{}, missing(member + m.name)
		case !sound(*m.value):
			return bucket{}, invalidValue("The value %v for parameter %s%s is invalid.", *m.value, member, m.name)
		}
	}
	b := bucket{count: *set.SampleCount, sum: *set.Sum, min: *set.Minimum, max: *set.Maximum}
	switch {
	case b.count <= 0:
		return bucket{}, invalidValue("The value %v for parameter %sSampleCount is invalid.", b.count, member)
	case b.min > b.max:
		return bucket{}, combination("The parameter %[1]sMinimum is greater than %[1]sMaximum.", member)
	case b.min == b.max && b.min >= 0:
		b.bins = []bin{{binOf(b.min), b.count}}
	}
	return b, nil
}

func namesOf(dimensions []types.Dimension) []dimension {
	list := make([]dimension, len(dimensions))
	for n, d := range dimensions {
		list[n] = dimension{aws.ToString(d.Name), aws.ToString(d.Value)}
	}
	return ordered(list)
}
