package dynamo_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// priceListOfChanges is what becomes of a message that is kept.
func priceListOfChanges(s *dynamo.Store, m chat.Message) []step {
	edit := alteration(m, chat.KindEdit, 3)
	react := alteration(edit.After, chat.KindReaction, 4)
	return []step{
		{"Read, a message to change", func(ctx context.Context) error {
			_, err := s.Read(ctx, chat.Question{Connection: "c1", User: "ada", Room: "a", Message: m.ID, Emoji: "👍"})
			return err
		}},
		{"Alter, edit", func(ctx context.Context) error { return s.Alter(ctx, edit) }},
		{"Alter, reaction", func(ctx context.Context) error { return s.Alter(ctx, react) }},
		{"Messages, one", func(ctx context.Context) error { _, err := s.Messages(ctx, "a", []chat.MessageID{m.ID}); return err }},
		{"ReactionsOf, one", func(ctx context.Context) error { _, err := s.ReactionsOf(ctx, "ada", "a", 1, 100); return err }},
		{"LogBack, two entries", func(ctx context.Context) error { _, _, _, err := s.LogBack(ctx, "a", 1, 2); return err }},
	}
}

// alteration is something that ada does to a message, at a number.
func alteration(m chat.Message, kind chat.Kind, seq int64) chat.Alteration {
	a := chat.Alteration{Before: m, After: m, Event: chat.Message{
		Room: m.Room, Seq: seq, Kind: kind, About: m.ID, SenderID: "ada", SenderName: "Ada", SentAt: start, ExpiresAt: expiry,
	}}
	a.After.Rev = seq
	switch kind {
	case chat.KindEdit:
		a.After.Text, a.After.EditedAt, a.After.EditSeq = "better", start, seq
	case chat.KindDelete:
		a.After.Text, a.After.Reactions, a.After.DeletedAt, a.After.DeletedBy = "", nil, start, "ada"
	case chat.KindReaction:
		a.Event.Emoji, a.Event.On = "👍", true
		a.After.Reactions = []chat.Reaction{{Emoji: "👍", Count: 1}}
	}
	return a
}

func TestStore_Alter(t *testing.T) {
	h, ctx := open(t), t.Context()
	m := message("general", 1, "m-1")
	must(t, h.Keep(ctx, m))
	react := alteration(m, chat.KindReaction, 2)
	must(t, h.Alter(ctx, react))
	edit := alteration(react.After, chat.KindEdit, 3)
	must(t, h.Alter(ctx, edit))
	log, err := h.Log(ctx, "general", 1, 9, 9, false)
	must(t, err)
	same(t, "the log", log, []chat.Message{edit.After, react.Event, edit.Event})
	read, err := h.Messages(ctx, "general", []chat.MessageID{"m-1", "m-3", "other-1", "m-9"})
	must(t, err)
	same(t, "the message by its id", read, []chat.Message{edit.After})

	remove := alteration(edit.After, chat.KindDelete, 4)
	must(t, h.Alter(ctx, remove))
	read, err = h.Messages(ctx, "general", []chat.MessageID{"m-1"})
	must(t, err)
	same(t, "the deleted message", read, []chat.Message{remove.After})
}

func TestStore_Alter_refuses(t *testing.T) {
	h, ctx := open(t), t.Context()
	m := message("general", 1, "m-1")
	must(t, h.Keep(ctx, m))
	must(t, h.Alter(ctx, alteration(m, chat.KindEdit, 5)))
	now := alteration(m, chat.KindEdit, 5).After
	if _, err := h.Void(ctx, "general", 6, start, expiry); err != nil {
		t.Fatal(err)
	}
	gone := message("general", 2, "m-2")
	must(t, h.Keep(ctx, gone))
	must(t, h.Alter(ctx, alteration(gone, chat.KindDelete, 7)))
	deleted := alteration(gone, chat.KindDelete, 7).After
	reacted := alteration(now, chat.KindReaction, 8)
	reacted.Was = chat.Reacted{Seq: 3}
	tests := []struct {
		name string
		a    chat.Alteration
		want error
	}{
		{"a message that was changed since", alteration(m, chat.KindDelete, 8), chat.ErrAltered},
		{"a number that was voided", alteration(now, chat.KindDelete, 6), chat.ErrSlotTaken},
		{"the event is there already", alteration(m, chat.KindEdit, 5), nil},
		{"a deleted message", alteration(deleted, chat.KindEdit, 8), chat.ErrAltered},
		{"another message at the number", alteration(message("general", 1, "x-1"), chat.KindEdit, 8), chat.ErrAltered},
		{"a message that is not there", alteration(message("general", 9, "m-9"), chat.KindEdit, 8), chat.ErrAltered},
		{"a reaction that is not as it was read", reacted, chat.ErrAltered},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := h.Alter(t.Context(), test.a); !errors.Is(err, test.want) {
				t.Errorf("Alter() = %v, want %v", err, test.want)
			}
		})
	}
	log, err := h.Log(ctx, "general", 8, 9, 9, false)
	must(t, err)
	if len(log) > 0 {
		t.Errorf("what was refused left %+v", log)
	}
}

func TestStore_Alter_leaves_out_who_was_erased(t *testing.T) {
	h, ctx := open(t), t.Context()
	m := message("dm_ada", 1, "m-1")
	m.TargetID = "zoe"
	must(t, h.Keep(ctx, m))
	must(t, h.EraseFrom(ctx, m, "zoe", start))
	if err := h.Alter(ctx, alteration(m, chat.KindEdit, 2)); !errors.Is(err, chat.ErrAltered) {
		t.Errorf("Alter(a message as it was read before) = %v, want %v", err, chat.ErrAltered)
	}
	m.TargetID = chat.Erased
	must(t, h.Alter(ctx, alteration(m, chat.KindEdit, 3)))
}

func TestStore_Alter_ofWhichTheAnswerWasLost(t *testing.T) {
	h, ctx := open(t), t.Context()
	m := message("general", 1, "m-1")
	must(t, h.Keep(ctx, m))
	h.wire.plan("TransactWriteItems", lost)
	must(t, h.Alter(ctx, alteration(m, chat.KindReaction, 2)))
	h.wire.plan("TransactWriteItems", answer(http.StatusInternalServerError, `{}`), cancelled("None", "TransactionConflict", "None"))
	now := alteration(m, chat.KindReaction, 2).After
	must(t, h.Alter(ctx, alteration(now, chat.KindEdit, 3)))
}

func TestStore_Alter_ofManyAtOnceOneIsDone(t *testing.T) {
	h, ctx := open(t), t.Context()
	m := message("general", 1, "m-1")
	must(t, h.Keep(ctx, m))
	var done, refused int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			err := h.Alter(ctx, alteration(m, []chat.Kind{chat.KindEdit, chat.KindDelete}[n%2], int64(n+2)))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				done++
			case errors.Is(err, chat.ErrAltered):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done != 1 || refused != 19 {
		t.Errorf("%d done and %d refused, want 1 and 19", done, refused)
	}
}

func TestStore_ReactionsOf(t *testing.T) {
	h, ctx := open(t), t.Context()
	for seq, emoji := range map[int64]string{1: "👍", 2: "#️⃣", 30: "🇪🇺"} {
		m := message("general", seq, chat.NewMessageID("m", seq))
		must(t, h.Keep(ctx, m))
		a := alteration(m, chat.KindReaction, 100+seq)
		a.Event.Emoji, a.After.Reactions = emoji, []chat.Reaction{{Emoji: emoji, Count: 1}}
		must(t, h.Alter(ctx, a))
		if seq == 30 {
			back := alteration(a.After, chat.KindReaction, 200)
			back.Event.Emoji, back.Event.On, back.After.Reactions, back.Was = emoji, false, nil, chat.Reacted{On: true, Seq: 130}
			must(t, h.Alter(ctx, back))
		}
	}
	own, err := h.ReactionsOf(ctx, "ada", "general", 1, 30)
	must(t, err)
	same(t, "ada's reactions", own, map[int64][]string{1: {"👍"}, 2: {"#️⃣"}})
	own, err = h.ReactionsOf(ctx, "ada", "general", 2, 2)
	must(t, err)
	same(t, "those to one message", own, map[int64][]string{2: {"#️⃣"}})
	h.clock = expiry.Add(time.Second)
	own, err = h.ReactionsOf(ctx, "ada", "general", 1, 30)
	must(t, err)
	same(t, "expired ones", own, map[int64][]string{})
}

func TestStore_Read_givesTheMessageAndTheReaction(t *testing.T) {
	h, ctx := open(t), t.Context()
	m := message("general", 1, "m-1")
	must(t, h.Keep(ctx, m))
	must(t, h.Alter(ctx, alteration(m, chat.KindReaction, 2)))
	f, err := h.Read(ctx, chat.Question{User: "ada", Room: "general", Message: "m-1", Emoji: "👍"})
	must(t, err)
	same(t, "the reaction", f.Reacted, chat.Reacted{On: true, Seq: 2})
	same(t, "the message", *f.Message, alteration(m, chat.KindReaction, 2).After)
	for _, id := range []chat.MessageID{"other-1", "m-2", "m-5", "m"} {
		if f, err := h.Read(ctx, chat.Question{User: "ada", Room: "general", Message: id}); err != nil || f.Message != nil {
			t.Errorf("Read(%s) = %+v, %v, want none", id, f.Message, err)
		}
	}
}

func TestStore_LogBack(t *testing.T) {
	h, ctx := open(t), t.Context()
	for seq := range int64(6) {
		m := message("general", seq+1, chat.NewMessageID("m", seq+1))
		if seq == 2 {
			m.ExpiresAt = start.Add(-time.Hour)
		}
		must(t, h.Keep(ctx, m))
	}
	entries, reached, units, err := h.LogBack(ctx, "general", 2, 5)
	must(t, err)
	var seqs []int64
	for _, m := range entries {
		seqs = append(seqs, m.Seq)
	}
	same(t, "numbers, newest first and unexpired", seqs, []int64{5, 4, 2})
	if reached != 2 || units <= 0 {
		t.Errorf("reached %d at %v units, want 2 at more than none", reached, units)
	}
}

func TestStore_LogBack_saysHowFarOneRequestGot(t *testing.T) {
	cfg, tables := dynamotest.Database(t)
	s := dynamo.New(dynamo.NewClient(cfg), tables, func() time.Time { return start })
	must(t, s.CreateRoom(t.Context(), chat.Room{ID: "general", Visibility: chat.Public, CreatedAt: start}))
	dynamotest.FillLog(t, cfg, tables, "general", 150, start, func(int) string { return strings.Repeat("x", 10_000) })
	entries, reached, units, err := s.LogBack(t.Context(), "general", 1, 150)
	must(t, err)
	if n := int64(len(entries)); reached != 151-n || n < 100 || n >= 150 || units < 250 || units > 257 {
		t.Errorf("%d entries down to %d for %v units, want 1 MB of them, down to the last", n, reached, units)
	}
	entries, reached, _, err = s.LogBack(t.Context(), "general", 1, reached-1)
	must(t, err)
	if reached != 1 || entries[len(entries)-1].Seq != 1 {
		t.Errorf("the rest reached %d", reached)
	}
}
