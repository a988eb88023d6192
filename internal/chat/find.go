package chat

import (
	"context"
	"strings"
)

const (
	// MaxPeopleFound is how many people one page has at most.
	MaxPeopleFound = 50
	maxFindRunes   = 64
)

// findKey is what people are found by: the beginning of their name, whatever its case,
// accents and spaces.
func findKey(name string) string {
	key := []rune(strings.Join(strings.Fields(fold(name)), " "))
	return string(key[:min(len(key), maxFindRunes)])
}

// FindPeople lists a page of the people whose names begin so, in the order of their names,
// connected or not. Guests are among them for as long as they are known. next is empty on the
// last page. Without a letter nobody is found.
func (s *Service) FindPeople(ctx context.Context, by Principal, beginning, cursor string) (page []User, next string, err error) {
	if !by.May(SeePeople) {
		return nil, "", errNotPermitted
	}
	key := findKey(beginning)
	if key == "" {
		return nil, "", nil
	}
	ids, next, err := s.store.FindUsers(ctx, key, cursor, MaxPeopleFound)
	if err != nil {
		return nil, "", err
	}
	known, err := s.store.Users(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	for _, id := range ids {
		if u, there := known[id]; there {
			page = append(page, u)
		}
	}
	return page, next, nil
}
