package cloudwatch

import (
	"cmp"
	"math"
	"slices"
)

const (
	// binGrowth is how much larger each bin is than the one before: its middle is 1 % from its ends.
	binGrowth = 1.02
	zeroBin   = math.MinInt16
	// maxBins of a bucket span a factor of 25,000. Above it the lowest bins become one, so that high percentiles stay right.
	maxBins = 512
)

// bucket is what is known of a metric for a minute, or for several together.
type bucket struct {
	minute               int64 // its first
	count, sum, min, max float64
	// bins count the values by size, in order. They hold fewer than count where only a sum was put, or negative values.
	bins []bin
}

type bin struct {
	index int16
	count float64
}

func (b *bucket) add(value, count float64) {
	one := bucket{minute: b.minute, count: count, sum: value * count, min: value, max: value}
	if value >= 0 {
		one.bins = []bin{{binOf(value), count}}
	}
	b.merge(&one, true)
}

// merge adds what other holds. Without bins the percentiles are lost.
func (b *bucket) merge(other *bucket, bins bool) {
	if b.count == 0 {
		b.min, b.max = other.min, other.max
	}
	b.count += other.count
	b.sum += other.sum
	b.min = min(b.min, other.min)
	b.max = max(b.max, other.max)
	if bins {
		b.mergeBins(other.bins)
	}
}

func (b *bucket) mergeBins(more []bin) {
	if len(b.bins) == 0 {
		b.bins = slices.Clone(more)
		return
	}
	for _, m := range more {
		n, found := slices.BinarySearchFunc(b.bins, m.index, func(have bin, index int16) int { return cmp.Compare(have.index, index) })
		if found {
			b.bins[n].count += m.count
		} else {
			b.bins = slices.Insert(b.bins, n, m)
		}
	}
	if over := len(b.bins) - maxBins; over > 0 {
		for _, low := range b.bins[:over] {
			b.bins[over].count += low.count
		}
		b.bins = slices.Delete(b.bins, 0, over)
	}
}

// percentile is the value that p percent of all are not above, and false where it is not known: for statistic sets, and when a
// value was negative (CloudWatch API Reference, GetMetricStatistics).
func (b *bucket) percentile(p float64) (float64, bool) {
	var binned float64
	for _, have := range b.bins {
		binned += have.count
	}
	if b.min < 0 || binned < b.count || b.count == 0 {
		return 0, false
	}
	if p == 0 {
		return b.min, true
	}
	wanted, seen := b.count*p/100, 0.0
	for _, have := range b.bins {
		if seen += have.count; seen >= wanted {
			return min(max(middle(have.index), b.min), b.max), true
		}
	}
	return b.max, true
}

func binOf(value float64) int16 {
	if value == 0 {
		return zeroBin
	}
	return int16(max(math.Ceil(math.Log(value)/math.Log(binGrowth)), zeroBin+1))
}

func middle(index int16) float64 {
	if index == zeroBin {
		return 0
	}
	return 2 * math.Pow(binGrowth, float64(index)) / (binGrowth + 1)
}
