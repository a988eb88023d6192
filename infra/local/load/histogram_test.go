package main

import (
	"testing"
	"time"
)

func TestQuantiles(t *testing.T) {
	var h histogram
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Millisecond)
	}
	for _, c := range []struct {
		q    float64
		want time.Duration
	}{
		{0.5, 500 * time.Millisecond}, {0.9, 900 * time.Millisecond}, {0.99, 990 * time.Millisecond}, {1, time.Second},
	} {
		got := h.quantile(c.q)
		if off := got - c.want; off < 0 || off > c.want/64 {
			t.Errorf("quantile(%v) = %v, want %v or up to 1/64 more", c.q, got, c.want)
		}
	}
	if h.max != time.Second {
		t.Errorf("max = %v, want 1s", h.max)
	}
}

func TestQuantilesOfFew(t *testing.T) {
	var h histogram
	if got := h.quantile(0.5); got != 0 {
		t.Errorf("quantile(0.5) of nothing = %v, want 0", got)
	}
	h.add(3 * time.Microsecond)
	h.add(70 * time.Microsecond)
	if p50, p99 := h.quantile(0.5), h.quantile(0.99); p50 != 3*time.Microsecond || p99 != 70*time.Microsecond {
		t.Errorf("quantiles of 3us and 70us = %v and %v, want these", p50, p99)
	}
}

func TestBucketsTouch(t *testing.T) {
	last := -1
	for n := uint64(0); n < 1<<20; n++ {
		b := bucketOf(n)
		if b != last && b != last+1 || topOf(b) < n {
			t.Fatalf("bucketOf(%d) = %d after %d, up to %d", n, b, last, topOf(b))
		}
		last = b
	}
	if b := bucketOf(uint64(time.Hour.Microseconds())); b >= len(histogram{}.counts) {
		t.Errorf("bucketOf(an hour) = %d, beyond the space", b)
	}
}

func TestMerge(t *testing.T) {
	var a, b histogram
	a.add(time.Millisecond)
	b.add(time.Second)
	a.merge(&b)
	if a.total != 2 || a.max != time.Second || a.quantile(1) != time.Second {
		t.Errorf("merge = %d in all, max %v, want 2 and 1s", a.total, a.max)
	}
}
