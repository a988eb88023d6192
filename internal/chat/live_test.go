package chat_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestService_Typing(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "general")
	h.enter("b1", "bob", "general")
	h.enter("c1", "carol", "elsewhere")
	typing := chat.Typing{Room: "general", On: true}
	for range 10 {
		h.do(alice, typing)
	}
	if got := one[chat.Typed](h, "b1"); got.UserID != "alice" || got.Room != "general" || !got.On {
		t.Errorf("bob heard %+v", got)
	}
	for _, id := range []chat.ConnectionID{"a1", "a2", "c1"} {
		if got := heard[chat.Typed](h, id); len(got) != 0 {
			t.Errorf("%s heard %+v, want nothing", id, got)
		}
	}
	h.clock.Pass(chat.TypingEvery)
	h.do(alice, chat.Typing{Room: "general"})
	if got := heard[chat.Typed](h, "b1"); len(got) != 2 || got[1].On {
		t.Errorf("after %v bob heard %+v, want that she stopped", chat.TypingEvery, got)
	}
	h.clock.Pass(chat.TypingEvery)
	h.setMember("alice", "general", "mutedUntil", h.clock.Now().Add(time.Hour))
	h.refused(alice, typing, chat.Muted)
	h.refused(alice, chat.Typing{Room: "dm_foreign", On: true}, chat.NotFound)
}

func TestService_Typing_in_a_conversation(t *testing.T) {
	h := newHouse(t)
	h.enter("b1", "bob", "elsewhere")
	alice := h.enter("a1", "alice", "general")
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "hi"})
	h.do(alice, chat.Typing{Room: chat.PrivateRoomID("alice", "bob"), On: true})
	if got := one[chat.Typed](h, "b1"); got.UserID != "alice" {
		t.Errorf("bob heard %+v", got)
	}
}

func TestService_what_passes_is_not_told_in_large_rooms(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "large")
	room := chat.Room{ID: "large", Visibility: chat.Public}
	for n := range 100 {
		c := h.connection(chat.ConnectionID(fmt.Sprint("m", n)), chat.UserID(fmt.Sprint("member", n)))
		if err := h.store.OpenConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := h.store.Subscribe(t.Context(), chat.Subscription{Connection: c, Room: room, At: h.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	h.sockets.forgetAll()
	h.do(alice, chat.Typing{Room: "large", On: true})
	h.do(alice, chat.SetPresence{Status: chat.Busy})
	if len(h.sockets.order) != 1 || one[chat.Presence](h, "a1").Status != chat.Busy {
		t.Errorf("%d posts went out, want the answer alone", len(h.sockets.order))
	}
}

func TestService_SetPresence_of_three_tabs_is_one_persons(t *testing.T) {
	h := newHouse(t)
	bob := h.enter("b1", "bob", "one")
	h.enter("c1", "carol", "elsewhere")
	tabs := []chat.Caller{h.enter("a1", "alice", "one"), h.enter("a2", "alice", "one"), h.enter("a3", "alice", "two")}
	h.do(tabs[2], chat.Join{Room: "one", Stay: true})
	steps := []struct {
		tab    int
		says   chat.Status
		person chat.Status
		told   bool
	}{
		{0, chat.Away, chat.Online, false},
		{1, chat.Away, chat.Online, false},
		{2, chat.Away, chat.Away, true},
		{0, chat.Busy, chat.Busy, true},
		{1, chat.Online, chat.Busy, false},
		{0, chat.Away, chat.Online, true},
	}
	for n, step := range steps {
		h.clock.Pass(chat.PresenceEvery)
		h.sockets.forgetAll()
		tab := tabs[step.tab]
		h.do(tab, chat.SetPresence{Status: step.says})
		if got := one[chat.Presence](h, tab.ConnectionID); got.Status != step.person || got.UserID != "alice" {
			t.Errorf("step %d: the answer is %+v, want %s", n, got, step.person)
		}
		if got := heard[chat.Presence](h, "b1"); len(got) > 0 != step.told || len(got) > 1 || step.told && got[0].Status != step.person {
			t.Errorf("step %d: bob heard %+v, want it told: %v, once, %s", n, got, step.told, step.person)
		}
		if got := heard[chat.Presence](h, "c1"); len(got) > 0 {
			t.Errorf("step %d: carol, who shares no room, heard %+v", n, got)
		}
		h.do(bob, chat.ListMembers{Room: "one"})
		if got := memberOf(h, "b1", "alice"); got.Status != step.person || !got.Here || got.Role != chat.Member {
			t.Errorf("step %d: members has %+v, want %s and here", n, got, step.person)
		}
	}
	h.sockets.forgetAll()
	h.do(h.enter("d1", "dora", "elsewhere"), chat.Join{Room: "one"})
	if got := one[chat.RoomJoined](h, "d1").People; !slices.ContainsFunc(got, func(p chat.Person) bool { return p.UserID == "alice" && p.Status == chat.Online }) {
		t.Errorf("a newcomer sees %+v, want alice online", got)
	}
	h.refused(tabs[0], chat.SetPresence{Status: chat.Busy}, chat.RateLimited)
}

func memberOf(h *house, at chat.ConnectionID, user chat.UserID) chat.RoomMember {
	lists := heard[chat.MembersListed](h, at)
	for _, m := range lists[len(lists)-1].People {
		if m.UserID == user {
			return m
		}
	}
	return chat.RoomMember{}
}

func TestService_SetPresence_ends_with_the_connection_that_said_it(t *testing.T) {
	h := newHouse(t)
	bob := h.enter("b1", "bob", "general")
	desk := h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "general")
	h.do(desk, chat.SetPresence{Status: chat.Busy})
	h.sockets.forgetAll()
	for n, want := range []chat.Status{chat.Online, chat.Offline} {
		id := []chat.ConnectionID{"a1", "a2"}[n]
		if err := h.Disconnect(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if got := one[chat.Presence](h, "b1"); got.Status != want {
			t.Errorf("after the end of %s bob heard %+v, want %s", id, got, want)
		}
		h.sockets.forgetAll()
	}
	h.do(bob, chat.ListMembers{Room: "general"})
	if got := memberOf(h, "b1", "alice"); got.Status != chat.Offline || got.Here {
		t.Errorf("members has %+v, want alice offline", got)
	}
}

func TestService_SetPresence_agrees_after_changes_at_once(t *testing.T) {
	h := newHouse(t)
	bob := h.enter("b1", "bob", "general")
	for round := range 3 {
		var all sync.WaitGroup
		var tabs []chat.Caller
		for n := range 4 {
			tabs = append(tabs, h.enter(chat.ConnectionID(fmt.Sprint("a", round, n)), "alice", "general"))
		}
		for _, tab := range tabs {
			all.Go(func() {
				if err := h.Do(t.Context(), tab, chat.SetPresence{Status: chat.Away}); err != nil {
					t.Errorf("SetPresence: %v", err)
				}
			})
		}
		all.Wait()
		h.do(bob, chat.ListMembers{Room: "general"})
		if got := memberOf(h, "b1", "alice"); got.Status != chat.Away {
			t.Errorf("round %d: with all tabs away alice is %s", round, got.Status)
		}
		for _, tab := range tabs {
			all.Go(func() {
				if err := h.Disconnect(t.Context(), tab.ConnectionID); err != nil {
					t.Errorf("Disconnect: %v", err)
				}
			})
		}
		all.Wait()
		h.do(bob, chat.ListMembers{Room: "general"})
		if got := memberOf(h, "b1", "alice"); got.Status != chat.Offline {
			t.Errorf("round %d: with all tabs closed alice is %s", round, got.Status)
		}
	}
}

func TestService_ListMembers_pages(t *testing.T) {
	h := newHouse(t)
	for n := range 60 {
		h.enter(chat.ConnectionID(fmt.Sprint("m", n)), chat.UserID(fmt.Sprint("member", n)), "general")
	}
	eve := h.enter("e1", "eve", "elsewhere")
	names := map[chat.UserID]bool{}
	pages := 0
	for cursor, more := "", true; more; more = cursor != "" {
		h.sockets.forgetAll()
		h.do(eve, chat.ListMembers{Room: "general", Cursor: cursor})
		page := one[chat.MembersListed](h, "e1")
		for _, m := range page.People {
			names[m.UserID] = true
		}
		cursor = page.Cursor
		pages++
	}
	if len(names) != 60 || pages != 2 {
		t.Errorf("%d pages name %d people, want 2 and 60", pages, len(names))
	}
	h.refused(eve, chat.ListMembers{Room: "r_secret"}, chat.NotFound)
	h.refused(eve, chat.ListMembers{Room: "general", Cursor: "?"}, chat.Invalid)
}
