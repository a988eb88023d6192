package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
)

// update changes a room for somebody who may.
func (h *house) update(c chat.Caller, room chat.RoomID, set chat.Settings) {
	h.t.Helper()
	h.do(c, chat.UpdateRoom{Room: room, Settings: set})
	h.work()
}

func TestService_UpdateRoom_is_told(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	room := h.private(alice)
	h.member(alice, bob, room, chat.Moderator)
	h.sockets.forgetAll()
	h.update(bob, room, chat.Settings{Name: new("Better"), Topic: new("All of it"), SlowMode: new(5 * time.Second), Locked: new(true)})
	for _, id := range []chat.ConnectionID{"b1"} {
		for _, e := range heard[chat.RoomChanged](h, id) {
			if r := e.Room; r.Name != "Better" || r.Topic != "All of it" || r.SlowMode != 5*time.Second || !r.Locked || r.Owner != "alice" || r.Rev != 1 {
				t.Errorf("%s heard %+v", id, r)
			}
		}
	}
	if got := len(heard[chat.RoomChanged](h, "b1")); got != 2 {
		t.Errorf("bob heard %d of it, want the answer and the news", got)
	}
	if got := len(heard[chat.RoomChanged](h, "a1")); got != 0 {
		t.Errorf("alice, who is not in the room, heard %d of it", got)
	}
	for _, set := range []chat.Settings{
		{Visibility: new(chat.Public)}, {Parent: new(chat.RoomID("general"))}, {Retention: new(time.Hour)}, {Guests: new(true)},
		{Inviters: new(chat.Member)}, {Inherit: []chat.Setting{chat.LockedSetting}},
	} {
		h.refused(bob, chat.UpdateRoom{Room: room, Settings: set}, chat.Forbidden)
	}
}

func TestService_UpdateRoom_locked(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	h.do(alice, chat.CreateRoom{Room: "news"})
	h.do(bob, chat.Join{Room: "news", Stay: true})
	h.do(bob, chat.Send{Room: "news", Text: "before", ClientID: "c-1"})
	h.update(alice, "news", chat.Settings{Locked: new(true)})
	h.refused(bob, chat.Send{Room: "news", Text: "after"}, chat.Forbidden)
	h.do(bob, chat.Send{Room: "news", Text: "before", ClientID: "c-1"})
	h.do(alice, chat.Send{Room: "news", Text: "read this"})
	h.do(alice, chat.SetRole{Room: "news", User: "bob", Role: chat.Moderator})
	h.do(bob, chat.Send{Room: "news", Text: "and this"})
	h.update(alice, "news", chat.Settings{Locked: new(false)})
	h.do(h.enter("c1", "carol", "news"), chat.Send{Room: "news", Text: "thanks"})
}

func TestService_UpdateRoom_slow_mode(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	h.do(alice, chat.CreateRoom{Room: "slow", Settings: chat.Settings{SlowMode: new(10 * time.Second)}})
	h.do(bob, chat.Send{Room: "slow", Text: "one"})
	h.refused(bob, chat.Send{Room: "slow", Text: "two"}, chat.RateLimited)
	h.update(alice, "slow", chat.Settings{SlowMode: new(time.Duration(0))})
	h.do(bob, chat.Send{Room: "slow", Text: "two"})
}

func TestService_UpdateRoom_without_guests(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	conn := h.connection("g1", "guest:1")
	conn.Guest = true
	if err := h.Connect(t.Context(), conn, "general", h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	guest := h.caller("g1", "guest:1")
	guest.Guest = true
	h.do(alice, chat.CreateRoom{Room: "members"})
	h.do(alice, chat.Join{Room: "members", Stay: true})
	h.do(guest, chat.Join{Room: "members", Stay: true})
	h.refused(alice, chat.SetRole{Room: "members", User: "guest:1", Role: chat.Moderator}, chat.Forbidden)
	h.update(alice, "members", chat.Settings{Guests: new(false)})
	if left := one[chat.RoomLeft](h, "g1"); left.Reason != "This room is for people who have signed in" {
		t.Errorf("the guest heard %+v", left)
	}
	for _, cmd := range []chat.Command{
		chat.Join{Room: "members"}, chat.Send{Room: "members", Text: "hi"}, chat.ReadHistory{Room: "members"},
	} {
		h.refused(guest, cmd, chat.Forbidden)
	}
	h.do(alice, chat.Send{Room: "members", Text: "among ourselves"})
	h.wantTexts("g1")
	h.refused(alice, chat.Invite{Room: "members", User: "guest:2", As: chat.Member}, chat.NotFound)
}

func TestService_UpdateRoom_private_with_people_inside(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	h.do(alice, chat.CreateRoom{Settings: chat.Settings{Name: new("Open")}})
	room := one[chat.RoomChanged](h, "a1").Room.ID
	h.do(bob, chat.Join{Room: room, Stay: true})
	h.do(alice, chat.Join{Room: room, Stay: true})
	carol := h.enter("c1", "carol", room)
	h.do(carol, chat.SetRole{Room: room, User: "carol"})
	h.work()
	h.do(carol, chat.ReadHistory{Room: room})
	h.update(alice, room, chat.Settings{Visibility: new(chat.Private)})
	h.do(bob, chat.Send{Room: room, Text: "still here"})
	h.wantTexts("a1", "still here")
	h.wantTexts("c1")
	h.refused(carol, chat.ReadHistory{Room: room}, chat.NotFound)
	h.do(carol, chat.ListRooms{})
	if list := one[chat.RoomList](h, "c1"); len(list.Rooms) != 1 {
		t.Errorf("carol's list is %+v, want general only", list.Rooms)
	}
	h.update(alice, room, chat.Settings{Visibility: new(chat.Unlisted)})
	h.do(carol, chat.Join{Room: room})
	h.sockets.forgetAll()
	h.do(h.enter("d1", "dave", "general"), chat.ListRooms{})
	if list := one[chat.RoomList](h, "d1"); len(list.Rooms) != 1 {
		t.Errorf("dave's list is %+v, want general only", list.Rooms)
	}
}

func TestService_UpdateRoom_beneath(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	h.do(alice, chat.CreateRoom{Room: "top", Settings: chat.Settings{SlowMode: new(time.Second), Guests: new(false)}})
	h.do(alice, chat.CreateRoom{Room: "sub", Settings: chat.Settings{Parent: new(chat.RoomID("top")), Locked: new(false)}})
	if r := h.policy("sub"); r.SlowMode != time.Second || !r.GuestsOut || len(r.Inherits) != len(chat.AllSettings())-1 {
		t.Errorf("beneath top there is %+v", r)
	}
	h.update(alice, "top", chat.Settings{SlowMode: new(2 * time.Second), Locked: new(true), Visibility: new(chat.Unlisted)})
	if r := h.policy("sub"); r.SlowMode != 2*time.Second || r.Locked || r.Visibility != chat.Unlisted {
		t.Errorf("after top changed sub is %+v", r)
	}
	h.update(alice, "sub", chat.Settings{SlowMode: new(time.Minute), Inherit: []chat.Setting{chat.LockedSetting}})
	h.update(alice, "top", chat.Settings{SlowMode: new(3 * time.Second)})
	if r := h.policy("sub"); r.SlowMode != time.Minute || !r.Locked {
		t.Errorf("with a slow mode of its own and top's lock sub is %+v", r)
	}

	none, top, sub, lobby := chat.RoomID(""), chat.RoomID("top"), chat.RoomID("sub"), chat.RoomID("general")
	for _, no := range []struct {
		who  chat.Caller
		cmd  chat.Command
		want chat.Code
	}{
		{alice, chat.CreateRoom{Room: "deep", Settings: chat.Settings{Parent: &sub}}, chat.Invalid},
		{alice, chat.CreateRoom{Room: "deep", Settings: chat.Settings{Parent: &lobby}}, chat.Forbidden},
		{alice, chat.CreateRoom{Room: "deep", Settings: chat.Settings{Parent: new(chat.RoomID("r_none"))}}, chat.NotFound},
		{alice, chat.CreateRoom{Room: "deep", Settings: chat.Settings{Parent: &top, Visibility: new(chat.Public)}}, chat.Invalid},
		{alice, chat.UpdateRoom{Room: "top", Settings: chat.Settings{Parent: &sub}}, chat.Invalid},
		{alice, chat.UpdateRoom{Room: "top", Settings: chat.Settings{Parent: &top}}, chat.Invalid},
		{alice, chat.UpdateRoom{Room: "sub", Settings: chat.Settings{Visibility: new(chat.Public)}}, chat.Invalid},
		{bob, chat.CreateRoom{Room: "deep", Settings: chat.Settings{Parent: &top}}, chat.Forbidden},
	} {
		h.refused(no.who, no.cmd, no.want)
	}
	h.update(alice, "top", chat.Settings{Visibility: new(chat.Public)})
	h.update(alice, "sub", chat.Settings{Visibility: new(chat.Public)})
	h.refused(alice, chat.UpdateRoom{Room: "top", Settings: chat.Settings{Visibility: new(chat.Unlisted)}}, chat.Invalid)
	h.update(alice, "sub", chat.Settings{Parent: &none})
	if r := h.policy("sub"); r.Parent != "" || r.Inherits != nil || !r.Locked || h.policy("top").Children != 0 {
		t.Errorf("taken out of the tree sub is %+v, top %+v", r, h.policy("top"))
	}
	h.update(alice, "top", chat.Settings{Locked: new(false)})
	if !h.policy("sub").Locked {
		t.Error("sub follows a room that it is no longer beneath")
	}
}

func TestService_UpdateRoom_so_many_beneath(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	top := chat.RoomID("top")
	h.do(alice, chat.CreateRoom{Room: top})
	for i := range chat.MaxRoomsBeneath {
		h.do(alice, chat.CreateRoom{Room: chat.RoomID(fmt.Sprint("sub", i)), Settings: chat.Settings{Parent: &top}})
	}
	h.refused(alice, chat.CreateRoom{Room: "onemore", Settings: chat.Settings{Parent: &top}}, chat.Forbidden)
	h.update(alice, top, chat.Settings{Visibility: new(chat.Unlisted), Locked: new(true)})
	for i := range chat.MaxRoomsBeneath {
		if r := h.policy(chat.RoomID(fmt.Sprint("sub", i))); r.Visibility != chat.Unlisted || !r.Locked {
			t.Errorf("sub%d is %+v", i, r)
		}
	}
}

func TestService_UpdateRoom_retention(t *testing.T) {
	const day = 24 * time.Hour
	h := newHouse(t, func(o *chat.Options) { o.Retention = 30 * day })
	alice := h.enter("a1", "alice", "general")
	h.do(alice, chat.CreateRoom{Room: "kept"})
	say := func(text string) { h.do(alice, chat.Send{Room: "kept", Text: text, ClientID: text}) }
	look := func(cmd chat.ReadHistory) chat.Page {
		t.Helper()
		h.sockets.forgetAll()
		cmd.Room = "kept"
		h.do(alice, cmd)
		return one[chat.HistoryRead](h, "a1").Page
	}
	texts := func(p chat.Page) (list []string) {
		for _, m := range p.Messages {
			list = append(list, m.Text)
		}
		return list
	}
	say("one")
	say("two")
	h.clock.Pass(3 * day)
	h.reconnect(&alice)
	say("three")
	h.update(alice, "kept", chat.Settings{Retention: new(2 * day)})
	h.refused(alice, chat.Send{Room: "kept", Text: "one", ClientID: "one"}, chat.Gone)
	after := int64(0)
	for name, cmd := range map[string]chat.ReadHistory{"newest": {}, "from the first": {After: &after}, "two from the first": {After: &after, Limit: 3}} {
		p := look(cmd)
		if got := texts(p); !cmp.Equal(got, []string{"three"}) || p.Expired == nil || *p.Expired != (chat.Range{From: 1, To: 2}) || len(p.Missing)+len(p.Void) > 0 || p.More {
			t.Errorf("%s: %q, expired %v, more %t, want three and that two have expired", name, got, p.Expired, p.More)
		}
	}
	if p := look(chat.ReadHistory{After: &after, Limit: 2}); len(p.Messages) > 0 || p.To != 2 || !p.More || *p.Expired != (chat.Range{From: 1, To: 2}) {
		t.Errorf("a page of what has expired is %+v", p)
	}
	if p := look(chat.ReadHistory{Limit: 1}); !cmp.Equal(texts(p), []string{"three"}) || p.Expired != nil || !p.More {
		t.Errorf("a page above what has expired is %+v", p)
	}
	h.do(alice, chat.Search{Room: "kept", Sender: "alice"})
	if got := one[chat.Found](h, "a1").Messages; len(got) != 1 {
		t.Errorf("found %d messages, want the one that the room still shows", len(got))
	}
	h.update(alice, "kept", chat.Settings{Retention: new(30 * day)})
	if p := look(chat.ReadHistory{}); !cmp.Equal(texts(p), []string{"three"}) || p.Expired == nil {
		t.Errorf("what had expired came back: %q, expired %v", texts(p), p.Expired)
	}
	h.update(alice, "kept", chat.Settings{Retention: new(day)})
	say("four")
	h.clock.Pass(day + time.Minute)
	h.reconnect(&alice)
	if p := look(chat.ReadHistory{}); len(p.Messages) > 0 || *p.Expired != (chat.Range{From: 1, To: 4}) {
		t.Errorf("after a day the page is %+v", p)
	}
	say("four")
	if p := look(chat.ReadHistory{}); !cmp.Equal(texts(p), []string{"four"}) || p.Messages[0].Seq != 5 {
		t.Errorf("the receipt outlived its message: %+v", p)
	}
}

// Messages expire when the room as it was then said so. Of what has gone nothing is missed in
// the middle: it is all named as expired.
func TestService_UpdateRoom_retention_that_grows(t *testing.T) {
	const day = 24 * time.Hour
	type step struct {
		at   time.Duration // since the room was made
		keep time.Duration // is set; zero: somebody says something
	}
	const late = -1 // what is said is kept as the room said at first
	tests := []struct {
		name  string
		first time.Duration // retention
		steps []step
		look  time.Duration
		want  int64 // the last that has expired
	}{
		{"cut for two days", 30 * day, []step{{38 * day, 0}, {38 * day, 7 * day}, {39 * day, 0}, {40 * day, 30 * day}, {41 * day, 0}}, 46*day + day/2, 2},
		{"of a young room", 7 * day, []step{{day / 2, 0}, {day, 30 * day}, {2 * day, 0}}, 8 * day, 1},
		{"twice", 7 * day, []step{{day / 2, 0}, {day, 14 * day}, {2 * day, 30 * day}, {3 * day, 0}}, 8 * day, 1},
		{"while somebody writes who read the room before", 7 * day, []step{{day, 30 * day}, {day + time.Second, 0}, {day + 30*time.Second, late}, {2 * day, 0}}, 9 * day, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, func(o *chat.Options) { o.Retention = test.first })
			alice := h.enter("a1", "alice", "general")
			h.do(alice, chat.CreateRoom{Room: "kept"})
			made := h.clock.Now()
			until := func(at time.Duration) {
				h.clock.Pass(made.Add(at).Sub(h.clock.Now()))
				h.reconnect(&alice)
				h.sockets.forgetAll()
			}
			said := int64(0)
			for _, s := range test.steps {
				until(s.at)
				switch s.keep {
				case 0:
					said++
					h.do(alice, chat.Send{Room: "kept", Text: "x"})
				case late:
					said++
					h.burn("kept", 1)
					now := h.clock.Now()
					m := chat.Message{Room: "kept", Seq: said, Kind: chat.KindMessage, ID: "late-1", SenderID: "bob", SentAt: now, ExpiresAt: now.Add(test.first)}
					if err := h.store.Keep(t.Context(), m); err != nil {
						t.Fatal(err)
					}
				default:
					h.update(alice, "kept", chat.Settings{Retention: &s.keep})
				}
			}
			until(test.look)
			p := h.page(alice, chat.ReadHistory{Room: "kept"})
			if got := stretchOf(p); len(got.Missing)+len(got.Void) > 0 || got.First != test.want+1 || int64(len(p.Messages)) != said-test.want {
				t.Errorf("history = %+v, want %d to %d expired", got, 1, test.want)
			}
			if p.Expired != nil && *p.Expired != (chat.Range{From: 1, To: test.want}) || (p.Expired == nil) != (test.want == 0) {
				t.Errorf("%+v expired, want 1 to %d", p.Expired, test.want)
			}
		})
	}
}

// reconnect gives a person a new connection, for connections do not last for days.
func (h *house) reconnect(c *chat.Caller) {
	h.t.Helper()
	*c = h.enter(c.ConnectionID, c.UserID, "general")
}
