package proof_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"switchboard/infra/local/checker"
)

// page is an answer of history or resume.
type page struct {
	RoomID   string        `json:"roomId"`
	Messages []message     `json:"messages"`
	Changed  []message     `json:"changed"` // older ones that the events are about
	Events   []event       `json:"events"`
	From     int64         `json:"from"`
	To       int64         `json:"to"`
	Head     int64         `json:"head"`
	Missing  []int64       `json:"missing"`
	Void     []int64       `json:"void"`
	Expired  *checker.Span `json:"expired"`
	More     bool          `json:"more"`
}

// event is an edit, a deletion or a reaction.
type event struct {
	Seq int64 `json:"seq"`
}

func (p page) read() checker.Page {
	read := checker.Page{
		Room: p.RoomID, Span: checker.Span{From: p.From, To: p.To}, Head: p.Head,
		Missing: p.Missing, Void: p.Void, Expired: p.Expired,
	}
	for _, m := range slices.Concat(p.Messages, p.Changed) {
		read.Messages = append(read.Messages, m.shown())
	}
	for _, e := range p.Events {
		read.Events = append(read.Events, e.Seq)
	}
	return read
}

// say sends a message until it is acknowledged, under the same clientMessageId, and comes
// back when it is cut off.
func (t *tab) say(ctx context.Context, room, text string) error {
	return t.send(ctx, room, text, map[string]any{"type": "chat", "roomId": room, "message": text, "clientMessageId": text})
}

// tell sends a private message as say does. room is the conversation's.
func (t *tab) tell(ctx context.Context, room, target, text string) error {
	return t.send(ctx, room, text, map[string]any{"type": "private_message", "targetUserId": target, "message": text, "clientMessageId": text})
}

func (t *tab) send(ctx context.Context, room, text string, fields map[string]any) error {
	ctx, cancel := context.WithTimeout(ctx, 6*patience)
	defer cancel()
	t.screen.Says(room, text, text)
	for wait := answerIn; ; wait = min(2*wait, size(answerIn, patience)) { // in long runs those who are slow to answer get no more to do
		_, err := t.askWithin(ctx, wait, fields)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s says %q: %w", t.user, text, err)
		}
		if !t.here() {
			if err := t.come(ctx, room); err != nil {
				return err
			}
			continue
		}
		rest(ctx, pause)
	}
}

// resume asks for what the tab has missed of a room until it is all there or named. Numbers
// that may still come are asked for again until they are void, if patient.
func (t *tab) resume(ctx context.Context, room string, patient bool) (head int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	for {
		asked := t.screen.Asks()
		t.screen.Enters(room)
		f, err := t.ask(ctx, map[string]any{"type": "resume", "rooms": []any{map[string]any{"roomId": room, "since": t.cursor(room)}}})
		if ctx.Err() != nil {
			return head, fmt.Errorf("%s resumes %s: %w", t.user, room, ctx.Err())
		}
		if err != nil {
			if !t.here() {
				if err := t.come(ctx, room); err != nil {
					return head, err
				}
			}
			rest(ctx, pause)
			continue
		}
		var p page
		if err := json.Unmarshal(f.Data, &p); err != nil {
			return head, err
		}
		t.screen.Reads(asked, p.read())
		t.screen.Entered(room, p.Head)
		t.turn(p)
		if !p.More && (len(p.Missing) == 0 || !patient) {
			return p.Head, nil
		}
		if !p.More {
			rest(ctx, pause)
		}
	}
}

// turn enters a page.
func (t *tab) turn(p page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.book(p.RoomID)
	for _, m := range slices.Concat(p.Messages, p.Changed) {
		t.put(m)
	}
	for _, seq := range p.Void {
		b.named[seq] = true
	}
	for _, e := range p.Events {
		b.named[e.Seq] = true
	}
	if p.Expired != nil {
		for seq := p.Expired.From; seq <= p.Expired.To; seq++ {
			b.named[seq] = true
		}
	}
}

// finish brings a tab up to date and records what it shows.
func (t *tab) finish(ctx context.Context, room string) error {
	head, err := t.resume(ctx, room, true)
	if err != nil {
		return err
	}
	t.screen.Ends(checker.End{Room: room, Head: head, Messages: t.upTo(room, head)})
	return nil
}

// upTo lists what the tab shows of a room under a head: others may talk on.
func (t *tab) upTo(room string, head int64) []checker.Message {
	var list []checker.Message
	for _, m := range t.shows(room) {
		if m.Seq <= head {
			list = append(list, m)
		}
	}
	return list
}
