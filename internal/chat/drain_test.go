package chat_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"switchboard/internal/chat"
)

func TestService_Drain(t *testing.T) {
	h := newHouse(t)
	h.enter("old", "alice", "general")
	h.clock.Pass(3 * time.Hour)
	h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "elsewhere")
	if _, err := h.store.MarkClosing(t.Context(), h.enter("cut", "carol", "general").ConnectionID); err != nil {
		t.Fatal(err)
	}
	h.sockets.forgetAll()
	for _, hangUp := range []bool{false, true} {
		done, err := h.Drain(t.Context(), hangUp)
		if want := (chat.Drained{Connections: 2, Spread: time.Second}); err != nil || done != want {
			t.Errorf("Drain(%t) = %+v, %v, want %+v", hangUp, done, err, want)
		}
		slices.Sort(h.sockets.closed)
		if want := []chat.ConnectionID{"a1", "b1"}; hangUp != slices.Equal(h.sockets.closed, want) {
			t.Errorf("Drain(%t) closed %v", hangUp, h.sockets.closed)
		}
	}
	for _, id := range []chat.ConnectionID{"a1", "b1"} {
		told := heard[chat.Closing](h, id)
		if len(told) != 2 || told[0].Code != chat.CloseDraining || !told[0].Retry || told[0].Spread != time.Second || told[0].Reason == "" {
			t.Errorf("%s heard %+v", id, told)
		}
	}
	if len(heard[chat.Closing](h, "old"))+len(heard[chat.Closing](h, "cut")) > 0 {
		t.Error("those that are gone were told too")
	}
}

func TestService_Drain_advises_400_a_second(t *testing.T) {
	h := newHouse(t)
	var all errgroup.Group
	all.SetLimit(8)
	for i := range 1000 {
		all.Go(func() error {
			return h.store.OpenConnection(t.Context(), h.connection(chat.ConnectionID(fmt.Sprintf("c%d", i)), "ada"))
		})
	}
	must(t, all.Wait())
	want := chat.Drained{Connections: 1000, Spread: 2500 * time.Millisecond}
	if done, err := h.Drain(t.Context(), true); err != nil || done != want || len(h.sockets.closed) != 1000 {
		t.Errorf("Drain() = %+v, %v, %d closed, want %+v and all", done, err, len(h.sockets.closed), want)
	}
	h.sockets.stuck, h.sockets.closed = h.sockets.order[0], nil
	h.sockets.forgetAll()
	done, err := h.Drain(t.Context(), true)
	if err == nil || done != want || len(h.sockets.closed) != 999 || len(h.sockets.order) != 1000 {
		t.Errorf("with one that cannot be closed Drain() = %+v, %v, %d told, %d closed, want an error, all told and all others closed",
			done, err, len(h.sockets.order), len(h.sockets.closed))
	}
}
