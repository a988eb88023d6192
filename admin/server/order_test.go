package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"switchboard/internal/chat"
)

func TestServer_deleteMessage(t *testing.T) {
	h := newHouse(t)
	ana := h.connect("a1", "ana", "Ana", "general")
	h.say(ana, "general", "buy my cards")
	b := h.as("mia")
	room := b.eventually("/room?id=general", func(a answer) bool { return strings.Contains(a.says(), "Delete…") })
	found := regexp.MustCompile(`message=([^"&]+)`).FindStringSubmatch(room.body)
	asked := b.get("/message?room=general&message=" + found[1])
	if !strings.Contains(asked.says(), "Delete 1 message of Ana?") || !strings.Contains(asked.says(), "buy my cards") {
		t.Fatalf("GET /message = %d %s", asked.status, asked.says())
	}
	form := url.Values{"token": {b.token()}, "room": {"general"}, "message": {found[1]}, "reason": {""}}
	if got := b.post("/message", form); got.status != http.StatusBadRequest || !strings.Contains(got.says(), "Say why") {
		t.Errorf("POST /message without a reason = %d %s", got.status, got.says())
	}
	form.Set("reason", "advertising")
	if got := b.post("/message", form); got.status != http.StatusOK || !strings.Contains(got.says(), "Deleted 1 message.") {
		t.Errorf("POST /message = %d %s", got.status, got.says())
	}
	b.eventually("/room?id=general", func(a answer) bool { return !strings.Contains(a.says(), "buy my cards") })
	last := h.sockets.heard["a1"][len(h.sockets.heard["a1"])-1]
	if e, ok := last.(chat.Deleted); !ok || e.Entry.SenderID != "mia" {
		t.Errorf("Ana heard %+v last, want that it was deleted", last)
	}
	b.eventually("/person?id=ana", func(a answer) bool { return strings.Contains(a.says(), "Mia Okafor: delete Ana in general") })
}

func TestServer_rules(t *testing.T) {
	h := newHouse(t)
	ana := h.connect("a1", "ana", "Ana", "general")
	b := h.as("mia")
	rev := func(a answer) string {
		return regexp.MustCompile(`name="rev" value="(\d+)"`).FindStringSubmatch(a.body)[1]
	}
	form := url.Values{"token": {b.token()}, "room": {"general"}, "rev": {rev(b.get("/rules?room=general"))}, "locked": {"yes"}, "slow": {"30"}}
	if got := b.post("/rules", form); got.status != http.StatusOK || !strings.Contains(got.says(), "The rules of General are set.") {
		t.Fatalf("POST /rules = %d %s", got.status, got.says())
	}
	if err := h.chat.Do(t.Context(), ana, chat.Send{Room: "general", Text: "hi"}); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("a message in the locked room = %v, want %s", err, chat.Forbidden)
	}
	b.eventually("/room?id=general", func(a answer) bool {
		return strings.Contains(a.says(), "Locked: only moderators write. Slow mode: 30")
	})
	if got := b.post("/rules", form); got.status != http.StatusConflict || !strings.Contains(got.says(), "Somebody else changed the room") {
		t.Errorf("POST /rules of what was shown before = %d %s", got.status, got.says())
	}
	form.Set("slow", "-1")
	form.Set("rev", rev(b.get("/rules?room=general")))
	if got := b.post("/rules", form); got.status != http.StatusBadRequest {
		t.Errorf("POST /rules with a slow mode below 0 = %d", got.status)
	}
}
