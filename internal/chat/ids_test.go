package chat_test

import (
	"strings"
	"testing"

	"switchboard/internal/chat"
)

func TestParseRoomID(t *testing.T) {
	tests := []struct {
		in string
		ok bool
	}{
		{"general", true}, {"A-z.0_9:x", true}, {strings.Repeat("x", 64), true},
		{"", false}, {strings.Repeat("x", 65), false}, {"a#b", false}, {"a b", false}, {"a\x00b", false}, {"raüm", false},
	}
	for _, tt := range tests {
		if _, err := chat.ParseRoomID(tt.in); (err == nil) != tt.ok {
			t.Errorf("ParseRoomID(%q) = %v, want ok %t", tt.in, err, tt.ok)
		}
	}
}

func TestParseUserID(t *testing.T) {
	tests := []struct {
		in string
		ok bool
	}{
		{"alice", true}, {"guest:01J", true}, {"jürgen müller", true},
		{"", false}, {" alice", false}, {"a#b", false}, {"a\nb", false}, {strings.Repeat("ü", 33), false}, {"a\xffb", false},
	}
	for _, tt := range tests {
		if _, err := chat.ParseUserID(tt.in); (err == nil) != tt.ok {
			t.Errorf("ParseUserID(%q) = %v, want ok %t", tt.in, err, tt.ok)
		}
	}
}

func TestPrivateRoomID(t *testing.T) {
	if a, b := chat.PrivateRoomID("alice", "bob"), chat.PrivateRoomID("bob", "alice"); a != b {
		t.Errorf("the conversation has two names, %s and %s", a, b)
	}
	if a, b := chat.PrivateRoomID("ab", "c"), chat.PrivateRoomID("a", "bc"); a == b {
		t.Error("two conversations share a name")
	}
	if id, err := chat.ParseRoomID(string(chat.PrivateRoomID("a", "b"))); err != nil || !id.Reserved() || !id.Private() {
		t.Errorf("PrivateRoomID gives %q, %v: want a reserved, private room ID", id, err)
	}
}

func TestCodes(t *testing.T) {
	for _, code := range chat.Codes() {
		err := chat.Errorf(code, "a sentence about %s", "it")
		if chat.CodeOf(err) != code {
			t.Errorf("CodeOf(Errorf(%s)) = %s", code, chat.CodeOf(err))
		}
		if internal := chat.TextOf(err) != "a sentence about it"; internal != (code == chat.Internal) {
			t.Errorf("TextOf(Errorf(%s)) = %q", code, chat.TextOf(err))
		}
	}
}
