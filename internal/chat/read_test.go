package chat_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// unread is what the room list tells a caller of a room.
func (h *house) unread(c chat.Caller, room chat.RoomID) (unread, readSeq int64) {
	h.t.Helper()
	h.do(c, chat.ListRooms{})
	lists := heard[chat.RoomList](h, c.ConnectionID)
	rooms := lists[len(lists)-1].Rooms
	i := slices.IndexFunc(rooms, func(r chat.RoomSummary) bool { return r.Room.ID == room })
	if i < 0 {
		h.t.Fatalf("%s is not listed", room)
	}
	return rooms[i].Unread, rooms[i].ReadSeq
}

func (h *house) wantUnread(c chat.Caller, room chat.RoomID, want int64) {
	h.t.Helper()
	if got, seq := h.unread(c, room); got != want {
		h.t.Errorf("%s has %d unread in %s, read up to %d, want %d", c.ConnectionID, got, room, seq, want)
	}
}

func TestService_MarkRead_agrees_over_devices(t *testing.T) {
	h := newHouse(t)
	bob := h.enter("b1", "bob", "general")
	h.do(bob, chat.Send{Room: "general", Text: "before she came"})
	desk, phone := h.enter("a1", "alice", "general"), h.enter("a2", "alice", "elsewhere")
	h.wantUnread(desk, "general", 0)
	for n := range 5 {
		h.do(bob, chat.Send{Room: "general", Text: fmt.Sprint(n)})
	}
	h.wantUnread(desk, "general", 5)
	h.wantUnread(phone, "general", 5)
	h.do(desk, chat.MarkRead{Room: "general", Seq: 4})
	if got := one[chat.ReadTo](h, "a2"); got.Seq != 4 || got.Unread != 2 || got.Room != "general" {
		t.Errorf("the other device heard %+v, want 4 read and 2 unread", got)
	}
	if got := heard[chat.ReadTo](h, "b1"); len(got) > 0 {
		t.Errorf("bob heard %+v of what alice has read", got)
	}
	h.wantUnread(phone, "general", 2)
	h.do(phone, chat.MarkRead{Room: "general", Seq: 2})
	if got := one[chat.ReadTo](h, "a1"); got.Seq != 4 {
		t.Errorf("a marker behind is answered with %+v, want what stands", got)
	}
	h.wantUnread(phone, "general", 2)
	h.refused(phone, chat.MarkRead{Room: "r_secret", Seq: 2}, chat.NotFound)
}

func TestService_MarkRead_keeps_the_last_of_many_once(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	for n := range 6 {
		h.do(alice, chat.Send{Room: "general", Text: fmt.Sprint(n)})
	}
	h.do(alice, chat.MarkRead{Room: "general", Seq: 1})
	for _, seq := range []int64{2, 5, 3} {
		h.do(alice, chat.MarkRead{Room: "general", Seq: seq})
	}
	h.wantUnread(alice, "general", 5)
	waiting := h.jobs.take()
	h.clock.Pass(chat.ReadEvery)
	for _, j := range waiting {
		if err := h.Run(t.Context(), j); err != nil {
			t.Fatal(err)
		}
	}
	h.clock.Pass(chat.ReadEvery)
	h.work()
	if unread, seq := h.unread(alice, "general"); unread != 1 || seq != 5 {
		t.Errorf("read up to %d with %d unread, want 5 and 1", seq, unread)
	}
	h.clock.Pass(chat.ReadEvery)
	h.do(alice, chat.MarkRead{Room: "general", Seq: 999})
	if unread, seq := h.unread(alice, "general"); unread != 0 || seq != 6 {
		t.Errorf("read up to %d with %d unread, want the head, 6, and 0", seq, unread)
	}
}

func TestService_MarkRead_over_more_reactions_than_are_looked_at_first(t *testing.T) {
	h := newHouse(t)
	bob := h.enter("b1", "bob", "general")
	alice := h.enter("a1", "alice", "general")
	for range 2 {
		h.said(bob, "before")
	}
	m := h.said(bob, "the last before")
	for n := range int64(125) {
		h.do(bob, react(m, "👍", n%2 == 0))
	}
	h.said(bob, "unread")
	h.do(alice, chat.MarkRead{Room: "general", Seq: 60})
	h.wantUnread(alice, "general", 1)
	h.clock.Pass(chat.ReadEvery)
	h.do(alice, chat.MarkRead{Room: "general", Seq: 128})
	if unread, seq := h.unread(alice, "general"); unread != 1 || seq != 128 {
		t.Errorf("read up to %d with %d unread, want 128 and 1", seq, unread)
	}
}

func TestService_MarkRead_in_a_conversation_and_over_burned_numbers(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	room := chat.PrivateRoomID("alice", "bob")
	for n := range 3 {
		h.do(alice, chat.SendPrivate{Target: "bob", Text: fmt.Sprint(n)})
	}
	h.wantUnread(bob, room, 3)
	if _, err := h.store.Number(t.Context(), room, h.clock.Now()); err != nil {
		t.Fatal(err) // a number that nobody keeps anything under
	}
	h.do(bob, chat.MarkRead{Room: room, Seq: 3})
	h.wantUnread(bob, room, 1)
	h.clock.Pass(time.Minute)
	h.do(bob, chat.MarkRead{Room: room, Seq: 4})
	h.wantUnread(bob, room, 0)
	eve := h.enter("e1", "eve", "general")
	h.refused(eve, chat.MarkRead{Room: room, Seq: 1}, chat.NotFound)
}
