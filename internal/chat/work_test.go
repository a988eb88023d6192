package chat_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

func TestService_Run_welcome_waits_for_the_handshake(t *testing.T) {
	h := newHouse(t)
	h.sockets.fate["a1"] = chat.Missed
	if err := h.Connect(t.Context(), h.connection("a1", "alice"), "general", h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	job := h.jobs.take()[0]
	if err := h.Run(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if again := h.jobs.take(); len(again) != 1 || again[0].Connection != "a1" {
		t.Fatalf("the job did not go back to the queue: %+v", again)
	}
	h.clock.Pass(6 * time.Second)
	if err := h.Run(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if left, err := h.store.ConnectionsOf(t.Context(), "alice"); err != nil || len(left) != 0 {
		t.Errorf("a connection whose handshake never ended is kept: %+v, %v", left, err)
	}
}

func TestService_Send_leaves_the_rest_of_a_large_room_to_the_queue(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	for i := range 230 {
		id := chat.ConnectionID("c" + string(rune('A'+i/26)) + string(rune('a'+i%26)))
		h.enter(id, chat.UserID("user-"+id), "general")
	}
	h.sockets.forgetAll()
	h.do(alice, chat.Send{Text: "all of you"})
	now := len(h.sockets.order)
	if now > 201 {
		t.Errorf("%d connections were served at once, want at most 200 and the sender", now)
	}
	if kinds := h.jobs.kinds(); !slices.Equal(kinds, []chat.JobKind{chat.PushJob}) {
		t.Fatalf("jobs = %v, want one for the rest", kinds)
	}
	h.work()
	if all := len(h.sockets.order); all != 231 {
		t.Errorf("%d posts in all, want one for each of 231", all)
	}
}

func TestService_Run_forget(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "alice", "general")
	forget := chat.Job{Kind: chat.ForgetJob, At: h.clock.Now(), Connection: "a1"}
	known := func() bool {
		f, err := h.store.Read(t.Context(), chat.Question{Connection: "a1"})
		if err != nil {
			t.Fatal(err)
		}
		return f.Connection != nil
	}
	if err := h.Run(t.Context(), forget); err != nil || !known() {
		t.Errorf("a connection that may be in its handshake was forgotten, %v", err)
	}
	h.clock.Pass(2 * time.Minute)
	if err := h.Run(t.Context(), forget); err != nil || known() {
		t.Errorf("a dead connection was not forgotten, %v", err)
	}
}

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
