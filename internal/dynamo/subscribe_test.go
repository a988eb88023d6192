package dynamo_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// where tells a connection's current room, the rooms it holds and those that list it.
func (h *house) where(t testing.TB, c chat.Connection, rooms ...chat.RoomID) string {
	t.Helper()
	var current chat.RoomID
	var held, listed []chat.RoomID
	facts, err := h.Read(t.Context(), chat.Question{Connection: c.ID})
	must(t, err)
	if facts.Connection != nil {
		current = facts.Connection.CurrentRoom
	}
	entries, err := h.RoomsHeld(t.Context(), c.ID)
	must(t, err)
	for _, e := range entries {
		held = append(held, e.Room)
	}
	for _, room := range rooms {
		page, _, err := h.Subscribers(t.Context(), room, 0, "", 100)
		must(t, err)
		for _, s := range page {
			if s.ConnectionID == c.ID {
				listed = append(listed, room)
			}
		}
	}
	return fmt.Sprintf("current %q, held %v, listed %v", current, held, listed)
}

func TestStore_Subscribe(t *testing.T) {
	h, ctx := open(t), t.Context()
	a, b := h.room(t, "a"), h.room(t, "b")
	c := h.connect(t, "c1", "ada")
	c.SessionEnds = start.Add(time.Hour)

	joined := start.Add(time.Second)
	must(t, h.Subscribe(ctx, chat.Subscription{Connection: c, Room: a, At: joined, Move: true, Requested: start}))
	page, next, err := h.Subscribers(ctx, "a", 0, "", 10)
	must(t, err)
	same(t, "subscribers", page, []chat.Subscriber{{ConnectionID: "c1", UserID: "ada", SessionEnds: c.SessionEnds}})
	roster, _, err := h.Roster(ctx, "a", 0, "", 10)
	must(t, err)
	same(t, "roster", roster, []chat.Subscriber{{ConnectionID: "c1", UserID: "ada", Name: "Ada", SessionEnds: c.SessionEnds, JoinedAt: joined}})
	if next != "" {
		t.Errorf("a cursor %q after the last page", next)
	}
	facts, err := h.Read(ctx, chat.Question{User: "ada", Room: "a"})
	must(t, err)
	same(t, "membership", facts.Membership, chat.Membership{Role: chat.Member})

	c.CurrentRoom = "a"
	move := chat.Subscription{
		Connection: c, Room: b, Shard: 0, At: joined, Move: true, Requested: start.Add(time.Millisecond),
		Leaving: &chat.Held{Room: "a"},
	}
	must(t, h.Subscribe(ctx, move))
	same(t, "after a move", h.where(t, c, "a", "b"), `current "b", held [b], listed [b]`)

	c.CurrentRoom = "b"
	must(t, h.Subscribe(ctx, chat.Subscription{Connection: c, Room: a, At: joined}))
	same(t, "after a stay", h.where(t, c, "a", "b"), `current "b", held [a b], listed [a b]`)

	must(t, h.Subscribe(ctx, chat.Subscription{
		Connection: c, Room: a, At: joined.Add(time.Hour), Move: true, Requested: start.Add(2 * time.Millisecond),
		Leaving: &chat.Held{Room: "b"},
	}))
	same(t, "after a move to a room held", h.where(t, c, "a", "b"), `current "a", held [a], listed [a]`)
	page, _, err = h.Roster(ctx, "a", 0, "", 10)
	if err != nil || len(page) != 1 || !page[0].JoinedAt.Equal(joined.Add(time.Hour)) {
		t.Errorf("Roster() = %v, %v, want one that joined again", page, err)
	}

	c.CurrentRoom = "a"
	must(t, h.Subscribe(ctx, chat.Subscription{
		Connection: c, Room: a, At: joined, Move: true, Requested: start.Add(3 * time.Millisecond),
		Leaving: &chat.Held{Room: "a"},
	}))
	same(t, "after a move to the room itself", h.where(t, c, "a", "b"), `current "a", held [a], listed [a]`)
}

func TestStore_Subscribe_asksForRights(t *testing.T) {
	h, ctx := open(t), t.Context()
	public := h.room(t, "public")
	secret := chat.Room{ID: "r_1", Visibility: chat.Private, CreatedAt: start}
	must(t, h.CreateRoom(ctx, secret))
	changed := public
	changed.Visibility = chat.Private
	h.set(t, h.tables.Users, "banned", "room#public", "bannedUntil", millis(start.Add(time.Millisecond)))
	h.set(t, h.tables.Users, "released", "room#public", "bannedUntil", millis(start))
	h.set(t, h.tables.Users, "expelled", "room#public", "role", text("none"))
	h.set(t, h.tables.Users, "expelled", "room#r_1", "role", text("none"))
	h.set(t, h.tables.Users, "owner", "room#r_1", "role", text("owner"))

	tests := []struct {
		name string
		user chat.UserID
		room chat.Room
		want error
	}{
		{"a stranger enters a public room", "ada", public, nil},
		{"the banned stay out", "banned", public, chat.ErrBarred},
		{"a ban that has ended bars nobody", "released", public, nil},
		{"an ended membership bars nobody from a public room", "expelled", public, nil},
		{"a stranger stays out of a private room", "ada", secret, chat.ErrBarred},
		{"an ended membership bars from a private room", "expelled", secret, chat.ErrBarred},
		{"an owner enters a private room", "owner", secret, nil},
		{"a room that has become another kind", "ada", changed, chat.ErrMoved},
		{"a room that is not there", "ada", chat.Room{ID: "nowhere", Visibility: chat.Public}, chat.ErrNotFound},
	}
	for n, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := h.connect(t, chat.ConnectionID(fmt.Sprint("c", n)), test.user)
			h.try(t, chat.Subscription{Connection: c, Room: test.room, At: start, Member: test.room.Visibility != chat.Public}, test.want)
		})
	}
	facts, err := h.Read(ctx, chat.Question{User: "expelled", Room: "public"})
	must(t, err)
	if facts.Membership.Role != "none" {
		t.Errorf("a join made the role %q of an ended membership", facts.Membership.Role)
	}
}

func TestStore_Subscribe_asksTheConnection(t *testing.T) {
	h := open(t)
	r := h.room(t, "general")
	movedAt := func(at time.Time) func(*testing.T, *chat.Subscription) {
		return func(t *testing.T, s *chat.Subscription) {
			h.set(t, h.tables.Connections, string(s.Connection.ID), "@", "moveAt", millis(at))
		}
	}
	closing := func(t *testing.T, s *chat.Subscription) {
		_, err := h.MarkClosing(t.Context(), s.Connection.ID)
		must(t, err)
	}
	tests := []struct {
		name   string
		move   bool
		before func(*testing.T, *chat.Subscription)
		want   error
	}{
		{"a move from nowhere", true, func(*testing.T, *chat.Subscription) {}, nil},
		{"a connection that is not there", false, func(_ *testing.T, s *chat.Subscription) { s.Connection.ID = "nobody" }, chat.ErrClosing},
		{"a connection that is closing", false, closing, chat.ErrClosing},
		{"a move of a connection that is closing", true, closing, chat.ErrClosing},
		{"a move from where the connection is not", true, func(_ *testing.T, s *chat.Subscription) { s.Connection.CurrentRoom = "elsewhere" }, chat.ErrMoved},
		{"a move from nowhere while the connection is somewhere", true, func(t *testing.T, s *chat.Subscription) {
			h.set(t, h.tables.Connections, string(s.Connection.ID), "@", "currentRoom", text("elsewhere"))
		}, chat.ErrMoved},
		{"a move after an earlier one", true, movedAt(start.Add(-time.Millisecond)), nil},
		{"a move that a later one has overtaken", true, movedAt(start.Add(time.Millisecond)), chat.ErrOvertaken},
		{"a move of the same moment to another room", true, movedAt(start), chat.ErrOvertaken},
		{"a stay after a later move", false, movedAt(start.Add(time.Millisecond)), nil},
	}
	for n, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := h.connect(t, chat.ConnectionID(fmt.Sprint("c", n)), "ada")
			s := chat.Subscription{Connection: c, Room: r, At: start, Move: test.move, Requested: start}
			test.before(t, &s)
			h.try(t, s, test.want)
		})
	}
}

// try subscribes, and checks that the connection is in the room or nothing has changed.
func (h *house) try(t *testing.T, s chat.Subscription, want error) {
	t.Helper()
	if got := h.Subscribe(t.Context(), s); !errors.Is(got, want) {
		t.Errorf("Subscribe() = %v, want %v", got, want)
	}
	in := "held [], listed []"
	if want == nil {
		in = fmt.Sprintf("held [%s], listed [%[1]s]", s.Room.ID)
	}
	if got := h.where(t, s.Connection, s.Room.ID); !strings.HasSuffix(got, in) {
		t.Errorf("%s, want %s", got, in)
	}
}

func TestStore_Subscribe_standsInOneListOfARoom(t *testing.T) {
	h, ctx := open(t), t.Context()
	a, b := h.room(t, "a"), h.room(t, "b")
	c := h.connect(t, "c1", "ada")
	first := chat.Subscription{Connection: c, Room: a, At: start, Requested: start}
	must(t, h.Subscribe(ctx, first))
	must(t, h.Subscribe(ctx, first))
	other := first
	other.Shard = 1
	for _, move := range []bool{false, true} {
		other.Move = move
		if err := h.Subscribe(ctx, other); !errors.Is(err, chat.ErrMoved) {
			t.Errorf("Subscribe(another list, move %t) = %v, want %v", move, err, chat.ErrMoved)
		}
	}
	if done, err := h.Unsubscribe(ctx, c.ID, c.UserID, chat.Held{Room: "a", Shard: 1}); done || err != nil {
		t.Errorf("Unsubscribe(another list) = %t, %v, want false", done, err)
	}
	first.Move = true
	must(t, h.Subscribe(ctx, first))
	c.CurrentRoom = "a"
	away := chat.Subscription{
		Connection: c, Room: b, At: start, Move: true, Requested: start.Add(time.Second), Leaving: &chat.Held{Room: "a", Shard: 1},
	}
	if err := h.Subscribe(ctx, away); !errors.Is(err, chat.ErrMoved) {
		t.Errorf("Subscribe(leaving another list) = %v, want %v", err, chat.ErrMoved)
	}
	same(t, "in the end", h.where(t, c, "a", "b"), `current "a", held [a], listed [a]`)
	if page, _, err := h.Subscribers(ctx, "a", 1, "", 10); err != nil || len(page) != 0 {
		t.Errorf("the other list has %v, %v, want nobody", page, err)
	}
}

func TestStore_Unsubscribe(t *testing.T) {
	h, ctx := open(t), t.Context()
	a, b := h.room(t, "a"), h.room(t, "b")
	c := h.connect(t, "c1", "ada")
	must(t, h.Subscribe(ctx, chat.Subscription{Connection: c, Room: a, At: start, Move: true, Requested: start}))
	h.enter(t, c, b)

	leave := func(id chat.ConnectionID, room chat.RoomID, want bool) {
		t.Helper()
		if done, err := h.Unsubscribe(ctx, id, c.UserID, chat.Held{Room: room}); done != want || err != nil {
			t.Errorf("Unsubscribe(%s, %s) = %t, %v, want %t", id, room, done, err, want)
		}
	}
	leave(c.ID, "b", true)
	same(t, "after leaving another room", h.where(t, c, "a", "b"), `current "a", held [a], listed [a]`)
	for _, first := range []bool{true, false} {
		leave(c.ID, "a", first)
		same(t, "after leaving the current room", h.where(t, c, "a", "b"), `current "", held [], listed []`)
	}
	leave("nobody", "a", false)
	if _, err := h.MarkClosing(ctx, "nobody"); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("leaving made a connection: MarkClosing() = %v", err)
	}
}

func TestStore_Subscribers(t *testing.T) {
	h, ctx := open(t), t.Context()
	r := h.room(t, "general")
	const connections = 25
	for n := range connections {
		c := connection(chat.ConnectionID(fmt.Sprintf("c%02d=", n)), "user:ada")
		if n%5 == 0 {
			c.ConnectedAt = start.Add(-chat.ConnectionLife)
		}
		must(t, h.OpenConnection(ctx, c))
		must(t, h.Subscribe(ctx, chat.Subscription{Connection: c, Room: r, Shard: n % 2, At: start}))
	}
	for shard, want := range []int{10, 10} {
		var got []chat.ConnectionID
		for cursor, more := "", true; more; more = cursor != "" {
			page, next, err := h.Subscribers(ctx, "general", shard, cursor, 4)
			must(t, err)
			if len(page) > 4 {
				t.Errorf("%d subscribers on a page of 4", len(page))
			}
			for _, s := range page {
				got = append(got, s.ConnectionID)
			}
			cursor = next
		}
		if len(got) != want {
			t.Errorf("shard %d lists %v, want %d unexpired", shard, got, want)
		}
	}
}

func TestStore_RoomsHeld(t *testing.T) {
	h, ctx := open(t), t.Context()
	c := h.connect(t, "c1", "ada")
	must(t, h.Subscribe(ctx, chat.Subscription{Connection: c, Room: h.room(t, "a"), Shard: 3, At: start}))
	h.enter(t, c, h.room(t, "b"))
	h.clock = start.Add(2 * chat.ConnectionLife) // what is to be cleared away must be found
	held, err := h.RoomsHeld(ctx, "c1")
	must(t, err)
	same(t, "rooms held", held, []chat.Held{{Room: "a", Shard: 3}, {Room: "b"}})
}
