package chat_test

import (
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"

	"switchboard/internal/chat"
)

// sizes are how many connections stand in each of a room's first lists.
func (h *house) sizes(room chat.RoomID, shards int) []int {
	h.t.Helper()
	list := make([]int, shards)
	for shard := range list {
		list[shard] = h.size(room, shard)
	}
	return list
}

// size is how many connections stand in one of a room's lists.
func (h *house) size(room chat.RoomID, shard int) (n int) {
	h.t.Helper()
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := h.store.Subscribers(h.t.Context(), room, shard, cursor, 500)
		if err != nil {
			h.t.Fatal(err)
		}
		n, cursor = n+len(page), next
	}
	return n
}

// crowd lists so many connections in a shard of a room, which is there.
func (h *house) crowd(room chat.RoomID, shard, n int) {
	h.t.Helper()
	var group errgroup.Group
	group.SetLimit(8)
	for i := range n {
		group.Go(func() error {
			c := h.connection(chat.ConnectionID(fmt.Sprintf("f%d-%d", shard, i)), chat.UserID(fmt.Sprintf("filler-%d-%d", shard, i)))
			if err := h.store.OpenConnection(h.t.Context(), c); err != nil {
				return err
			}
			return h.store.Subscribe(h.t.Context(), chat.Subscription{
				Connection: c, Room: chat.Room{ID: room, Visibility: chat.Public}, Shard: shard, At: h.clock.Now(), Move: true, Requested: h.clock.Now(),
			})
		})
	}
	if err := group.Wait(); err != nil {
		h.t.Fatal(err)
	}
}

func TestService_spreads_a_room_whose_list_is_full(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.crowd("general", 0, 1000)
	var arrivals []chat.ConnectionID
	for i := 0; h.size("general", 1) < 10 && i < 400; i++ {
		id := chat.ConnectionID(fmt.Sprintf("late%d", i))
		h.enter(id, chat.UserID("user-"+id), "general")
		arrivals = append(arrivals, id)
	}
	sizes := h.sizes("general", 2)
	if sizes[1] < 10 || sizes[0] > 1200 {
		t.Fatalf("the lists hold %v after %d arrivals, want a second one soon after 1,000", sizes, len(arrivals))
	}

	h.sockets.forgetAll()
	h.do(alice, chat.Send{Text: "all of you"})
	h.work()
	if got, want := len(h.sockets.order), sizes[0]+sizes[1]; got != want {
		t.Errorf("%d posts, want one for each of %d", got, want)
	}
	for _, id := range arrivals {
		h.wantTexts(id, "all of you")
	}
}

func TestService_newcomers_go_to_the_newer_half(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	if err := h.store.Spread(t.Context(), "general", 4); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		id := chat.ConnectionID(fmt.Sprintf("c%d", i))
		h.enter(id, chat.UserID("user-"+id), "general")
	}
	if sizes := h.sizes("general", 4); sizes[0] != 1 || sizes[1] != 0 || sizes[2] < 8 || sizes[3] < 8 {
		t.Errorf("the lists hold %v, want the newcomers in the last two", sizes)
	}
	h.sockets.forgetAll()
	h.do(alice, chat.Send{Text: "hi"})
	h.work()
	if got := len(h.sockets.order); got != 41 {
		t.Errorf("%d posts, want one for each of 41", got)
	}
	for i := range 40 {
		if err := h.Disconnect(t.Context(), chat.ConnectionID(fmt.Sprintf("c%d", i))); err != nil {
			t.Fatal(err)
		}
	}
	if sizes := h.sizes("general", 4); sizes[2]+sizes[3] != 0 {
		t.Errorf("the lists hold %v after everybody went", sizes)
	}
	if err := h.store.Spread(t.Context(), "general", 2); err != nil {
		t.Fatal(err)
	}
	if heads, err := h.store.Heads(t.Context(), []chat.RoomID{"general"}); err != nil || heads["general"].Shards != 4 {
		t.Errorf("Heads() = %+v, %v: the number of lists never shrinks", heads, err)
	}
}
