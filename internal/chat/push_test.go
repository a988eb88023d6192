package chat_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestService_Run_push(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	h.enter("slow", "carol", "general")
	h.do(alice, chat.Send{Text: "hi"})
	push := chat.Job{Kind: chat.PushJob, At: h.clock.Now(), Room: "general", Seq: 1, Except: "a1"}
	h.sockets.forgetAll()
	h.sockets.fate["slow"] = chat.Full
	h.sockets.active = map[chat.ConnectionID]time.Time{"slow": h.clock.Now()}

	if err := h.Run(t.Context(), push); err != nil {
		t.Fatal(err)
	}
	h.wantTexts("b1", "hi")
	h.wantTexts("a1")
	later := h.jobs.take()
	if len(later) != 1 || !slices.Equal(later[0].Only, []chat.ConnectionID{"slow"}) || !later[0].At.Equal(push.At) {
		t.Fatalf("jobs = %+v, want one for the slow connection, as old as the first", later)
	}
	if err := h.Run(t.Context(), later[0]); err != nil {
		t.Fatal(err)
	}
	if kinds := h.jobs.kinds(); !slices.Equal(kinds, []chat.JobKind{chat.EndJob}) {
		t.Errorf("jobs = %v, want the slow connection ended", kinds)
	}
	if n := h.counts.of[chat.SlowConnections]; n != 1 {
		t.Errorf("counted %v slow connections, want 1", n)
	}
	h.work()
	if !slices.Contains(h.sockets.closed, "slow") {
		t.Error("the slow connection was not closed")
	}

	h.sockets.forgetAll()
	h.clock.Pass(3 * time.Minute)
	if err := h.Run(t.Context(), push); err != nil {
		t.Fatal(err)
	}
	h.wantTexts("b1")
	push.At, push.Seq = h.clock.Now(), 99
	if err := h.Run(t.Context(), push); err != nil {
		t.Errorf("a message that is not there: %v", err)
	}
	if err := h.Run(t.Context(), chat.Job{Kind: "dance"}); chat.CodeOf(err) != chat.Invalid {
		t.Errorf("an unknown job gave %v", err)
	}
}

// room makes a room of so many people besides alice, and a push job of her first message to it.
func (h *house) roomOf(n int) chat.Job {
	h.t.Helper()
	alice := h.enter("a1", "alice", "general")
	for i := range n {
		h.enter(chat.ConnectionID(fmt.Sprintf("c%d", i)), chat.UserID(fmt.Sprintf("user-%d", i)), "general")
	}
	h.do(alice, chat.Send{Text: "hi"})
	h.jobs.take()
	h.sockets.forgetAll()
	return chat.Job{Kind: chat.PushJob, At: h.clock.Now(), Room: "general", Seq: 1, Except: "a1"}
}

func TestService_Run_push_ends_nobody_because_the_account_is_throttled(t *testing.T) {
	h := newHouse(t)
	job := h.roomOf(5)
	h.sockets.all, h.sockets.away = chat.Full, errors.New("429")
	for range 5 {
		if err := h.Run(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		later := h.jobs.take()
		if len(later) != 1 || later[0].Kind != chat.PushJob || len(later[0].Only) != 5 || !later[0].At.Equal(job.At) {
			t.Fatalf("jobs = %+v, want one for all five, as old as the first", later)
		}
		job = later[0]
	}
	h.sockets.all, h.sockets.away = chat.Delivered, nil
	if err := h.Run(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	h.work()
	for i := range 5 {
		h.wantTexts(chat.ConnectionID(fmt.Sprintf("c%d", i)), "hi")
	}
	if len(h.sockets.closed) > 0 || h.counts.of[chat.SlowConnections] > 0 {
		t.Errorf("%v were closed, want nobody", h.sockets.closed)
	}
}

func TestService_Run_push_waits_longer_each_time(t *testing.T) {
	h := newHouse(t)
	job := h.roomOf(1)
	h.sockets.all = chat.Failed
	var delays []time.Duration
	for h.counts.of[chat.JobsDropped] == 0 && len(delays) < 100 {
		if err := h.Run(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		for _, later := range h.jobs.take() {
			if later.Kind != chat.PushJob {
				t.Fatalf("a post without an answer made a job %+v", later)
			}
			delays = append(delays, h.jobs.late[""])
			job = later
		}
		h.clock.Pass(h.jobs.late[""])
	}
	if !slices.IsSorted(delays) || delays[0] != 0 || delays[1] != time.Second || delays[len(delays)-1] != 15*time.Second || len(delays) > 14 {
		t.Errorf("delays = %v, want none, then 1 s to 15 s, and an end after 2 min", delays)
	}
}

func TestService_Run_push_tells_one_slow_reader_from_the_rest(t *testing.T) {
	h := newHouse(t)
	job := h.roomOf(3)
	h.sockets.fate["c0"], h.sockets.fate["c1"] = chat.Full, chat.Failed
	h.sockets.active = map[chat.ConnectionID]time.Time{"c0": h.clock.Now(), "c1": h.clock.Now()}
	for range 2 { // everybody's first try, then those it did not reach
		if err := h.Run(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		job = h.jobs.list[0]
	}
	for _, later := range h.jobs.take()[1:] {
		switch later.Kind {
		case chat.EndJob:
			if later.Connection != "c0" || later.Code != chat.CloseSlow {
				t.Errorf("%+v ends another one than the slow reader", later)
			}
		case chat.PushJob:
			if !slices.Equal(later.Only, []chat.ConnectionID{"c1"}) {
				t.Errorf("%v are tried later, want the one without an answer", later.Only)
			}
		default:
			t.Errorf("an unexpected job %+v", later)
		}
	}
	h.wantTexts("c2", "hi")
}

func TestService_Run_push_to_a_large_room_waits_for_no_slow_or_hung_reader(t *testing.T) {
	h := newHouse(t)
	job := h.roomOf(0)
	h.crowd("general", 0, 700)
	list, _, err := h.store.Subscribers(t.Context(), "general", 0, "", 500)
	if err != nil {
		t.Fatal(err)
	}
	first := list[1].ConnectionID // after alice
	h.sockets.fate[first] = chat.Full
	began, elsewhere := h.clock.Now(), make(chan struct{})
	further := sync.OnceFunc(func() { close(elsewhere) })
	h.sockets.posting = func(to []chat.ConnectionID) {
		switch {
		case len(to) == 0:
		case !slices.Contains(to, first):
			further()
		default: // it hangs
			select {
			case <-elsewhere:
			case <-time.After(10 * time.Second):
				t.Error("one post that hangs holds up the next page")
			}
		}
	}
	if err := h.Run(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if waited := h.clock.Now().Sub(began); len(h.sockets.order) != 699 || waited != 0 {
		t.Errorf("%d of the 699 others have the message after %v, want all at once", len(h.sockets.order), waited)
	}
	if later := h.jobs.take(); len(later) != 1 || !slices.Equal(later[0].Only, []chat.ConnectionID{first}) || !later[0].At.Equal(job.At) {
		t.Errorf("jobs = %+v, want one for the slow reader, as old as the first", later)
	}
}
