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

// meanwhile is a store in which something else happens before the first change is written.
type meanwhile struct {
	chat.Store
	happens func()
}

func (m *meanwhile) Alter(ctx context.Context, a chat.Alteration) error {
	if happens := m.happens; happens != nil {
		m.happens = nil
		happens()
	}
	return m.Store.Alter(ctx, a)
}

func TestService_Amend_when_another_was_first(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	for _, test := range []struct {
		name   string
		first  func(m chat.Message) chat.Amend // by alice
		second func(m chat.Message) chat.Amend // by bob
		want   chat.Code                       // for bob; empty: he succeeds
		void   []int64                         // of the numbers after the message's
		last   int64
	}{
		{"another reaction: a number above it is taken", func(m chat.Message) chat.Amend { return react(m, "👍", true) },
			func(m chat.Message) chat.Amend { return react(m, "👍", true) }, "", []int64{1}, 3},
		{"a deletion: the number is given back at once", remove, func(m chat.Message) chat.Amend { return react(m, "👍", true) }, chat.Gone, []int64{1}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			h.t = t
			m := h.said(alice, "hello")
			store := &meanwhile{h.store, func() { h.do(alice, test.first(m)) }}
			service := chat.New(store, h.sockets, h.jobs, h.counts, signer{}, chat.Options{
				Now: h.clock.Now, Retention: 24 * time.Hour, SizeOf: func(chat.Message) int { return 200 },
			})
			err := service.Do(t.Context(), bob, test.second(m))
			if (err == nil) != (test.want == "") || err != nil && chat.CodeOf(err) != test.want {
				t.Errorf("bob is answered %v, want %q", err, test.want)
			}
			p := h.page(alice, chat.ReadHistory{Room: "general", After: ptr(m.Seq - 1)})
			for i := range p.Void {
				p.Void[i] -= m.Seq
			}
			if len(p.Missing) > 0 || !cmp.Equal(p.Void, test.void) || p.Head != m.Seq+test.last || p.Messages[0].Rev != p.Events[len(p.Events)-1].Seq {
				t.Errorf("void %v, missing %v, head %d, message of %d; want void %v, none missing, head %d, the message of the last event",
					p.Void, p.Missing, p.Head-m.Seq, p.Messages[0].Rev-m.Seq, test.void, test.last)
			}
		})
	}
}

func TestService_Amend_from_two_tabs_at_once(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	m := h.said(alice, "hello")
	store := &meanwhile{h.store, func() { h.do(bob, react(m, "👍", true)) }}
	service := chat.New(store, h.sockets, h.jobs, h.counts, signer{}, chat.Options{
		Now: h.clock.Now, Retention: 24 * time.Hour, SizeOf: func(chat.Message) int { return 200 },
	})
	if err := service.Do(t.Context(), bob, react(m, "👍", true)); err != nil {
		t.Errorf("the same from another tab at once: %v", err)
	}
	if p := h.page(alice, chat.ReadHistory{Room: "general", After: ptr(m.Seq - 1)}); p.Messages[0].Reactions[0].Count != 1 || len(p.Missing) > 0 || len(p.Events) != 1 {
		t.Errorf("it counts %+v in %d events, %v missing", p.Messages[0].Reactions, len(p.Events), p.Missing)
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
		for died := true; died; {
			err := service.Do(t.Context(), alice, cmd)
			if died = errors.Is(err, errDied); err != nil && !died {
				t.Fatalf("Do(%+v) = %v", cmd, err)
			}
		}
		all := h.sockets.heard["a1"]
		first := all[len(all)-1]
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
