package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

// event is what bob did to alice's message 3.
func event(kind chat.Kind, seq int64) chat.Message {
	was := message(3, "alice", "c-3")
	e := chat.Message{Room: "general", Seq: seq, Kind: kind, About: was.ID, SenderID: "bob", SenderName: "Bob", SentAt: at.Add(time.Second)}
	was.Rev = seq
	switch kind {
	case chat.KindEdit:
		was.Text, was.EditedAt, was.EditSeq = "better", e.SentAt, seq
	case chat.KindDelete:
		was.Text, was.DeletedAt, was.DeletedBy = "", e.SentAt, "bob"
	case chat.KindReaction:
		e.Emoji, e.On = "👍", true
		was.Reactions = []chat.Reaction{{Emoji: "👍", Count: 2}, {Emoji: "#️⃣", Count: 1}}
	}
	e.Changed = &was
	return e
}

// framesOfChanges are examples of the frames about what became of messages.
func framesOfChanges() map[string]chat.Frame {
	p := page()
	p.Events = []chat.Message{event(chat.KindEdit, 4), event(chat.KindReaction, 6)}
	changed := *event(chat.KindReaction, 6).Changed
	changed.Reactions[0].Mine = true
	p.Messages, p.Changed, p.Void, p.Missing = p.Messages[2:], []chat.Message{changed}, nil, nil
	reply := message(9, "bob", "")
	reply.ReplyTo = changed.ID
	return map[string]chat.Frame{
		"message_edited":      {Ref: "7", Event: chat.Edited{Entry: event(chat.KindEdit, 7)}},
		"message_deleted":     {Event: chat.Deleted{Entry: event(chat.KindDelete, 7)}},
		"reaction":            {Event: chat.ReactionSet{Entry: event(chat.KindReaction, 7)}},
		"history-events":      {Ref: "7", Event: chat.HistoryRead{Page: p}},
		"chat-reply":          {Event: chat.Posted{Message: reply}},
		"search_result-least": {Event: chat.Found{Room: "general", Searched: chat.Range{From: 1}}},
		"search_result": {Ref: "7", Event: chat.Found{
			Room: "general", Reader: "alice", Messages: []chat.Message{message(5, "bob", "c-5"), message(3, "alice", "c-3")},
			Searched: chat.Range{From: 3, To: 9}, Since: at, More: true,
		}},
	}
}

func TestDecode_changes(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	for _, c := range []struct {
		body string
		want chat.Command
	}{
		{`{"type":"edit_message","roomId":"a","messageId":"m-1","message":"hi"}`, chat.Amend{Kind: chat.KindEdit, Room: "a", Message: "m-1", Text: "hi"}},
		{`{"type":"delete_message","roomId":"dm_x","messageId":"m-1","message":"hi"}`, chat.Amend{Kind: chat.KindDelete, Room: "dm_x", Message: "m-1"}},
		{`{"type":"react","roomId":"a","messageId":"m-1","emoji":"👍🏽","on":true}`,
			chat.Amend{Kind: chat.KindReaction, Room: "a", Message: "m-1", Emoji: "👍🏽", On: true}},
		{`{"type":"react","roomId":"a","messageId":"m-1","emoji":"#️⃣","on":false}`,
			chat.Amend{Kind: chat.KindReaction, Room: "a", Message: "m-1", Emoji: "#️⃣"}},
		{`{"type":"private_message","targetUserId":"bob","message":"hi","replyTo":"m-1"}`, chat.SendPrivate{Target: "bob", Text: "hi", ReplyTo: "m-1"}},
		{`{"type":"search","roomId":"a","query":"café"}`, chat.Search{Room: "a", Query: "café"}},
		{`{"type":"search","roomId":"a","senderId":"bob","before":41,"sentBefore":1795344713123,"limit":50}`,
			chat.Search{Room: "a", Sender: "bob", Before: n(41), SentBefore: at, Limit: 50}},
	} {
		if got, _, err := wire.Decode(c.body); err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("Decode(%q) = %+v, %v, want %+v", c.body, got, err, c.want)
		}
	}
}

func TestDecode_refuses_what_changes_nothing(t *testing.T) {
	const noID, noEmoji, noFlag = "That is not the ID of a message", "A reaction is one emoji", "on must be true or false"
	for _, c := range []refusal{
		{`{"type":"edit_message","messageId":"m-1","message":"hi"}`, "Room ID required"},
		{`{"type":"edit_message","roomId":"a","message":"hi"}`, noID},
		{`{"type":"edit_message","roomId":"a","messageId":"m#1","message":"hi"}`, noID},
		{`{"type":"edit_message","roomId":"a","messageId":"m-1","message":" "}`, empty},
		{`{"type":"delete_message","roomId":"a","messageId":5}`, "messageId must be a string"},
		{`{"type":"react","roomId":"a","messageId":"m-1","on":true}`, noEmoji},
		{`{"type":"react","roomId":"a","messageId":"m-1","emoji":"ok","on":true}`, noEmoji},
		{`{"type":"react","roomId":"a","messageId":"m-1","emoji":"👍"}`, noFlag},
		{`{"type":"react","roomId":"a","messageId":"m-1","emoji":"👍","on":"yes"}`, noFlag},
		{`{"type":"search","query":"a"}`, "Room ID required"},
		{`{"type":"search","roomId":"a","query":"` + strings.Repeat("q", 257) + `"}`, "query can have at most 256 bytes"},
		{`{"type":"search","roomId":"a","senderId":""}`, "User ID must be 1 to 64 bytes without '#' and control characters"},
		{`{"type":"search","roomId":"a","query":"q","limit":51}`, "limit must be a whole number from 1 to 50"},
		{`{"type":"search","roomId":"a","query":"q","sentBefore":"now"}`, "sentBefore must be a whole number from 0 to 9999999999999"},
	} {
		refuses(t, c.body, chat.Invalid, c.text)
	}
	refuses(t, `{"type":"edit_message","roomId":"a","messageId":"m-1","message":"`+strings.Repeat("a", 4001)+`"}`, chat.TooLarge, tooLong)
}

func TestSizeOf_is_what_an_event_adds_to_a_list(t *testing.T) {
	size := func(events ...chat.Message) int {
		b, err := wire.Encode(chat.Frame{Event: chat.HistoryRead{Page: chat.Page{Events: events}}})
		if err != nil {
			t.Fatal(err)
		}
		return len(b)
	}
	for _, kind := range []chat.Kind{chat.KindEdit, chat.KindDelete, chat.KindReaction} {
		e := event(kind, 7)
		if got, want := wire.SizeOf(e), size(e, e)-size(e); got != want {
			t.Errorf("SizeOf(%s) = %d, want %d", kind, got, want)
		}
	}
}

func checkAmend(t *testing.T, cmd chat.Amend) {
	t.Helper()
	checkRoom(t, cmd.Room, false)
	if _, err := chat.ParseMessageID(string(cmd.Message)); err != nil {
		t.Errorf("the message: %v", err)
	}
	switch cmd.Kind {
	case chat.KindEdit:
		checkText(t, cmd.Text)
	case chat.KindReaction:
		if emoji, err := chat.ParseEmoji(cmd.Emoji); err != nil || len(emoji) > chat.MaxEmojiBytes {
			t.Errorf("the emoji %q: %v", emoji, err)
		}
	}
}

func checkSearch(t *testing.T, cmd chat.Search) {
	t.Helper()
	checkRoom(t, cmd.Room, false)
	checkSeq(t, cmd.Before)
	if len(cmd.Query) > chat.MaxQueryBytes || len(cmd.Sender) > chat.MaxIDBytes || cmd.Limit < 0 || cmd.Limit > chat.MaxSearchLimit {
		t.Errorf("not a search: %+v", cmd)
	}
}
