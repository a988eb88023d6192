package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
)

// measuresOf lists what holds in a room, page by page.
func (h *house) measuresOf(c chat.Caller, room chat.RoomID) (list []chat.Imposed) {
	h.t.Helper()
	for cursor, first := "", true; first || cursor != ""; first = false {
		h.sockets.forgetAll()
		h.do(c, chat.ListMeasures{Room: room, Cursor: cursor})
		page := one[chat.MeasuresListed](h, c.ConnectionID)
		list, cursor = append(list, page.Measures...), page.Cursor
	}
	return list
}

func TestService_ListMeasures(t *testing.T) {
	h := newHouse(t)
	olga, bob := h.enter("o1", "olga", "general"), h.enter("b1", "bob", "general")
	mia := h.enterAs("m1", "mia", "lobby", chat.Moderators)
	h.do(olga, chat.CreateRoom{Room: "tea"})
	h.do(bob, chat.Join{Room: "tea", Stay: true})
	h.enter("e1", "eve", "general")
	since := h.clock.Now().Truncate(time.Millisecond)
	h.do(olga, chat.Moderate{Act: chat.ActMute, Room: "tea", User: "bob", For: time.Hour, Reason: "loud"})
	h.do(mia, chat.Moderate{Act: chat.ActBan, Room: "tea", User: "eve", Reason: "spam"})
	h.do(mia, chat.Moderate{Act: chat.ActBan, User: "eve", For: time.Hour, Reason: "not of this room"})
	muted := chat.Imposed{
		Act: chat.ActMute, UserID: "bob", Name: "bob", Role: chat.Member, Until: since.Add(time.Hour), Reason: "loud",
		By: "olga", ByName: "olga", At: since,
	}
	banned := chat.Imposed{Act: chat.ActBan, UserID: "eve", Name: "eve", Until: chat.ForGood, Reason: "spam", By: "mia", ByName: "mia", At: since}
	banned.At = since.Add(time.Millisecond)
	for _, c := range []chat.Caller{olga, mia} {
		if diff := cmp.Diff([]chat.Imposed{muted, banned}, h.measuresOf(c, "tea")); diff != "" {
			t.Errorf("ListMeasures by %s (-want +got):\n%s", c.UserID, diff)
		}
	}
	for _, c := range []chat.Caller{bob, of(bob, chat.Ops)} {
		h.refused(c, chat.ListMeasures{Room: "tea"}, chat.Forbidden)
	}
	h.refused(mia, chat.ListMeasures{Room: h.private(olga)}, chat.NotFound)

	h.clock.Pass(time.Hour)
	if diff := cmp.Diff([]chat.Imposed{banned}, h.measuresOf(olga, "tea")); diff != "" {
		t.Errorf("ListMeasures after an hour (-want +got):\n%s", diff)
	}
	h.do(olga, chat.Moderate{Act: chat.ActUnban, Room: "tea", User: "eve", Reason: "sorry"})
	if got := h.measuresOf(olga, "tea"); len(got) != 0 {
		t.Errorf("ListMeasures after the ban was lifted = %+v", got)
	}
}

func TestService_ListMeasures_of_many_people_comes_in_pages(t *testing.T) {
	h := newHouse(t)
	olga := h.enter("o1", "olga", "general")
	h.do(olga, chat.CreateRoom{Room: "tea"})
	const people = 40
	for n := range people {
		id := chat.UserID(fmt.Sprintf("u%02d", n))
		must(t, h.store.RememberUser(t.Context(), chat.User{ID: id, Name: string(id), KnownSince: h.clock.Now()}, ""))
		h.do(olga, chat.Moderate{Act: chat.ActMute, Room: "tea", User: id, For: time.Hour, Reason: "loud"})
	}
	list := h.measuresOf(olga, "tea")
	for n := range list {
		if want := chat.UserID(fmt.Sprintf("u%02d", n)); list[n].UserID != want {
			t.Errorf("measure %d is of %s, want %s", n, list[n].UserID, want)
		}
	}
	if len(list) != people {
		t.Errorf("%d measures are listed, want %d", len(list), people)
	}
}

func TestService_deletion_tells_the_author_why_and_nobody_else(t *testing.T) {
	h := newHouse(t)
	ana, ben, mona := h.enter("a1", "ana", "general"), h.enter("b1", "ben", "general"), h.enter("m1", "mona", "general")
	tab := h.enter("a2", "ana", "lisbon")
	h.setRole("mona", "general", chat.Moderator)
	m := h.said(ana, "two lamps for one")
	deletion := remove(m)
	deletion.Reason = "  sells\nlamps "
	h.do(mona, deletion)
	for _, c := range []chat.Caller{ana, tab} {
		if e := one[chat.Moderated](h, c.ConnectionID); e.Act != chat.ActDelete || e.Room != "general" || e.UserID != "ana" || e.Message != m.ID || e.Reason != "sells lamps" {
			t.Errorf("%s heard %+v", c.ConnectionID, e)
		}
	}
	for _, id := range []chat.ConnectionID{"b1", "m1"} {
		if e := heard[chat.Moderated](h, id); len(e) != 0 {
			t.Errorf("%s heard %+v", id, e)
		}
	}
	if got := h.message(ben, m); got.DeletedBy != "mona" || got.DeletedFor != "sells lamps" { // which the wire shows to its author
		t.Errorf("the message is %+v", got)
	}
	if log := h.verified(chat.AuditScope("general")); len(log) != 1 || log[0].Deed.Reason != "sells lamps" || log[0].Deed.Whom != "ana" {
		t.Errorf("the audit log is %+v", log)
	}

	own := remove(h.said(ana, "sorry"))
	own.Reason = "mine"
	h.do(ana, own)
	if e := heard[chat.Moderated](h, "a1"); len(e) != 0 {
		t.Errorf("of her own deletion ana heard %+v", e)
	}
}

func TestService_deletion_tells_nobody_of_a_room_that_is_hidden_from_them(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.enter("a1", "ana", "general"), h.enter("b1", "ben", "general")
	room := h.private(ana)
	h.member(ana, ben, room, chat.Member)
	h.sockets.forgetAll()
	h.do(ben, chat.Send{Room: room, Text: "two lamps for one"})
	m := one[chat.Posted](h, "b1").Message
	h.do(ana, chat.SetRole{Room: room, User: "ben"})
	h.work()
	h.sockets.forgetAll()
	deletion := remove(m)
	deletion.Reason = "sells lamps"
	h.do(ana, deletion)
	if e := heard[chat.Moderated](h, "b1"); len(e) != 0 {
		t.Errorf("ben heard %+v", e)
	}
}

func TestService_RoomMeasures_has_those_of_long_ago(t *testing.T) {
	h := newHouse(t)
	h.enter("e1", "eve", "general")
	h.enter("b1", "bob", "general")
	impose := func(act chat.Act, user chat.UserID) {
		t.Helper()
		_, err := h.Moderate(t.Context(), mia, chat.Moderate{Act: act, Room: "general", User: user, Reason: "x"})
		must(t, err)
	}
	impose(chat.ActBan, "eve")
	for range 51 { // more entries than are read
		impose(chat.ActMute, "bob")
		impose(chat.ActUnmute, "bob")
	}
	list, deeds, err := h.RoomMeasures(t.Context(), "general")
	if err != nil || len(list) != 1 || list[0].User.ID != "eve" || !list[0].Membership.BannedUntil.Equal(chat.ForGood) {
		t.Errorf("RoomMeasures(general) = %+v, %v, want eve's ban", list, err)
	}
	if len(deeds) != 100 || deeds[0].Act != chat.ActUnmute {
		t.Errorf("%d entries are given, want the last 100", len(deeds))
	}
}
