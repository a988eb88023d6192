package chat_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// tenInTen is the rate that the template begins with.
func tenInTen(o *chat.Options) { o.Rate = chat.Rate{Messages: 10, Per: 10 * time.Second} }

// together sends so many messages at once and says how many were kept; the others must be
// refused for a limit, and say when to try again.
func (h *house) together(c chat.Caller, room chat.RoomID, sends int, wait time.Duration) int {
	h.t.Helper()
	var kept atomic.Int64
	var all sync.WaitGroup
	for n := range sends {
		all.Go(func() {
			err := h.Do(h.t.Context(), c, chat.Send{Room: room, Text: "x", ClientID: fmt.Sprint(h.clock.Now().UnixNano(), "-", n)})
			if err == nil {
				kept.Add(1)
				return
			}
			if refused := chat.RefusedOf(err, h.clock.Now()); refused.Code != chat.RateLimited || refused.RetryAfter != wait {
				h.t.Errorf("Send at once with others = %v, try again after %v, want %s, %v", err, refused.RetryAfter, chat.RateLimited, wait)
			}
		})
	}
	all.Wait()
	return int(kept.Load())
}

func TestService_Send_keeps_the_rate(t *testing.T) {
	h := newHouse(t, tenInTen)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	for window := range 3 {
		if kept := h.together(alice, "general", 20, 10*time.Second); kept != 10 {
			t.Errorf("window %d: of 20 messages at once %d were kept, want 10", window, kept)
		}
		h.clock.Pass(10 * time.Second)
	}
	if kept := h.together(alice, "general", 9, 0); kept != 9 {
		t.Errorf("of 9 messages %d were kept, want all", kept)
	}
	h.clock.Pass(9999 * time.Millisecond)
	if kept := h.together(alice, "general", 2, time.Millisecond); kept != 1 {
		t.Errorf("at the end of a window %d of 2 messages were kept, want the tenth", kept)
	}
	h.do(bob, chat.Send{Room: "general", Text: "another person"})
	h.do(alice, chat.Send{Room: "elsewhere", Text: "another room"})
	h.do(alice, chat.ReadHistory{Room: "general", Limit: 100})
	if page := one[chat.HistoryRead](h, "a1").Page; page.Head != 41 || len(page.Void)+len(page.Missing) != 0 {
		t.Errorf("the log ends at %d with holes %v %v, want 41 messages: what is refused takes no number", page.Head, page.Void, page.Missing)
	}
}

func TestService_Send_answers_what_is_kept_before_any_limit(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.Rate = chat.Rate{Messages: 1, Per: time.Minute} })
	alice := h.enter("a1", "alice", "general")
	h.do(alice, chat.Send{Room: "general", Text: "first", ClientID: "k"})
	h.refused(alice, chat.Send{Room: "general", Text: "second"}, chat.RateLimited)
	h.do(alice, chat.Send{Room: "general", Text: "first", ClientID: "k"})
	h.wantTexts("a1", "first", "first")
}

func TestService_Send_counts_a_second_try_once(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.Rate = chat.Rate{Messages: 2, Per: time.Minute} })
	alice := h.enter("a1", "alice", "general")
	key := chat.Spending{User: "alice", Room: "general", Key: "k", At: h.clock.Now(), Rate: chat.Rate{Messages: 2, Per: time.Minute}}
	if _, err := h.store.Spend(t.Context(), key); err != nil {
		t.Fatal(err) // a function counts, and dies before it keeps the message
	}
	h.do(alice, chat.Send{Room: "general", Text: "the same again", ClientID: "k"})
	h.do(alice, chat.Send{Room: "general", Text: "one more", ClientID: "l"})
	h.refused(alice, chat.Send{Room: "general", Text: "too many", ClientID: "m"}, chat.RateLimited)
}

func TestService_Send_keeps_slow_mode(t *testing.T) {
	h := newHouse(t, tenInTen)
	room := chat.Room{ID: "slow", Name: "Slow", Visibility: chat.Public, SlowMode: 30 * time.Second, CreatedAt: h.clock.Now()}
	if err := h.store.CreateRoom(t.Context(), room); err != nil {
		t.Fatal(err)
	}
	alice, mia := h.enter("a1", "alice", "slow"), h.enter("m1", "mia", "slow")
	mia.Groups = []string{chat.Moderators}
	if joined := one[chat.Welcome](h, "a1"); joined.SlowMode["slow"] != 30*time.Second || joined.Rate.Messages != 10 {
		t.Errorf("welcome tells the slow mode %v and the rate %v", joined.SlowMode, joined.Rate)
	}
	for range 2 {
		if kept := h.together(alice, "slow", 20, 30*time.Second); kept != 1 {
			t.Errorf("of 20 messages at once %d were kept, want 1", kept)
		}
		h.clock.Pass(30 * time.Second)
	}
	for range 3 {
		h.do(mia, chat.Send{Room: "slow", Text: "moderators may"})
	}
	h.sockets.forgetAll()
	h.do(alice, chat.Send{Room: "slow", Text: "hers"})
	said := one[chat.Posted](h, "a1").Message
	h.clock.Pass(30 * time.Second)
	h.do(alice, react(said, "👍", true))
	h.do(alice, chat.Send{Room: "slow", Text: "a reaction starts no pause"})
	h.clock.Pass(30 * time.Second)
	counted := chat.Spending{User: "alice", Room: "slow", Key: "k1", At: h.clock.Now(), Rate: chat.Rate{Messages: 10, Per: 10 * time.Second}, Slow: 30 * time.Second}
	if _, err := h.store.Spend(t.Context(), counted); err != nil {
		t.Fatal(err) // a function counts, and dies before it keeps the message
	}
	h.do(alice, react(said, "👍", false))
	h.do(alice, chat.Send{Room: "slow", Text: "tried again after a reaction", ClientID: "k1"})
	h.refused(alice, chat.Send{Room: "slow", Text: "too soon", ClientID: "k2"}, chat.RateLimited)
}

func TestService_Send_counts_strangers_and_private_messages_too(t *testing.T) {
	h := newHouse(t, tenInTen)
	h.enter("b1", "bob", "general")
	alice := h.enter("a1", "alice", "elsewhere")
	if kept := h.together(alice, "general", 20, 10*time.Second); kept != 10 {
		t.Errorf("of 20 messages of somebody who is not in the room %d were kept, want 10", kept)
	}
	for range 10 {
		h.do(alice, chat.SendPrivate{Target: "bob", Text: "x"})
	}
	h.refused(alice, chat.SendPrivate{Target: "bob", Text: "x"}, chat.RateLimited)
}

func TestService_Send_hears_a_mute_that_came_after_the_read(t *testing.T) {
	h := newHouse(t)
	now := h.clock.Now()
	rate := chat.Rate{Messages: 10, Per: 10 * time.Second}
	h.enter("a1", "alice", "general")
	sp := chat.Spending{User: "alice", Room: "general", Key: "k", At: now, Rate: rate, Known: chat.Membership{Role: chat.Member}}
	h.setMember("alice", "general", "mutedUntil", now.Add(time.Minute))
	if m, err := h.store.Spend(t.Context(), sp); !errors.Is(err, chat.ErrSpent) || !m.MutedUntil.After(now) {
		t.Errorf("Spend(a muted person) = %+v, %v, want %v", m, err, chat.ErrSpent)
	}
}

func TestService_Send_holds_guests_to_their_own_rate(t *testing.T) {
	cases := []struct {
		name         string
		users, guest chat.Rate
		user         chat.UserID
		want         int
	}{
		{"a guest", chat.Rate{Messages: 10, Per: time.Minute}, chat.Rate{Messages: 4, Per: time.Minute}, "guest:01", 4},
		{"a user", chat.Rate{Messages: 10, Per: time.Minute}, chat.Rate{Messages: 4, Per: time.Minute}, "ana", 10},
		{"a guest without a rate of their own", chat.Rate{Messages: 10, Per: time.Minute}, chat.Rate{}, "guest:01", 10},
		{"a guest where there is no limit", chat.Rate{}, chat.Rate{Messages: 4, Per: time.Minute}, "guest:01", 12},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, func(o *chat.Options) { o.Rate, o.GuestRate = test.users, test.guest })
			c := h.enter("c1", test.user, "general")
			c.Guest = test.user.Guest()
			if got := h.together(c, "general", 12, time.Minute); got != test.want {
				t.Errorf("%d of 12 messages were kept, want %d", got, test.want)
			}
		})
	}
}
