package chat_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// fillRoom puts so many people into a room without a word.
func (h *house) fillRoom(room chat.RoomID, people int) {
	h.t.Helper()
	for n := range people {
		c := h.connection(chat.ConnectionID(fmt.Sprint("m", n)), chat.UserID(fmt.Sprint("member", n)))
		if err := h.store.OpenConnection(h.t.Context(), c); err != nil {
			h.t.Fatal(err)
		}
		s := chat.Subscription{Connection: c, Room: chat.Room{ID: room, Visibility: chat.Public}, At: h.clock.Now()}
		if err := h.store.Subscribe(h.t.Context(), s); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestService_Run_digest_is_told_once_instead_of_comings_and_goings(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "alice", "large")
	h.fillRoom("large", 101)
	h.sockets.forgetAll()
	for n := range 5 {
		c := h.connection(chat.ConnectionID(fmt.Sprint("late", n)), chat.UserID(fmt.Sprint("late", n)))
		if err := h.Connect(t.Context(), c, "large", h.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Disconnect(t.Context(), "m0"); err != nil {
		t.Fatal(err)
	}
	late := chat.Job{Kind: chat.DigestJob, At: h.clock.Now(), Room: "large"} // another function's
	h.work()
	if err := h.Run(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	if got := one[chat.RoomChanged](h, "a1"); got.ActiveUsers != 106 || got.Room.ID != "large" {
		t.Errorf("alice heard %+v, want 106 people", got)
	}
	if joined, left := heard[chat.Joined](h, "a1"), heard[chat.Left](h, "a1"); len(joined)+len(left) > 0 {
		t.Errorf("alice heard %v and %v too", joined, left)
	}
	h.jobs.take()
	h.clock.Pass(chat.DigestEvery)
	if err := h.Run(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	h.work()
	if got := heard[chat.RoomChanged](h, "a1"); len(got) != 2 {
		t.Errorf("after %v alice heard %d digests, want the second", chat.DigestEvery, len(got))
	}
}

// Eight change the same message at once, so that most lose their number and need another.
func TestService_Amend_takes_what_a_room_of_its_size_may_cause(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.RoomPosts = 240 })
	alice := h.enter("a1", "alice", "large")
	h.fillRoom("large", 29)
	h.do(alice, chat.Send{Room: "large", Text: "the first is counted"})
	said := one[chat.Posted](h, "a1").Message
	for _, emoji := range []string{"👍", "🎉"} {
		h.clock.Pass(time.Second)
		var kept atomic.Int64
		var all sync.WaitGroup
		for n := range 29 {
			c := h.caller(chat.ConnectionID(fmt.Sprint("m", n)), chat.UserID(fmt.Sprint("member", n)))
			all.Go(func() {
				err := h.Do(t.Context(), c, react(said, emoji, true))
				if err == nil {
					kept.Add(1)
				} else if refused := chat.RefusedOf(err, h.clock.Now()); refused.Code != chat.RateLimited || refused.RetryAfter != time.Second {
					t.Errorf("reaction %d = %v, try again after %v, want %s, 1s", n, err, refused.RetryAfter, chat.RateLimited)
				}
			})
		}
		all.Wait()
		if n := kept.Load(); n != 8 {
			t.Errorf("of 29 reactions at once %d were kept, want 240 / 30", n)
		}
	}
	h.refused(alice, edit(said, "changed"), chat.RateLimited)
	h.do(alice, remove(said))
	heads, err := h.store.Heads(t.Context(), []chat.RoomID{"large"})
	if head := heads["large"]; err != nil || head.Messages != 1 {
		t.Errorf("head = %+v, %v, want 1 message: reactions are nothing unread", head, err)
	}
}

func TestService_Send_takes_what_a_room_of_its_size_may_cause(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.RoomPosts = 300 })
	alice := h.enter("a1", "alice", "large")
	h.fillRoom("large", 29)
	h.do(alice, chat.Send{Room: "large", Text: "the first is counted"})
	for range 2 {
		h.clock.Pass(time.Second)
		if kept := h.together(alice, "large", 25, time.Second); kept != 10 {
			t.Errorf("of 25 messages at once %d were kept, want 300 / 30", kept)
		}
	}
	small := h.enter("b1", "bob", "small")
	if kept := h.together(small, "small", 40, time.Second); kept != 30 {
		t.Errorf("a room of one kept %d of 40 messages at once, want what a room of 10 takes", kept)
	}
	h.do(alice, chat.ReadHistory{Room: "large", Limit: 100})
	if page := one[chat.HistoryRead](h, "a1").Page; page.Head != 21 || len(page.Missing) > 0 {
		t.Errorf("the log ends at %d and misses %v, want 21 and no number burned", page.Head, page.Missing)
	}
}
