package chat_test

import (
	"fmt"
	"slices"
	"testing"

	"switchboard/internal/chat"
)

func (h *house) found(beginning string) []chat.UserID {
	h.t.Helper()
	var ids []chat.UserID
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, next, err := h.FindPeople(h.t.Context(), ada, beginning, cursor)
		must(h.t, err)
		for _, u := range page {
			ids = append(ids, u.ID)
		}
		cursor = next
	}
	return ids
}

func (h *house) name(user chat.UserID, name string) {
	h.t.Helper()
	must(h.t, h.SignedIn(h.t.Context(), chat.Principal{UserID: user, Name: name, IssuedAt: h.clock.Now()}))
}

func TestFindPeople(t *testing.T) {
	h := newHouse(t)
	for id, name := range map[chat.UserID]string{"u1": "Chloé Martin", "u2": "CHLOE", "u3": "  chlo   b", "u4": "Zoë #1", "u5": "ﬁnn"} {
		h.name(id, name)
	}
	h.enter("c1", "chlothar", "general")
	must(t, h.Disconnect(t.Context(), "c1"))
	for beginning, want := range map[string][]chat.UserID{
		"chlo": {"u3", "u1", "u2", "chlothar"}, "CHLOÉ": {"u1", "u2"}, "chlo b": {"u3"}, "zoe #": {"u4"}, "fin": {"u5"}, "hlo": nil, " ": nil,
	} {
		if got := h.found(beginning); !slices.Equal(got, want) {
			t.Errorf("FindPeople(%q) = %v, want %v", beginning, got, want)
		}
	}
	h.name("u1", "Maria Martin")
	if got := append(h.found("chloe m"), h.found("maria")...); !slices.Equal(got, []chat.UserID{"u1"}) {
		t.Errorf("a person with another name is found as %v, want once", got)
	}
	if _, _, err := h.FindPeople(t.Context(), chat.Principal{UserID: "ben"}, "c", ""); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("FindPeople by a user = %v, want %s", err, chat.Forbidden)
	}
}

// However many bear the name, a page costs the same, and all of them come once.
func TestFindPeople_pages(t *testing.T) {
	h := newHouse(t)
	for n := range chat.MaxPeopleFound + 5 {
		h.name(chat.UserID(fmt.Sprintf("u%03d", n)), fmt.Sprintf("Sam %03d", n))
	}
	page, next, err := h.FindPeople(t.Context(), ada, "sam", "")
	if err != nil || len(page) != chat.MaxPeopleFound || next == "" {
		t.Errorf("the first page has %d, %q, %v", len(page), next, err)
	}
	if got := h.found("sam"); len(got) != chat.MaxPeopleFound+5 || !slices.IsSorted(got) || len(slices.Compact(got)) != len(got) {
		t.Errorf("found are %v", got)
	}
}

// Many tabs at once are one person.
func TestFindPeople_tabsAtOnce(t *testing.T) {
	h := newHouse(t)
	done := make(chan error)
	for n := range 8 {
		go func() {
			done <- h.SignedIn(t.Context(), chat.Principal{UserID: "sam", Name: fmt.Sprint("Sam ", n%2), IssuedAt: h.clock.Now()})
		}()
	}
	for range 8 {
		must(t, <-done)
	}
	if got := h.found("sam"); len(got) != 1 {
		t.Errorf("found are %v, want one", got)
	}
}
