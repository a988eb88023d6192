package wire_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`hello`, `[1,2]`, `"x"`, `5`, `null`, `{}`, `{`, "\xff", `{"type":"chat"}`,
		`{"type":5,"message":"hi"}`, `{"type":"dance"}`, `{"type":"$connect"}`, `{"type":"ping","id":"\ud800"}`,
		`{"message":""}`, `{"message":" "}`, `{"message":123}`, `{"message":null}`,
		`{"message":"` + strings.Repeat("a", 4001) + `"}`, `{"message":"` + strings.Repeat("a", 16385) + `"}`,
		`{"message":"` + strings.Repeat("a", 32768) + `"}`,
		`{"message":"hi","roomId":""}`, `{"message":"hi","roomId":5}`, `{"message":"hi","roomId":"` + strings.Repeat("r", 300) + `"}`,
		`{"message":"hi","roomId":"a#b"}`, `{"message":"hi","roomId":"a\u0000b"}`, `{"message":"hi","roomId":"dm_x"}`, `{"message":"hi","roomId":"r_x"}`,
		`{"message":"hi","senderId":"eve","timestamp":1,"role":"owner"}`, `{"message":"hi","clientMessageId":"c","replyTo":"m"}`,
		`{"type":"join_room","roomId":"a","stay":true,"since":1e3}`, `{"type":"leave_room","roomId":null}`,
		`{"type":"private_message","targetUserId":"bob","message":"hi"}`, `{"type":"room_list","query":"q","cursor":"c"}`,
		`{"type":"history","roomId":"a","before":1,"limit":-0}`, `{"type":"resume","rooms":[{"roomId":"a","since":1},null]}`,
		`{"type":"ping","heads":{"a":1,"":2}}`, `{"type":"sign_out"}`,
		`{"type":"mute_user","roomId":"a","userId":"b","seconds":60,"reason":"r"}`, `{"type":"ban_user","userId":"b","seconds":1e9,"reason":" "}`,
		`{"type":"kick_user","userId":"","reason":"r"}`, `{"type":"measures","roomId":"a","cursor":"c"}`, `{"type":"invitations","roomId":"r_x"}`, `{"type":"export","cursor":"c"}`,
		`{"type":"report_message","roomId":"a","messageId":"m-1","reason":"r","comment":"c"}`,
		`{"type":"edit_message","roomId":"a","messageId":"m-1","message":"hi"}`, `{"type":"delete_message","roomId":"a","messageId":"-"}`,
		`{"type":"react","roomId":"a","messageId":"m-1","emoji":"👨‍👩‍👧","on":true}`, `{"type":"react","roomId":"a","messageId":"m-1","emoji":"🇪","on":0}`,
		`{"type":"search","roomId":"a","query":"ﷺ","senderId":"b","before":5,"sentBefore":1,"limit":1}`,
		`{"type":"typing","roomId":"a","on":"yes"}`,
		`{"type":"presence","status":"away"}`, `{"type":"members","roomId":"a","cursor":null}`, `{"type":"read","roomId":"a","seq":41}`,
		`{"type":"create_room","name":"A\u202e","clientRoomId":"c","visibility":"private","roles":{"invite":"member"}}`,
		`{"type":"update_room","roomId":"a","parentId":"","slowModeSeconds":1,"retentionDays":1,"inherit":["guests"]}`,
		`{"type":"invite","roomId":"r_x","userId":"bob","role":"moderator"}`, `{"type":"accept_invite","roomId":"r_x"}`,
		`{"type":"decline_invite","roomId":"r_x"}`, `{"type":"set_role","roomId":"r_x","userId":"bob","role":"none"}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		cmd, ref, err := wire.Decode(body)
		if len(ref) > chat.MaxIDBytes {
			t.Errorf("the ref has %d bytes", len(ref))
		}
		if err != nil {
			checkRefusal(t, cmd, err)
			return
		}
		checkLimits(t, cmd)
	})
}

func checkRefusal(t *testing.T, cmd chat.Command, err error) {
	t.Helper()
	e, ok := errors.AsType[*chat.Error](err)
	if cmd != nil || !ok || e.Code != chat.Invalid && e.Code != chat.TooLarge {
		t.Errorf("Decode gives %v with the error %#v", cmd, err)
	}
	if len(chat.TextOf(err)) > 400 {
		t.Errorf("the error's text has %d bytes", len(chat.TextOf(err)))
	}
}

// checkLimits says what may be relied on past the edge.
func checkLimits(t *testing.T, cmd chat.Command) {
	t.Helper()
	switch cmd := cmd.(type) {
	case chat.Send:
		checkText(t, cmd.Text)
		checkRoom(t, cmd.Room, true)
		checkShort(t, cmd.ClientID)
		checkShort(t, string(cmd.ReplyTo))
	case chat.SendPrivate:
		checkText(t, cmd.Text)
		checkShort(t, cmd.ClientID)
		if _, err := chat.ParseUserID(string(cmd.Target)); err != nil {
			t.Errorf("the target: %v", err)
		}
	case chat.Join:
		checkRoom(t, cmd.Room, false)
		checkSeq(t, cmd.Since)
	case chat.Leave:
		checkRoom(t, cmd.Room, true)
	case chat.ListRooms:
		if len(cmd.Query) > chat.MaxQueryBytes || len(cmd.Cursor) > chat.MaxCursorBytes {
			t.Errorf("query or cursor too long: %+v", cmd)
		}
	case chat.Amend:
		checkAmend(t, cmd)
	case chat.Search:
		checkSearch(t, cmd)
	case chat.ReadHistory:
		checkRoom(t, cmd.Room, false)
		checkSeq(t, cmd.Before)
		checkSeq(t, cmd.After)
		if cmd.Before != nil && cmd.After != nil || cmd.Limit < 0 || cmd.Limit > chat.MaxHistoryLimit {
			t.Errorf("not a page: %+v", cmd)
		}
	case chat.Resume:
		if len(cmd.Rooms) < 1 || len(cmd.Rooms) > chat.MaxResumeRooms {
			t.Errorf("%d rooms to resume", len(cmd.Rooms))
		}
		for _, since := range cmd.Rooms {
			checkRoom(t, since.Room, false)
			checkSeq(t, &since.Seq)
		}
	case chat.Ping:
		if len(cmd.Heads) > chat.MaxPingRooms {
			t.Errorf("%d heads", len(cmd.Heads))
		}
		for room, seq := range cmd.Heads {
			checkRoom(t, room, false)
			checkSeq(t, &seq)
		}
	case chat.ReportMessage, chat.Export, chat.Moderate, chat.ListMeasures, chat.ListInvitations:
		checkAboutPeople(t, cmd)
	case chat.SignOut:
	default:
		checkLive(t, cmd)
	}
}

// checkLive is checkLimits for what passes.
func checkLive(t *testing.T, cmd chat.Command) {
	t.Helper()
	switch cmd := cmd.(type) {
	case chat.Typing:
		checkRoom(t, cmd.Room, false)
	case chat.SetPresence:
		if !slices.Contains([]chat.Status{chat.Online, chat.Away, chat.Busy}, cmd.Status) {
			t.Errorf("the status %q", cmd.Status)
		}
	case chat.ListMembers:
		checkRoom(t, cmd.Room, false)
	case chat.MarkRead:
		checkRoom(t, cmd.Room, false)
		checkSeq(t, &cmd.Seq)
	default:
		checkRooms(t, cmd)
	}
}

func checkText(t *testing.T, s string) {
	t.Helper()
	if strings.TrimSpace(s) == "" || len(s) > chat.MaxTextBytes || utf8.RuneCountInString(s) > chat.MaxTextRunes || !utf8.ValidString(s) {
		t.Errorf("not a text: %.80q", s)
	}
}

func checkRoom(t *testing.T, id chat.RoomID, optional bool) {
	t.Helper()
	if optional && id == "" {
		return
	}
	if _, err := chat.ParseRoomID(string(id)); err != nil {
		t.Errorf("the room %q: %v", id, err)
	}
}

func checkShort(t *testing.T, s string) {
	t.Helper()
	if len(s) > chat.MaxIDBytes {
		t.Errorf("%d bytes of an id", len(s))
	}
}

func checkSeq(t *testing.T, n *int64) {
	t.Helper()
	if n != nil && (*n < 0 || *n >= 1e12) {
		t.Errorf("the number %d", *n)
	}
}
