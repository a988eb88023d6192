package chat_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo/dynamotest"
)

// about names a room and somebody in commands of every kind that say which room they are about.
func about(room chat.RoomID) []chat.Command {
	on, seq := true, int64(1)
	return []chat.Command{
		chat.Send{Room: room, Text: "boo", ClientID: "c-9"}, chat.Send{Room: room, Text: "boo", ReplyTo: "ULID-1"},
		chat.Join{Room: room}, chat.Join{Room: room, Stay: true, Since: &seq}, chat.Leave{Room: room},
		chat.ReadHistory{Room: room}, chat.ReadHistory{Room: room, After: &seq}, chat.Resume{Rooms: []chat.Since{{Room: room}}},
		chat.Ping{Heads: map[chat.RoomID]int64{room: 1}}, chat.Search{Room: room, Query: "secret"}, chat.ListRooms{Query: string(room)},
		chat.Amend{Kind: chat.KindEdit, Room: room, Message: "ULID-1", Text: "x"}, chat.Amend{Kind: chat.KindDelete, Room: room, Message: "ULID-1"},
		chat.Amend{Kind: chat.KindReaction, Room: room, Message: "ULID-1", Emoji: "👍", On: true},
		chat.Typing{Room: room, On: true}, chat.ListMembers{Room: room}, chat.MarkRead{Room: room, Seq: 1},
		chat.CreateRoom{Room: room}, chat.CreateRoom{Room: "mine", Settings: chat.Settings{Parent: &room}},
		chat.UpdateRoom{Room: room, Settings: chat.Settings{Name: new("x")}}, chat.UpdateRoom{Room: room, Settings: chat.Settings{Locked: &on}},
		chat.UpdateRoom{Room: "hers", Settings: chat.Settings{Parent: &room}},
		chat.Invite{Room: room, User: "eve", As: chat.Member}, chat.Invite{Room: room, User: "alice", As: chat.Member}, chat.AcceptInvite{Room: room},
		chat.DeclineInvite{Room: room}, chat.SetRole{Room: room, User: "alice"}, chat.SetRole{Room: room, User: "eve"},
		chat.SetRole{Room: room, User: "eve", Role: chat.Owner},
		chat.Moderate{Act: chat.ActMute, Room: room, User: "alice", Reason: "x"}, chat.Moderate{Act: chat.ActUnmute, Room: room, User: "alice", Reason: "x"},
		chat.Moderate{Act: chat.ActKick, Room: room, User: "alice", Reason: "x"}, chat.Moderate{Act: chat.ActBan, Room: room, User: "alice", Reason: "x"},
		chat.Moderate{Act: chat.ActUnban, Room: room, User: "eve", Reason: "x"},
		chat.ListMeasures{Room: room}, chat.ListInvitations{Room: room}, chat.ReportMessage{Room: room, Message: "ULID-1", Reason: "x"},
	}
}

// A private room that is not one's own and none at all: the same answers, and the same
// calls of the database, so that neither words nor time nor cost tell them apart.
func TestService_a_private_room_looks_to_others_like_none(t *testing.T) {
	h := newHouse(t)
	tape := h.tape()
	alice := h.enter("a1", "alice", "general")
	room := h.private(alice)
	h.do(alice, chat.Join{Room: room, Stay: true})
	h.do(alice, chat.Send{Room: room, Text: "secret"})
	eve := h.enter("e1", "eve", "general")
	h.do(eve, chat.CreateRoom{Room: "hers"})
	h.work()
	none := chat.RoomID(strings.Repeat("x", len(room)))
	none = "r_" + none[2:]
	for _, who := range []struct {
		name string
		is   chat.Caller
	}{{"a stranger", eve}, {"ops", of(eve, chat.Ops)}, {"a moderator of the deployment", of(eve, chat.Moderators)}, {"an admin", of(eve, chat.Admins)}} {
		for i, cmd := range about(room) {
			theirs := h.trial(tape, who.is, cmd, room)
			nobodys := h.trial(tape, who.is, about(none)[i], none)
			if diff := cmp.Diff(nobodys, theirs); diff != "" {
				t.Errorf("%s: %s %+v tells a private room (+) from none (-):\n%s", who.name, reflect.TypeOf(cmd).Name(), cmd, diff)
			}
		}
	}
	for _, guest := range []bool{false, true} {
		connect := func(room chat.RoomID) func() error {
			conn := h.connection("e2", "eve")
			conn.Guest = guest
			return func() error { return h.Connect(t.Context(), conn, room, h.clock.Now()) }
		}
		if diff := cmp.Diff(h.noticed(tape, "e2", none, connect(none)), h.noticed(tape, "e2", room, connect(room))); diff != "" {
			t.Errorf("connecting, guest %t, tells a private room (+) from none (-):\n%s", guest, diff)
		}
	}
	h.sockets.forgetAll()
	h.do(alice, chat.ReadHistory{Room: room})
	if p := one[chat.HistoryRead](h, "a1").Page; p.Head != 1 || h.policy(room).Rev != 0 || h.role("eve", room) != "" {
		t.Errorf("something has happened to the room: %+v, %+v", p, h.policy(room))
	}
}

// What moderators of a private room do about somebody who was never in it tells them of it no more.
func TestService_Export_hides_private_rooms_from_strangers(t *testing.T) {
	h := newHouse(t)
	alice, eve := h.enter("a1", "alice", "general"), h.enter("e1", "eve", "general")
	room := h.private(alice)
	exported := func() chat.Exported {
		t.Helper()
		h.sockets.forgetAll()
		h.do(eve, chat.Export{})
		page := one[chat.Exported](h, "e1")
		page.At = time.Time{}
		return page
	}
	before := exported()
	for range 10 { // more than a page
		for _, act := range []chat.Act{chat.ActMute, chat.ActBan, chat.ActUnban} {
			h.do(alice, chat.Moderate{Act: act, Room: room, User: "eve", Reason: "a stranger"})
		}
	}
	if diff := cmp.Diff(before, exported()); diff != "" {
		t.Errorf("the export tells of a private room (+):\n%s", diff)
	}
	h.do(alice, chat.Invite{Room: room, User: "eve", As: chat.Member})
	if page := exported(); !slices.ContainsFunc(page.Records, func(r chat.Record) bool { return r.Audit != nil && r.Audit.Scope == chat.AuditScope(room) }) {
		t.Errorf("the export of who was invited is %+v, want what was done in %s", page, room)
	}
}

// trial carries out a command and gives all that its sender can notice.
func (h *house) trial(tape *dynamotest.Tape, c chat.Caller, cmd chat.Command, room chat.RoomID) []string {
	h.t.Helper()
	return h.noticed(tape, c.ConnectionID, room, func() error { return h.Do(h.t.Context(), c, cmd) })
}

// noticed is what a connection hears and is answered while something is done, the jobs that
// are left and the calls of the database, with the room's name taken out.
func (h *house) noticed(tape *dynamotest.Tape, id chat.ConnectionID, room chat.RoomID, do func() error) []string {
	h.t.Helper()
	h.sockets.forgetAll()
	tape.Take()
	var noticed []string
	if err := do(); err != nil {
		noticed = append(noticed, fmt.Sprintf("%s: %s", chat.CodeOf(err), chat.TextOf(err)))
	}
	for _, f := range h.sockets.heard[id] {
		noticed = append(noticed, fmt.Sprintf("heard %T %+v", f.Event, f.Event))
	}
	for _, j := range h.jobs.take() {
		noticed = append(noticed, fmt.Sprintf("left the job %+v", j))
	}
	noticed = append(noticed, tape.Take()...)
	for i := range noticed {
		noticed[i] = strings.ReplaceAll(noticed[i], string(room), "ROOM")
	}
	return noticed
}
