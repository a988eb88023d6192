package proof_test

import (
	"context"
	"encoding/json"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/internal/chat"
)

// storm cuts everybody off at once, again and again, while everybody talks.
func storm(t *testing.T, h *house) {
	c := h.gather(t, "storm", size(12, 40))
	rounds := size(2, 20)
	for round := range rounds {
		c.each(t, func(ctx context.Context, tb *tab) error {
			if err := tb.say(ctx, c.room, fmt.Sprintf("%s before %d", tb.user, round)); err != nil {
				return err
			}
			tb.cut()
			if err := tb.come(ctx, c.room); err != nil {
				return err
			}
			if err := tb.say(ctx, c.room, fmt.Sprintf("%s after %d", tb.user, round)); err != nil {
				return err
			}
			_, err := tb.resume(ctx, c.room, false)
			return err
		})
	}
	c.wantSaid(t, len(c.tabs)*rounds*2)
}

// wantSaid judges, and wants so many messages, each acknowledged and none of them late.
func (c *crowd) wantSaid(t *testing.T, want int) {
	t.Helper()
	if v := c.judge(t); v.Said != want || v.Accepted != want || v.Late != 0 {
		t.Errorf("accepted %d of %d, %d late, want %d, none late", v.Accepted, v.Said, v.Late, want)
	}
}

// cuts cuts connections at some moment after a message was sent, and sends it again.
func cuts(t *testing.T, h *house) {
	c := h.gather(t, "cuts", 6)
	times := size(8, 100)
	longest := int64(12 * time.Millisecond)
	c.each(t, func(ctx context.Context, tb *tab) error {
		for n := range times {
			text := fmt.Sprintf("%s %d", tb.user, n)
			if err := tb.fling(ctx, c.room, text, time.Duration(h.faults.below(longest))); err != nil {
				return err
			}
			if err := tb.come(ctx, c.room); err != nil {
				return err
			}
			if err := tb.say(ctx, c.room, text); err != nil {
				return err
			}
		}
		return nil
	})
	c.wantSaid(t, len(c.tabs)*times)
}

// fling sends a message and is cut off before or after its answer.
func (t *tab) fling(ctx context.Context, room, text string, after time.Duration) error {
	frame, err := json.Marshal(map[string]any{"type": "chat", "roomId": room, "message": text, "clientMessageId": text})
	if err != nil {
		return err
	}
	t.screen.Says(room, text, text)
	if err := t.link.conn.Write(ctx, websocket.MessageText, frame); err != nil {
		return err
	}
	rest(ctx, after)
	t.cut()
	return nil
}

// invocations run twice and out of order. Two people have a conversation of their own, which
// a third one asks for.
func invocations(t *testing.T, h *house) {
	c := h.gather(t, "twice", 6)
	h.faults.set(plan{twice: 0.5, late: 20 * time.Millisecond})
	times := size(5, 60)
	ana, ben, eve := c.tabs[0], c.tabs[1], c.tabs[2]
	pair := string(chat.PrivateRoomID(chat.UserID(ana.user), chat.UserID(ben.user)))
	c.Private(pair, ana.user, ben.user)
	c.talk(t, "says", times)
	for n := range times {
		if err := ana.tell(t.Context(), pair, ben.user, fmt.Sprintf("between us %d", n)); err != nil {
			t.Fatal(err)
		}
		if f, err := eve.ask(t.Context(), map[string]any{"type": "history", "roomId": pair}); err == nil {
			t.Errorf("%s reads %s: %s", eve.user, pair, f.Data)
		}
	}
	h.faults.set(plan{})
	for _, tb := range []*tab{ana, ben} {
		if err := tb.finish(t.Context(), pair); err != nil {
			t.Error(err)
		}
	}
	c.wantSaid(t, len(c.tabs)*times+times)
	t.Logf("%d invocations ran twice", h.faults.count("invocations twice"))
}

// throttling refuses writes and loses answers while everybody talks.
func throttling(t *testing.T, h *house) {
	c := h.gather(t, "throttled", 6)
	h.faults.set(plan{throttle: 0.15, lose: 0.05})
	times := size(6, 100)
	c.talk(t, "says", times)
	c.wantSaid(t, len(c.tabs)*times)
	t.Logf("%d writes were throttled, %d answers lost", h.faults.count("writes throttled"), h.faults.count("answers lost"))
}

// clocks of functions are five minutes behind or ahead of each other.
func clocks(t *testing.T, h *house) {
	h.faults.set(plan{clocks: [3]time.Duration{0, -5 * time.Minute, 5 * time.Minute}})
	c := h.gather(t, "clocks", 6)
	times := size(4, 60)
	c.talk(t, "says", times)
	c.each(t, func(ctx context.Context, tb *tab) error {
		tb.cut()
		if err := tb.come(ctx, c.room); err != nil {
			return err
		}
		_, err := tb.resume(ctx, c.room, false)
		return err
	})
	c.talk(t, "is back and says", times)
	c.judge(t)
}

// crash kills the database under load.
func crash(t *testing.T, h *house) {
	c := h.gather(t, "crash", 6)
	for n := range size(1, 5) {
		began := make(chan struct{})
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			<-began
			rest(t.Context(), time.Duration(h.random.Int64N(int64(100*time.Millisecond))))
			if err := syscall.Kill(h.DynamoDB.Pid(), syscall.SIGKILL); err != nil {
				t.Errorf("kill the database: %v", err)
			}
		}()
		close(began)
		c.talk(t, fmt.Sprintf("in crash %d says", n), size(10, 20))
		<-ended
	}
	if v := c.judge(t); v.Accepted != v.Said {
		t.Errorf("accepted %d of %d", v.Accepted, v.Said)
	}
}
