package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

func TestService_Sweep(t *testing.T) {
	h := newHouse(t)
	h.enter("old", "alice", "general")
	h.clock.Pass(2 * time.Hour)
	for _, id := range []chat.ConnectionID{"dead", "quiet"} {
		h.enter(id, chat.UserID("user-"+id), "general")
	}
	if _, err := h.store.MarkClosing(t.Context(), h.enter("cut", "carol", "general").ConnectionID); err != nil {
		t.Fatal(err)
	}
	h.clock.Pass(20 * time.Minute)
	h.enter("fresh", "dan", "general")
	h.sockets.active = map[chat.ConnectionID]time.Time{"quiet": h.clock.Now().Add(-time.Minute)}

	h.sockets.away = errors.New("429")
	h.sweepLeaves("the gateway is busy", "dead", "fresh", "quiet")
	h.sockets.away = nil
	h.sweepLeaves("the gateway answers", "fresh", "quiet")
	h.sockets.active = nil
	h.sweepLeaves("just asked", "fresh", "quiet")
}

// broken cannot remove one connection.
type broken struct {
	*dynamo.Store
	id chat.ConnectionID
}

func (b broken) MarkClosing(ctx context.Context, id chat.ConnectionID) (chat.Connection, error) {
	if id == b.id {
		return chat.Connection{}, errors.New("this row cannot be read")
	}
	return b.Store.MarkClosing(ctx, id)
}

func TestService_Sweep_goes_on_after_a_connection_in_trouble(t *testing.T) {
	h := newHouse(t)
	for _, id := range []chat.ConnectionID{"c1", "c2", "c3", "c4"} {
		h.enter(id, chat.UserID("user-"+id), "general")
	}
	h.clock.Pass(3 * time.Hour)
	s := chat.New(broken{h.store, "c2"}, h.sockets, h.jobs, h.counts, signer{}, chat.Options{Now: h.clock.Now})
	if err := s.Sweep(t.Context()); err == nil {
		t.Error("the sweep hid the error")
	}
	for _, id := range []chat.ConnectionID{"c1", "c2", "c3", "c4"} {
		_, err := h.store.MarkClosing(t.Context(), id)
		if kept := !errors.Is(err, chat.ErrNotFound); kept != (id == "c2") {
			t.Errorf("%s is kept: %t, %v", id, kept, err)
		}
	}
}

func (h *house) sweepLeaves(when string, want ...chat.ConnectionID) {
	h.t.Helper()
	if err := h.Sweep(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	subs, _, err := h.store.Subscribers(h.t.Context(), "general", 0, "", 100)
	if err != nil {
		h.t.Fatal(err)
	}
	var got []chat.ConnectionID
	for _, sub := range subs {
		got = append(got, sub.ConnectionID)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		h.t.Errorf("when %s, the sweep left %v, want %v", when, got, want)
	}
}

// traces are what is kept about connections whose id begins so.
func (h *house) traces(prefix string) (found []string) {
	h.t.Helper()
	for _, key := range h.keys() {
		if strings.Contains(key, "#"+prefix) || strings.HasPrefix(key, prefix) {
			found = append(found, key)
		}
	}
	return found
}

// living enters people whose connections the gateway knows.
func (h *house) living(n int) chat.Caller {
	h.t.Helper()
	h.sockets.active = map[chat.ConnectionID]time.Time{}
	for i := range n {
		id := chat.ConnectionID(fmt.Sprintf("living%d", i))
		h.enter(id, chat.UserID("user-"+id), "general")
		h.sockets.active[id] = h.clock.Now()
	}
	return h.caller("living0", "user-living0")
}

func TestService_forgets_1000_dead_at_the_first_push(t *testing.T) {
	h := newHouse(t)
	alice := h.living(3)
	h.crowd("general", 0, 1000) // and none of their $disconnects ever comes
	for i := range 1000 {
		h.sockets.fate[chat.ConnectionID(fmt.Sprintf("f0-%d", i))] = chat.Missed
	}
	h.clock.Pass(2 * time.Minute)
	h.do(alice, chat.Send{Text: "anybody there?"})
	h.workTogether()
	if sizes := h.sizes("general", 1); sizes[0] != 3 {
		t.Errorf("the room lists %v connections, want the 3 that live", sizes)
	}
	if left := h.traces("f0-"); len(left) > 0 {
		t.Errorf("%d traces of the dead are left, such as %s", len(left), left[0])
	}
	h.wantTexts("living2", "anybody there?")
}

func TestService_Sweep_forgets_1000_dead_within_20_minutes(t *testing.T) {
	h := newHouse(t)
	h.living(5)
	h.crowd("general", 0, 1000)
	died := h.clock.Now()
	for run := 1; len(h.traces("f0-")) > 0; run++ {
		h.clock.Pass(5 * time.Minute)
		for id := range h.sockets.active {
			h.sockets.active[id] = h.clock.Now().Add(-time.Minute)
		}
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.work()
		if took := h.clock.Now().Sub(died); took > 20*time.Minute {
			t.Fatalf("%d traces are left after %v and %d runs", len(h.traces("f0-")), took, run)
		}
	}
	if sizes := h.sizes("general", 1); sizes[0] != 5 {
		t.Errorf("the room lists %v connections, want the 5 that live", sizes)
	}
}

func TestService_Sweep_killed_and_throttled_touches_no_living_one(t *testing.T) {
	h := newHouse(t)
	h.living(20)
	h.crowd("general", 0, 60)
	h.clock.Pass(13 * time.Minute)
	for id := range h.sockets.active {
		h.sockets.active[id] = h.clock.Now()
	}
	gone := func() int { return 80 - h.sizes("general", 1)[0] }

	h.sockets.asked = func(int) error { return errors.New("429") }
	if err := h.Sweep(t.Context()); err != nil || gone() != 0 || h.counts.of[chat.SweepDoubts] != 80 {
		t.Errorf("throttled: Sweep() = %v, %d gone, %v doubts; want 0 and 80", err, gone(), h.counts.of[chat.SweepDoubts])
	}

	ctx, kill := context.WithCancel(t.Context())
	h.sockets.asks, h.sockets.asked = 0, func(time int) error {
		if time == 30 {
			kill()
		}
		return nil
	}
	if err := h.Sweep(ctx); err != nil || gone() == 0 || gone() > 30 {
		t.Errorf("killed: Sweep() = %v, %d gone", err, gone())
	}
	before := h.sockets.asks
	h.sockets.asked = func(time int) error {
		if time%2 == 0 {
			return errors.New("429")
		}
		return nil
	}
	for run := 1; gone() < 60 && run < 20; run++ {
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if asks := h.sockets.asks - before; asks > 200 {
		t.Errorf("it was asked %d times about 80 connections: a run does not go on where the last one stopped", asks)
	}
	if left := h.traces("f0-"); len(left) > 0 {
		t.Errorf("%d traces of the dead are left, such as %s", len(left), left[0])
	}
	if alive := h.traces("living"); h.sizes("general", 1)[0] != 20 || len(alive) != 20*4 {
		t.Errorf("of 20 living ones %d are listed, with %d rows of 80", h.sizes("general", 1)[0], len(alive))
	}
}

func TestService_Sweep_gets_round_to_everyone_though_it_never_finishes(t *testing.T) {
	h := newHouse(t)
	h.living(40)
	var kill context.CancelFunc
	h.sockets.asked = func(time int) error {
		if time%20 == 0 {
			kill()
		}
		return nil
	}
	var ctx context.Context
	for range 10 { // 130 minutes: nobody's life ends
		h.clock.Pass(13 * time.Minute)
		for id := range h.sockets.active {
			h.sockets.active[id] = h.clock.Now()
		}
		ctx, kill = context.WithCancel(t.Context())
		if err := h.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		kill()
	}
	if n := len(h.sockets.askedFor); n != 40 {
		t.Errorf("%d of 40 were asked about", n)
	}
}
