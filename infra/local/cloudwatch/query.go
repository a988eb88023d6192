package cloudwatch

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

// statistic is what is asked of the values of a period.
type statistic struct {
	name string
	of   func(*bucket) (value float64, known bool)
	bins bool // it needs them
}

var percentileName = regexp.MustCompile(`^p(100|\d{1,2}(\.\d{1,10})?)$`)

// statisticNamed knows the statistics of the CloudWatch User Guide, "Statistics definitions", but for trimmed and winsorized
// means, counts and sums, percentile ranks and the interquartile mean.
func statisticNamed(name string) (statistic, bool) {
	plain := func(of func(*bucket) float64) (statistic, bool) {
		return statistic{name: name, of: func(b *bucket) (float64, bool) { return of(b), true }}, true
	}
	switch name {
	case "SampleCount":
		return plain(func(b *bucket) float64 { return b.count })
	case "Sum":
		return plain(func(b *bucket) float64 { return b.sum })
	case "Average":
		return plain(func(b *bucket) float64 { return b.sum / b.count })
	case "Minimum":
		return plain(func(b *bucket) float64 { return b.min })
	case "Maximum":
		return plain(func(b *bucket) float64 { return b.max })
	}
	if !percentileName.MatchString(name) {
		return statistic{}, false
	}
	p, err := strconv.ParseFloat(name[1:], 64)
	of := func(b *bucket) (float64, bool) { return b.percentile(p) }
	return statistic{name: name, of: of, bins: true}, err == nil
}

// span is a range of time in minutes, cut into periods from its start.
type span struct{ start, end, period int64 }

// spanOf rounds the start down to its minute, as CloudWatch does, and takes in the minute that the end is in, unless it begins there.
func spanOf(start, end time.Time, period int32) span {
	return span{minuteOf(start), minuteOf(end.Add(time.Minute - 1)), int64(period) / secondsOf}
}

// periods is how many there are, with data or without.
func (s span) periods() int64 { return (s.end - s.start + s.period - 1) / s.period }

// gather adds up what a metric has in each period. Periods without data are left out. The unit "" is any.
func (s *store) gather(id identity, unit string, over span, bins bool) []bucket {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m := s.metrics[id.key()]
	if m == nil {
		return nil
	}
	var list []bucket
	for _, one := range m.units {
		if unit == "" || one.unit == unit {
			one.gather(&list, over, bins)
		}
	}
	return list
}

func (one *series) gather(list *[]bucket, over span, bins bool) {
	first, _ := slices.BinarySearchFunc(one.buckets, over.start, byMinute)
	for n := first; n < len(one.buckets) && one.buckets[n].minute < over.end; n++ {
		b := &one.buckets[n]
		fold(list, b, b.minute-(b.minute-over.start)%over.period, bins)
	}
}
