package proof_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"switchboard/infra/local/checker"
	"switchboard/internal/app"
	"switchboard/internal/chat"
	"switchboard/internal/config"
)

// moves lets a connection move into two rooms at once: it is in one of them then, which its
// list, the rooms' lists and a message without a room agree about.
func moves(t *testing.T, h *house) {
	h.faults.set(plan{late: 3 * time.Millisecond})
	const pairs = 4
	times := size(10, 250)
	history := checker.New()
	var all errgroup.Group
	for n := range pairs {
		all.Go(func() error {
			mover := h.tab(history, fmt.Sprintf("mover-%d", n), fmt.Sprintf("mover-%d", n))
			defer mover.close()
			if err := mover.come(t.Context(), fmt.Sprintf("moves-%d-start", n)); err != nil {
				return err
			}
			for i := range times {
				if err := mover.moveTwice(t.Context(), fmt.Sprintf("moves-%d-a", n), fmt.Sprintf("moves-%d-b", n), i); err != nil {
					return fmt.Errorf("round %d: %w", i, err)
				}
			}
			inA, inB := h.listed(t, fmt.Sprintf("moves-%d-a", n)), h.listed(t, fmt.Sprintf("moves-%d-b", n))
			if inA+inB != 1 {
				return fmt.Errorf("the rooms' lists have the connection %d and %d times", inA, inB)
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
	v := history.Check()
	t.Logf("%d times two moves at once: %s", pairs*times, v)
	if len(v.Faults) > 0 {
		t.Errorf("%d promises were broken: %s", len(v.Faults), v)
	}
}

func (t *tab) moveTwice(ctx context.Context, a, b string, round int) error {
	var both errgroup.Group
	for _, room := range []string{a, b} {
		both.Go(func() error {
			_, err := t.join(ctx, room, false)
			return err
		})
	}
	if err := both.Wait(); err != nil {
		return err
	}
	f, err := t.request(ctx, map[string]any{"type": "ping"})
	if err != nil {
		return err
	}
	var pong struct {
		Rooms []string `json:"rooms"`
	}
	if err := json.Unmarshal(f.Data, &pong); err != nil {
		return err
	}
	if len(pong.Rooms) != 1 || !slices.Contains([]string{a, b}, pong.Rooms[0]) {
		return fmt.Errorf("the connection is in %v, want %s or %s", pong.Rooms, a, b)
	}
	text := fmt.Sprintf("%s here %d", t.user, round)
	t.screen.Says(pong.Rooms[0], text, text)
	_, err = t.request(ctx, map[string]any{"type": "chat", "message": text, "clientMessageId": text})
	return err // where it stands the checker knows
}

// kicks lets connections of one person race the moderator who ends them: none is left.
func kicks(t *testing.T, h *house) {
	settings, err := config.Load(func(name string) (string, bool) {
		if name == "ISSUER_URL" {
			return "", false // nobody signs in here
		}
		value, ok := h.Environment()[name]
		return value, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	console, err := app.New(settings, h.AWS(), "admin", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	h.faults.set(plan{late: 5 * time.Millisecond})
	history := checker.New()
	tabs := make([]*tab, 100)
	let := make([]bool, len(tabs))
	var kept atomic.Bool // the person is kept out
	var all errgroup.Group
	all.SetLimit(6)
	for n := range tabs {
		tabs[n] = h.tab(history, fmt.Sprintf("rude/%d", n), "rude")
		all.Go(func() error {
			late := kept.Load()
			if let[n] = tabs[n].connect(t.Context(), "kicks") == nil; let[n] && late {
				return fmt.Errorf("%d was let in after the kick", n)
			}
			return nil
		})
		if n == len(tabs)/3 {
			all.Go(func() error { return kick(t.Context(), console, "rude", &kept) })
		}
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
	h.faults.set(plan{})
	c := &crowd{History: history, house: h, room: "kicks", tabs: tabs}
	in := 0
	for n, tb := range tabs {
		if let[n] {
			in++
			c.wait(t, fmt.Sprintf("the end of %d", n), func() bool { return !tb.here() })
		}
	}
	c.wait(t, "nobody listed", func() bool { return h.listed(t, "kicks") == 0 && h.rows(t, "UsersTable", "rude", "conn#") == 0 })
	t.Logf("%d joins against a kick: %d were let in and ended, %d were refused, 0 are left", len(tabs), in, len(tabs)-in)
}

// kick ends one connection of a person, which keeps out all that come later, and then those
// that came before.
func kick(ctx context.Context, console *app.App, user chat.UserID, kept *atomic.Bool) error {
	by := chat.Principal{UserID: "mia", Name: "Mia", Groups: []string{"moderators"}}
	shown, err := console.Chat.PlanKick(ctx, by, chat.Target{User: user})
	if err != nil {
		return err
	}
	first := shown.Connections[0].ConnectionID
	if _, err := console.Chat.Kick(ctx, by, chat.Target{Connection: first}, "too many tabs", []chat.ConnectionID{first}); err != nil {
		return err
	}
	kept.Store(true)
	for {
		if shown, err = console.Chat.PlanKick(ctx, by, chat.Target{User: user}); err == nil {
			_, err = console.Chat.Kick(ctx, by, chat.Target{User: user}, "too many tabs", idsOf(shown.Connections))
		}
		if chat.CodeOf(err) == chat.Gone {
			return nil
		}
		if err != nil && chat.CodeOf(err) != chat.Conflict { // of those who were on their way
			return err
		}
	}
}

func idsOf(subs []chat.Subscriber) []chat.ConnectionID {
	ids := make([]chat.ConnectionID, len(subs))
	for i, sub := range subs {
		ids[i] = sub.ConnectionID
	}
	return ids
}
