package chat_test

import (
	"testing"

	"switchboard/internal/chat"
)

func TestService_observes(t *testing.T) {
	h := newHouse(t)
	ana := h.enter("a1", "ana", "general")
	h.enter("a2", "ana", "general")
	ben := h.enter("b1", "ben", "lisbon")
	h.do(ben, chat.Join{Room: "general", Stay: true})
	h.do(ana, chat.Send{Room: "general", Text: "one"})
	h.do(ana, chat.Send{Room: "general", Text: "two"})
	h.do(ana, chat.SendPrivate{Target: "ben", Text: "psst"})

	live, more, err := h.LiveConnections(t.Context())
	if err != nil || more || len(live) != 3 || live[0].ID != "b1" || live[2].ID != "a1" {
		t.Errorf("LiveConnections() = %+v, %v, %v, want b1, a2, a1", live, more, err)
	}
	rooms, more, err := h.ObserveRooms(t.Context())
	if err != nil || more || len(rooms) != 2 {
		t.Fatalf("ObserveRooms() = %+v, %v, %v, want general and lisbon", rooms, more, err)
	}
	for _, r := range rooms {
		if r.Room.ID == "general" && (r.People != 2 || len(r.Connections) != 3 || r.Head.Messages != 2) {
			t.Errorf("general is %+v", r)
		}
	}
	_, list, err := h.RecentMessages(t.Context(), "general", 1)
	if err != nil || len(list) != 1 || list[0].Text != "two" {
		t.Errorf("RecentMessages(general, 1) = %+v, %v", list, err)
	}
	for _, room := range []chat.RoomID{chat.PrivateRoomID("ana", "ben"), "r_nothing", "nowhere"} {
		if _, list, err := h.RecentMessages(t.Context(), room, 9); chat.CodeOf(err) != chat.NotFound || len(list) != 0 {
			t.Errorf("RecentMessages(%s) = %+v, %v, want %s", room, list, err, chat.NotFound)
		}
	}
	if u, err := h.KnownUser(t.Context(), "ana"); err != nil || u.Name != "ana" {
		t.Errorf("KnownUser(ana) = %+v, %v", u, err)
	}
	if _, err := h.KnownUser(t.Context(), "zoe"); chat.CodeOf(err) != chat.NotFound {
		t.Errorf("KnownUser(zoe) = %v, want %s", err, chat.NotFound)
	}
}

func TestParseConnectionID(t *testing.T) {
	for id, good := range map[string]bool{"L0SN2eXhvHcCJrA=": true, "a_b-c/d+e": true, "": false, "a b": false, "a#b": false, "a.b": false, "<a>": false, string(make([]byte, 129)): false} {
		if got, err := chat.ParseConnectionID(id); (err == nil) != good || good && string(got) != id || !good && chat.CodeOf(err) != chat.Gone {
			t.Errorf("ParseConnectionID(%q) = %q, %v, want good %v", id, got, err, good)
		}
	}
}

func TestPrincipal_May(t *testing.T) {
	want := map[chat.Operation][3]bool{ // ops, moderators, admins
		chat.SeeFigures:     {true, true, true},
		chat.SeeConnections: {true, true, true},
		chat.SeePeople:      {true, true, true},
		chat.SeeRooms:       {true, true, true},
		chat.ReadMessages:   {false, true, true},
		chat.KickPeople:     {false, true, true},
		chat.ModeratePeople: {false, true, true},
		chat.HandleReports:  {false, true, true},
		chat.SeeAudit:       {false, true, true},
		chat.SignOutPeople:  {false, false, true},
		chat.GrantGroups:    {false, false, true},
		chat.ExportPeople:   {false, false, true},
		chat.ErasePeople:    {false, false, true},
	}
	if len(want) != len(chat.Operations()) {
		t.Errorf("Operations() has %d operations, want %d", len(chat.Operations()), len(want))
	}
	for op, row := range want {
		for i, group := range []string{chat.Ops, chat.Moderators, chat.Admins} {
			p := chat.Principal{UserID: "x", Groups: []string{"readers", group}}
			if got := p.May(op); got != row[i] || p.Rank() != group {
				t.Errorf("May(%q) in %s = %v, rank %q, want %v", op, group, got, p.Rank(), row[i])
			}
			if p.Guest = true; p.May(op) || p.Rank() != "" {
				t.Errorf("May(%q) as a guest in %s = true", op, group)
			}
		}
		if (chat.Principal{UserID: "x", Groups: []string{"opsy", ""}}).May(op) {
			t.Errorf("May(%q) in no group = true", op)
		}
	}
}
