package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

func TestDecode(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	cases := []struct {
		body string
		ref  string
		want chat.Command
	}{
		{`{"message":"hi"}`, "", chat.Send{Text: "hi"}},
		{`{"type":"chat","message":"hi","roomId":null,"id":null}`, "", chat.Send{Text: "hi"}},
		{` {"type": "chat", "id": "7", "message": " hi ", "roomId": "general", "clientMessageId": "c", "replyTo": "m"} `, "7",
			chat.Send{Text: " hi ", Room: "general", ClientID: "c", ReplyTo: "m"}},
		{`{"message":"hi","Type":"ping","RoomId":"x","senderId":"eve","timestamp":1,"role":"owner"}`, "", chat.Send{Text: "hi"}},
		{`{"type":"chat","message":"` + strings.Repeat("😀", 4000) + `"}`, "", chat.Send{Text: strings.Repeat("😀", 4000)}},
		{`{"type":"join_room","roomId":"dm_x"}`, "", chat.Join{Room: "dm_x"}},
		{`{"type":"join_room","roomId":"a","stay":true,"since":0}`, "", chat.Join{Room: "a", Stay: true, Since: n(0)}},
		{`{"type":"leave_room"}`, "", chat.Leave{}},
		{`{"type":"leave_room","roomId":"a"}`, "", chat.Leave{Room: "a"}},
		{`{"type":"private_message","targetUserId":"bob","message":"hi","clientMessageId":"c"}`, "",
			chat.SendPrivate{Target: "bob", Text: "hi", ClientID: "c"}},
		{`{"type":"room_list"}`, "", chat.ListRooms{}},
		{`{"type":"room_list","query":"gen","cursor":"abc"}`, "", chat.ListRooms{Query: "gen", Cursor: "abc"}},
		{`{"type":"history","roomId":"a"}`, "", chat.ReadHistory{Room: "a"}},
		{`{"type":"history","roomId":"a","before":41,"limit":100}`, "", chat.ReadHistory{Room: "a", Before: n(41), Limit: 100}},
		{`{"type":"history","roomId":"a","before":null,"after":999999999999}`, "", chat.ReadHistory{Room: "a", After: n(999999999999)}},
		{`{"type":"resume","rooms":[{"roomId":"a","since":3},{"roomId":"b","since":0}]}`, "",
			chat.Resume{Rooms: []chat.Since{{Room: "a", Seq: 3}, {Room: "b"}}}},
		{`{"type":"ping"}`, "", chat.Ping{}},
		{`{"type":"sign_out","id":"1","userId":"eve"}`, "1", chat.SignOut{}},
		{`{"type":"typing","roomId":"a","on":false}`, "", chat.Typing{Room: "a"}},
		{`{"type":"presence","status":"busy"}`, "", chat.SetPresence{Status: chat.Busy}},
		{`{"type":"members","roomId":"dm_a","cursor":"abc"}`, "", chat.ListMembers{Room: "dm_a", Cursor: "abc"}},
		{`{"type":"read","roomId":"a","seq":0}`, "", chat.MarkRead{Room: "a"}},
		{`{"type":"ping","heads":{"a":3}}`, "", chat.Ping{Heads: map[chat.RoomID]int64{"a": 3}}},
	}
	for _, c := range cases {
		got, ref, err := wire.Decode(c.body)
		if err != nil || ref != c.ref || !cmp.Equal(got, c.want) {
			t.Errorf("Decode(%.80q) = %+v, %q, %v, want %+v, %q", c.body, got, ref, err, c.want, c.ref)
		}
	}
}

const (
	empty    = "Message cannot be empty"
	tooLong  = "A message can have at most 4000 characters and 16384 bytes"
	target   = "Target user ID and message required for private messages"
	badRoom  = "Room ID must be 1 to 64 of A-Z a-z 0-9 . _ : -"
	badRooms = "rooms must be a list of 1 to 50 of {roomId, since}"
	badHeads = "heads must name at most 100 rooms, each with a number"
)

type refusal struct{ body, text string }

func TestDecode_refuses_what_is_no_frame(t *testing.T) {
	x := strings.Repeat
	for _, c := range []refusal{
		{``, "Invalid JSON format"},
		{`hello`, "Invalid JSON format"},
		{`{"type":"chat"`, "Invalid JSON format"},
		{`{} {}`, "Invalid JSON format"},
		{`null`, "Invalid JSON format"},
		{`[1,2]`, "Invalid JSON format"},
		{`"x"`, "Invalid JSON format"},
		{`5`, "Invalid JSON format"},
		{`{"type":null}`, "Unknown message type: null"},
		{`{"type":5}`, "Unknown message type: 5"},
		{`{"type":["chat"]}`, `Unknown message type: ["chat"]`},
		{`{"type":"$connect"}`, "Unknown message type: $connect"},
		{`{"type":"Chat"}`, "Unknown message type: Chat"},
		{`{"type":""}`, "Unknown message type: "},
		{`{"type":"` + x("é", 65) + `"}`, "Unknown message type: " + x("é", 64)},
		{`{"type":"ping","id":5}`, "id must be a string"},
		{`{"type":"ping","id":"` + x("i", 65) + `"}`, "id can have at most 64 bytes"},
	} {
		refuses(t, c.body, chat.Invalid, c.text)
	}
	refuses(t, `{"message":"hi","more":"`+x("a", 131072)+`"}`, chat.TooLarge, "A frame can have at most 32768 bytes")
}

func TestDecode_refuses_what_is_no_message(t *testing.T) {
	x := strings.Repeat
	for _, c := range []refusal{
		{`{}`, empty},
		{`{"type":"chat"}`, empty},
		{`{"type":"chat","message":null}`, empty},
		{`{"type":"chat","message":""}`, empty},
		{`{"type":"chat","message":" \t\n\u00a0"}`, empty},
		{`{"type":"chat","message":123}`, "message must be a string"},
		{`{"type":"chat","message":{"a":1}}`, "message must be a string"},
		{`{"type":"chat","message":"hi","roomId":""}`, "Room ID required"},
		{`{"type":"chat","message":"hi","roomId":5}`, "roomId must be a string"},
		{`{"type":"chat","message":"hi","roomId":"` + x("r", 300) + `"}`, badRoom},
		{`{"type":"chat","message":"hi","roomId":"a#b"}`, badRoom},
		{`{"type":"chat","message":"hi","roomId":"a\u0000b"}`, badRoom},
		{`{"type":"chat","message":"hi","clientMessageId":""}`, "clientMessageId must be 1 to 64 bytes without '#' and control characters"},
		{`{"type":"chat","message":"hi","replyTo":"no # id"}`, "That is not the ID of a message"},
		{`{"type":"resume","rooms":[{"roomId":"a","since":1},{"roomId":"a","since":2}]}`, "rooms must name each room once"},
		{`{"type":"chat","message":"hi","replyTo":"` + x("m", 65) + `"}`, "That is not the ID of a message"},
		{`{"type":"private_message"}`, target},
		{`{"type":"private_message","message":"hi"}`, target},
		{`{"type":"private_message","targetUserId":"","message":"hi"}`, target},
		{`{"type":"private_message","targetUserId":"bob"}`, target},
		{`{"type":"private_message","targetUserId":"bob","message":""}`, target},
		{`{"type":"private_message","targetUserId":"bob","message":"  "}`, empty},
		{`{"type":"private_message","targetUserId":7,"message":"hi"}`, "targetUserId must be a string"},
		{`{"type":"private_message","targetUserId":"a#b","message":"hi"}`, "User ID must be 1 to 64 bytes without '#' and control characters"},
	} {
		refuses(t, c.body, chat.Invalid, c.text)
	}
	for _, body := range []string{
		`{"type":"chat","message":"` + x("a", 4001) + `"}`,
		`{"type":"chat","message":"` + x("😀", 4001) + `"}`,
		`{"type":"chat","message":"` + x("a", 16385) + `"}`,
		`{"type":"private_message","targetUserId":"bob","message":"` + x("a", 4001) + `"}`,
	} {
		refuses(t, body, chat.TooLarge, tooLong)
	}
}

func TestDecode_refuses_what_asks_for_nothing(t *testing.T) {
	x := strings.Repeat
	for _, c := range []refusal{
		{`{"type":"join_room"}`, "Room ID required"},
		{`{"type":"join_room","roomId":null}`, "Room ID required"},
		{`{"type":"join_room","roomId":""}`, "Room ID required"},
		{`{"type":"join_room","roomId":"a","stay":"yes"}`, "stay must be true or false"},
		{`{"type":"join_room","roomId":"a","since":-1}`, "since must be a whole number from 0 to 999999999999"},
		{`{"type":"leave_room","roomId":""}`, "Room ID required"},
		{`{"type":"room_list","query":"` + x("q", 257) + `"}`, "query can have at most 256 bytes"},
		{`{"type":"room_list","cursor":"` + x("c", 513) + `"}`, "cursor can have at most 512 bytes"},
		{`{"type":"history"}`, "Room ID required"},
		{`{"type":"history","roomId":"a","before":1,"after":1}`, "Only one of before and after can be given"},
		{`{"type":"history","roomId":"a","before":1000000000000}`, "before must be a whole number from 0 to 999999999999"},
		{`{"type":"history","roomId":"a","after":1.5}`, "after must be a whole number from 0 to 999999999999"},
		{`{"type":"history","roomId":"a","after":"1"}`, "after must be a whole number from 0 to 999999999999"},
		{`{"type":"history","roomId":"a","limit":0}`, "limit must be a whole number from 1 to 100"},
		{`{"type":"history","roomId":"a","limit":101}`, "limit must be a whole number from 1 to 100"},
		{`{"type":"resume"}`, badRooms},
		{`{"type":"resume","rooms":[]}`, badRooms},
		{`{"type":"resume","rooms":["a"]}`, badRooms},
		{`{"type":"resume","rooms":[` + x(`{},`, 50) + `{}]}`, badRooms},
		{`{"type":"resume","rooms":[null]}`, "Room ID required"},
		{`{"type":"resume","rooms":[{"roomId":"a"}]}`, "since is required for every room"},
		{`{"type":"typing","roomId":"a"}`, "on must be true or false"},
		{`{"type":"typing","roomId":"a","on":1}`, "on must be true or false"},
		{`{"type":"typing","on":true}`, "Room ID required"},
		{`{"type":"presence"}`, "status must be online, away or busy"},
		{`{"type":"presence","status":"offline"}`, "status must be online, away or busy"},
		{`{"type":"members"}`, "Room ID required"},
		{`{"type":"read","roomId":"a"}`, "seq is required"},
		{`{"type":"read","roomId":"a","seq":-1}`, "seq must be a whole number from 0 to 999999999999"},
		{`{"type":"ping","heads":[1]}`, badHeads},
		{`{"type":"ping","heads":{"a#":1}}`, badRoom},
		{`{"type":"ping","heads":{"a":"1"}}`, "Every number in heads must be a whole number from 0 to 999999999999"},
		{manyHeads(101), badHeads},
	} {
		refuses(t, c.body, chat.Invalid, c.text)
	}
}

func refuses(t *testing.T, body string, code chat.Code, text string) {
	t.Helper()
	cmd, _, err := wire.Decode(body)
	if cmd != nil || err == nil || chat.CodeOf(err) != code || chat.TextOf(err) != text {
		t.Errorf("Decode(%.80q) = %v, %v %q, want %v %q", body, cmd, chat.CodeOf(err), chat.TextOf(err), code, text)
	}
}

func manyHeads(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"r%d":1`, i))
	}
	return `{"type":"ping","heads":{` + strings.Join(list, ",") + `}}`
}

func TestDecode_gives_the_ref_with_an_error(t *testing.T) {
	for _, body := range []string{
		`{"id":"7"}`,
		`{"id":"7","type":"dance"}`,
		`{"id":"7","type":5}`,
		`{"id":"7","type":"resume","rooms":[{"roomId":"#"}]}`,
	} {
		if _, ref, err := wire.Decode(body); ref != "7" || err == nil {
			t.Errorf("Decode(%q) gives the ref %q and %v, want 7 and an error", body, ref, err)
		}
	}
}
