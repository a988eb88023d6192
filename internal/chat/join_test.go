package chat_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestService_Connect(t *testing.T) {
	h := newHouse(t)
	h.enter("b1", "bob", "general")
	h.sockets.forgetAll()
	guest := h.connection("g1", "guest:1")
	guest.Guest = true
	if err := h.Connect(t.Context(), guest, "general", h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if len(h.sockets.order) > 0 {
		t.Errorf("posted to %v before the handshake was over", h.sockets.order)
	}
	h.work()
	w := one[chat.Welcome](h, "g1")
	if head, ok := w.Heads["general"]; !ok || head != 0 || w.GuestToken != "token of guest:1" || w.Room != "general" {
		t.Errorf("welcome = %+v", w)
	}
	for _, id := range []chat.ConnectionID{"b1", "g1"} {
		if j := one[chat.Joined](h, id); j.UserID != "guest:1" || j.Room != "general" {
			t.Errorf("%s heard %+v", id, j)
		}
	}
}

func TestService_Connect_remembers_a_guest_for_a_while(t *testing.T) {
	h := newHouse(t)
	for i, guest := range []bool{true, false} {
		conn := h.connection(chat.ConnectionID(fmt.Sprint("c", i)), chat.UserID(fmt.Sprint("person", i)))
		conn.Guest = guest
		if err := h.Connect(t.Context(), conn, "general", h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		known := func() bool {
			f, err := h.store.Read(t.Context(), chat.Question{User: conn.UserID, Room: "general"})
			if err != nil {
				t.Fatal(err)
			}
			if both := (f.User != nil) == (f.Membership.Role != ""); !both {
				t.Errorf("of guest %t only one of person and membership is known", guest)
			}
			return f.User != nil
		}
		if !known() {
			t.Errorf("guest %t is not known after connecting", guest)
		}
		h.clock.Pass(chat.GuestLife + time.Hour)
		if got := known(); got == guest {
			t.Errorf("guest %t is known after a month: %t", guest, got)
		}
	}
}

func TestService_Connect_refused(t *testing.T) {
	h := newHouse(t)
	for name, connect := range map[string]func() error{
		"a private room that is not there": func() error {
			return h.Connect(t.Context(), h.connection("x1", "alice"), "r_01", h.clock.Now())
		},
		"a queue that is away": func() error {
			h.jobs.away = chat.AsUnavailable(chat.ErrNotFound)
			defer func() { h.jobs.away = nil }()
			return h.Connect(t.Context(), h.connection("x2", "alice"), "general", h.clock.Now())
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := connect(); err == nil {
				t.Fatal("Connect succeeded")
			}
			left, err := h.store.ConnectionsOf(t.Context(), "alice")
			if err != nil || len(left) != 0 {
				t.Errorf("left behind: %+v, %v", left, err)
			}
			subs, _, err := h.store.Subscribers(t.Context(), "general", 0, "", 10)
			if err != nil || len(subs) != 0 {
				t.Errorf("left in the room: %+v, %v", subs, err)
			}
		})
	}
}

func TestService_Join_moves(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	h.enter("c1", "carol", "lounge")
	h.sockets.forgetAll()

	h.do(alice, chat.Join{Room: "lounge"})
	joined := one[chat.RoomJoined](h, "a1")
	if joined.ActiveUsers != 2 || joined.Room.Name != "Lounge" || joined.Role != chat.Member || len(joined.People) != 2 {
		t.Errorf("room_joined = %+v", joined)
	}
	one[chat.Joined](h, "a1")
	one[chat.Joined](h, "c1")
	if left := one[chat.Left](h, "b1"); left.UserID != "alice" || left.Room != "general" {
		t.Errorf("bob heard %+v", left)
	}
	h.do(h.caller("b1", "bob"), chat.Send{Text: "anybody?"})
	h.wantTexts("a1")
	h.do(alice, chat.Send{Text: "here"})
	h.wantTexts("c1", "here")

	h.sockets.forgetAll()
	h.do(alice, chat.Join{Room: "lounge"})
	one[chat.RoomJoined](h, "a1")
	if again := heard[chat.Joined](h, "c1"); len(again) > 0 {
		t.Errorf("joining again was announced: %+v", again)
	}
}

func TestService_Join_stays(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	h.do(alice, chat.Join{Room: "lounge", Stay: true})
	h.sockets.forgetAll()
	h.do(bob, chat.Send{Text: "hi"})
	h.wantTexts("a1", "hi")
	h.do(alice, chat.Join{Room: "third"})
	h.do(bob, chat.Send{Text: "gone?"})
	h.wantTexts("a1", "hi")
	if held, err := h.store.RoomsHeld(t.Context(), "a1"); err != nil || len(held) != 1 || held[0].Room != "third" {
		t.Errorf("after a move the connection is in %+v, %v", held, err)
	}
}

func TestService_Join_overtaken(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	early := alice
	early.At = h.clock.Now()
	h.clock.Pass(time.Second)
	h.do(alice, chat.Join{Room: "second"})
	h.sockets.forgetAll()
	if err := h.Do(t.Context(), early, chat.Join{Room: "first"}); err != nil {
		t.Fatal(err)
	}
	if joined := one[chat.RoomJoined](h, "a1"); joined.Room.ID != "second" {
		t.Errorf("an overtaken move was answered with %s, want the room the connection is in", joined.Room.ID)
	}
}

func TestService_Join_two_at_once(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	for round := range 20 {
		rooms := []chat.RoomID{chat.RoomID(fmt.Sprintf("early%d", round)), chat.RoomID(fmt.Sprintf("late%d", round))}
		var together sync.WaitGroup
		for i, room := range rooms {
			c := alice
			c.At = h.clock.Now().Add(time.Duration(i) * time.Millisecond)
			together.Go(func() {
				if err := h.Do(t.Context(), c, chat.Join{Room: room}); err != nil {
					t.Errorf("Join(%s): %v", room, err)
				}
			})
		}
		together.Wait()
		held, err := h.store.RoomsHeld(t.Context(), "a1")
		if err != nil || len(held) != 1 || held[0].Room != rooms[1] {
			t.Fatalf("round %d: the connection is in %+v, %v, want only the room asked for last", round, held, err)
		}
		h.clock.Pass(time.Second)
	}
}

func TestService_Join_many_rooms(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	for i := 1; i < chat.MaxRoomsHeld; i++ {
		h.do(alice, chat.Join{Room: chat.RoomID(fmt.Sprint("room", i)), Stay: true})
	}
	h.refused(alice, chat.Join{Room: "onemore", Stay: true}, chat.Forbidden)
	h.do(alice, chat.Join{Room: "room1", Stay: true})
	h.do(alice, chat.Join{Room: "onemore"})
}

func TestService_Disconnect_twice_at_once(t *testing.T) {
	h := newHouse(t)
	h.enter("b1", "bob", "general")
	for round := range 10 {
		id := chat.ConnectionID(fmt.Sprint("a", round))
		h.enter(id, "alice", "general")
		h.sockets.forgetAll()
		var together sync.WaitGroup
		for range 3 {
			together.Go(func() {
				if err := h.Disconnect(t.Context(), id); err != nil {
					t.Errorf("Disconnect: %v", err)
				}
			})
		}
		together.Wait()
		one[chat.Left](h, "b1")
	}
}

func TestService_presence_of_one_person_with_two_tabs(t *testing.T) {
	h := newHouse(t)
	h.enter("b1", "bob", "general")
	h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "general")
	one[chat.Joined](h, "a1")
	if got := heard[chat.Joined](h, "b1"); len(got) != 2 { // bob's own and alice's first
		t.Errorf("bob heard %d joins, want 2", len(got))
	}
	if err := h.Disconnect(t.Context(), "a1"); err != nil {
		t.Fatal(err)
	}
	if got := heard[chat.Left](h, "b1"); len(got) != 0 {
		t.Errorf("alice was said to have left with a tab open: %+v", got)
	}
	for range 2 { // it may be told twice
		if err := h.Disconnect(t.Context(), "a2"); err != nil {
			t.Fatal(err)
		}
	}
	one[chat.Left](h, "b1")
}

func TestService_Leave(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	h.sockets.forgetAll()
	h.do(alice, chat.Leave{})
	one[chat.RoomLeft](h, "a1")
	one[chat.Left](h, "b1")
	h.do(alice, chat.Leave{Room: "general"})
	if got := heard[chat.RoomLeft](h, "a1"); len(got) != 2 {
		t.Errorf("leaving again was answered %d times, want 2", len(got))
	}
	h.refused(alice, chat.Send{Text: "where am I?"}, chat.Invalid)
	h.refused(alice, chat.Leave{}, chat.Invalid)
}

func TestService_ListRooms(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "general")
	h.enter("b1", "bob", "general")
	h.clock.Pass(time.Second)
	h.enter("c1", "carol", "lounge")
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "psst"})
	h.do(h.caller("b1", "bob"), chat.ListRooms{})
	own := one[chat.RoomList](h, "b1").Rooms[0]
	if own.Room.ID != chat.PrivateRoomID("alice", "bob") || own.Head != 1 || own.With == nil || own.With.UserID != "alice" || own.With.Name != "alice" {
		t.Errorf("bob's list begins with %+v, want the conversation he was not there for", own)
	}
	h.do(h.caller("c1", "carol"), chat.ListRooms{})
	if got := one[chat.RoomList](h, "c1").Rooms; len(got) != 2 {
		t.Errorf("carol's list is %+v, want the public rooms only", got)
	}
	h.do(alice, chat.ListRooms{Query: "general"})
	h.sockets.forgetAll()
	h.do(alice, chat.ListRooms{Query: "l"})
	list := one[chat.RoomList](h, "a1")
	list.Rooms = slices.DeleteFunc(list.Rooms, func(r chat.RoomSummary) bool { return r.With != nil })
	if len(list.Rooms) != 2 || list.Rooms[0].Room.ID != "lounge" || list.Rooms[1].ActiveUsers != 2 {
		t.Errorf("room_list = %+v, want lounge and general with 2 people", list.Rooms)
	}
	h.sockets.forgetAll()
	h.do(alice, chat.ListRooms{Query: "GEN"})
	if list := one[chat.RoomList](h, "a1"); len(list.Rooms) != 1 || list.Rooms[0].Room.ID != "general" {
		t.Errorf("room_list of GEN = %+v", list.Rooms)
	}
}
