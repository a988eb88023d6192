package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

func TestDecode_moderation(t *testing.T) {
	for body, want := range map[string]chat.Command{
		`{"type":"mute_user","userId":"bob","seconds":60,"reason":"spam"}`: chat.Moderate{
			Act: chat.ActMute, User: "bob", For: time.Minute, Reason: "spam",
		},
		`{"type":"unmute_user","roomId":"a","userId":"bob","reason":"x"}`: chat.Moderate{Act: chat.ActUnmute, Room: "a", User: "bob", Reason: "x"},
		`{"type":"ban_user","roomId":"a","userId":"guest:1","reason":"x"}`: chat.Moderate{
			Act: chat.ActBan, Room: "a", User: "guest:1", Reason: "x",
		},
		`{"type":"ban_user","userId":"bob","reason":"x","seconds":31536000}`: chat.Moderate{
			Act: chat.ActBan, User: "bob", For: chat.MaxModerateTime, Reason: "x",
		},
		`{"type":"report_message","roomId":"a","messageId":"m-1","reason":"x","comment":"y"}`: chat.ReportMessage{Room: "a", Message: "m-1", Reason: "x", Comment: "y"},
		`{"type":"measures","roomId":"a","cursor":"c"}`:                                       chat.ListMeasures{Room: "a", Cursor: "c"},
		`{"type":"invitations","roomId":"a","cursor":"c"}`:                                    chat.ListInvitations{Room: "a", Cursor: "c"},
		`{"type":"unban_user","userId":"bob","reason":"x"}`:                                   chat.Moderate{Act: chat.ActUnban, User: "bob", Reason: "x"},
		`{"type":"kick_user","userId":"bob","reason":"x","by":"eve","groups":["admins"]}`:     chat.Moderate{Act: chat.ActKick, User: "bob", Reason: "x"},
	} {
		if got, _, err := wire.Decode(body); err != nil || !cmp.Equal(got, want) {
			t.Errorf("Decode(%s) = %+v, %v, want %+v", body, got, err, want)
		}
	}
	for _, c := range []refusal{
		{`{"type":"mute_user","userId":"bob","reason":"x"}`, "seconds is required"},
		{`{"type":"mute_user","userId":"bob","reason":"x","seconds":0}`, "seconds must be a whole number from 1 to 31536000"},
		{`{"type":"ban_user","userId":"bob"}`, "Say why: reason is required"},
		{`{"type":"kick_user","reason":"x"}`, "User ID must be 1 to 64 bytes without '#' and control characters"},
	} {
		refuses(t, c.body, chat.Invalid, c.text)
	}
	refuses(t, `{"type":"kick_user","userId":"bob","reason":"`+strings.Repeat("ä", 201)+`"}`, chat.TooLarge, "A reason can have at most 200 characters")
}

func checkAboutPeople(t *testing.T, cmd chat.Command) {
	t.Helper()
	switch cmd := cmd.(type) {
	case chat.ReportMessage:
		checkReport(t, cmd)
	case chat.Export:
		if len(cmd.Cursor) > chat.MaxCursorBytes {
			t.Errorf("the cursor has %d bytes", len(cmd.Cursor))
		}
	case chat.Moderate:
		checkModerate(t, cmd)
	case chat.ListMeasures:
		checkPage(t, cmd.Room, cmd.Cursor)
	case chat.ListInvitations:
		checkPage(t, cmd.Room, cmd.Cursor)
	}
}

func checkPage(t *testing.T, room chat.RoomID, cursor string) {
	t.Helper()
	checkRoom(t, room, false)
	if len(cursor) > chat.MaxCursorBytes {
		t.Errorf("the cursor has %d bytes", len(cursor))
	}
}

func checkReport(t *testing.T, cmd chat.ReportMessage) {
	t.Helper()
	checkRoom(t, cmd.Room, false)
	checkShort(t, string(cmd.Message))
	if most := 4 * chat.MaxReasonRunes; len(cmd.Reason) > most || len(cmd.Comment) > most {
		t.Errorf("reason or comment out of bounds: %+v", cmd)
	}
}

func checkModerate(t *testing.T, cmd chat.Moderate) {
	t.Helper()
	checkRoom(t, cmd.Room, true)
	checkShort(t, string(cmd.User))
	if len(cmd.Reason) > 4*chat.MaxReasonRunes || cmd.For < 0 || cmd.For > chat.MaxModerateTime {
		t.Errorf("reason or time out of bounds: %+v", cmd)
	}
}

// framesOfModeration are examples, by the names of their golden files.
func framesOfModeration() map[string]chat.Frame {
	return map[string]chat.Frame{
		"moderated": {Ref: "7", Event: chat.Moderated{
			Act: chat.ActMute, Room: "general", UserID: "guest:01KJ", Until: at.Add(time.Hour), Reason: "Spam", At: at,
		}},
		"moderated-for-good": {Event: chat.Moderated{Act: chat.ActBan, Room: "general", UserID: "bob", Until: chat.ForGood, Reason: "Spam", At: at}},
		"exported": {Ref: "7", Event: chat.Exported{UserID: "alice", Cursor: "next", At: at, Records: []chat.Record{
			{Person: &chat.User{ID: "alice", Name: "Alice", KnownSince: at, MutedUntil: at.Add(time.Hour)}},
			{Room: "general", Membership: &chat.Membership{Role: chat.Member, Read: chat.Mark{Seq: 41}, BannedUntil: at}},
			{Room: "general", Message: new(message(3, "alice", "c-3"))},
			{Connection: &chat.Connection{ID: "R0o=", SourceIP: "192.0.2.1", UserAgent: "Firefox", ConnectedAt: at}},
			{Report: &chat.Report{Room: "general", Message: "01KJ00000000000000000000AB-1", By: "alice", Reason: "Spam", Comment: "The third time", At: at}},
			{Room: "general", Invited: "bob"},
			{Room: "general", Seq: 3, Emoji: "👍", On: true},
			{Audit: &chat.Audit{Act: chat.ActMute, At: at, Deed: &chat.Deed{By: "mia", Whom: "alice", Reason: "Spam"}}},
		}}},
		"moderated-delete": {Event: chat.Moderated{
			Act: chat.ActDelete, Room: "general", UserID: "bob", Message: "01KJ00000000000000000000AB-1", Reason: "Spam", At: at,
		}},
		"measures": {Ref: "7", Event: chat.MeasuresListed{Room: "general", Cursor: "next", At: at, Measures: []chat.Imposed{
			{Act: chat.ActMute, UserID: "bob", Name: "Bob", Role: chat.Member, Until: at.Add(time.Hour), Reason: "Loud", By: "mia", ByName: "Mia", At: at},
			{Act: chat.ActBan, UserID: "guest:01KJ", Until: chat.ForGood, Reason: "Spam"},
		}}},
		"measures-least": {Event: chat.MeasuresListed{Room: "general", At: at}},
		"invitations": {Ref: "7", Event: chat.InvitationsListed{Room: "r_01KJ", Cursor: "next", At: at, People: []chat.Standing{
			{User: chat.User{ID: "bob", Name: "Bob"}, Membership: chat.Membership{Invite: chat.Invitation{As: chat.Moderator, By: "mia", ByName: "Mia", At: at}}},
		}}},
		"invitations-least": {Event: chat.InvitationsListed{Room: "general", At: at}},
		"reported":          {Ref: "7", Event: chat.Reported{Room: "general", Message: "01KJ00000000000000000000AB-1", At: at}},
		"exported-least":    {Event: chat.Exported{UserID: "alice", At: at}},
		"moderated-least":   {Event: chat.Moderated{Act: chat.ActUnmute, UserID: "bob", Reason: "Sorry", At: at}},
	}
}
