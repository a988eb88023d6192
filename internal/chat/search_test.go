package chat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// find searches general and gives what was found.
func (h *house) find(c chat.Caller, cmd chat.Search) chat.Found {
	h.t.Helper()
	h.sockets.forgetAll()
	cmd.Room = "general"
	h.do(c, cmd)
	return one[chat.Found](h, c.ConnectionID)
}

func numbersOf(list []chat.Message) (seqs []int64) {
	for _, m := range list {
		seqs = append(seqs, m.Seq)
	}
	return seqs
}

func TestService_Search(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	h.burn("general", 5)
	h.do(alice, chat.Send{Room: "general", Text: "Café at four"})
	h.clock.Pass(10 * time.Minute)
	between := h.clock.Now()
	h.clock.Pass(10 * time.Minute)
	h.do(bob, chat.Send{Room: "general", Text: "cafe, yes"}) // 7
	secret := h.said(alice, "secret cafe")
	typo := h.said(alice, "coffe")
	h.do(bob, react(typo, "☕", true)) // 10
	h.do(alice, edit(typo, "cafe"))   // 11
	h.do(alice, remove(secret))       // 12
	h.clock.Pass(10 * time.Second)
	h.page(bob, chat.ReadHistory{Room: "general"}) // writes the voids, with a late time
	tests := []struct {
		name string
		cmd  chat.Search
		want []int64
	}{
		{"words, newest first", chat.Search{Query: "CAFE"}, []int64{9, 7, 6}},
		{"all of several words", chat.Search{Query: "fo caf"}, []int64{6}},
		{"a sender", chat.Search{Sender: "alice"}, []int64{9, 6}},
		{"words of a sender", chat.Search{Sender: "bob", Query: "cafe"}, []int64{7}},
		{"before a number", chat.Search{Query: "cafe", Before: ptr(9)}, []int64{7, 6}},
		{"before the first number", chat.Search{Query: "cafe", Before: ptr(0)}, nil},
		{"before a time", chat.Search{Query: "cafe", SentBefore: between}, []int64{6}},
		{"before the first time", chat.Search{Query: "cafe", SentBefore: between.Add(-time.Hour)}, nil},
		{"before a time to come", chat.Search{Query: "cafe", SentBefore: between.Add(time.Hour)}, []int64{9, 7, 6}},
		{"what was edited away", chat.Search{Query: "coffe"}, nil},
		{"what was deleted", chat.Search{Query: "secret"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.find(bob, tt.cmd)
			if fmt.Sprint(numbersOf(got.Messages)) != fmt.Sprint(tt.want) || got.More || got.Searched.From != 1 {
				t.Errorf("found %v, searched %+v, more %t, want %v and all searched", numbersOf(got.Messages), got.Searched, got.More, tt.want)
			}
		})
	}
	if got := h.find(bob, chat.Search{Query: "cafe"}); got.Messages[0].Text != "cafe" || !got.Messages[0].Reactions[0].Mine || got.Since.IsZero() {
		t.Errorf("bob finds %+v since %v", got.Messages[0], got.Since)
	}
	h.refused(bob, chat.Search{Room: "general"}, chat.Invalid)
	h.refused(bob, chat.Search{Room: "r_none", Query: "x"}, chat.NotFound)
	h.do(alice, chat.SendPrivate{Target: "alice", Text: "a private cafe"})
	h.refused(bob, chat.Search{Room: chat.PrivateRoomID("alice", "alice"), Query: "cafe"}, chat.NotFound)
}

func TestService_Search_pages(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 12, strings.Repeat("x ", 2400))
	var seqs []int64
	pages := 0
	before := int64(13)
	for more := true; more; pages++ {
		got := h.find(alice, chat.Search{Query: "x", Limit: 9, Before: &before})
		if got.Searched.To != before-1 {
			t.Errorf("searched %+v before %d: numbers are left out", got.Searched, before)
		}
		seqs = append(seqs, numbersOf(got.Messages)...)
		before, more = got.Searched.From, got.More
	}
	if want := "[12 11 10 9 8 7 6 5 4 3 2 1]"; fmt.Sprint(seqs) != want || pages != 3 {
		t.Errorf("%d pages of 30 KB give %v, want 3 and %s", pages, seqs, want)
	}
}

// short is a store whose requests give three entries of the log at most.
type short struct{ chat.Store }

func (s short) LogBack(ctx context.Context, room chat.RoomID, from, to int64) ([]chat.Message, int64, float64, error) {
	return s.Store.LogBack(ctx, room, max(from, to-2), to)
}

func TestService_Search_leaves_nothing_out_where_requests_are_cut(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 40, "needle ")
	service := chat.New(short{h.store}, h.sockets, h.jobs, h.counts, signer{}, chat.Options{
		Now: h.clock.Now, Retention: 24 * time.Hour, SizeOf: func(chat.Message) int { return 200 },
	})
	h.sockets.forgetAll()
	if err := service.Do(t.Context(), alice, chat.Search{Room: "general", Query: "needle", Limit: 50}); err != nil {
		t.Fatal(err)
	}
	if got := one[chat.Found](h, "a1"); len(got.Messages) != 40 || got.More {
		t.Errorf("found %d of 40, more %t", len(got.Messages), got.More)
	}
}
