package issuer

import (
	"crypto/rand"
	"time"
)

// shelf keeps values under keys that cannot be guessed, each for a time, and so many at
// most: the oldest makes room. Its user holds a lock.
type shelf[T any] struct {
	most  int
	life  time.Duration
	items map[string]shelved[T]
	count int // of all that were ever put
}

type shelved[T any] struct {
	value T
	until time.Time
	count int
}

func newShelf[T any](most int, life time.Duration) *shelf[T] {
	return &shelf[T]{most: most, life: life, items: map[string]shelved[T]{}}
}

// put keeps a value and gives its key.
func (s *shelf[T]) put(now time.Time, value T) string {
	if len(s.items) >= s.most {
		s.makeRoom()
	}
	key := rand.Text()
	s.count++
	s.items[key] = shelved[T]{value, now.Add(s.life), s.count}
	return key
}

func (s *shelf[T]) makeRoom() {
	oldest, count := "", s.count+1
	for key, item := range s.items {
		if item.count < count {
			oldest, count = key, item.count
		}
	}
	delete(s.items, oldest)
}

// get gives what is under a key, unless its time is over.
func (s *shelf[T]) get(now time.Time, key string) (T, bool) {
	item, ok := s.items[key]
	if !ok || !now.Before(item.until) {
		delete(s.items, key)
		var none T
		return none, false
	}
	return item.value, true
}

func (s *shelf[T]) remove(key string) { delete(s.items, key) }

// removeWhere removes every value that a condition is true of.
func (s *shelf[T]) removeWhere(condition func(T) bool) {
	for key, item := range s.items {
		if condition(item.value) {
			delete(s.items, key)
		}
	}
}
