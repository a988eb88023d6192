package wire_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

var update = flag.Bool("update", false, "write the golden files")

var at = time.UnixMilli(1795344713123)

func message(seq int64, sender chat.UserID, clientID string) chat.Message {
	return chat.Message{
		Room: "general", Seq: seq, Kind: chat.KindMessage, ID: chat.NewMessageID("01KJ00000000000000000000AB", seq),
		Number: seq, SenderID: sender, SenderName: "Name of " + string(sender), Text: `<b>"hi" & 😀</b>`, ClientID: clientID, SentAt: at,
	}
}

func private() chat.Message {
	m := message(3, "alice", "c-3")
	m.Room, m.TargetID, m.ReplyTo = chat.PrivateRoomID("alice", "bob"), "bob", "01KJ00000000000000000000AB-1"
	return m
}

func page() chat.Page {
	return chat.Page{
		Room: "general", Reader: "alice", From: 1, To: 6, Head: 9, More: true,
		Messages: []chat.Message{message(3, "alice", "c-3"), {Room: "general", Seq: 4, Kind: chat.KindVoid}, message(5, "bob", "c-5")},
		Missing:  []int64{6}, Void: []int64{4}, Expired: &chat.Range{From: 1, To: 2},
	}
}

// frames are an example of every frame, by the name of its golden file.
func frames() map[string]chat.Frame {
	room := chat.Room{ID: "general", Name: "General", Topic: "All & sundry", Parent: "lobby", Visibility: chat.Public, EditWindow: time.Hour}
	return map[string]chat.Frame{
		"welcome": {Event: chat.Welcome{
			ConnectionID: "R0oXAdfD0kwCH6w=", UserID: "guest:01KJ", Name: "Ann", Room: "general",
			SessionEnds: at.Add(time.Hour), GuestToken: "e30.e30.x", Guests: true, Groups: []string{chat.Moderators}, Heads: map[chat.RoomID]int64{"general": 41},
			EditWindow: 15 * time.Minute, At: at,
		}},
		"welcome-least":       {Event: chat.Welcome{ConnectionID: "a=", UserID: "alice", Room: "general", At: at}},
		"chat":                {Event: chat.Posted{Message: message(3, "alice", "c-3")}},
		"chat-own":            {Ref: "7", Event: chat.Posted{Message: message(3, "alice", "c-3"), Own: true}},
		"private_message":     {Event: chat.PrivatePosted{Message: private(), Delivered: true}},
		"private_message-own": {Ref: "7", Event: chat.PrivatePosted{Message: private(), Own: true}},
		"user_joined":         {Event: chat.Joined{UserID: "alice", Name: "Alice", Room: "general", At: at}},
		"user_left":           {Event: chat.Left{UserID: "alice", Name: "Alice", Room: "general", At: at}},
		"room_left":           {Ref: "7", Event: chat.RoomLeft{Room: "general", At: at}},
		"room_joined-least":   {Event: chat.RoomJoined{Room: chat.Room{ID: "a", Visibility: chat.Private}, At: at}},
		"room_list":           {Ref: "7", Event: chat.RoomList{Rooms: []chat.RoomSummary{{Room: room, Role: chat.Member, Head: 41, ActiveUsers: 2}}, Cursor: "next", At: at}},
		"room_list-private": {Event: chat.RoomList{Rooms: []chat.RoomSummary{{
			Room: chat.Room{ID: "dm_x", Name: "Bob", Visibility: chat.Private}, Role: chat.Member, Head: 2, With: &chat.Person{UserID: "bob", Name: "Bob"},
		}}, At: at}},
		"room_list-least": {Event: chat.RoomList{At: at}},
		"history":         {Ref: "7", Event: chat.HistoryRead{Page: page()}},
		"history-least":   {Event: chat.HistoryRead{Page: chat.Page{Room: "general", From: 1}}},
		"resumed":         {Ref: "7", Event: chat.Resumed{Page: page(), Muted: chat.Mute{Until: chat.ForGood, Reason: "Spam", Everywhere: true}}},
		"resumed-least":   {Event: chat.Resumed{Page: chat.Page{Room: "general", From: 1}, Complete: true}},
		"pong":            {Ref: "7", Event: chat.Pong{Heads: map[chat.RoomID]int64{"general": 41}, Rooms: []chat.RoomID{"general"}, At: at}},
		"typing":          {Event: chat.Typed{UserID: "alice", Name: "Alice", Room: "general", On: true, At: at}},
		"presence":        {Event: chat.Presence{UserID: "alice", Status: chat.Away, At: at}},
		"members": {Ref: "7", Event: chat.MembersListed{Room: "general", People: []chat.RoomMember{
			{Person: chat.Person{UserID: "alice", Name: "Alice", Status: chat.Busy}, Role: chat.Owner, Here: true},
			{Person: chat.Person{UserID: "guest:01KJ", Name: "Ann", Guest: true, Status: chat.Offline}, Role: chat.Member},
		}, Cursor: "next", At: at}},
		"members-least": {Event: chat.MembersListed{Room: "general", Partly: true, People: []chat.RoomMember{{}}, At: at}},
		"read":          {Ref: "7", Event: chat.ReadTo{Room: "general", Seq: 41, Unread: 2, At: at}},
		"pong-least":    {Event: chat.Pong{At: at}},
		"error":         {Ref: "7", Event: chat.Refused{Code: chat.RateLimited, Text: "Not so fast", RetryAfter: 1500 * time.Millisecond, At: at}},
		"error-resume":  {Ref: "7", Event: chat.Refused{Code: chat.NotFound, Text: "There is no room \"tea\"", Room: "tea", At: at}},
		"closing-draining": {Event: chat.Closing{
			Code: chat.CloseDraining, Reason: "The server restarts, reconnect to go on", Retry: true, Spread: 2500 * time.Millisecond, At: at,
		}},
		"closing": {Event: chat.Closing{Code: chat.CloseSessionExpired, Reason: "Your session has ended", At: at}},
		"room_joined": {Ref: "7", Event: chat.RoomJoined{
			Room: room, Role: chat.Member, Head: chat.Head{Seq: 41, Messages: 38}, ActiveUsers: 2,
			People: []chat.Person{{UserID: "alice", Name: "Alice", Status: chat.Online}, {UserID: "guest:01KJ", Name: "Ann", Guest: true, Status: chat.Busy}},
			Muted:  chat.Mute{Until: at.Add(time.Hour), Reason: "Too loud"}, At: at,
		}},
	}
}

func TestEncode(t *testing.T) {
	seen := make(map[string]bool)
	all := frames()
	maps.Copy(all, framesOfChanges())
	maps.Copy(all, framesOfRooms())
	maps.Copy(all, framesOfModeration())
	for name, frame := range all {
		got, err := wire.Encode(frame)
		if err != nil {
			t.Errorf("Encode(%s): %v", name, err)
			continue
		}
		var head struct{ Type string }
		if err := json.Unmarshal(got, &head); err != nil || !strings.HasPrefix(name, head.Type) {
			t.Errorf("Encode(%s) has the type %q, %v", name, head.Type, err)
		}
		seen[head.Type] = true
		compare(t, filepath.Join("testdata", name+".json"), got)
	}
	if events := eventsOf(t); len(seen) != events {
		t.Errorf("there are examples of %d types of frames, and %d events", len(seen), events)
	}
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// eventsOf counts the events that the domain has.
func eventsOf(t *testing.T) int {
	t.Helper()
	source, err := os.ReadFile("../chat/event.go")
	if err != nil {
		t.Fatal(err)
	}
	return len(regexp.MustCompile(`(?m)^func \(\w+\) event\(\)`).FindAll(source, -1))
}

func TestEncode_refuses_an_event_without_a_frame(t *testing.T) {
	if b, err := wire.Encode(chat.Frame{}); err == nil {
		t.Errorf("Encode(nothing) = %s, want an error", b)
	}
}

func TestEncode_says_of_every_code_whether_to_retry(t *testing.T) {
	retry := map[chat.Code]bool{
		chat.Invalid: false, chat.Unauthorized: false, chat.Forbidden: false, chat.NotFound: false,
		chat.Conflict: true, chat.TooLarge: false, chat.RateLimited: true, chat.Muted: false,
		chat.Gone: false, chat.Unavailable: true, chat.Internal: true,
	}
	for _, code := range chat.Codes() {
		want, ok := retry[code]
		if !ok {
			t.Errorf("the code %s is not in the table", code)
		}
		b, err := wire.Encode(chat.Frame{Event: chat.RefusedOf(chat.Errorf(code, "No"), at)})
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Type string
			Data struct {
				Code    chat.Code
				Message string
				Retry   bool
			}
		}
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if got.Type != "error" || got.Data.Code != code || got.Data.Retry != want || got.Data.Message == "" {
			t.Errorf("Encode(%s) = %s, want retry %v", code, b, want)
		}
	}
}

func TestSizeOf_is_what_a_message_adds_to_a_list(t *testing.T) {
	size := func(messages ...chat.Message) int {
		b, err := wire.Encode(chat.Frame{Event: chat.HistoryRead{Page: chat.Page{Reader: "alice", Messages: messages}}})
		if err != nil {
			t.Fatal(err)
		}
		return len(b)
	}
	m := message(3, "alice", "c-3")
	if got, want := wire.SizeOf(m), size(m, m)-size(m); got != want {
		t.Errorf("SizeOf(a message) = %d, want %d", got, want)
	}
}
