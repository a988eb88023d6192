package cloudwatch

import "slices"

// unwritten are the days with something that no file has.
func (s *store) unwritten() []int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var days []int64
	for at := range s.pending {
		if day := dayOf(at.minute); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	return days
}

// size is how many lines a day takes when it is written as a whole.
func (s *store) size(day int64) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for one := range s.all() {
		n += len(one.of(day))
	}
	return n
}

// take hands over what is new of a day and, with whole, everything there is of it. It counts as written from then on.
func (s *store) take(day int64, whole bool) (fresh, all []change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for at, b := range s.pending {
		if dayOf(at.minute) == day {
			delete(s.pending, at)
			fresh = append(fresh, change{at.series, *b})
		}
	}
	if whole {
		for one := range s.all() {
			for _, b := range one.of(day) {
				b.bins = slices.Clone(b.bins) // the rest is a copy already, and more may be added meanwhile
				all = append(all, change{one, b})
			}
		}
	}
	return fresh, all
}

// putBack takes again what could not be written.
func (s *store) putBack(fresh []change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range fresh {
		if c.bucket.minute >= s.floor {
			s.pend(c)
		}
	}
}

// of are the buckets of a day.
func (one *series) of(day int64) []bucket {
	from, _ := slices.BinarySearchFunc(one.buckets, day*minutesOfDay, byMinute)
	to, _ := slices.BinarySearchFunc(one.buckets, (day+1)*minutesOfDay, byMinute)
	return one.buckets[from:to]
}
