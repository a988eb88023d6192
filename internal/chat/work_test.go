package chat_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
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
	h.crowd("general", 0, 230)
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

func TestService_Send_posts_to_the_first_while_the_queue_takes_the_rest(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.crowd("general", 0, 230)
	h.sockets.forgetAll()
	queued := make(chan struct{})
	h.jobs.came = sync.OnceFunc(func() { close(queued) })
	h.sockets.posting = func(to []chat.ConnectionID) {
		if len(to) < 2 {
			return
		}
		select {
		case <-queued:
		case <-time.After(10 * time.Second):
			t.Error("the rest of the list waits for the posts to its beginning")
		}
	}
	h.do(alice, chat.Send{Text: "all of you"})
	h.wantTexts("a1", "all of you")
}

func TestService_Send_is_not_confirmed_while_the_rest_is_not_queued(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.crowd("general", 0, 230)
	h.sockets.forgetAll()
	h.jobs.away = chat.AsUnavailable(errors.New("queue away"))
	send := chat.Send{Text: "all of you", ClientID: "k"}
	h.refused(alice, send, chat.Unavailable)
	h.wantTexts("a1")

	h.jobs.away = nil
	h.do(alice, send)
	h.wantTexts("a1", "all of you")
	if kinds := h.jobs.kinds(); !slices.Equal(kinds, []chat.JobKind{chat.PushJob}) {
		t.Errorf("jobs = %v, want one for the rest", kinds)
	}
}

func TestService_Run_push_of_what_is_not_kept_posts_to_nobody(t *testing.T) {
	h := newHouse(t)
	job := h.roomOf(3)
	job.Seq = 2
	if err := h.Run(t.Context(), job); err != nil || len(h.sockets.order) > 0 || len(h.jobs.list) > 0 {
		t.Errorf("Run(the push of a message that is not there) = %v, posts to %v, jobs %v", err, h.sockets.order, h.jobs.list)
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
	h.sockets.active = map[chat.ConnectionID]time.Time{"a1": h.clock.Now()}
	if err := h.Run(t.Context(), forget); err != nil || !known() {
		t.Errorf("a connection that lives was forgotten, as if its handshake were long over, %v", err)
	}
	h.sockets.active = nil
	if err := h.Run(t.Context(), forget); err != nil || known() {
		t.Errorf("a dead connection was not forgotten, %v", err)
	}
}
