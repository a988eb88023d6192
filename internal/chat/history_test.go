package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
)

func ptr(n int64) *int64 { return &n }

// fill sends n messages to general, numbered from 1.
func (h *house) fill(c chat.Caller, n int, text string) {
	h.t.Helper()
	for i := range n {
		h.do(c, chat.Send{Room: "general", Text: fmt.Sprintf("%s%d", text, i+1)})
	}
}

// burn takes numbers and keeps nothing under them, as a function that dies does.
func (h *house) burn(room chat.RoomID, n int) {
	h.t.Helper()
	for range n {
		if _, err := h.store.Number(h.t.Context(), room, h.clock.Now()); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) page(c chat.Caller, cmd chat.ReadHistory) chat.Page {
	h.t.Helper()
	h.sockets.forgetAll()
	h.do(c, cmd)
	return one[chat.HistoryRead](h, c.ConnectionID).Page
}

type stretch struct {
	From, To, Head int64
	First, Last    int64 // messages
	Missing, Void  []int64
	Expired        *chat.Range
	More           bool
}

func stretchOf(p chat.Page) stretch {
	s := stretch{From: p.From, To: p.To, Head: p.Head, Missing: p.Missing, Void: p.Void, Expired: p.Expired, More: p.More}
	if n := len(p.Messages); n > 0 {
		s.First, s.Last = p.Messages[0].Seq, p.Messages[n-1].Seq
	}
	return s
}

func TestService_History(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 10, "m")
	tests := []struct {
		name string
		cmd  chat.ReadHistory
		want stretch
	}{
		{"the latest", chat.ReadHistory{Limit: 3}, stretch{From: 8, To: 10, First: 8, Last: 10, More: true}},
		{"all of it", chat.ReadHistory{}, stretch{From: 1, To: 10, First: 1, Last: 10}},
		{"before", chat.ReadHistory{Before: ptr(8), Limit: 3}, stretch{From: 5, To: 7, First: 5, Last: 7, More: true}},
		{"before, to the start", chat.ReadHistory{Before: ptr(3), Limit: 3}, stretch{From: 1, To: 2, First: 1, Last: 2}},
		{"before the start", chat.ReadHistory{Before: ptr(1)}, stretch{From: 1, To: 0}},
		{"before a number far ahead", chat.ReadHistory{Before: ptr(99), Limit: 2}, stretch{From: 9, To: 10, First: 9, Last: 10, More: true}},
		{"after", chat.ReadHistory{After: ptr(2), Limit: 3}, stretch{From: 3, To: 5, First: 3, Last: 5, More: true}},
		{"after, to the end", chat.ReadHistory{After: ptr(7), Limit: 3}, stretch{From: 8, To: 10, First: 8, Last: 10}},
		{"after the end", chat.ReadHistory{After: ptr(10)}, stretch{From: 11, To: 10}},
		{"after a number far ahead", chat.ReadHistory{After: ptr(99)}, stretch{From: 100, To: 99}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.cmd.Room, tt.want.Head = "general", 10
			if diff := cmp.Diff(tt.want, stretchOf(h.page(alice, tt.cmd))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestService_History_is_cut_by_size(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 10, strings.Repeat("x", 5000))
	if got := stretchOf(h.page(alice, chat.ReadHistory{Room: "general"})); got.From != 6 || got.To != 10 || !got.More {
		t.Errorf("the latest 30 KB = %+v, want 6 to 10 and more", got)
	}
	if got := stretchOf(h.page(alice, chat.ReadHistory{Room: "general", After: ptr(0)})); got.From != 1 || got.To != 5 || !got.More {
		t.Errorf("the first 30 KB = %+v, want 1 to 5 and more", got)
	}
}

func TestService_History_closes_holes(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 2, "m")
	h.burn("general", 2)
	h.fill(alice, 1, "m")
	h.burn("general", 1)
	all := chat.ReadHistory{Room: "general"}

	got := stretchOf(h.page(alice, all))
	if diff := cmp.Diff(stretch{From: 1, To: 6, Head: 6, First: 1, Last: 5, Missing: []int64{3, 4, 6}}, got); diff != "" {
		t.Errorf("at once (-want +got)\n%s", diff)
	}
	h.clock.Pass(6 * time.Second)
	want := stretch{From: 1, To: 6, Head: 6, First: 1, Last: 5, Void: []int64{3, 4, 6}}
	for range 2 {
		if diff := cmp.Diff(want, stretchOf(h.page(alice, all))); diff != "" {
			t.Errorf("when nobody writes any more (-want +got)\n%s", diff)
		}
	}

	h.burn("general", 25)
	h.clock.Pass(6 * time.Second)
	if got := h.page(alice, all); len(got.Void) != 3+20 || len(got.Missing) != 5 {
		t.Errorf("closed %d and left %d holes, want 20 a call", len(got.Void)-3, len(got.Missing))
	}
}

func TestService_History_of_a_young_room_has_not_expired(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.burn("general", 2)
	h.fill(alice, 1, "m")
	h.clock.Pass(2 * time.Minute)
	got := stretchOf(h.page(alice, chat.ReadHistory{Room: "general"}))
	if diff := cmp.Diff(stretch{From: 1, To: 3, Head: 3, First: 3, Last: 3, Void: []int64{1, 2}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestService_History_with_very_many_holes(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 1, "m")
	h.burn("general", 250)
	h.fill(alice, 1, "m")
	if got := h.page(alice, chat.ReadHistory{Room: "general"}); got.From != 52 || !got.More || len(got.Missing) != 200 {
		t.Errorf("from the end: %d to %d, %d missing, more %t", got.From, got.To, len(got.Missing), got.More)
	}
	if got := h.page(alice, chat.ReadHistory{Room: "general", After: ptr(0)}); got.To != 201 || !got.More || len(got.Missing) != 200 {
		t.Errorf("from the start: %d to %d, %d missing, more %t", got.From, got.To, len(got.Missing), got.More)
	}
}

func TestService_History_expires(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 3, "old")
	h.clock.Pass(25 * time.Hour)
	alice = h.enter("a2", "alice", "general")
	h.fill(alice, 2, "new")
	all := chat.ReadHistory{Room: "general"}
	if got := stretchOf(h.page(alice, all)); got.Expired != nil {
		t.Errorf("just written: %+v; somebody may still be writing below", got)
	}
	h.clock.Pass(2 * time.Minute)
	h.burn("general", 1)
	got := stretchOf(h.page(alice, all))
	if diff := cmp.Diff(&chat.Range{From: 1, To: 3}, got.Expired); diff != "" || got.First != 4 {
		t.Errorf("history = %+v, want 1 to 3 expired", got)
	}
	h.sockets.forgetAll()
	h.do(alice, chat.Resume{Rooms: []chat.Since{{Room: "general", Seq: 1}}})
	if r := one[chat.Resumed](h, "a2"); r.Complete || r.Page.Expired == nil || r.Page.Expired.To != 3 {
		t.Errorf("resumed = %+v, want incomplete, with 2 to 3 expired", r)
	}
}

// A void is as old as what was said around the number, however late somebody missed it.
func TestService_History_expires_with_the_voids_in_it(t *testing.T) {
	cases := []struct {
		name          string
		missed, later time.Duration // when the hole is found, and how long after it there is more
		retention     time.Duration // that the room is given then; zero: as it was
	}{
		{"as long as the room keeps what was said", 12 * time.Hour, 13 * time.Hour, 0},
		{"and the room keeps less", 20 * time.Hour, time.Hour, 2 * time.Hour},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			alice := h.enter("a1", "alice", "general")
			h.fill(alice, 2, "old")
			h.burn("general", 1)
			h.fill(alice, 2, "old")
			h.clock.Pass(test.missed)
			alice = h.enter("a2", "alice", "general")
			all := chat.ReadHistory{Room: "general"}
			if got := h.page(alice, all); !slices.Equal(got.Void, []int64{3}) {
				t.Fatalf("history has the voids %v, want 3", got.Void)
			}
			h.clock.Pass(test.later)
			alice = h.enter("a3", "alice", "general")
			if test.retention > 0 {
				mia := h.enter("m1", "mia", "general")
				mia.Groups = []string{chat.Moderators}
				h.do(mia, chat.UpdateRoom{Room: "general", Settings: chat.Settings{Retention: &test.retention}})
			}
			h.fill(alice, 2, "new")
			h.clock.Pass(2 * time.Minute)
			if got := stretchOf(h.page(alice, all)); got.First != 6 || got.Expired == nil || *got.Expired != (chat.Range{From: 1, To: 5}) {
				t.Errorf("history = %+v, want 1 to 5 expired", got)
			}
			h.sockets.forgetAll()
			h.do(alice, chat.Resume{Rooms: []chat.Since{{Room: "general", Seq: 3}}})
			if r := one[chat.Resumed](h, "a3"); r.Complete || r.Page.Expired == nil || r.Page.Expired.To != 5 || len(r.Page.Messages) != 2 {
				t.Errorf("resumed = %+v, want incomplete, with 4 and 5 expired", r)
			}
		})
	}
}

func TestService_Resume(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	h.fill(alice, 2, "m")
	if err := h.Disconnect(t.Context(), "b1"); err != nil {
		t.Fatal(err)
	}
	h.fill(alice, 3, "n")
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "psst"})
	bob = h.enter("b2", bob.UserID, "lounge")
	h.sockets.forgetAll()

	pair := chat.PrivateRoomID("alice", "bob")
	h.do(bob, chat.Resume{Rooms: []chat.Since{{Room: "general", Seq: 2}, {Room: pair}, {Room: "r_none"}}})
	for _, r := range heard[chat.Resumed](h, "b2") {
		switch want := map[chat.RoomID]int{"general": 3, pair: 1}[r.Page.Room]; {
		case !r.Complete, len(r.Page.Messages) != want:
			t.Errorf("resumed %s: %d messages, complete %t; want %d", r.Page.Room, len(r.Page.Messages), r.Complete, want)
		}
	}
	if refused := one[chat.Refused](h, "b2"); refused.Code != chat.NotFound {
		t.Errorf("the room that is not there was refused with %+v", refused)
	}
	one[chat.Joined](h, "a1")
	h.do(alice, chat.Send{Text: "welcome back"})
	h.wantTexts("b2", "welcome back")
}

func TestService_Join_since(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "lounge")
	h.fill(alice, 3, "m")
	h.sockets.forgetAll()
	h.do(bob, chat.Join{Room: "general", Since: ptr(1)})
	if r := one[chat.Resumed](h, "b1"); !r.Complete || len(r.Page.Messages) != 2 {
		t.Errorf("resumed = %+v, want the 2 messages since", r)
	}
}

func TestService_Ping(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.do(alice, chat.Join{Room: "lounge", Stay: true})
	h.fill(alice, 2, "m")
	h.sockets.forgetAll()
	h.do(alice, chat.Ping{Heads: map[chat.RoomID]int64{"general": 1, "lounge": 0, "elsewhere": 7}})
	pong := one[chat.Pong](h, "a1")
	if diff := cmp.Diff(map[chat.RoomID]int64{"general": 2}, pong.Heads); diff != "" {
		t.Errorf("heads (-want +got)\n%s", diff)
	}
	if len(pong.Rooms) != 2 {
		t.Errorf("rooms = %v, want general and lounge", pong.Rooms)
	}
	h.clock.Pass(6 * time.Minute)
	h.do(alice, chat.Ping{})
	if f, err := h.store.Read(t.Context(), chat.Question{Connection: "a1"}); err != nil || h.clock.Now().Sub(f.Connection.LastActiveAt) > time.Minute {
		t.Errorf("a ping did not keep the connection's row alive: %+v, %v", f.Connection, err)
	}
	h.refused(h.caller("gone", "alice"), chat.Ping{}, chat.Gone)
}

func TestService_Ping_private(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	eve := h.enter("e1", "eve", "general")
	h.do(bob, chat.SendPrivate{Target: "alice", Text: "between us", ClientID: "k1"})
	room := chat.PrivateRoomID("alice", "bob")
	for _, tt := range []struct {
		name   string
		caller chat.Caller
		known  int64
		want   map[chat.RoomID]int64
	}{
		{"one who missed a message is told", alice, 0, map[chat.RoomID]int64{room: 1}},
		{"one who has it all is told nothing", bob, 1, map[chat.RoomID]int64{}},
		{"a stranger is told nothing", eve, 0, map[chat.RoomID]int64{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h.sockets.forgetAll()
			h.do(tt.caller, chat.Ping{Heads: map[chat.RoomID]int64{room: tt.known}})
			if diff := cmp.Diff(tt.want, one[chat.Pong](h, tt.caller.ConnectionID).Heads); diff != "" {
				t.Errorf("heads (-want +got)\n%s", diff)
			}
		})
	}
}
