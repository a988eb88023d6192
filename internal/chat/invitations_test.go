package chat_test

import (
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// invitedTo lists who is invited to a room.
func (h *house) invitedTo(c chat.Caller, room chat.RoomID) (list []chat.UserID) {
	h.t.Helper()
	h.sockets.forgetAll()
	h.do(c, chat.ListInvitations{Room: room})
	for _, p := range one[chat.InvitationsListed](h, c.ConnectionID).People {
		list = append(list, p.User.ID)
	}
	return list
}

func TestService_ListInvitations(t *testing.T) {
	h := newHouse(t)
	olga, bob, eve := h.enter("o1", "olga", "general"), h.enter("b1", "bob", "general"), h.enter("e1", "eve", "general")
	h.enter("d1", "dan", "general")
	room := h.private(olga)
	for _, user := range []chat.UserID{"bob", "dan", "eve"} {
		h.do(olga, chat.Invite{Room: room, User: user, As: chat.Member})
	}
	if got := h.invitedTo(olga, room); !slices.Equal(got, []chat.UserID{"bob", "dan", "eve"}) {
		t.Errorf("invited are %v", got)
	}
	h.sockets.forgetAll()
	h.do(olga, chat.ListInvitations{Room: room})
	in := one[chat.InvitationsListed](h, "o1").People[0]
	if in.User.Name != "bob" || in.Membership.Invite.As != chat.Member || in.Membership.Invite.ByName != "olga" {
		t.Errorf("the first of them is %+v", in)
	}
	h.refused(eve, chat.ListInvitations{Room: room}, chat.NotFound)
	h.do(bob, chat.AcceptInvite{Room: room})
	h.refused(bob, chat.ListInvitations{Room: room}, chat.Forbidden)
	h.do(eve, chat.DeclineInvite{Room: room})
	if got := h.invitedTo(olga, room); !slices.Equal(got, []chat.UserID{"dan"}) {
		t.Errorf("invited after one accepted and one declined are %v", got)
	}
}

func TestService_an_invitation_is_withdrawn_by_whoever_may_invite(t *testing.T) {
	h := newHouse(t)
	olga, bob, eve := h.enter("o1", "olga", "general"), h.enter("b1", "bob", "general"), h.enter("e1", "eve", "general")
	room := h.private(olga)
	h.member(olga, bob, room, chat.Member)
	h.do(olga, chat.Invite{Room: room, User: "eve", As: chat.Member})
	withdraw := chat.SetRole{Room: room, User: "eve"}
	h.refused(bob, withdraw, chat.Forbidden)
	h.do(olga, chat.UpdateRoom{Room: room, Settings: chat.Settings{Inviters: new(chat.Member)}})
	h.sockets.forgetAll()
	h.do(bob, withdraw)
	if e := one[chat.MemberChanged](h, "e1"); e.Role != "" || e.InvitedAs != "" || e.By != "bob" {
		t.Errorf("eve heard %+v, want that she is invited no more", e)
	}
	h.refused(eve, chat.AcceptInvite{Room: room}, chat.NotFound)
	if got := h.invitedTo(bob, room); len(got) != 0 {
		t.Errorf("invited are %v", got)
	}
	h.refused(bob, chat.SetRole{Room: room, User: "olga"}, chat.Forbidden)

	h.do(olga, chat.Invite{Room: room, User: "eve", As: chat.Moderator})
	h.refused(bob, withdraw, chat.Forbidden) // who could not have made it
	h.do(olga, withdraw)
}

func TestService_an_invitation_is_over_after_a_while(t *testing.T) {
	h := newHouse(t)
	olga, eve := h.enter("o1", "olga", "general"), h.enter("e1", "eve", "general")
	room := h.private(olga)
	h.do(olga, chat.Invite{Room: room, User: "eve", As: chat.Member})
	h.clock.Pass(chat.InviteLife - time.Minute)
	h.enter("o1", "olga", "general")
	h.enter("e1", "eve", "general")
	list := func() int {
		h.sockets.forgetAll()
		h.do(eve, chat.ListRooms{})
		return len(one[chat.RoomList](h, "e1").Invites)
	}
	if got := list(); got != 1 {
		t.Errorf("%d invitations before the end, want 1", got)
	}
	h.clock.Pass(time.Minute)
	if got := list(); got != 0 {
		t.Errorf("%d invitations after the end, want none", got)
	}
	if got := h.invitedTo(olga, room); len(got) != 0 {
		t.Errorf("invited are %v after the end", got)
	}
	h.refused(eve, chat.AcceptInvite{Room: room}, chat.NotFound)
	h.do(olga, chat.Invite{Room: room, User: "eve", As: chat.Member})
	h.do(eve, chat.AcceptInvite{Room: room})
}
