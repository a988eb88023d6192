package main

import (
	"math/bits"
	"time"
)

// histogram counts durations in a fixed space, each to within 1/64 of itself.
type histogram struct {
	counts [64 * 64]uint64
	total  uint64
	max    time.Duration
}

const fine = 6 // bits of a duration's microseconds that are told apart

func (h *histogram) add(d time.Duration) {
	h.counts[bucketOf(uint64(max(0, d.Microseconds())))]++
	h.total++
	h.max = max(h.max, d)
}

func (h *histogram) merge(other *histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.total += other.total
	h.max = max(h.max, other.max)
}

// quantile is the smallest duration that at least the part q of all do not exceed; 0 without any.
func (h *histogram) quantile(q float64) time.Duration {
	rank := uint64(q * float64(h.total))
	if float64(rank) < q*float64(h.total) {
		rank++
	}
	var seen uint64
	for i, n := range h.counts {
		if seen += n; n > 0 && seen >= rank {
			return min(h.max, time.Duration(topOf(i))*time.Microsecond)
		}
	}
	return 0
}

// bucketOf keeps the highest bits of a number: below 128 each has a bucket of its own.
func bucketOf(n uint64) int {
	shift := max(0, bits.Len64(n)-fine-1)
	return shift<<fine + int(n>>shift)
}

// topOf is the largest number in a bucket.
func topOf(bucket int) uint64 {
	shift := max(0, bucket>>fine-1)
	return (uint64(bucket-shift<<fine)+1)<<shift - 1
}
