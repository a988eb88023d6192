package chat_test

import (
	"context"
	"errors"
	"testing"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

// reluctant fails once to keep a status.
type reluctant struct {
	*dynamo.Store
	failed bool
}

func (r *reluctant) KeepStatus(ctx context.Context, user chat.UserID, status chat.Status, rev int64) (bool, error) {
	if !r.failed {
		r.failed = true
		return false, chat.AsUnavailable(errors.New("throttled"))
	}
	return r.Store.KeepStatus(ctx, user, status, rev)
}

func TestService_Disconnect_that_fails_halfway_is_finished_by_the_sweep(t *testing.T) {
	for name, fail := range map[string]func(*house) (mend func()){
		"the queue is away while a large room is told": func(h *house) func() {
			h.jobs.away = chat.AsUnavailable(errors.New("away"))
			return func() { h.jobs.away = nil }
		},
		"the status is not kept": func(h *house) func() {
			h.Service = chat.New(&reluctant{Store: h.store}, h.sockets, h.jobs, h.counts, signer{}, chat.Options{Now: h.clock.Now})
			return func() {}
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.enter("b1", "bob", "small")
			alice := h.enter("a1", "alice", "large")
			h.do(alice, chat.Join{Room: "small", Stay: true})
			h.fillRoom("large", 101)
			h.sockets.forgetAll()
			mend := fail(h)
			if err := h.Disconnect(t.Context(), "a1"); err == nil {
				t.Fatal("Disconnect() = nil, want what went wrong")
			}
			one[chat.Left](h, "b1")
			mend()
			if err := h.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			known, err := h.KnownUser(t.Context(), "alice")
			if err != nil || known.StatusNow() != chat.Offline {
				t.Errorf("alice is %v, %v, want %s", known.StatusNow(), err, chat.Offline)
			}
			if left := h.traces("a1"); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if n := h.counts.of[chat.Disconnects]; n != 1 {
				t.Errorf("counted %v disconnects, want 1", n)
			}
		})
	}
}

// overtaken keeps a status only after something else has happened.
type overtaken struct {
	*dynamo.Store
	first func()
}

func (o *overtaken) KeepStatus(ctx context.Context, user chat.UserID, status chat.Status, rev int64) (bool, error) {
	if first := o.first; first != nil {
		o.first = nil
		first()
	}
	return o.Store.KeepStatus(ctx, user, status, rev)
}

func TestService_Disconnect_overtaken_by_a_new_tab_leaves_the_person_online(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "alice", "general")
	open := func() { h.enter("a2", "alice", "general") }
	closing := chat.New(&overtaken{Store: h.store, first: open}, h.sockets, h.jobs, h.counts, signer{}, chat.Options{Now: h.clock.Now})
	if err := closing.Disconnect(t.Context(), "a1"); err != nil {
		t.Fatal(err)
	}
	known, err := h.KnownUser(t.Context(), "alice")
	if err != nil || known.StatusNow() != chat.Online {
		t.Errorf("alice, with one tab open, is %v, %v, want %s", known.StatusNow(), err, chat.Online)
	}
}
