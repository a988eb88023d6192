package chat_test

import (
	"fmt"
	"sync"
	"testing"

	"switchboard/internal/chat"
)

// The whole table: y is yes, in the order of none, member, moderator, owner of the room and
// ops, moderators, admins of the deployment who have no role in it.
func TestPrincipal_MayIn(t *testing.T) {
	table := map[chat.Operation]string{
		chat.ChangeRoom:    "--yy-yy",
		chat.GovernRoom:    "---y-yy",
		chat.InvitePeople:  "--yy-yy",
		chat.RemoveMembers: "--yy-yy",
		chat.Appoint:       "---y-yy",
		chat.HandOver:      "---y-yy",
		chat.SpeakLocked:   "--yy-yy",
		chat.AddBeneath:    "--yy-yy",
		chat.DeleteOthers:  "--yy-yy",
	}
	people := []struct {
		role  chat.Role
		group string
	}{{"", ""}, {chat.Member, ""}, {chat.Moderator, ""}, {chat.Owner, ""}, {"", chat.Ops}, {"", chat.Moderators}, {"", chat.Admins}}
	if len(table) != len(chat.RoomOperations()) {
		t.Errorf("the table has %d operations, want %d", len(table), len(chat.RoomOperations()))
	}
	for _, op := range chat.RoomOperations() {
		for i, who := range people {
			p := chat.Principal{UserID: "x", Groups: []string{who.group}}
			if got, want := p.MayIn(chat.Room{}, chat.Membership{Role: who.role}, op), table[op][i] == 'y'; got != want {
				t.Errorf("%q of a room by the role %q and the group %q: %t, want %t", op, who.role, who.group, got, want)
			}
		}
	}
	for least, want := range map[chat.Role]string{chat.Member: "-yyy", chat.Moderator: "--yy", chat.Owner: "---y"} {
		for i, who := range people[:4] {
			got := chat.Principal{}.MayIn(chat.Room{Inviters: least}, chat.Membership{Role: who.role}, chat.InvitePeople)
			if got != (want[i] == 'y') {
				t.Errorf("inviting where %s may, by the role %q: %t", least, who.role, got)
			}
		}
	}
}

func TestService_whoever_comes_in_while_being_removed_is_put_out(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	room := h.private(alice)
	h.do(alice, chat.Join{Room: room, Stay: true})
	for n := range 15 {
		user, id := chat.UserID(fmt.Sprint("user", n)), chat.ConnectionID(fmt.Sprint("u", n))
		c := h.enter(id, user, "general")
		h.do(alice, chat.Invite{Room: room, User: user, As: chat.Member})
		h.do(c, chat.AcceptInvite{Room: room})
		var together sync.WaitGroup
		together.Go(func() {
			if err := h.Do(t.Context(), c, chat.Join{Room: room, Stay: true}); err != nil && chat.CodeOf(err) == chat.Internal {
				t.Errorf("Join: %v", err)
			}
		})
		together.Go(func() {
			if err := h.Do(t.Context(), alice, chat.SetRole{Room: room, User: user}); err != nil {
				t.Errorf("SetRole: %v", err)
			}
		})
		together.Wait()
		h.work()
		subs, _, err := h.store.Subscribers(t.Context(), room, 0, "", 10)
		if err != nil || len(subs) != 1 || h.role(user, room) != "" {
			t.Fatalf("round %d: in the room are %+v, %v, and %s is %q", n, subs, err, user, h.role(user, room))
		}
	}
}

func TestService_everybody_is_put_out_of_a_room_of_many_lists(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	room := h.private(alice)
	if err := h.store.Spread(t.Context(), room, 8); err != nil {
		t.Fatal(err)
	}
	for n := range 12 {
		c := h.enter(chat.ConnectionID(fmt.Sprint("b", n)), "bob", "general")
		if n == 0 {
			h.member(alice, c, room, chat.Member)
		} else {
			h.do(c, chat.Join{Room: room, Stay: true})
		}
	}
	h.sockets.forgetAll()
	h.do(alice, chat.SetRole{Room: room, User: "bob"})
	h.work()
	for n := range 12 {
		one[chat.RoomLeft](h, chat.ConnectionID(fmt.Sprint("b", n)))
	}
}
