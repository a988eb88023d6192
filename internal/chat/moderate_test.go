package chat_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func banning(user chat.UserID, room chat.RoomID) chat.Moderate {
	return chat.Moderate{Act: chat.ActBan, User: user, Room: room, Reason: "spam"}
}

// enterAs connects a person who is in groups.
func (h *house) enterAs(id chat.ConnectionID, user chat.UserID, room chat.RoomID, groups ...string) chat.Caller {
	h.t.Helper()
	conn := h.connection(id, user)
	conn.Groups, conn.Guest = groups, user.Guest()
	if err := h.Connect(h.t.Context(), conn, room, h.clock.Now()); err != nil {
		h.t.Fatalf("Connect(%s, %s): %v", id, room, err)
	}
	h.work()
	h.clock.Pass(time.Millisecond)
	c := h.caller(id, user)
	c.Groups, c.Guest = groups, user.Guest()
	return c
}

func TestModerate_mute(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.Rate = chat.Rate{Messages: 100, Per: time.Minute} })
	ana, mona := h.enter("a1", "ana", "general"), h.enter("m1", "mona", "general")
	h.setRole("mona", "general", chat.Moderator)
	h.do(ana, chat.Send{Text: "one"})
	h.sockets.forgetAll()

	h.do(mona, chat.Moderate{Act: chat.ActMute, User: "ana", Room: "general", For: time.Hour, Reason: "too  loud"})
	for _, id := range []chat.ConnectionID{"a1", "m1"} {
		if e := one[chat.Moderated](h, id); e.Act != chat.ActMute || e.Room != "general" || e.UserID != "ana" || e.Reason != "too loud" || !e.Until.Equal(e.At.Add(time.Hour)) {
			t.Errorf("%s heard %+v", id, e)
		}
	}
	h.refused(ana, chat.Send{Text: "two"}, chat.Muted)
	if err := h.Do(t.Context(), ana, chat.Send{Text: "two"}); !strings.Contains(chat.TextOf(err), "too loud") {
		t.Errorf("Send(muted) = %v, want the reason", err)
	}
	h.do(ana, chat.Send{Room: "lisbon", Text: "elsewhere"})
	h.do(mona, chat.Moderate{Act: chat.ActUnmute, User: "ana", Room: "general", Reason: "calm again"})
	h.do(ana, chat.Send{Room: "general", Text: "three"})
	h.do(mona, chat.Moderate{Act: chat.ActMute, User: "ana", Room: "general", For: time.Hour, Reason: "again"})
	h.clock.Pass(time.Hour)
	h.do(ana, chat.Send{Room: "general", Text: "four"})
}

func TestModerate_muteEverywhere(t *testing.T) {
	h := newHouse(t)
	ana, mia := h.enter("a1", "ana", "general"), h.enterAs("m1", "mia", "lisbon", chat.Moderators)
	h.do(mia, chat.Moderate{Act: chat.ActMute, User: "ana", For: time.Minute, Reason: "spam"})
	h.refused(ana, chat.Send{Text: "x"}, chat.Muted)
	h.refused(ana, chat.SendPrivate{Target: "mia", Text: "x"}, chat.Muted)
	h.clock.Pass(time.Minute)
	h.do(ana, chat.Send{Text: "x"})
}

func TestModerate_mute_is_told_to_who_comes_back(t *testing.T) {
	h := newHouse(t)
	ana, mia := h.enter("a1", "ana", "general"), h.enterAs("m1", "mia", "lisbon", chat.Moderators)
	h.setRole("mia", "general", chat.Moderator)
	mute := func(act chat.Act, room chat.RoomID, reason string, length time.Duration) {
		h.do(mia, chat.Moderate{Act: act, User: "ana", Room: room, For: length, Reason: reason})
	}
	want := func(room chat.RoomID, reason string, everywhere bool) {
		t.Helper()
		h.sockets.forgetAll()
		h.do(ana, chat.Join{Room: room, Stay: true, Since: new(int64(0))})
		h.do(ana, chat.Resume{Rooms: []chat.Since{{Room: room}}})
		told := []chat.Mute{one[chat.RoomJoined](h, "a1").Muted}
		for _, e := range heard[chat.Resumed](h, "a1") {
			told = append(told, e.Muted)
		}
		for _, m := range told {
			if m.Reason != reason || m.Everywhere != everywhere || m.Until.IsZero() != (reason == "") {
				t.Errorf("in %s she was told %+v, want %q, everywhere %v", room, m, reason, everywhere)
			}
		}
		if len(told) != 3 {
			t.Errorf("she was told %d times, want with room_joined and both resumed", len(told))
		}
	}
	want("general", "", false)
	mute(chat.ActMute, "general", "too loud", time.Hour)
	want("general", "too loud", false)
	want("lisbon", "", false)
	mute(chat.ActMute, "", "spam", time.Minute)
	want("general", "too loud", false)
	want("lisbon", "spam", true)
	mute(chat.ActUnmute, "general", "calm again", 0)
	want("general", "spam", true)
	h.clock.Pass(time.Minute)
	want("general", "", false)
}

func TestModerate_banFromARoom(t *testing.T) {
	h := newHouse(t)
	ana, other := h.enter("a1", "ana", "general"), h.enter("a2", "ana", "general")
	h.do(other, chat.Join{Room: "lisbon", Stay: true})
	mona := h.enter("m1", "mona", "general")
	h.setRole("mona", "general", chat.Moderator)
	h.sockets.forgetAll()
	h.do(mona, banning("ana", "general"))
	h.work()
	for _, id := range []chat.ConnectionID{"a1", "a2"} {
		if e := one[chat.RoomLeft](h, id); e.Room != "general" {
			t.Errorf("%s heard %+v", id, e)
		}
		if e := one[chat.Moderated](h, id); e.Reason != "spam" || !e.Until.Equal(chat.ForGood) {
			t.Errorf("%s heard %+v", id, e)
		}
	}
	if l := one[chat.Left](h, "m1"); l.UserID != "ana" || l.Room != "general" {
		t.Errorf("m1 heard %+v", l)
	}
	if len(h.sockets.closed) != 0 {
		t.Errorf("closed are %v, want none: the ban is from a room", h.sockets.closed)
	}
	for _, cmd := range []chat.Command{
		chat.Join{Room: "general"}, chat.Send{Room: "general", Text: "x"}, chat.ReadHistory{Room: "general"},
		chat.Search{Room: "general", Query: "x"}, chat.ListMembers{Room: "general"},
	} {
		h.refused(ana, cmd, chat.Forbidden)
	}
	h.sockets.forgetAll()
	h.do(ana, chat.Resume{Rooms: []chat.Since{{Room: "general"}}})
	if e := one[chat.Refused](h, "a1"); e.Code != chat.Forbidden || len(heard[chat.Resumed](h, "a1")) != 0 {
		t.Errorf("Resume(banned from) = %+v, want %s", e, chat.Forbidden)
	}
	h.do(other, chat.Send{Room: "lisbon", Text: "still here"})
	if err := h.Connect(t.Context(), h.connection("a3", "ana"), "general", h.clock.Now()); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("Connect(a room one is banned from) = %v, want %s", err, chat.Forbidden)
	}
	h.do(mona, chat.Moderate{Act: chat.ActUnban, User: "ana", Room: "general", Reason: "sorry"})
	h.do(ana, chat.Join{Room: "general"})
}

func TestModerate_banEverywhere(t *testing.T) {
	h := newHouse(t)
	ana := h.enter("a1", "ana", "general")
	h.enter("a2", "ana", "lisbon")
	mia := h.enterAs("m1", "mia", "general", chat.Moderators)
	h.do(mia, banning("ana", ""))
	h.refused(ana, chat.Ping{}, chat.Forbidden) // the socket is still open
	h.work()
	for _, id := range []chat.ConnectionID{"a1", "a2"} {
		if e := one[chat.Closing](h, id); e.Code != chat.CloseBanned || e.Reason != "spam" || e.Retry || !slices.Contains(h.sockets.closed, id) {
			t.Errorf("%s heard %+v, closed are %v", id, e, h.sockets.closed)
		}
	}
	if err := h.Connect(t.Context(), h.connection("a3", "ana"), "general", h.clock.Now()); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("Connect(banned) = %v, want %s", err, chat.Forbidden)
	}
	h.do(mia, chat.Moderate{Act: chat.ActUnban, User: "ana", Reason: "sorry"})
	h.enter("a4", "ana", "general")
	h.work()
	if got := heard[chat.Closing](h, "a4"); len(got) != 0 {
		t.Errorf("a4 heard %+v after the ban was taken back", got)
	}
}

func TestModerate_aBanIsLookedAfterTwice(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	if _, err := h.Moderate(t.Context(), mia, banning("ana", "")); err != nil {
		t.Fatal(err)
	}
	list := h.jobs.take()
	if len(list) != 2 || list[0].Kind != chat.BarJob || list[1].Kind != chat.BarJob || h.jobs.late[""] != time.Minute {
		t.Errorf("the jobs are %+v, the last after %v, want two, one of them after a minute", list, h.jobs.late[""])
	}
}

func TestModerate_kick(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	ben := h.enter("b1", "ben", "general")
	mia := h.enterAs("m1", "mia", "general", chat.Moderators)
	h.do(mia, chat.Moderate{Act: chat.ActKick, User: "ana", Reason: "spam"})
	h.do(mia, chat.Moderate{Act: chat.ActKick, User: "ben", Room: "general", Reason: "spam"})
	h.work()
	if e := one[chat.Closing](h, "a1"); e.Code != chat.CloseKicked || e.Reason != "spam" {
		t.Errorf("a1 heard %+v", e)
	}
	one[chat.RoomLeft](h, "b1")
	h.refused(ben, chat.Join{Room: "general"}, chat.Forbidden)
	h.clock.Pass(chat.KickTime)
	h.do(ben, chat.Join{Room: "general"})
	h.enter("a2", "ana", "general")
}

func TestModerate_aKickDoesNotShortenABan(t *testing.T) {
	h := newHouse(t)
	ana := h.enter("a1", "ana", "general")
	for _, act := range []chat.Act{chat.ActBan, chat.ActKick} {
		if _, err := h.Moderate(t.Context(), mia, chat.Moderate{Act: act, User: "ana", Room: "general", Reason: "spam"}); err != nil {
			t.Fatal(err)
		}
	}
	h.clock.Pass(chat.KickTime)
	h.refused(ana, chat.Join{Room: "general"}, chat.Forbidden)
}

func TestModerate_isAuditedInItsScope(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	acts := []chat.Moderate{
		banning("ana", "general"), banning("ana", ""), {Act: chat.ActUnban, User: "ana", Room: "general", Reason: "sorry"},
		{Act: chat.ActUnmute, User: "ana", Room: "general", Reason: "was not muted"},
	}
	for _, cmd := range acts {
		if _, err := h.Moderate(t.Context(), mia, cmd); err != nil {
			t.Fatalf("Moderate(%+v): %v", cmd, err)
		}
	}
	for scope, want := range map[string][]chat.Act{chat.AuditScope("general"): {chat.ActBan, chat.ActUnban}, chat.Everywhere: {chat.ActBan}} {
		log := h.verified(scope)
		var got []chat.Act
		for _, a := range log {
			got = append(got, a.Act)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the log of %s is %v, want %v", scope, got, want)
		}
		if d := log[0].Deed; d.By != "mia" || d.Whom != "ana" || d.Reason != "spam" || d.Before != "not banned" || d.After != "banned for good" {
			t.Errorf("the first entry of %s is %+v", scope, d)
		}
	}
}

func TestModerate_atOnce(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := h.Moderate(t.Context(), mia, banning("ana", "general")); err != nil {
				t.Errorf("Moderate: %v", err)
			}
		})
	}
	all.Wait()
	if log := h.verified(chat.AuditScope("general")); len(log) != 4 {
		t.Errorf("the log has %d entries, want 4", len(log))
	}
}

// However a mute meets messages of the same moment: what is sent after its answer is refused.
func TestModerate_whileOneWrites(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.Rate = chat.Rate{Messages: 1000, Per: time.Hour} })
	ana := h.enter("a1", "ana", "general")
	muted := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				late := false
				select {
				case <-muted:
					late = true
				default:
				}
				err := h.Do(t.Context(), ana, chat.Send{Room: "general", Text: "lamps"})
				if late && chat.CodeOf(err) != chat.Muted || err != nil && chat.CodeOf(err) != chat.Muted {
					t.Errorf("Send = %v, after the mute: %v", err, late)
				}
			}
		})
	}
	if _, err := h.Moderate(t.Context(), mia, chat.Moderate{Act: chat.ActMute, User: "ana", Room: "general", For: time.Hour, Reason: "spam"}); err != nil {
		t.Error(err)
	}
	close(muted)
	all.Wait()
	h.refused(ana, chat.Send{Room: "general", Text: "lamps"}, chat.Muted)
}
