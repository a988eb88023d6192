package cloudwatch

import (
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
)

const (
	maxListed  = 500           // ListMetrics: results returned for any one call
	recentlyIs = 3 * time.Hour // RecentlyActive PT3H
)

// listMetrics lists in order of namespace, name and dimensions; its token is the key of the last one.
func (s *Service) listMetrics(body []byte) (smithy.Serializable, error) {
	var in listMetricsInput
	if err := decodeShape(body, &in); err != nil {
		return nil, err
	}
	after, err := base64.RawURLEncoding.DecodeString(aws.ToString(in.NextToken))
	if err != nil {
		return nil, invalidValue("The value for parameter NextToken is invalid.")
	}
	var since int64
	if in.RecentlyActive != "" {
		if in.RecentlyActive != types.RecentlyActivePt3h {
			return nil, invalidValue("The value %s for parameter RecentlyActive is invalid.", in.RecentlyActive)
		}
		since = minuteOf(s.now().Add(-recentlyIs))
	}
	list := s.store.list(string(after), since, func(id identity) bool {
		return (in.Namespace == nil || *in.Namespace == id.namespace) &&
			(in.MetricName == nil || *in.MetricName == id.name) && id.matches(in.Dimensions)
	})
	output := &api.ListMetricsOutput{Metrics: []types.Metric{}}
	for n, id := range list {
		if n == maxListed {
			output.NextToken = aws.String(base64.RawURLEncoding.EncodeToString([]byte(list[n-1].key())))
			break
		}
		output.Metrics = append(output.Metrics, id.shape())
	}
	return output, nil
}

// list is at most one page and one more.
func (s *store) list(after string, since int64, wanted func(identity) bool) []identity {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []identity
	for _, key := range slices.Sorted(maps.Keys(s.metrics)) {
		if m := s.metrics[key]; key > after && m.last() >= since && wanted(m.identity) {
			list = append(list, m.identity)
		}
		if len(list) > maxListed {
			break
		}
	}
	return list
}

// last is the newest minute of a metric.
func (m *metric) last() int64 {
	var last int64
	for _, one := range m.units {
		last = max(last, one.buckets[len(one.buckets)-1].minute)
	}
	return last
}

// matches says whether the metric has every dimension asked for, whatever others it has.
func (i identity) matches(filters []types.DimensionFilter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(i.dimensions, func(d dimension) bool {
			return d.name == aws.ToString(f.Name) && (f.Value == nil || *f.Value == d.value)
		}) {
			return false
		}
	}
	return true
}

func (i identity) shape() types.Metric {
	m := types.Metric{Namespace: &i.namespace, MetricName: &i.name, Dimensions: []types.Dimension{}}
	for _, d := range i.dimensions {
		m.Dimensions = append(m.Dimensions, types.Dimension{Name: &d.name, Value: &d.value})
	}
	return m
}
