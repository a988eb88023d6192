package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
)

var ada = chat.Principal{UserID: "ada", Name: "Ada", Groups: []string{chat.Admins}}

// fillWith has a person leave something behind everywhere they can.
func (h *house) fillWith(user chat.UserID) {
	h.t.Helper()
	zed, ben := h.enter("z1", user, "general"), h.enter("b1", "ben", "general")
	h.do(zed, chat.Send{Text: "the secret of zedekiah", ClientID: "zedekiah-1"})
	h.do(ben, chat.Send{Text: "what did he say?"})
	said := heard[chat.Posted](h, "b1")
	h.do(zed, chat.Amend{Kind: chat.KindEdit, Room: "general", Message: said[0].Message.ID, Text: "the edited secret"})
	h.do(zed, chat.Amend{Kind: chat.KindReaction, Room: "general", Message: said[1].Message.ID, Emoji: "👍", On: true})
	h.do(ben, chat.Amend{Kind: chat.KindReaction, Room: "general", Message: said[0].Message.ID, Emoji: "👍", On: true})
	h.do(zed, chat.MarkRead{Room: "general", Seq: 2})
	h.do(zed, chat.SendPrivate{Target: "ben", Text: "a private secret"})
	h.do(ben, chat.SendPrivate{Target: user, Text: "ben answers"})
	room := h.private(zed)
	h.do(zed, chat.Invite{Room: room, User: "ben", As: chat.Member})
	h.do(zed, chat.Send{Room: room, Text: "a secret of the room"})
	h.do(ben, chat.ReportMessage{Room: "general", Message: said[0].Message.ID, Reason: "a secret"})
	h.do(zed, chat.ReportMessage{Room: "general", Message: said[1].Message.ID, Reason: "a secret"})
	answer := heard[chat.PrivatePosted](h, "z1")[1].Message
	h.do(zed, chat.ReportMessage{Room: answer.Room, Message: answer.ID, Reason: "a secret of ben's"})
	h.resolveAll(func(r chat.Report) bool { return r.Message == answer.ID })
	h.do(ben, chat.CreateRoom{Room: "bens"})
	h.do(ben, chat.Invite{Room: "bens", User: user, As: chat.Member})
	for _, act := range []chat.Act{chat.ActMute, chat.ActBan} {
		h.do(ben, chat.Moderate{Act: act, Room: "bens", User: user, For: time.Hour, Reason: "a secret"})
	}
	deletion := remove(h.said(zed, "another secret"))
	deletion.Reason = "a secret"
	h.setRole("ben", "general", chat.Moderator)
	h.do(ben, deletion)
	h.setRole(user, "general", chat.Moderator)
	h.enter("c1", "cid", "general")
	h.do(zed, chat.Moderate{Act: chat.ActMute, Room: "general", User: "cid", For: 24 * time.Hour, Reason: "too loud"})
	h.do(zed, chat.Amend{Kind: chat.KindDelete, Room: "general", Message: said[1].Message.ID, Reason: "said by zedekiah"})
	if _, err := h.Moderate(h.t.Context(), mia, chat.Moderate{Act: chat.ActMute, User: user, Reason: "for secrets"}); err != nil {
		h.t.Fatal(err)
	}
}

// resolveAll resolves the reports that are meant.
func (h *house) resolveAll(meant func(chat.Report) bool) {
	h.t.Helper()
	list, _, err := h.Reports(h.t.Context(), mia, "")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range list {
		if meant(r) {
			if err := h.Resolve(h.t.Context(), mia, r.ID, "nothing in it"); err != nil {
				h.t.Fatal(err)
			}
		}
	}
}

func TestErase_leavesNothing(t *testing.T) {
	h := newHouse(t)
	h.fillWith("zedekiah")
	if err := h.Erase(t.Context(), ada, "zedekiah", "asked for it"); err != nil {
		t.Fatal(err)
	}
	h.work()
	if e := one[chat.Closing](h, "z1"); e.Code != chat.CloseBanned {
		t.Errorf("z1 heard %+v", e)
	}
	for _, line := range h.everything() {
		for _, trace := range []string{"zedekiah", "secret"} {
			if strings.Contains(line, trace) {
				t.Errorf("%q is left in %s", trace, line)
			}
		}
	}
	for scope, want := range map[string]int{chat.Everywhere: 2, chat.AuditScope("general"): 3} {
		log := h.verified(scope)
		if len(log) != want {
			t.Errorf("the log of %s has %d entries, want %d", scope, len(log), want)
		}
	}
	last := h.verified(chat.Everywhere)[1]
	if last.Act != chat.ActErase || last.Deed == nil || last.Deed.By != "ada" || last.Deed.Whom != "" {
		t.Errorf("the last entry is %+v, %+v", last, last.Deed)
	}

	ben := h.caller("b1", "ben")
	h.sockets.forgetAll()
	h.do(ben, chat.ReadHistory{Room: "general"})
	page := one[chat.HistoryRead](h, "b1").Page
	if len(page.Missing) != 0 || len(page.Messages) != 3 || page.Messages[0].Text != "" || page.Messages[0].SenderID != chat.Erased || page.Messages[0].DeletedAt.IsZero() {
		t.Errorf("the history is %+v, want a tombstone at every number", page)
	}
	if got := h.measuresOf(ben, "general"); len(got) != 1 || got[0].UserID != "cid" || got[0].Reason != "too loud" || got[0].By != "" {
		t.Errorf("the measures are %+v, want cid's, by nobody any more", got)
	}
	h.sockets.forgetAll()
	h.do(ben, chat.ListRooms{})
	for _, r := range one[chat.RoomList](h, "b1").Rooms {
		if r.With != nil && r.With.UserID != chat.Erased {
			t.Errorf("the conversation is with %+v, want nobody any more", r.With)
		}
	}
	h.enter("z2", "zedekiah", "general") // somebody new
}

func TestErase_leavesNothing_of_who_deleted_in_a_room_of_others(t *testing.T) {
	h := newHouse(t)
	ben := h.enter("b1", "ben", "general")
	zed := h.enterAs("z1", "zedekiah", "lobby", chat.Moderators)
	deletion := remove(h.said(ben, "two lamps for one"))
	deletion.Reason = "zedekiah says so"
	h.do(zed, deletion)
	if err := h.Erase(t.Context(), ada, "zedekiah", "asked for it"); err != nil {
		t.Fatal(err)
	}
	h.work()
	h.wantForgotten("zedekiah")
	h.sockets.forgetAll()
	h.do(ben, chat.ReadHistory{Room: "general"})
	if m := one[chat.HistoryRead](h, "b1").Page.Messages[0]; m.SenderID != "ben" || m.DeletedBy != chat.Erased {
		t.Errorf("the message is %+v", m)
	}
}

// Whatever breaks off is done again, and goes on.
func TestErase_goesOnAfterACrash(t *testing.T) {
	h := newHouse(t)
	h.fillWith("zedekiah")
	if err := h.Erase(t.Context(), ada, "zedekiah", "asked for it"); err != nil {
		t.Fatal(err)
	}
	var again []chat.Job
	for list := h.jobs.take(); len(list) > 0; list = h.jobs.take() {
		again = append(again, list...)
		for _, j := range list {
			for range 2 { // SQS delivers twice what was cut off
				if err := h.Run(t.Context(), j); err != nil {
					t.Fatalf("Run(%+v): %v", j, err)
				}
			}
		}
		if len(again) > 1000 {
			t.Fatal("the jobs do not end")
		}
	}
	if left := slices.IndexFunc(h.everything(), func(line string) bool { return strings.Contains(line, "zedekiah") }); left >= 0 {
		t.Errorf("left is %s", h.everything()[left])
	}
}

// A page that was open before still names whom its user writes to.
func TestErase_leavesNothing_of_what_others_write_meanwhile(t *testing.T) {
	h := newHouse(t)
	zed, ben := h.enter("z1", "zedekiah", "general"), h.enter("b1", "ben", "general")
	h.do(zed, chat.SendPrivate{Target: "ben", Text: "hello"})
	h.do(ben, chat.CreateRoom{Room: "bens"})
	for n := range 12 { // more than one job does
		h.do(zed, chat.Join{Room: chat.RoomID(fmt.Sprint("room", n)), Stay: true})
	}
	h.work()
	if err := h.Erase(t.Context(), ada, "zedekiah", "asked for it"); err != nil {
		t.Fatal(err)
	}
	talk := chat.PrivateRoomID("ben", "zedekiah")
	list := h.jobs.take()
	for ; len(list) > 0 && h.role("zedekiah", talk) != ""; list = append(list[1:], h.jobs.take()...) {
		if err := h.Run(t.Context(), list[0]); err != nil {
			t.Fatal(err)
		}
	}
	if len(list) == 0 {
		t.Fatal("erasing was over with the conversation")
	}
	for _, cmd := range []chat.Command{
		chat.SendPrivate{Target: "zedekiah", Text: "still there?"},
		chat.Invite{Room: "bens", User: "zedekiah", As: chat.Member},
		chat.Moderate{Act: chat.ActBan, Room: "bens", User: "zedekiah", Reason: "x"},
	} {
		if err := h.Do(t.Context(), ben, cmd); chat.CodeOf(err) != chat.NotFound {
			t.Errorf("%+v = %v, want %s", cmd, err, chat.NotFound)
		}
	}
	for _, j := range list {
		if err := h.Run(t.Context(), j); err != nil {
			t.Fatal(err)
		}
	}
	h.work()
	h.wantForgotten("zedekiah")
}

// wantForgotten wants somebody's id to stand in no table.
func (h *house) wantForgotten(id string) {
	h.t.Helper()
	for _, line := range h.everything() {
		if strings.Contains(line, id) {
			h.t.Errorf("left is %s", line)
		}
	}
}

func TestErase_leaves_no_room_to_its_owner(t *testing.T) {
	h := newHouse(t)
	h.enter("z1", "zedekiah", "general")
	for n := range chat.MaxRoomsOwned + 1 {
		id := chat.RoomID(fmt.Sprint("r_", n))
		if err := h.store.CreateRoom(t.Context(), chat.Room{ID: id, Name: "x", Visibility: chat.Public, Owner: "zedekiah", CreatedAt: h.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Erase(t.Context(), ada, "zedekiah", "asked for it"); err != nil {
		t.Fatal(err)
	}
	h.work()
	h.wantForgotten("zedekiah")
}

func TestErase_refused(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	h.enterAs("e1", "eve", "general", chat.Admins)
	for _, test := range []struct {
		by   chat.Principal
		user chat.UserID
		want chat.Code
	}{
		{mia, "ana", chat.Forbidden},
		{ada, "eve", chat.Forbidden},
		{ada, "ada", chat.NotFound},
		{ada, "zoe", chat.NotFound},
	} {
		if err := h.Erase(t.Context(), test.by, test.user, "x"); chat.CodeOf(err) != test.want {
			t.Errorf("Erase(%s) by %s = %v, want %s", test.user, test.by.UserID, err, test.want)
		}
	}
}
