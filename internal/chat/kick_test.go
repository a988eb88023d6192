package chat_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"switchboard/internal/chat"
)

var mia = chat.Principal{UserID: "mia", Name: "Mia", Groups: []string{chat.Moderators}}

// shown are the connections that a moderator saw before the kick.
func shown(ids ...chat.ConnectionID) []chat.ConnectionID { return ids }

func TestService_Kick(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	h.enter("a2", "ana", "lisbon")
	h.enter("b1", "ben", "general")
	h.sockets.forgetAll()

	plan, err := h.PlanKick(t.Context(), mia, chat.Target{User: "ana"})
	if err != nil || len(plan.Connections) != 2 || plan.Name != "ana" || len(plan.Rooms[0]) != 1 || len(plan.Rooms[1]) != 1 {
		t.Fatalf("PlanKick(ana) = %+v, %v, want 2 connections in general and lisbon", plan, err)
	}
	done, err := h.Kick(t.Context(), mia, chat.Target{User: "ana"}, "  prize\nlinks ", shown("a1", "a2"))
	if err != nil || done.Connections != 2 || !done.Until.Equal(h.clock.Now().Add(chat.KickTime)) {
		t.Fatalf("Kick(ana) = %+v, %v", done, err)
	}
	for _, id := range []chat.ConnectionID{"a1", "a2"} {
		c := one[chat.Closing](h, id)
		if c.Code != chat.CloseKicked || c.Reason != "prize links" || c.Retry || !slices.Contains(h.sockets.closed, id) {
			t.Errorf("%s heard %+v, closed are %v", id, c, h.sockets.closed)
		}
	}
	if l := one[chat.Left](h, "b1"); l.UserID != "ana" || l.Room != "general" {
		t.Errorf("b1 heard %+v", l)
	}
	live, _, err := h.LiveConnections(t.Context())
	if err != nil || len(live) != 1 || live[0].ID != "b1" {
		t.Errorf("LiveConnections() = %+v, %v, want b1 only", live, err)
	}
	if err := h.Connect(t.Context(), h.connection("a3", "ana"), "general", h.clock.Now()); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("Connect(kicked) = %v, want %s", err, chat.Forbidden)
	}
	h.clock.Pass(chat.KickTime)
	h.enter("a4", "ana", "general")
}

func TestService_Plan_names_public_rooms_only(t *testing.T) {
	h := newHouse(t)
	ana := h.enter("a1", "ana", "general")
	room := h.private(ana)
	h.do(ana, chat.Join{Room: room, Stay: true})
	h.member(ana, h.enter("b1", "ben", "general"), room, chat.Member)
	everywhere, err := h.PlanModerate(t.Context(), mia, chat.Moderate{Act: chat.ActBan, User: "ben"})
	if err != nil {
		t.Fatal(err)
	}
	there, err := h.PlanModerate(t.Context(), ana.Principal, chat.Moderate{Act: chat.ActBan, Room: room, User: "ben"})
	if err != nil {
		t.Fatal(err)
	}
	kick, err := h.PlanKick(t.Context(), mia, chat.Target{User: "ben"})
	if err != nil {
		t.Fatal(err)
	}
	for what, test := range map[string]struct {
		plan chat.KickPlan
		want chat.RoomID
	}{"a kick": {kick, "general"}, "a ban everywhere": {everywhere.Kick, "general"}, "a ban from the room": {there.Kick, room}} {
		if len(test.plan.Connections) != 1 || !slices.Equal(slices.Concat(test.plan.Rooms...), []chat.RoomID{test.want}) {
			t.Errorf("%s names %v of %d connections, want %s of one", what, test.plan.Rooms, len(test.plan.Connections), test.want)
		}
	}
}

func TestService_Kick_ofOneConnection(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	two := h.enter("a2", "ana", "general")
	h.enter("b1", "ben", "general")
	if _, err := h.Kick(t.Context(), mia, chat.Target{Connection: "a1", User: "ana"}, "spam", shown("a1")); err != nil {
		t.Fatal(err)
	}
	if n := len(heard[chat.Closing](h, "a2")) + len(heard[chat.Closing](h, "b1")); n != 0 || !slices.Equal(h.sockets.closed, []chat.ConnectionID{"a1"}) {
		t.Errorf("%d others heard of closing, closed are %v, want a1 only", n, h.sockets.closed)
	}
	h.do(two, chat.Send{Room: "general", Text: "still here"})
}

func TestService_Kick_refused(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	h.enter("b1", "ben", "general")
	h.enter("b2", "ben", "general")
	h.enter("z1", "zac", "general")
	h.enter("z2", "zac", "general")
	if _, err := h.store.MarkClosing(t.Context(), "b2"); err != nil {
		t.Fatal(err)
	}
	omar := chat.Principal{UserID: "omar", Groups: []string{chat.Ops}}
	guest := chat.Principal{UserID: "guest:1", Guest: true, Groups: []string{chat.Admins}}
	tests := []struct {
		name   string
		by     chat.Principal
		target chat.Target
		reason string
		shown  []chat.ConnectionID
		want   chat.Code
	}{
		{"an ops person", omar, chat.Target{User: "ana"}, "spam", shown("a1"), chat.Forbidden},
		{"nobody in particular", chat.Principal{UserID: "ben"}, chat.Target{User: "ana"}, "spam", shown("a1"), chat.Forbidden},
		{"a guest who claims groups", guest, chat.Target{User: "ana"}, "spam", shown("a1"), chat.Forbidden},
		{"no reason", mia, chat.Target{User: "ana"}, " \u202e\x00", shown("a1"), chat.Invalid},
		{"a long reason", mia, chat.Target{User: "ana"}, strings.Repeat("x", 201), shown("a1"), chat.TooLarge},
		{"fewer than were shown", mia, chat.Target{User: "ana"}, "spam", shown("a1", "a2"), chat.Conflict},
		{"more than were shown", mia, chat.Target{User: "ana"}, "spam", nil, chat.Conflict},
		{"another one than was shown", mia, chat.Target{User: "ana"}, "spam", shown("a0"), chat.Conflict},
		{"one that was shown twice, and a new one", mia, chat.Target{User: "zac"}, "spam", shown("z1", "z1"), chat.Conflict},
		{"a connection that is gone", mia, chat.Target{Connection: "zz"}, "spam", shown("zz"), chat.Gone},
		{"a connection that is being removed", mia, chat.Target{Connection: "b2"}, "spam", shown("b2"), chat.Gone},
		{"somebody else's connection", mia, chat.Target{Connection: "b1", User: "ana"}, "spam", shown("b1"), chat.Gone},
		{"a person who is not here", mia, chat.Target{User: "zoe"}, "spam", nil, chat.Gone},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := h.Kick(t.Context(), test.by, test.target, test.reason, test.shown); chat.CodeOf(err) != test.want {
				t.Errorf("Kick(%+v) = %v, want %s", test.target, err, test.want)
			}
		})
	}
	if log := h.verified(chat.Everywhere); len(log) != 0 || len(h.sockets.closed) != 0 {
		t.Errorf("refused kicks left %+v and closed %v", log, h.sockets.closed)
	}
}

func TestService_Kick_isAudited(t *testing.T) {
	h := newHouse(t)
	users := []chat.UserID{"ana", "ben", "chloe", "dev"}
	for _, user := range users {
		h.enter(chat.ConnectionID(user+"1"), user, "general")
	}
	var all sync.WaitGroup
	for _, user := range users {
		all.Go(func() {
			if _, err := h.Kick(t.Context(), mia, chat.Target{User: user}, "spam", shown(chat.ConnectionID(user+"1"))); err != nil {
				t.Errorf("Kick(%s): %v", user, err)
			}
		})
	}
	all.Wait()
	log := h.verified(chat.Everywhere)
	if len(log) != len(users) {
		t.Fatalf("the log has %d entries, want %d", len(log), len(users))
	}
	for _, a := range log {
		d := a.Deed
		if d == nil || d.By != "mia" || d.Reason != "spam" || d.Before != "1 open" || d.After == "" || a.Act != chat.ActKick {
			t.Errorf("audit entry %+v, deed %+v", a, d)
		}
	}
}
