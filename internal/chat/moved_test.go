package chat_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

// hurried lets something else happen between a join's reads and its write.
type hurried struct {
	*dynamo.Store
	first func() // before the next Subscribe; nil: nothing
}

func (s *hurried) Subscribe(ctx context.Context, sub chat.Subscription) error {
	if first := s.first; first != nil {
		s.first = nil
		first()
	}
	return s.Store.Subscribe(ctx, sub)
}

// hurry lets something happen before the next Subscribe.
func (h *house) hurry(first func()) {
	s := chat.New(&hurried{h.store, first}, h.sockets, h.jobs, h.counts, signer{}, chat.Options{
		Now: h.clock.Now, Pause: h.clock.Pause, NewID: func() string { return "ULID" }, Retention: time.Hour, SizeOf: func(chat.Message) int { return 200 },
	})
	was := h.Service
	h.Service = s
	h.t.Cleanup(func() { h.Service = was })
}

// comeIn brings bob into a room by one of the ways.
func (h *house) comeIn(way string, bob chat.Caller, room chat.RoomID) error {
	switch way {
	case "join":
		return h.Do(h.t.Context(), bob, chat.Join{Room: room, Stay: true})
	case "resume":
		return h.Do(h.t.Context(), bob, chat.Resume{Rooms: []chat.Since{{Room: room}}})
	}
	return h.Connect(h.t.Context(), h.connection("b2", "bob"), room, h.clock.Now())
}

func TestService_comes_in_though_the_room_changes_meanwhile(t *testing.T) {
	for _, way := range []string{"join", "resume", "connect"} {
		t.Run(way, func(t *testing.T) {
			h := newHouse(t)
			alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
			h.do(alice, chat.CreateRoom{Room: "news"})
			h.hurry(func() {
				h.do(alice, chat.UpdateRoom{Room: "news", Settings: chat.Settings{Visibility: new(chat.Unlisted)}})
			})
			if err := h.comeIn(way, bob, "news"); err != nil {
				t.Errorf("coming into what is unlisted by now = %v, want it done", err)
			}
		})
	}
}

func TestService_Resume_of_a_room_that_is_private_by_now(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	room := h.private(alice)
	h.do(alice, chat.UpdateRoom{Room: room, Settings: chat.Settings{Visibility: new(chat.Unlisted)}})
	h.hurry(func() {
		h.do(alice, chat.UpdateRoom{Room: room, Settings: chat.Settings{Visibility: new(chat.Private)}})
	})
	if err := h.comeIn("resume", bob, room); err != nil {
		t.Fatal(err)
	}
	if no := one[chat.Refused](h, "b1"); no.Code != chat.NotFound || no.Room != room {
		t.Errorf("it was answered %+v, want %s", no, chat.NotFound)
	}
}

func TestService_stands_in_one_list_of_a_room_that_gets_more(t *testing.T) {
	for _, way := range []string{"join", "resume"} {
		t.Run(way, func(t *testing.T) {
			h := newHouse(t)
			alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "lounge")
			h.hurry(func() {
				if err := h.store.Spread(t.Context(), "general", 2); err != nil {
					t.Fatal(err)
				}
				h.do(bob, chat.Join{Room: "general", Stay: true})
			})
			if err := h.comeIn(way, bob, "general"); err != nil {
				t.Fatal(err)
			}
			h.sockets.forgetAll()
			h.do(alice, chat.Send{Room: "general", Text: "hi"})
			h.work()
			h.wantTexts("b1", "hi")
			if err := h.Disconnect(t.Context(), "b1"); err != nil {
				t.Fatal(err)
			}
			if left := h.traces("b1"); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestService_Resume_of_more_rooms_than_there_is_place_for(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	var all chat.Resume
	for n := range chat.MaxResumeRooms {
		id := chat.RoomID(fmt.Sprint("room", n))
		if err := h.store.CreateRoom(t.Context(), chat.Room{ID: id, Visibility: chat.Public, CreatedAt: h.clock.Now()}); err != nil {
			t.Fatal(err)
		}
		all.Rooms = append(all.Rooms, chat.Since{Room: id})
	}
	h.do(alice, chat.Resume{Rooms: all.Rooms[:10]})
	h.sockets.forgetAll()
	h.do(alice, all)
	if held, err := h.store.RoomsHeld(t.Context(), "a1"); err != nil || len(held) != chat.MaxRoomsHeld {
		t.Errorf("the connection is in %d rooms, %v, want %d", len(held), err, chat.MaxRoomsHeld)
	}
	if no := one[chat.Refused](h, "a1"); no.Code != chat.Forbidden || no.Room != "room49" {
		t.Errorf("the last room was answered %+v, want %s", no, chat.Forbidden)
	}
}
