package server

import (
	"sync"
	"time"
)

// maxShelved is how many rooms, or people, are kept at the same time.
const maxShelved = 100

// shelf keeps what somebody looks at, for all who do. What nobody asked for the longest
// makes place when there is too much. The zero value is empty.
type shelf[K comparable, T any] struct {
	mu sync.Mutex
	of map[K]*shelved[T]
}

type shelved[T any] struct {
	thing *cached[T]
	asked time.Time // when somebody asked for it last
}

// at gives what is kept under a key, made where there is nothing.
func (s *shelf[K, T]) at(key K, now time.Time, made func() *cached[T]) *cached[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.of[key]; ok {
		found.asked = now
		return found.thing
	}
	if len(s.of) >= maxShelved {
		delete(s.of, s.longestUnasked())
	}
	if s.of == nil {
		s.of = map[K]*shelved[T]{}
	}
	s.of[key] = &shelved[T]{made(), now}
	return s.of[key].thing
}

func (s *shelf[K, T]) longestUnasked() (oldest K) {
	for key, thing := range s.of {
		if first := s.of[oldest]; first == nil || thing.asked.Before(first.asked) {
			oldest = key
		}
	}
	return oldest
}

// forget has everything read anew that is asked for from now on.
func (s *shelf[K, T]) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.of)
}
