package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

// framesOfRooms are examples of the frames about rooms and what people are in them.
func framesOfRooms() map[string]chat.Frame {
	room := chat.Room{
		ID: "r_1", Name: "Plans", Topic: "Next", Parent: "general", Visibility: chat.Private, Owner: "alice", Locked: true, GuestsOut: true,
		SlowMode: 10 * time.Second, Retention: 7 * 24 * time.Hour, EditWindow: time.Hour, Inviters: chat.Member,
		Inherits: []chat.Setting{chat.LockedSetting, chat.GuestsSetting}, Rev: 3,
	}
	in := chat.Invited{Room: "r_2", Name: "Other", As: chat.Moderator, By: "bob", ByName: "Bob", At: at}
	return map[string]chat.Frame{
		"room":              {Ref: "7", Event: chat.RoomChanged{Room: room, At: at}},
		"room-digest":       {Event: chat.RoomChanged{Room: room, ActiveUsers: 4096, At: at}},
		"room-least":        {Event: chat.RoomChanged{Room: chat.Room{ID: "a", Visibility: chat.Public}, At: at}},
		"member":            {Ref: "7", Event: chat.MemberChanged{Room: "r_1", UserID: "bob", Role: chat.Moderator, By: "alice", At: at}},
		"member-invited":    {Event: chat.MemberChanged{Room: "r_1", UserID: "bob", InvitedAs: chat.Member, By: "alice", At: at}},
		"invited":           {Event: in},
		"room_list-invites": {Event: chat.RoomList{Rooms: []chat.RoomSummary{{Room: room, Role: chat.Owner}}, Invites: []chat.Invited{in}, At: at}},
		"room_left-put-out": {Event: chat.RoomLeft{Room: "r_1", Reason: "You are not a member of this room any more", At: at}},
	}
}

func TestDecode_rooms(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		body string
		want chat.Command
	}{
		{`{"type":"create_room","roomId":"lunch"}`, chat.CreateRoom{Room: "lunch"}},
		{`{"type":"create_room","name":" A\u202e\n b ","clientRoomId":"c","ownerId":"eve","role":"owner"}`,
			chat.CreateRoom{ClientID: "c", Settings: chat.Settings{Name: new("A b")}}},
		{`{"type":"update_room","roomId":"a","topic":"","parentId":"","visibility":"unlisted","slowModeSeconds":5,"locked":false,
			"retentionDays":0,"guests":true,"roles":{"invite":"owner"},"inherit":["guests","roles"]}`,
			chat.UpdateRoom{Room: "a", Settings: chat.Settings{
				Topic: new(""), Parent: new(chat.RoomID("")), Visibility: new(chat.Unlisted), SlowMode: new(5 * time.Second), Locked: new(false),
				Retention: new(0 * day), Guests: new(true), Inviters: new(chat.Owner), Inherit: []chat.Setting{chat.GuestsSetting, chat.InvitersSetting},
			}}},
		{`{"type":"update_room","roomId":"a","retentionDays":365,"name":null}`,
			chat.UpdateRoom{Room: "a", Settings: chat.Settings{Retention: new(365 * day)}}},
		{`{"type":"invite","roomId":"a","userId":"bob"}`, chat.Invite{Room: "a", User: "bob", As: chat.Member}},
		{`{"type":"invite","roomId":"a","userId":"bob","role":"moderator"}`, chat.Invite{Room: "a", User: "bob", As: chat.Moderator}},
		{`{"type":"accept_invite","roomId":"a","userId":"eve"}`, chat.AcceptInvite{Room: "a"}},
		{`{"type":"decline_invite","roomId":"a"}`, chat.DeclineInvite{Room: "a"}},
		{`{"type":"set_role","roomId":"a","userId":"bob","role":"owner"}`, chat.SetRole{Room: "a", User: "bob", Role: chat.Owner}},
		{`{"type":"set_role","roomId":"a","userId":"bob","role":"none"}`, chat.SetRole{Room: "a", User: "bob"}},
	} {
		if got, _, err := wire.Decode(c.body); err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("Decode(%s) = %+v, %v, want %+v", c.body, got, err, c.want)
		}
	}
}

func TestDecode_rooms_refused(t *testing.T) {
	x := strings.Repeat
	const badUser = "User ID must be 1 to 64 bytes without '#' and control characters"
	for _, c := range []struct{ body, want string }{
		{`{"type":"create_room","roomId":"a b"}`, badRoom},
		{`{"type":"create_room","name":"` + x("é", 65) + `"}`, "name has 65 characters, 64 are allowed"},
		{`{"type":"create_room","topic":5}`, "topic must be a string"},
		{`{"type":"update_room"}`, "Room ID required"},
		{`{"type":"update_room","roomId":"a","parentId":"b#"}`, badRoom},
		{`{"type":"update_room","roomId":"a","visibility":"secret"}`, "visibility must be one of public, unlisted, private"},
		{`{"type":"update_room","roomId":"a","slowModeSeconds":21601}`, "slowModeSeconds must be a whole number from 0 to 21600"},
		{`{"type":"update_room","roomId":"a","retentionDays":-1}`, "retentionDays must be a whole number from 0 to 365"},
		{`{"type":"update_room","roomId":"a","locked":"yes"}`, "locked must be true or false"},
		{`{"type":"update_room","roomId":"a","roles":"member"}`, "roles must be {invite}"},
		{`{"type":"update_room","roomId":"a","roles":{}}`, "invite must be one of member, moderator, owner"},
		{`{"type":"update_room","roomId":"a","inherit":["name"]}`, "inherit must be a list of visibility, locked, slowModeSeconds, retentionDays, guests, roles"},
		{`{"type":"invite","roomId":"a","userId":"bob","role":"owner"}`, "role must be one of member, moderator"},
		{`{"type":"invite","roomId":"a"}`, badUser},
		{`{"type":"set_role","roomId":"a","userId":"bob"}`, "role must be one of none, member, moderator, owner"},
		{`{"type":"accept_invite"}`, "Room ID required"},
	} {
		if _, _, err := wire.Decode(c.body); err == nil || chat.TextOf(err) != c.want {
			t.Errorf("Decode(%.120s) gives %v, want %q", c.body, err, c.want)
		}
	}
}

func checkSettings(t *testing.T, set chat.Settings) {
	t.Helper()
	if set.Name != nil && len([]rune(*set.Name)) > chat.MaxRoomNameRunes || set.Topic != nil && len([]rune(*set.Topic)) > chat.MaxTopicRunes {
		t.Errorf("name or topic too long: %+v", set)
	}
	if set.SlowMode != nil && (*set.SlowMode < 0 || *set.SlowMode > chat.MaxSlowMode) {
		t.Errorf("slow mode of %v", *set.SlowMode)
	}
	if set.Parent != nil {
		checkRoom(t, *set.Parent, true)
	}
}

// checkRooms is checkLimits for what is done to rooms.
func checkRooms(t *testing.T, cmd chat.Command) {
	t.Helper()
	switch cmd := cmd.(type) {
	case chat.CreateRoom:
		checkRoom(t, cmd.Room, true)
		checkShort(t, cmd.ClientID)
		checkSettings(t, cmd.Settings)
	case chat.UpdateRoom:
		checkRoom(t, cmd.Room, false)
		checkSettings(t, cmd.Settings)
	case chat.Invite:
		checkRoom(t, cmd.Room, false)
		checkShort(t, string(cmd.User))
	case chat.AcceptInvite:
		checkRoom(t, cmd.Room, false)
	case chat.DeclineInvite:
		checkRoom(t, cmd.Room, false)
	case chat.SetRole:
		checkRoom(t, cmd.Room, false)
		checkShort(t, string(cmd.User))
	default:
		t.Errorf("Decode gives %T", cmd)
	}
}
