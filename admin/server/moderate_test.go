package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// was is how things stood when the question was asked.
func was(a answer) string {
	_, rest, _ := strings.Cut(a.body, `name="was" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func TestServer_ban(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	h.connect("a2", "ana", "Ana", "lisbon")
	b := h.as("mia")
	asked := b.get("/moderate?act=ban&person=ana")
	for _, part := range []string{"Ban Ana everywhere?", "connections close 2", "person goes offline 1", "rooms lose them 2", "messages removed 0"} {
		if !strings.Contains(asked.says(), part) {
			t.Errorf("GET /moderate does not say %q: %s", part, asked.says())
		}
	}
	if got := b.get("/moderate?act=ban&person=ana&room=lisbon"); !strings.Contains(got.says(), "Ban Ana in Lisbon?") || !strings.Contains(got.says(), "connection leaves the room 1") {
		t.Errorf("GET /moderate in a room = %s", got.says())
	}
	form := url.Values{"token": {b.token()}, "act": {"ban"}, "person": {"ana"}, "was": {was(asked)}, "for": {"3600"}, "reason": {" "}, "back": {"/person?id=ana"}}
	if got := b.post("/moderate", form); got.status != http.StatusBadRequest || !strings.Contains(got.says(), "Say why") {
		t.Errorf("POST /moderate without a reason = %d %s", got.status, got.says())
	}
	form.Set("reason", "<b>spam</b>")
	done := b.post("/moderate", form)
	if done.status != http.StatusOK || done.at.RequestURI() != "/person?id=ana" || !strings.Contains(done.says(), "Banned Ana everywhere until") || !strings.Contains(done.says(), "2 connections closed") {
		t.Errorf("POST /moderate ends at %s: %d %s", done.at, done.status, done.says())
	}
	if again := b.post("/moderate", form); again.status != http.StatusConflict || !strings.Contains(again.says(), "Somebody else acted meanwhile") {
		t.Errorf("POST /moderate of what was shown before = %d %s", again.status, again.says())
	}
	page := b.eventually("/person?id=ana", func(a answer) bool { return strings.Contains(a.says(), "Banned everywhere until") })
	for _, part := range []string{"<b>spam</b> by Mia Okafor, ", "Unban…", "Mia Okafor: ban Ana, banned until"} {
		if !strings.Contains(page.says(), part) {
			t.Errorf("GET /person does not say %q: %s", part, page.says())
		}
	}
	if got := h.as("omar").get("/person?id=ana"); strings.Contains(got.says(), "spam") || strings.Contains(got.body, "/moderate") || !strings.Contains(got.says(), "Banned everywhere until") {
		t.Errorf("an ops person reads %s", got.says())
	}
	asked = b.get("/moderate?act=unban&person=ana")
	form.Set("act", "unban")
	form.Set("was", was(asked))
	if got := b.post("/moderate", form); !strings.Contains(got.says(), "Unbanned Ana everywhere.") {
		t.Errorf("POST /moderate = %d %s", got.status, got.says())
	}
	b.eventually("/person?id=ana", func(a answer) bool { return !strings.Contains(a.says(), "Banned everywhere until") })
}

func TestServer_muteInARoom(t *testing.T) {
	h := newHouse(t)
	ana := h.connect("a1", "ana", "Ana", "general")
	b := h.as("mia")
	asked := b.get("/moderate?act=mute&person=ana&room=general")
	form := url.Values{"token": {b.token()}, "act": {"mute"}, "person": {"ana"}, "room": {"general"}, "was": {was(asked)}, "for": {"600"}, "reason": {"caps"}, "back": {"/"}}
	if got := b.post("/moderate", form); got.status != http.StatusOK || !strings.Contains(got.says(), "Muted Ana in General until") {
		t.Errorf("POST /moderate = %d %s", got.status, got.says())
	}
	if err := h.chat.Do(t.Context(), ana, chat.Send{Room: "general", Text: "HI"}); chat.CodeOf(err) != chat.Muted {
		t.Errorf("a message of hers = %v, want %s", err, chat.Muted)
	}
	b.eventually("/person?id=ana", func(a answer) bool { return strings.Contains(a.says(), "Muted in General until") })
	h.clock.Pass(11 * time.Minute)
	b.eventually("/person?id=ana", func(a answer) bool { return !strings.Contains(a.says(), "Muted in General until") })
}

func TestServer_moderate_refuses(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	h.connect("m1", "mia", "Mia", "general")
	b := h.as("mia")
	for query, want := range map[string]int{
		"?act=shoot&person=ana": http.StatusBadRequest, "?act=ban": http.StatusBadRequest, "?act=ban&person=nobody": http.StatusNotFound,
		"?act=ban&person=ana&for=-1": http.StatusBadRequest, "?act=ban&person=ana&for=99999999999": http.StatusBadRequest,
		"?act=ban&person=mia": http.StatusForbidden, "?act=mute&person=ana&room=nowhere": http.StatusNotFound,
		"?act=ban&person=ana&room=" + string(chat.PrivateRoomID("ana", "ben")): http.StatusNotFound,
	} {
		if got := b.get("/moderate" + query); got.status != want {
			t.Errorf("GET /moderate%s = %d %s, want %d", query, got.status, got.says(), want)
		}
	}
	form := url.Values{"act": {"ban"}, "person": {"ana"}, "was": {"0"}, "reason": {"spam"}}
	if got := b.post("/moderate", form); got.status != http.StatusForbidden {
		t.Errorf("POST /moderate without a token = %d", got.status)
	}
}
