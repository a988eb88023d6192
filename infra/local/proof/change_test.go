package proof_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// change is an event on the wire, with its message as it is now.
type change struct {
	RoomID  string  `json:"roomId"`
	Seq     int64   `json:"seq"`
	Changed message `json:"changed"`
}

func isChange(kind string) bool {
	return slices.Contains([]string{"message_edited", "message_deleted", "reaction"}, kind)
}

func (t *tab) hearChange(c change) {
	t.screen.HeardEvent(c.RoomID, c.Seq)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.book(c.RoomID).named[c.Seq] = true
	t.put(c.Changed)
}

// amend asks for a change until it is made, or refused for good: somebody else was first.
func (t *tab) amend(ctx context.Context, fields map[string]any) (made bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	for {
		f, err := t.ask(ctx, fields)
		if err == nil {
			return true, nil
		}
		var refusal struct{ Retry bool }
		if f.Type == "error" && json.Unmarshal(f.Data, &refusal) == nil && !refusal.Retry {
			return false, nil
		}
		if ctx.Err() != nil || !t.here() {
			return false, fmt.Errorf("%s asks for %v: %w", t.user, fields, err)
		}
		rest(ctx, pause)
	}
}

// changes lets people edit and delete what they said and react to everything, at once, while
// some are away. Who comes back sees what those see who stayed.
func changes(t *testing.T, h *house) {
	c := h.gather(t, "changes", 5)
	times := size(4, 30)
	c.talk(t, "says", times)
	away := c.tabs[0]
	away.cut()
	h.faults.set(plan{twice: 0.3, late: 10 * time.Millisecond})
	everything := c.tabs[1].shows(c.room)
	var edited, deleted, reacted, refused atomic.Int64
	counts := map[string]*atomic.Int64{"edit_message": &edited, "delete_message": &deleted, "react": &reacted}
	stay := *c
	stay.tabs = c.tabs[1:]
	stay.each(t, func(ctx context.Context, tb *tab) error {
		for n, m := range everything {
			about := map[string]any{"type": "react", "roomId": c.room, "messageId": m.ID, "emoji": "👍", "on": true}
			switch {
			case m.Sender == tb.user && n%2 == 0:
				text := m.Text + ", or so"
				tb.screen.Edits(c.room, m.ID, text)
				about["type"], about["message"] = "edit_message", text
			case m.Sender == tb.user:
				about["type"] = "delete_message"
			case n%3 != 0:
				continue
			}
			made, err := tb.amend(ctx, about)
			if err != nil {
				return err
			}
			kind := about["type"].(string)
			switch {
			case !made:
				refused.Add(1)
				continue
			case kind == "delete_message":
				tb.screen.Deleted(m.ID)
			}
			counts[kind].Add(1)
		}
		return nil
	})
	h.faults.set(plan{})
	if err := away.come(t.Context(), c.room); err != nil {
		t.Fatal(err)
	}
	newcomer := h.tab(c.History, "changes-newcomer", "changes-newcomer")
	t.Cleanup(newcomer.close)
	if err := newcomer.come(t.Context(), c.room); err != nil {
		t.Fatal(err)
	}
	c.tabs = append(c.tabs, newcomer)
	c.wantSaid(t, 5*times)
	t.Logf("%d edits, %d deletions, %d reactions, %d refused", edited.Load(), deleted.Load(), reacted.Load(), refused.Load())
	if edited.Load() == 0 || deleted.Load() == 0 || reacted.Load() == 0 {
		t.Error("some change was never made")
	}
}
