package cloudwatch

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The bound that the package comment gives.
func TestBucket_Percentile(t *testing.T) {
	t.Parallel()
	shapes := map[string]func(*rand.Rand) float64{
		"even":      func(r *rand.Rand) float64 { return r.Float64() * 1000 },
		"long tail": func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64() + 3) },
		"few sizes": func(r *rand.Rand) float64 { return float64(r.IntN(5)) },
		"tiny":      func(r *rand.Rand) float64 { return r.Float64() * 1e-9 },
	}
	for name, draw := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, 2))
			var all []float64
			var together bucket
			for range 50 {
				var one bucket
				for range 200 {
					value := draw(random)
					all = append(all, value)
					one.add(value, 1)
				}
				together.merge(&one, true)
			}
			slices.Sort(all)
			for _, p := range []float64{0, 1, 10, 50, 90, 95, 99, 99.9, 100} {
				want := all[max(int(math.Ceil(float64(len(all))*p/100))-1, 0)]
				got, known := together.percentile(p)
				if !known || math.Abs(got-want) > 0.01*want {
					t.Errorf("percentile(%v) = %v, %v, want %v within 1 %%", p, got, known, want)
				}
			}
		})
	}
}

func TestBucket_Bound(t *testing.T) {
	t.Parallel()
	var b bucket
	for exponent := -360; exponent <= 360; exponent++ {
		b.add(math.Ldexp(1, exponent), 1)
	}
	if len(b.bins) > maxBins || b.count != 721 {
		t.Errorf("%d bins for %v values, want at most %d for 721", len(b.bins), b.count, maxBins)
	}
	if got, known := b.percentile(99); !known || math.Abs(math.Log2(got)-353) > 0.1 {
		t.Errorf("percentile(99) = 2^%v, %v, want 2^353", math.Log2(got), known)
	}
}

func TestStore_Bounds(t *testing.T) {
	t.Parallel()
	id := identity{namespace: "Test", name: "Sent"}
	one := func(minute int64) bucket { return bucket{minute: minute, count: 1, bins: []bin{{1, 1}}} }

	t.Run("forgets the oldest day when there is no room", func(t *testing.T) {
		t.Parallel()
		s := newStore()
		s.maxCells = 6
		for _, minute := range []int64{5, 6, minutesOfDay, minutesOfDay + 1} {
			if err := s.add(id.keyed(), noUnit, one(minute)); err != nil {
				t.Fatalf("add at %d: %v", minute, err)
			}
		}
		if s.cells != 4 || s.floor != minutesOfDay || len(s.pending) != 2 {
			t.Errorf("%d cells from minute %d, %d to write; want those of the second day", s.cells, s.floor, len(s.pending))
		}
		if err := s.add(id.keyed(), noUnit, one(minutesOfDay+2)); err != nil {
			t.Fatalf("add: %v", err)
		}
		if err := s.add(id.keyed(), noUnit, one(minutesOfDay+3)); !errors.Is(err, errFull) {
			t.Errorf("add to a full day: %v, want errFull", err)
		}
		s.raise(3 * minutesOfDay)
		if s.cells != 0 || s.count != 0 || len(s.metrics) != 0 || len(s.pending) != 0 {
			t.Errorf("%d cells, %d series, %d metrics, %d to write after all is over its time; want none",
				s.cells, s.count, len(s.metrics), len(s.pending))
		}
		if err := s.add(id.keyed(), noUnit, one(minutesOfDay)); err != nil || s.cells != 0 {
			t.Errorf("add of what is over its time: %v, %d cells; want that it is passed over", err, s.cells)
		}
	})

	t.Run("takes no more metrics than there may be", func(t *testing.T) {
		t.Parallel()
		s := newStore()
		for n := range maxSeries {
			if err := s.add(identity{namespace: "Test", name: fmt.Sprint(n)}.keyed(), noUnit, one(0)); err != nil {
				t.Fatalf("add: %v", err)
			}
		}
		if err := s.add(id.keyed(), noUnit, one(0)); !errors.Is(err, errFull) {
			t.Errorf("add of one more: %v, want errFull", err)
		}
		if err := s.add(identity{namespace: "Test", name: "1"}.keyed(), noUnit, one(1)); err != nil {
			t.Errorf("add to one that is there: %v", err)
		}
	})
}
