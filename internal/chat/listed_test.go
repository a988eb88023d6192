package chat

import (
	"fmt"
	"strings"
	"testing"
)

func TestListed_fits_one_answer(t *testing.T) {
	var people []Person
	for i := range 120 {
		people = append(people, Person{UserID: UserID(fmt.Sprint("user", i)), Name: "short"})
	}
	if got := len(listed(people)); got != MaxPeopleListed {
		t.Errorf("listed %d of 120 people, want %d", got, MaxPeopleListed)
	}
	for i := range people {
		people[i].Name = strings.Repeat("\U0001F600", 64)
	}
	got := listed(people)
	size := 0
	for _, p := range got {
		size += len(p.UserID) + len(p.Name)
	}
	if len(got) == 0 || size > maxListBytes {
		t.Errorf("listed %d people of %d bytes, want at most %d bytes", len(got), size, maxListBytes)
	}
}
