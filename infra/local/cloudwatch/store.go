package cloudwatch

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"
)

const (
	maxSeries = 5_000
	maxCells  = 4_000_000 // buckets and bins: up to about 200 MB
)

var errFull = errors.New("no room: this machine keeps 5,000 metrics and 4,000,000 values")

// store holds the metrics in memory.
type store struct {
	maxCells int

	mu      sync.RWMutex
	floor   int64 // the first minute that is kept
	cells   int
	made    int // series ever
	count   int // series now
	metrics map[string]*metric
	pending map[place]*bucket // what no file has
}

type metric struct {
	identity
	units map[string]*series
}

type series struct {
	*metric
	unit    string
	number  int      // its name in files of this process
	buckets []bucket // one a minute, in order
}

type place struct {
	*series
	minute int64
}

// change is a bucket to be written: all there is of a minute, or what was added to it.
type change struct {
	*series
	bucket bucket
}

func newStore() *store {
	return &store{maxCells: maxCells, metrics: map[string]*metric{}, pending: map[place]*bucket{}}
}

// add keeps b, to be written later. Minutes before the floor are passed over.
func (s *store) add(id keyed, unit string, b bucket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	to, err := s.keep(id, unit, &b)
	if to != nil {
		s.pend(change{to, b})
	}
	return err
}

// load keeps b, which a file has.
func (s *store) load(id keyed, unit string, b bucket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.keep(id, unit, &b)
	return err
}

func (s *store) keep(id keyed, unit string, b *bucket) (*series, error) {
	if b.minute < s.floor {
		return nil, nil
	}
	if s.cells >= s.maxCells && !s.makeRoom(dayOf(b.minute)) {
		return nil, errFull
	}
	to, err := s.seriesOf(id, unit)
	if err != nil {
		return nil, err
	}
	s.cells += fold(&to.buckets, b, b.minute, true)
	return to, nil
}

func (s *store) seriesOf(id keyed, unit string) (*series, error) {
	m := s.metrics[id.text]
	if m != nil && m.units[unit] != nil {
		return m.units[unit], nil
	}
	if s.count >= maxSeries {
		return nil, errFull
	}
	if m == nil {
		m = &metric{identity: id.identity, units: map[string]*series{}}
		s.metrics[id.text] = m
	}
	s.made++
	s.count++
	m.units[unit] = &series{metric: m, unit: unit, number: s.made}
	return m.units[unit], nil
}

// fold adds b to the bucket of list that begins at minute, and returns by how many cells the list grew.
func fold(list *[]bucket, b *bucket, minute int64, bins bool) int {
	n := len(*list) - 1
	if n < 0 || (*list)[n].minute != minute {
		var found bool
		n, found = slices.BinarySearchFunc(*list, minute, byMinute)
		if !found {
			*list = slices.Insert(*list, n, bucket{minute: minute})
			(*list)[n].merge(b, bins)
			return 1 + len((*list)[n].bins)
		}
	}
	to := &(*list)[n]
	before := len(to.bins)
	to.merge(b, bins)
	return len(to.bins) - before
}

func byMinute(b bucket, minute int64) int { return cmp.Compare(b.minute, minute) }

func (s *store) pend(c change) {
	at := place{c.series, c.bucket.minute}
	if s.pending[at] == nil {
		s.pending[at] = &bucket{minute: at.minute}
	}
	s.pending[at].merge(&c.bucket, true)
}

// makeRoom forgets the oldest day, unless it is this one.
func (s *store) makeRoom(day int64) bool {
	first := int64(math.MaxInt64)
	for one := range s.all() {
		first = min(first, one.buckets[0].minute)
	}
	if first == math.MaxInt64 || dayOf(first) >= day {
		return false
	}
	s.cut((dayOf(first) + 1) * minutesOfDay)
	return true
}

// raise forgets what is older than the minute, and returns the first minute that is kept.
func (s *store) raise(floor int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if floor > s.floor {
		s.cut(floor)
	}
	return s.floor
}

func (s *store) cut(floor int64) {
	s.floor = floor
	for one := range s.all() {
		n, _ := slices.BinarySearchFunc(one.buckets, floor, byMinute)
		if n == 0 {
			continue
		}
		for _, b := range one.buckets[:n] {
			s.cells -= 1 + len(b.bins)
		}
		one.buckets = slices.Clone(one.buckets[n:])
		if len(one.buckets) == 0 {
			s.forget(one)
		}
	}
	maps.DeleteFunc(s.pending, func(at place, _ *bucket) bool { return at.minute < floor })
}

func (s *store) forget(one *series) {
	s.count--
	delete(one.units, one.unit)
	if len(one.units) == 0 {
		delete(s.metrics, one.key())
	}
}

// all are the series; none is empty.
func (s *store) all() func(yield func(*series) bool) {
	return func(yield func(*series) bool) {
		for _, m := range s.metrics {
			for _, one := range m.units {
				if !yield(one) {
					return
				}
			}
		}
	}
}
