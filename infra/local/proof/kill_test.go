package proof_test

import (
	"context"
	"fmt"
	"testing"
)

// kills ends functions at each of their steps. What was asked for is asked for again, as the
// page does; what is left behind is for the sweep.
func kills(t *testing.T, h *house) {
	c := h.gather(t, "kills", 2)
	writer, reader := c.tabs[0], c.tabs[1]
	said := 0
	nothing := func(context.Context) error { return nil }
	atEachStep(t, h, 1, "message", "a send", nothing, func(ctx context.Context) error {
		said++
		return writer.say(ctx, c.room, fmt.Sprintf("killed %d", said))
	})
	leave := func(ctx context.Context) error { return reader.leave(ctx, c.room) }
	atEachStep(t, h, size(4, 1), "message", "a join", leave, func(ctx context.Context) error {
		_, err := reader.join(ctx, c.room, true)
		if err != nil {
			_, err = reader.resume(ctx, c.room, false)
		}
		said++
		if err == nil {
			err = writer.say(ctx, c.room, fmt.Sprintf("joined %d", said))
		}
		return err
	})
	come := func(ctx context.Context) error { return reader.come(ctx, c.room) }
	end := func(context.Context) error { reader.close(); return nil }
	atEachStep(t, h, size(4, 1), "connect", "a handshake", end, come)
	atEachStep(t, h, size(4, 1), "fanout", "a greeting", end, come)
	atEachStep(t, h, size(4, 1), "disconnect", "an end", nothing, func(ctx context.Context) error {
		reader.close()
		return come(ctx)
	})
	h.sweep(t, plan{})
	if got := h.listed(t, c.room); got != len(c.tabs) {
		t.Errorf("%d connections are listed after the sweep, want %d", got, len(c.tabs))
	}
	said++
	if err := writer.say(t.Context(), c.room, "the end"); err != nil {
		t.Error(err)
	}
	c.wantSaid(t, said)
}

// atEachStep does something again and again, and kills a function of it at one step after the
// other, until it ends by itself, or at one in every so many.
func atEachStep(t *testing.T, h *house, every int, function, what string, prepare, do func(context.Context) error) {
	t.Helper()
	killed := 0
	for step := h.random.IntN(every); ; step += every {
		if err := prepare(t.Context()); err != nil {
			t.Fatalf("before %s: %v", what, err)
		}
		h.faults.set(plan{kill: function, killBefore: step})
		if err := do(t.Context()); err != nil {
			t.Fatalf("%s, killed at step %d: %v", what, step, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		select {
		case dead := <-h.faults.killed:
			cancel()
			if !dead {
				t.Logf("%s: killed at %d of %d steps", what, killed, step)
				return
			}
			killed++
		case <-ctx.Done():
			cancel()
			t.Fatalf("%s: %s was never called", what, function)
		}
	}
}
