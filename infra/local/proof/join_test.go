package proof_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"switchboard/infra/local/checker"
)

// joins lets people join in the same moment as somebody posts: what stands above the head that
// the joiner was told must be pushed to it, and what does not must be in the history.
func joins(t *testing.T, h *house) {
	const pairs = 4
	times := size(60, 2500)
	h.faults.set(plan{late: 3 * time.Millisecond})
	history := checker.New()
	var pushed, read atomic.Int64
	var all errgroup.Group
	for n := range pairs {
		room := fmt.Sprintf("joins-%d", n)
		joiner := h.tab(history, "joiner-"+room, "joiner-"+room)
		poster := h.tab(history, "poster-"+room, "poster-"+room)
		t.Cleanup(joiner.close)
		t.Cleanup(poster.close)
		all.Go(func() error {
			if err := joiner.come(t.Context(), "lobby-"+room); err != nil {
				return err
			}
			if err := poster.come(t.Context(), room); err != nil {
				return err
			}
			gap := 10 * time.Millisecond // by so much a join takes longer than a post
			for i := range times {
				after := time.Duration(h.faults.below(2 * int64(gap)))
				before, err := joinAndPost(t.Context(), joiner, poster, room, fmt.Sprintf("%s %d", room, i), after)
				if err != nil {
					return fmt.Errorf("round %d: %w", i, err)
				}
				if before {
					read.Add(1)
					gap += gap / 8
				} else {
					pushed.Add(1)
					gap -= gap / 8
				}
			}
			return joiner.finish(t.Context(), room)
		})
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
	v := history.Check()
	t.Logf("%d joins against posts: %d posts came first and were read, %d came second and were pushed, %d lost; %s",
		pairs*times, read.Load(), pushed.Load(), int64(pairs*times)-read.Load()-pushed.Load(), v)
	if len(v.Faults) > 0 {
		t.Errorf("%d promises were broken: %s", len(v.Faults), v)
	}
}

// joinAndPost says whether the post, begun so long after the join, came before it, and gives an
// error when the joiner cannot know of it.
func joinAndPost(ctx context.Context, joiner, poster *tab, room, text string, after time.Duration) (before bool, err error) {
	var head, seq int64
	var both errgroup.Group
	both.Go(func() (err error) {
		head, err = joiner.join(ctx, room, true)
		return err
	})
	both.Go(func() error {
		rest(ctx, after)
		return poster.say(ctx, room, text)
	})
	if err := both.Wait(); err != nil {
		return false, err
	}
	own := poster.shows(room)
	seq = own[len(own)-1].Seq
	if seq > head {
		if err := joiner.await(ctx, room, seq); err != nil {
			return false, fmt.Errorf("%q stands at %d, the head was %d: %w", text, seq, head, err)
		}
	} else if err := joiner.history(ctx, room, seq); err != nil {
		return false, err
	}
	return seq <= head, joiner.leave(ctx, room)
}

// join joins a room and gives the head that the answer names.
func (t *tab) join(ctx context.Context, room string, stay bool) (int64, error) {
	t.screen.Enters(room)
	f, err := t.request(ctx, map[string]any{"type": "join_room", "roomId": room, "stay": stay})
	if err != nil {
		return 0, fmt.Errorf("join %s: %w", room, err)
	}
	var joined struct {
		RoomID string `json:"roomId"`
		Head   int64  `json:"head"`
	}
	if err := json.Unmarshal(f.Data, &joined); err != nil {
		return 0, err
	}
	if joined.RoomID == room {
		t.screen.Entered(room, joined.Head)
	}
	return joined.Head, nil
}

func (t *tab) leave(ctx context.Context, room string) error {
	t.screen.Leaves(room)
	if _, err := t.request(ctx, map[string]any{"type": "leave_room", "roomId": room}); err != nil {
		return fmt.Errorf("leave %s: %w", room, err)
	}
	t.screen.Left(room)
	return nil
}

// history reads one number, which must be a message.
func (t *tab) history(ctx context.Context, room string, seq int64) error {
	asked := t.screen.Asks()
	f, err := t.request(ctx, map[string]any{"type": "history", "roomId": room, "after": seq - 1, "limit": 1})
	if err != nil {
		return fmt.Errorf("read %s %d: %w", room, seq, err)
	}
	var p page
	if err := json.Unmarshal(f.Data, &p); err != nil {
		return err
	}
	t.screen.Reads(asked, p.read())
	t.turn(p)
	if !slices.ContainsFunc(p.Messages, func(m message) bool { return m.Seq == seq }) {
		return fmt.Errorf("%s %d is not in %s", room, seq, f.Data)
	}
	return nil
}

// await waits until a message has been pushed.
func (t *tab) await(ctx context.Context, room string, seq int64) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		t.mu.Lock()
		_, there := t.book(room).have[seq]
		changed := t.changed
		t.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%s was not told of %s %d", t.user, room, seq)
		}
	}
}
