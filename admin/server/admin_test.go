package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestServer_report(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.connect("a1", "ana", "Ana", "general"), h.connect("b1", "ben", "Ben", "general")
	h.say(ana, "general", "buy my cards")
	_, list, err := h.chat.RecentMessages(t.Context(), "general", 1)
	must(t, err)
	must(t, h.chat.Do(t.Context(), ben, chat.ReportMessage{Room: "general", Message: list[0].ID, Reason: "spam", Comment: "third time"}))
	mia, ada := h.as("mia"), h.as("ada")
	page := mia.eventually("/reports", func(a answer) bool { return strings.Contains(a.says(), "buy my cards") })
	for _, part := range []string{"1 waits", "spam reported by Ben", "third time", "Keep…", "Remove…", "Ban…"} {
		if !strings.Contains(page.says(), part) {
			t.Errorf("GET /reports does not say %q: %s", part, page.says())
		}
	}
	id := regexp.MustCompile(`/report\?[^"]*id=([^"&]+)`).FindStringSubmatch(page.body)[1]
	if asked := ada.get("/report?do=remove&id=" + id); !strings.Contains(asked.says(), "Remove 1 message of Ana?") {
		t.Fatalf("GET /report = %d %s", asked.status, asked.says())
	}
	form := func(b *browser, do string) url.Values {
		return url.Values{"token": {b.token()}, "id": {id}, "do": {do}, "reason": {"advertising"}}
	}
	if got := mia.post("/report", form(mia, "keep")); got.status != http.StatusOK || !strings.Contains(got.says(), "Kept.") || !strings.Contains(got.says(), "Nothing waits") {
		t.Errorf("POST /report = %d %s", got.status, got.says())
	}
	if got := ada.post("/report", form(ada, "remove")); got.status != http.StatusGone || !strings.Contains(got.says(), "dealt with already") {
		t.Errorf("POST /report after somebody else = %d %s", got.status, got.says())
	}
	if _, list, err := h.chat.RecentMessages(t.Context(), "general", 1); err != nil || len(list) != 1 {
		t.Errorf("the message that was kept is gone: %v, %v", list, err)
	}
}

// reported is a message of ana's in a room that she made, which waits as a report.
func (h *house) reported(text string) (ana chat.Caller, room chat.RoomID, id string) {
	h.t.Helper()
	ana = h.connect("a1", "ana", "Ana", "general")
	ben := h.connect("b1", "ben", "Ben", "general")
	must(h.t, h.chat.Do(h.t.Context(), ana, chat.CreateRoom{ClientID: "k", Settings: chat.Settings{Name: new("Plans")}}))
	h.sockets.mu.Lock()
	for _, e := range h.sockets.heard["a1"] {
		if made, ok := e.(chat.RoomChanged); ok {
			room = made.Room.ID
		}
	}
	h.sockets.mu.Unlock()
	h.say(ana, room, text)
	_, list, err := h.chat.RecentMessages(h.t.Context(), room, 1)
	must(h.t, err)
	must(h.t, h.chat.Do(h.t.Context(), ben, chat.ReportMessage{Room: room, Message: list[0].ID, Reason: "spam"}))
	reports, _, err := h.chat.Reports(h.t.Context(), chat.Principal{UserID: "mia", Groups: []string{chat.Moderators}}, "")
	must(h.t, err)
	return ana, room, reports[0].ID
}

func TestServer_report_shows_nothing_of_a_room_that_became_private(t *testing.T) {
	h := newHouse(t)
	ana, room, _ := h.reported("buy my cards")
	mia := h.as("mia")
	mia.eventually("/reports", func(a answer) bool { return strings.Contains(a.says(), "buy my cards") })
	must(t, h.chat.Do(t.Context(), ana, chat.UpdateRoom{Room: room, Settings: chat.Settings{Visibility: new(chat.Private)}}))
	h.clock.Pass(time.Minute)
	if page := mia.get("/reports").says(); strings.Contains(page, "buy my cards") || !strings.Contains(page, "1 waits") {
		t.Errorf("GET /reports says %s", page)
	}
}

func TestServer_report_waits_until_its_message_is_removed(t *testing.T) {
	h := newHouse(t)
	_, room, id := h.reported("buy my cards")
	mia := h.as("mia")
	form := url.Values{"token": {mia.token()}, "id": {id}, "do": {"remove"}, "reason": {"advertising"}}
	for _, what := range []string{`"deletedAt":`, `"resolve"`} {
		h.database.whenAsked(what, func() bool { return false })
		if got := mia.post("/report", form); got.status != http.StatusServiceUnavailable {
			t.Errorf("POST /report while %s cannot be written = %d %s", what, got.status, got.says())
		}
	}
	h.database.meet.Store(nil)
	if got := mia.post("/report", form); !strings.Contains(got.says(), "Removed 1 message. The report is dealt with.") || !strings.Contains(got.says(), "Nothing waits") {
		t.Errorf("POST /report again = %d %s", got.status, got.says())
	}
	if _, list, err := h.chat.RecentMessages(t.Context(), room, 1); err != nil || len(list) != 0 {
		t.Errorf("RecentMessages() = %+v, %v, want none", list, err)
	}
}

func TestServer_report_of_two_moderators(t *testing.T) {
	h := newHouse(t)
	_, _, id := h.reported("buy my cards")
	mia := h.as("mia")
	var once sync.Once
	h.database.whenAsked(`"deletedAt":`, func() bool {
		once.Do(func() {
			ada := chat.Principal{UserID: "ada", Name: "Ada", Groups: []string{chat.Admins}}
			if err := h.chat.Resolve(t.Context(), ada, id, "removed"); err != nil {
				t.Error(err)
			}
		})
		return true
	})
	got := mia.post("/report", url.Values{"token": {mia.token()}, "id": {id}, "do": {"remove"}, "reason": {"advertising"}})
	if !strings.Contains(got.says(), "Removed 1 message. Somebody else was faster with the report.") {
		t.Errorf("POST /report = %d %s", got.status, got.says())
	}
}

func TestServer_export(t *testing.T) {
	h := newHouse(t)
	h.say(h.connect("a1", "ana", "Ana", "general"), "general", "hello")
	b := h.as("ada")
	if asked := b.get("/export?person=ana"); !strings.Contains(asked.says(), "Export what is kept of Ana?") {
		t.Fatalf("GET /export = %d %s", asked.status, asked.says())
	}
	form := url.Values{"token": {b.token()}, "person": {"ana"}, "reason": {" "}}
	if refused := b.post("/export", form); refused.status != http.StatusBadRequest || strings.Contains(refused.body, "hello") {
		t.Errorf("POST /export without a reason = %d %s", refused.status, refused.says())
	}
	form.Set("reason", "asked for it by post")
	got := b.post("/export", form)
	var pages []map[string]any
	if err := json.Unmarshal([]byte(got.body), &pages); err != nil || len(pages) == 0 || !strings.Contains(got.body, "hello") {
		t.Errorf("GET /export = %d %s (%v)", got.status, got.body, err)
	}
	if log := b.get("/audit").says(); !strings.Contains(log, "Ada Nwosu ada export Ana ana asked for it by post") || strings.Count(log, "export Ana") != 1 {
		t.Errorf("GET /audit = %s", log)
	}
	if !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("Content-Disposition = %q", got.header.Get("Content-Disposition"))
	}
}

func TestServer_erase(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	b := h.as("ada")
	if asked := b.get("/erase?person=ana"); !strings.Contains(asked.says(), "Erase Ana?") || !strings.Contains(asked.says(), "What stays") {
		t.Fatalf("GET /erase = %d %s", asked.status, asked.says())
	}
	form := url.Values{"token": {b.token()}, "person": {"ana"}, "typed": {"Ana"}, "reason": {"asked for it"}}
	if got := b.post("/erase", form); got.status != http.StatusBadRequest || !strings.Contains(got.says(), "Type the id") {
		t.Errorf("POST /erase without the id = %d %s", got.status, got.says())
	}
	form.Set("typed", "ana")
	if got := b.post("/erase", form); got.status != http.StatusOK || !strings.Contains(got.says(), "is being erased") {
		t.Errorf("POST /erase = %d %s", got.status, got.says())
	}
	if u, err := h.chat.KnownUser(t.Context(), "ana"); err != nil || !u.BannedUntil.After(h.clock.Now()) {
		t.Errorf("KnownUser(ana) = %+v, %v, want that she is kept out", u, err)
	}
}

func TestServer_signOutEverywhere(t *testing.T) {
	h := newHouse(t)
	ana := h.connect("a1", "ana", "Ana", "general")
	h.clock.Pass(2 * time.Second)
	b := h.as("ada")
	if asked := b.get("/sessions?person=ana"); !strings.Contains(asked.says(), "Sign Ana out everywhere?") {
		t.Fatalf("GET /sessions = %d %s", asked.status, asked.says())
	}
	form := url.Values{"token": {b.token()}, "person": {"ana"}, "reason": {" "}}
	if got := b.post("/sessions", form); got.status != http.StatusBadRequest {
		t.Errorf("POST /sessions without a reason = %d %s", got.status, got.says())
	}
	form.Set("reason", "a lost laptop")
	if got := b.post("/sessions", form); got.status != http.StatusOK || !strings.Contains(got.says(), "Signed ana out everywhere.") {
		t.Errorf("POST /sessions = %d %s", got.status, got.says())
	}
	h.keepNoGroups()
	if asked := b.get("/sessions?person=ana"); !strings.Contains(asked.says(), "still renews their sign-in") {
		t.Errorf("GET /sessions where the issuer is somebody else's = %d %s", asked.status, asked.says())
	}
	if err := h.chat.Do(t.Context(), ana, chat.Send{Room: "general", Text: "hi"}); chat.CodeOf(err) != chat.Unauthorized {
		t.Errorf("a message of an older token = %v, want %s", err, chat.Unauthorized)
	}
}
