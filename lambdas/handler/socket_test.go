package handler

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
)

func TestReply_has_a_status_for_every_code(t *testing.T) {
	for _, code := range chat.Codes() {
		got := reply(chat.Errorf(code, "a %q sentence", code), nil)
		if got.StatusCode < 400 || got.StatusCode > 599 {
			t.Errorf("reply(%s).StatusCode = %d", code, got.StatusCode)
		}
		if !json.Valid([]byte(got.Body)) {
			t.Errorf("reply(%s).Body = %s, which is no JSON", code, got.Body)
		}
	}
	if got := reply(nil, nil); got.StatusCode != 200 {
		t.Errorf("reply(nil).StatusCode = %d", got.StatusCode)
	}
}

func TestPrincipalOf_is_what_contextOf_says(t *testing.T) {
	want := chat.Principal{
		UserID: "alice", Name: "Alice", Guest: true, Groups: []string{"ops", "admins"}, Session: "sign-in-1",
		IssuedAt: time.Unix(1795344713, 0), ExpiresAt: time.Unix(1795348313, 0),
	}
	context := contextOf(want)
	context[ctxPrincipal] = string(want.UserID)
	got, err := principalOf(context)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("principalOf: %v (-want +got)\n%s", err, diff)
	}
}

func TestPrincipalOf_refuses_who_was_not_authorized(t *testing.T) {
	for _, authorizer := range []any{nil, map[string]any{}, map[string]any{ctxPrincipal: 7}, map[string]any{ctxPrincipal: "a#b"}} {
		if _, err := principalOf(authorizer); chat.CodeOf(err) != chat.Unauthorized {
			t.Errorf("principalOf(%v) = %v, want unauthorized", authorizer, err)
		}
	}
}

func TestOriginAllowed(t *testing.T) {
	page := []string{"http://127.0.0.1:8080"}
	tests := []struct {
		origin  string
		allowed []string
		want    bool
	}{
		{"", page, true},
		{"http://127.0.0.1:8080", page, true},
		{"http://localhost:8080", page, false},
		{"null", page, false},
		{"https://evil.example", []string{"*"}, true},
	}
	for _, tt := range tests {
		if got := originAllowed(tt.origin, tt.allowed); got != tt.want {
			t.Errorf("originAllowed(%q, %q) = %t, want %t", tt.origin, tt.allowed, got, tt.want)
		}
	}
}

func TestHeaders_are_found_in_any_case(t *testing.T) {
	h := headers{map[string]string{"origin": "one"}, map[string][]string{"SEC-WEBSOCKET-PROTOCOL": {"a, b", "c"}}}
	if got := h.first("Origin"); got != "one" {
		t.Errorf("first = %q", got)
	}
	if got := h.all("Sec-WebSocket-Protocol"); got != "a, b,c" {
		t.Errorf("all = %q", got)
	}
	if got := h.first("Cookie"); got != "" {
		t.Errorf("first of a header that is not there = %q", got)
	}
}

func TestCut_keeps_whole_characters(t *testing.T) {
	if got := cut("aüü", 4); got != "aü" || !utf8.ValidString(got) {
		t.Errorf("cut = %q", got)
	}
}
