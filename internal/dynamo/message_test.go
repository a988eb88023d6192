package dynamo_test

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestStore_Number(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.room(t, "general")

	first, err := h.Number(ctx, "general", start)
	must(t, err)
	same(t, "first head", first, chat.Head{Seq: 1, Messages: 1, At: start, Shards: 1})
	later := start.Add(time.Second)
	second, err := h.Number(ctx, "general", later)
	must(t, err)
	same(t, "second head", second, chat.Head{Seq: 2, Messages: 2, At: later, PreviousAt: start, Shards: 1})

	if _, err := h.Number(ctx, "nowhere", start); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("Number(nowhere) = %v, want %v", err, chat.ErrNotFound)
	}
}

func TestStore_Number_givesEachNumberOnce(t *testing.T) {
	h := open(t)
	h.room(t, "general")
	const senders = 50
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			head, err := h.Number(t.Context(), "general", start)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[head.Seq] = true
		})
	}
	wg.Wait()
	if len(seen) != senders || !seen[1] || !seen[senders] {
		t.Errorf("%d numbers given to %d senders", len(seen), senders)
	}
}

func TestStore_Keep(t *testing.T) {
	h, ctx := open(t), t.Context()
	kept := message("general", 1, "m1")
	kept.ReplyTo, kept.TargetID = "m0", "bob"
	must(t, h.Keep(ctx, kept))
	voided, err := h.Void(ctx, "general", 2, start, expiry)
	must(t, err)
	if !voided {
		t.Fatal("Void(2) = false, want true")
	}

	again := func(change func(m *chat.Message)) chat.Message {
		m := kept
		change(&m)
		return m
	}
	duplicate := &chat.DuplicateError{Receipt: chat.Receipt{MessageID: "m1", Seq: 1}}
	tests := []struct {
		name string
		m    chat.Message
		want error
	}{
		{"the same message is kept already", kept, nil},
		{"a used client id with a free number is a duplicate", again(func(m *chat.Message) { m.ID, m.Seq = "m3", 3 }), duplicate},
		{"a used client id with a taken number is a duplicate too", again(func(m *chat.Message) { m.ID = "m3" }), duplicate},
		{"a number that holds another message is taken", again(func(m *chat.Message) { m.ID, m.ClientID = "m3", "other" }), chat.ErrSlotTaken},
		{"a voided number is taken", again(func(m *chat.Message) { m.ID, m.ClientID, m.Seq = "m3", "other", 2 }), chat.ErrSlotTaken},
		{"another sender's client id is another's", again(func(m *chat.Message) { m.ID, m.SenderID, m.Seq = "m3", "bob", 3 }), nil},
		{"without a client id nothing is a duplicate", again(func(m *chat.Message) { m.ID, m.ClientID, m.Seq = "m4", "", 4 }), nil},
		{"without a client id another message is another", again(func(m *chat.Message) { m.ID, m.ClientID, m.Seq = "m5", "", 5 }), nil},
		{"without a client id the same message is kept already", again(func(m *chat.Message) { m.ID, m.ClientID, m.Seq = "m4", "", 4 }), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := h.Keep(t.Context(), test.m)
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("Keep(%s at %d) = %v, want %v", test.m.ID, test.m.Seq, got, test.want)
			}
			if dup, ok := errors.AsType[*chat.DuplicateError](got); ok && dup.Receipt != duplicate.Receipt {
				t.Errorf("Keep(%s at %d) names %v, want %v", test.m.ID, test.m.Seq, dup.Receipt, duplicate.Receipt)
			}
		})
	}
	log, err := h.Log(ctx, "general", 1, 1, 1, false)
	must(t, err)
	same(t, "the kept message", log, []chat.Message{kept})
}

func TestStore_Keep_knowsItsMessageWithoutAReceipt(t *testing.T) {
	h := open(t)
	must(t, h.Keep(t.Context(), message("general", 1, "m1")))
	h.drop(t, h.tables.Users, "ada", "sent#general#client-m1")
	must(t, h.Keep(t.Context(), message("general", 1, "m1")))
}

func TestStore_Keep_takesAnExpiredReceiptForNone(t *testing.T) {
	h, ctx := open(t), t.Context()
	must(t, h.Keep(ctx, message("general", 1, "m1")))
	again := message("general", 2, "m2")
	again.ClientID, again.ExpiresAt = "client-m1", expiry.Add(time.Hour)
	h.clock = expiry.Add(-time.Second)
	if _, ok := errors.AsType[*chat.DuplicateError](h.Keep(ctx, again)); !ok {
		t.Fatal("Keep() before the receipt expired is no duplicate")
	}
	h.clock = expiry
	must(t, h.Keep(ctx, again))
	facts, err := h.Read(ctx, chat.Question{User: "ada", Room: "general", ClientID: "client-m1"})
	must(t, err)
	same(t, "receipt", facts.Receipt, &chat.Receipt{MessageID: "m2", Seq: 2})
}

func TestStore_Keep_keepsOneOfFiveAtOnce(t *testing.T) {
	h := open(t)
	outcomes := make([]error, 5)
	var wg sync.WaitGroup
	for n := range outcomes {
		wg.Go(func() {
			m := message("general", int64(n+1), chat.MessageID(fmt.Sprint("m", n)))
			m.ClientID = "once"
			outcomes[n] = h.Keep(t.Context(), m)
		})
	}
	wg.Wait()
	log, err := h.Log(t.Context(), "general", 1, 5, 5, false)
	must(t, err)
	if len(log) != 1 {
		t.Fatalf("%d messages kept, want 1", len(log))
	}
	want := chat.Receipt{MessageID: log[0].ID, Seq: log[0].Seq}
	for n, err := range outcomes {
		dup, ok := errors.AsType[*chat.DuplicateError](err)
		if int64(n+1) == want.Seq && err != nil || int64(n+1) != want.Seq && (!ok || dup.Receipt != want) {
			t.Errorf("Keep(%d) = %v while %d is kept", n+1, err, want.Seq)
		}
	}
}

func TestStore_Void(t *testing.T) {
	h, ctx := open(t), t.Context()
	must(t, h.Keep(ctx, message("general", 1, "m1")))
	tests := []struct {
		name string
		seq  int64
		want bool
	}{
		{"a number that holds a message stays", 1, false},
		{"a free number becomes void", 2, true},
		{"a void number is void", 2, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := h.Void(t.Context(), "general", test.seq, start, expiry)
			if got != test.want || err != nil {
				t.Errorf("Void(%d) = %v, %v, want %v", test.seq, got, err, test.want)
			}
		})
	}
	log, err := h.Log(ctx, "general", 2, 2, 1, false)
	must(t, err)
	same(t, "the void", log, []chat.Message{{Room: "general", Seq: 2, Kind: chat.KindVoid, SentAt: start, ExpiresAt: expiry}})
}

func TestStore_Void_againstKeepHasOneWinner(t *testing.T) {
	h := open(t)
	for seq := range int64(30) {
		var keepErr, voidErr error
		var voided bool
		var wg sync.WaitGroup
		wg.Go(func() { keepErr = h.Keep(t.Context(), message("general", seq, chat.MessageID(fmt.Sprint("m", seq)))) })
		wg.Go(func() { voided, voidErr = h.Void(t.Context(), "general", seq, start, expiry) })
		wg.Wait()
		must(t, voidErr)
		kept := keepErr == nil
		if kept == voided || !kept && !errors.Is(keepErr, chat.ErrSlotTaken) {
			t.Errorf("number %d: Keep() = %v, Void() = %v", seq, keepErr, voided)
		}
	}
}

func TestStore_Log(t *testing.T) {
	h, ctx := open(t), t.Context()
	for seq := int64(1); seq <= 12; seq++ {
		m := message("general", seq, chat.MessageID(fmt.Sprint("m", seq)))
		if seq <= 5 || seq == 11 {
			m.ExpiresAt = start.Truncate(time.Second)
		}
		must(t, h.Keep(ctx, m))
	}
	tests := []struct {
		name     string
		from, to int64
		limit    int
		newest   bool
		want     []int64
	}{
		{"oldest first, past what has expired", 1, 12, 3, false, []int64{6, 7, 8}},
		{"one entry past many that have expired", 1, 12, 1, false, []int64{6}},
		{"the newest in ascending order, past what has expired", 1, 12, 3, true, []int64{9, 10, 12}},
		{"less than the limit", 9, 10, 50, true, []int64{9, 10}},
		{"nothing but what has expired", 1, 5, 2, true, nil},
		{"a range beyond every number", math.MinInt64, math.MaxInt64, 50, false, []int64{6, 7, 8, 9, 10, 12}},
		{"a range below every number", -5, -3, 50, false, nil},
		{"a range above every number", 200_000_000_000, 1_000_000_000_000, 50, false, nil},
		{"a range from its end to its beginning", 8, 7, 50, false, nil},
		{"no entries", 1, 12, 0, false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log, err := h.Log(t.Context(), "general", test.from, test.to, test.limit, test.newest)
			must(t, err)
			var got []int64
			for _, m := range log {
				got = append(got, m.Seq)
			}
			same(t, "numbers", got, test.want)
		})
	}
}

func TestStore_Log_readsEveryPage(t *testing.T) {
	h, ctx := open(t), t.Context()
	const entries = 90 // of 16 KB: more than the 1 MB of one answer
	for seq := range int64(entries) {
		m := message("general", seq+1, chat.MessageID(fmt.Sprint("m", seq)))
		m.Text = string(make([]byte, chat.MaxTextBytes))
		must(t, h.Keep(ctx, m))
	}
	log, err := h.Log(ctx, "general", 1, entries, entries, true)
	must(t, err)
	if len(log) != entries || log[0].Seq != 1 || log[entries-1].Seq != entries {
		t.Errorf("Log() gave %d entries, want %d in order", len(log), entries)
	}
}

func TestStore_CountRepeat(t *testing.T) {
	h, ctx := open(t), t.Context()
	m := message("general", 1, "m-1")
	must(t, h.Keep(ctx, m))
	for n, want := range []bool{true, true, false, false} {
		if again, err := h.CountRepeat(ctx, m, 2); again != want || err != nil {
			t.Errorf("CountRepeat(%d) = %v, %v, want %v", n, again, err, want)
		}
	}
	f, err := h.Read(ctx, chat.Question{User: "ada", Room: "general", ClientID: m.ClientID})
	must(t, err)
	same(t, "receipt", f.Receipt, &chat.Receipt{MessageID: m.ID, Seq: 1, Repeats: 2})
	if again, err := h.CountRepeat(ctx, message("general", 2, "m-2"), 2); again || err != nil {
		t.Errorf("CountRepeat(not kept) = %v, %v, want false", again, err)
	}
}
