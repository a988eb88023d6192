package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// private makes a private room of a person and gives its id.
func (h *house) private(c chat.Caller) chat.RoomID {
	h.t.Helper()
	h.do(c, chat.CreateRoom{Settings: chat.Settings{Name: new("Plans"), Visibility: new(chat.Private)}})
	made := heard[chat.RoomChanged](h, c.ConnectionID)
	return made[len(made)-1].Room.ID
}

// member makes a person a member of a room, who then goes in.
func (h *house) member(owner, c chat.Caller, room chat.RoomID, as chat.Role) {
	h.t.Helper()
	h.do(owner, chat.Invite{Room: room, User: c.UserID, As: as})
	h.do(c, chat.AcceptInvite{Room: room})
	h.do(c, chat.Join{Room: room, Stay: true})
}

// role is what a person is in a room, as it is kept.
func (h *house) role(user chat.UserID, room chat.RoomID) chat.Role {
	h.t.Helper()
	f, err := h.store.Read(h.t.Context(), chat.Question{User: user, Room: room})
	if err != nil {
		h.t.Fatal(err)
	}
	return f.Membership.Role
}

// policy is a room, as it is kept.
func (h *house) policy(room chat.RoomID) chat.Room {
	h.t.Helper()
	f, err := h.store.Read(h.t.Context(), chat.Question{Room: room})
	if err != nil || f.Room == nil {
		h.t.Fatalf("the room %s: %v, %v", room, f.Room, err)
	}
	return *f.Room
}

// of gives a caller the groups of a deployment.
func of(c chat.Caller, groups ...string) chat.Caller {
	c.Groups = groups
	return c
}

func TestService_CreateRoom(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	h.do(alice, chat.CreateRoom{Room: "lunch"})
	made := one[chat.RoomChanged](h, "a1").Room
	if made.Name != "Lunch" || made.Owner != "alice" || made.Visibility != chat.Public || made.Retention != 24*time.Hour {
		t.Errorf("room = %+v", made)
	}
	if got := h.role("alice", "lunch"); got != chat.Owner {
		t.Errorf("who made the room is %q in it, want owner", got)
	}
	h.do(alice, chat.CreateRoom{Room: "lunch"})
	h.refused(bob, chat.CreateRoom{Room: "lunch"}, chat.Invalid)
	h.refused(alice, chat.CreateRoom{}, chat.Invalid)
	h.refused(alice, chat.CreateRoom{Room: "r_mine", Settings: chat.Settings{Name: new("x")}}, chat.Invalid)
	h.refused(alice, chat.CreateRoom{Room: "secret", Settings: chat.Settings{Visibility: new(chat.Private)}}, chat.Invalid)
	h.refused(alice, chat.UpdateRoom{Room: "lunch", Settings: chat.Settings{Visibility: new(chat.Private)}}, chat.Invalid)
	guest := h.enter("g1", "guest:1", "general")
	guest.Guest = true
	h.refused(guest, chat.CreateRoom{Room: "party"}, chat.Forbidden)
}

func TestService_CreateRoom_again_is_the_same_room(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	again := chat.CreateRoom{ClientID: "c-1", Settings: chat.Settings{Name: new("Plans"), Visibility: new(chat.Private)}}
	h.do(alice, again)
	h.do(alice, again)
	h.do(bob, again)
	made := heard[chat.RoomChanged](h, "a1")
	if len(made) != 2 || made[0].Room.ID != made[1].Room.ID || !strings.HasPrefix(string(made[0].Room.ID), "r_") || len(made[0].Room.ID) != 28 {
		t.Errorf("made %+v, want the same room twice", made)
	}
	if other := one[chat.RoomChanged](h, "b1").Room.ID; other == made[0].Room.ID {
		t.Errorf("bob's room is alice's")
	}
}

func TestService_CreateRoom_owns_so_many(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	for i := range chat.MaxRoomsOwned {
		h.do(alice, chat.CreateRoom{Room: chat.RoomID(fmt.Sprint("mine", i))})
	}
	h.refused(alice, chat.CreateRoom{Room: "onemore"}, chat.Forbidden)
	bob := h.enter("b1", "bob", "general")
	h.do(bob, chat.CreateRoom{Room: "bobs"})
	h.do(alice, chat.Join{Room: "bobs", Stay: true})
	h.refused(bob, chat.SetRole{Room: "bobs", User: "alice", Role: chat.Owner}, chat.Forbidden)
	h.do(alice, chat.CreateRoom{Room: "mine0"})
}

func TestService_Invite(t *testing.T) {
	h := newHouse(t)
	alice, bob, carol := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general"), h.enter("c1", "carol", "general")
	room := h.private(alice)
	h.do(alice, chat.Join{Room: room, Stay: true})
	h.sockets.forgetAll()
	h.do(alice, chat.Invite{Room: room, User: "bob", As: chat.Member})
	if in := one[chat.Invited](h, "b1"); in.Room != room || in.Name != "Plans" || in.By != "alice" || in.As != chat.Member {
		t.Errorf("bob heard %+v", in)
	}
	if got := one[chat.MemberChanged](h, "a1"); got.Role != "" || got.InvitedAs != chat.Member || got.UserID != "bob" {
		t.Errorf("alice was answered %+v", got)
	}
	h.refused(bob, chat.Join{Room: room}, chat.NotFound)
	h.refused(bob, chat.ReadHistory{Room: room}, chat.NotFound)
	h.refused(carol, chat.AcceptInvite{Room: room}, chat.NotFound)

	h.do(bob, chat.ListRooms{})
	if list := one[chat.RoomList](h, "b1"); len(list.Invites) != 1 || list.Invites[0].Room != room || list.Invites[0].ByName != "alice" || len(list.Rooms) != 1 {
		t.Errorf("bob's list is %+v, want the invitation and general", list)
	}
	for range 2 {
		h.do(bob, chat.AcceptInvite{Room: room})
	}
	if got := heard[chat.MemberChanged](h, "a1"); len(got) != 2 || got[1].Role != chat.Member || got[1].By != "bob" {
		t.Errorf("alice heard %+v, want that bob came in, once", got)
	}
	h.do(bob, chat.Join{Room: room, Stay: true})
	h.do(alice, chat.Send{Room: room, Text: "welcome"})
	h.wantTexts("b1", "welcome")
	h.sockets.forgetAll()
	h.do(bob, chat.ListRooms{})
	if list := one[chat.RoomList](h, "b1"); len(list.Invites) != 0 || len(list.Rooms) != 2 || list.Rooms[0].Room.ID != room || list.Rooms[0].Role != chat.Member {
		t.Errorf("bob's list is %+v, want the room before general", list)
	}

	h.refused(bob, chat.Invite{Room: room, User: "carol", As: chat.Member}, chat.Forbidden)
	h.do(alice, chat.UpdateRoom{Room: room, Settings: chat.Settings{Inviters: new(chat.Member)}})
	h.refused(bob, chat.Invite{Room: room, User: "carol", As: chat.Moderator}, chat.Forbidden)
	h.do(bob, chat.Invite{Room: room, User: "carol", As: chat.Member})
	for range 2 {
		h.do(carol, chat.DeclineInvite{Room: room})
	}
	h.refused(carol, chat.AcceptInvite{Room: room}, chat.NotFound)
	h.do(alice, chat.Invite{Room: room, User: "carol", As: chat.Member})
	h.do(alice, chat.SetRole{Room: room, User: "carol"})
	h.refused(carol, chat.AcceptInvite{Room: room}, chat.NotFound)
	h.refused(alice, chat.Invite{Room: room, User: "nobody", As: chat.Member}, chat.NotFound)
	h.refused(alice, chat.Invite{Room: chat.PrivateRoomID("alice", "bob"), User: "carol", As: chat.Member}, chat.NotFound)
}

func TestService_SetRole(t *testing.T) {
	h := newHouse(t)
	alice, bob, carol := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general"), h.enter("c1", "carol", "general")
	room := h.private(alice)
	h.member(alice, bob, room, chat.Moderator)
	h.member(bob, carol, room, chat.Member)
	for _, no := range []struct {
		who  chat.Caller
		user chat.UserID
		role chat.Role
	}{
		{carol, "bob", chat.Member}, {carol, "carol", chat.Moderator}, {carol, "alice", ""}, {bob, "alice", ""}, {bob, "alice", chat.Member},
		{bob, "carol", chat.Moderator}, {bob, "bob", chat.Owner}, {alice, "alice", ""}, {alice, "alice", chat.Member},
	} {
		h.refused(no.who, chat.SetRole{Room: room, User: no.user, Role: no.role}, chat.Forbidden)
	}
	h.refused(alice, chat.SetRole{Room: room, User: "dave", Role: chat.Member}, chat.NotFound)
	h.sockets.forgetAll()
	h.do(alice, chat.SetRole{Room: room, User: "bob", Role: chat.Owner})
	if got := heard[chat.MemberChanged](h, "c1"); len(got) != 2 || got[0].UserID != "bob" || got[0].Role != chat.Owner || got[1].UserID != "alice" || got[1].Role != chat.Moderator {
		t.Errorf("carol heard %+v, want who is the owner now and who was", got)
	}
	if h.role("alice", room) != chat.Moderator || h.role("bob", room) != chat.Owner || h.policy(room).Owner != "bob" {
		t.Errorf("alice is %q, bob %q, the owner %q", h.role("alice", room), h.role("bob", room), h.policy(room).Owner)
	}
	h.do(alice, chat.SetRole{Room: room, User: "alice", Role: chat.Member})
	h.refused(alice, chat.UpdateRoom{Room: room, Settings: chat.Settings{Name: new("Mine")}}, chat.Forbidden)
}

func TestService_SetRole_none_puts_out(t *testing.T) {
	h := newHouse(t)
	alice, bob, carol := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general"), h.enter("c1", "carol", "general")
	room := h.private(alice)
	h.member(alice, bob, room, chat.Member)
	h.member(alice, carol, room, chat.Member)
	h.enter("b2", "bob", "general")
	h.do(h.caller("b2", "bob"), chat.Join{Room: room, Stay: true})
	h.work()
	h.sockets.forgetAll()
	h.do(alice, chat.SetRole{Room: room, User: "bob"})
	h.do(carol, chat.SetRole{Room: room, User: "carol"})
	h.work()
	h.work()
	for _, id := range []chat.ConnectionID{"b1", "b2", "c1"} {
		if left := one[chat.RoomLeft](h, id); left.Room != room || left.Reason == "" {
			t.Errorf("%s heard %+v, want why it was put out", id, left)
		}
	}
	h.do(h.caller("a1", "alice"), chat.Send{Room: room, Text: "gone?"})
	h.wantTexts("b1")
	h.refused(bob, chat.ReadHistory{Room: room}, chat.NotFound)
	h.do(carol, chat.SetRole{Room: room, User: "carol"})
	h.do(alice, chat.Invite{Room: room, User: "bob", As: chat.Member})
	h.do(bob, chat.AcceptInvite{Room: room})
	h.do(bob, chat.ReadHistory{Room: room})
}

func TestService_SetRole_one_owner_at_any_time(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	room := h.private(alice)
	names := []chat.UserID{"bob", "carol", "dave", "erin"}
	for i, name := range names {
		h.member(alice, h.enter(chat.ConnectionID(fmt.Sprint("x", i)), name, "general"), room, chat.Member)
	}
	var together sync.WaitGroup
	attempt := func(cmd chat.SetRole) {
		together.Go(func() {
			err := h.Do(t.Context(), alice, cmd)
			if err != nil && !slices.Contains([]chat.Code{chat.Forbidden, chat.NotFound, chat.Unavailable}, chat.CodeOf(err)) {
				t.Errorf("%+v: %v", cmd, err)
			}
		})
	}
	for _, name := range names {
		attempt(chat.SetRole{Room: room, User: name, Role: chat.Owner})
		attempt(chat.SetRole{Room: room, User: "alice"})
	}
	together.Wait()
	owners := slices.DeleteFunc(append(names, "alice"), func(u chat.UserID) bool { return h.role(u, room) != chat.Owner })
	if len(owners) != 1 || owners[0] != h.policy(room).Owner {
		t.Errorf("the owners are %v, the room says %s", owners, h.policy(room).Owner)
	}
}

func TestService_a_room_made_by_joining_gets_its_owner_from_moderators(t *testing.T) {
	h := newHouse(t)
	alice, mia := h.enter("a1", "alice", "general"), h.enter("m1", "mia", "general")
	h.refused(alice, chat.UpdateRoom{Room: "general", Settings: chat.Settings{Topic: new("x")}}, chat.Forbidden)
	h.refused(of(alice, chat.Ops), chat.SetRole{Room: "general", User: "alice", Role: chat.Owner}, chat.Forbidden)
	h.do(of(mia, chat.Moderators), chat.SetRole{Room: "general", User: "alice", Role: chat.Owner})
	h.do(alice, chat.UpdateRoom{Room: "general", Settings: chat.Settings{Topic: new("x")}})
	room := h.private(alice)
	h.refused(of(mia, chat.Admins), chat.UpdateRoom{Room: room, Settings: chat.Settings{Topic: new("x")}}, chat.NotFound)
}

// Which rooms a person follows is theirs, and no connection's.
func TestService_ListRooms_says_what_is_followed(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "elsewhere")
	h.do(alice, chat.Join{Room: "lunch", Stay: true})
	h.do(alice, chat.Send{Room: "elsewhere", Text: "a stranger writes"})
	want := func(id chat.ConnectionID, followed ...chat.RoomID) {
		t.Helper()
		h.do(h.caller(id, "alice"), chat.ListRooms{})
		lists := heard[chat.RoomList](h, id)
		var got []chat.RoomID
		for _, room := range lists[len(lists)-1].Rooms {
			if room.Followed {
				got = append(got, room.Room.ID)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, followed) {
			t.Errorf("%s hears that alice follows %v, want %v", id, got, followed)
		}
	}
	phone := h.enter("a2", "alice", "general")
	want("a2", "general", "lunch")
	h.do(alice, chat.Leave{Room: "lunch"})
	want("a2", "general")
	h.do(phone, chat.Join{Room: "lunch", Stay: true})
	want("a1", "general", "lunch")
	h.setMember("alice", "lunch", "bannedUntil", h.clock.Now().Add(time.Hour))
	if err := h.Run(t.Context(), chat.Job{Kind: chat.BarJob, At: h.clock.Now(), User: "alice", Room: "lunch", Code: chat.CloseBanned}); err != nil {
		t.Fatal(err)
	}
	want("a1", "general")
}
