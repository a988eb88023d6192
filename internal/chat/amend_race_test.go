package chat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
)

// replayed is what the events of a log make of one of its messages.
func replayed(t *testing.T, text string, events []chat.Message) (string, map[string]int64) {
	t.Helper()
	given := map[string]map[chat.UserID]bool{}
	for _, e := range events {
		switch e.Kind {
		case chat.KindEdit:
			text = "edited"
		case chat.KindDelete:
			text, given = "", map[string]map[chat.UserID]bool{}
		case chat.KindReaction:
			if given[e.Emoji] == nil {
				given[e.Emoji] = map[chat.UserID]bool{}
			}
			if given[e.Emoji][e.SenderID] == e.On {
				t.Errorf("%s says %s %t twice", e.SenderID, e.Emoji, e.On)
			}
			given[e.Emoji][e.SenderID] = e.On
		}
	}
	counts := map[string]int64{}
	for emoji, people := range given {
		for _, on := range people {
			if on {
				counts[emoji]++
			}
		}
	}
	return text, counts
}

// checkReplay holds a message against the events of its log.
func (h *house) checkReplay(c chat.Caller, m chat.Message) {
	h.t.Helper()
	h.clock.Pass(10 * time.Second) // nobody writes any more: holes are closed
	p := h.page(c, chat.ReadHistory{Room: m.Room, After: ptr(m.Seq - 1), Limit: 100})
	if len(p.Missing) > 0 {
		p = h.page(c, chat.ReadHistory{Room: m.Room, After: ptr(m.Seq - 1), Limit: 100})
	}
	if len(p.Missing) > 0 || len(p.Messages) != 1 || p.More {
		h.t.Fatalf("the log misses %v and has %d messages", p.Missing, len(p.Messages))
	}
	now := p.Messages[0]
	text, counts := replayed(h.t, m.Text, p.Events)
	got := map[string]int64{}
	for _, r := range now.Reactions {
		got[r.Emoji] = r.Count
	}
	if now.Text != text && (text != "edited" || now.EditedAt.IsZero()) {
		h.t.Errorf("the message says %q, its events make %q of it", now.Text, text)
	}
	if diff := cmp.Diff(counts, got); diff != "" {
		h.t.Errorf("reactions (-events +message)\n%s", diff)
	}
	if last := p.Events[len(p.Events)-1]; now.Rev != last.Seq {
		h.t.Errorf("the message is of %d, the last event is %d", now.Rev, last.Seq)
	}
}

// insist repeats what is told to be worth repeating.
func (h *house) insist(c chat.Caller, cmd chat.Amend) error {
	for {
		err := h.Do(h.t.Context(), c, cmd)
		if err == nil || !chat.CodeOf(err).Retryable() || chat.CodeOf(err) == chat.Internal {
			return err
		}
	}
}

func TestService_Amend_at_once(t *testing.T) {
	for _, deleted := range []bool{false, true} {
		t.Run(fmt.Sprintf("deleted %t", deleted), func(t *testing.T) {
			h := newHouse(t)
			alice := h.enter("a1", "alice", "general")
			m := h.said(alice, "hello")
			var together sync.WaitGroup
			for n := range 6 {
				id := fmt.Sprint("user-", n)
				c := h.enter(chat.ConnectionID(id), chat.UserID(id), "general")
				for _, emoji := range []string{"👍", "🎂"} {
					together.Go(func() {
						for _, on := range []bool{true, n%2 == 0} {
							if err := h.insist(c, react(m, emoji, on)); err != nil && !deleted {
								t.Errorf("%s %s %t: %v", id, emoji, on, err)
							}
						}
					})
				}
			}
			for n := range 3 {
				together.Go(func() {
					if err := h.insist(alice, edit(m, fmt.Sprint("hello ", n))); err != nil && !deleted {
						t.Errorf("edit: %v", err)
					}
				})
			}
			if deleted {
				together.Go(func() {
					if err := h.insist(alice, remove(m)); err != nil {
						t.Errorf("delete: %v", err)
					}
				})
			}
			together.Wait()
			h.checkReplay(alice, m)
			if got := h.message(alice, m); got.DeletedAt.IsZero() == deleted || deleted && (got.Text != "" || len(got.Reactions) > 0) {
				t.Errorf("the message is %+v, want deleted %t", got, deleted)
			}
		})
	}
}

// dying is a store under which a function ends before or after a write.
type dying struct {
	chat.Store
	chance *rand.Rand
}

var errDied = errors.New("the function ended here")

func (d dying) dies() bool { return d.chance.IntN(4) == 0 }

func (d dying) NumberEvent(ctx context.Context, room chat.RoomID, at time.Time) (chat.Head, error) {
	head, err := d.Store.NumberEvent(ctx, room, at)
	if d.dies() {
		return head, errDied
	}
	return head, err
}

func (d dying) Alter(ctx context.Context, a chat.Alteration) error {
	if d.dies() {
		return errDied
	}
	err := d.Store.Alter(ctx, a)
	if d.dies() {
		return errDied
	}
	return err
}

func TestService_Amend_by_functions_that_die(t *testing.T) {
	const seed = 4
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	m := h.said(alice, "hello")
	store := dying{h.store, rand.New(rand.NewPCG(seed, seed))}
	service := chat.New(store, h.sockets, h.jobs, h.counts, signer{}, chat.Options{
		Now: h.clock.Now, NewID: func() string { return "ULID" }, Retention: 24 * time.Hour, EditWindow: time.Hour,
		SizeOf: func(chat.Message) int { return 200 },
	})
	commands := []chat.Amend{edit(m, "edited once"), react(m, "👍", true), react(m, "👍", false), react(m, "👍", true), edit(m, "edited"), remove(m)}
	for _, cmd := range commands {
		var first chat.Frame
		for died := true; died; {
			err := service.Do(t.Context(), alice, cmd)
			if died = errors.Is(err, errDied); err != nil && !died {
				t.Fatalf("Do(%+v) = %v", cmd, err)
			}
		}
		all := h.sockets.heard["a1"]
		first = all[len(all)-1]
		h.do(alice, cmd)
		all = h.sockets.heard["a1"]
		if diff := cmp.Diff(first, all[len(all)-1], asWritten); diff != "" {
			t.Errorf("%+v again is answered otherwise (-first +again)\n%s", cmd, diff)
		}
		if others := h.sockets.heard["b1"]; len(others) == 0 || cmp.Diff(first.Event, others[len(others)-1].Event, asWritten) != "" {
			t.Errorf("bob has not heard of %+v", cmd)
		}
		if cmd.Kind != chat.KindDelete {
			h.checkReplay(alice, m)
		}
	}
	h.checkReplay(alice, m)
}
