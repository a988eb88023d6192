package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"switchboard/internal/chat"
)

// Every form works for whom it was made, on our pages, and nowhere else: whatever takes one is
// tried, so that none is left out.
func TestServer_noFormIsForged(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	b, other := h.as("ada"), h.as("ada")
	token, others := b.token(), other.token()
	tests := []struct {
		name, token string
		header      []string
	}{
		{"no token", "", nil},
		{"a made-up token", strings.Repeat("0", 64), nil},
		{"another session's token", others, nil},
		{"no token, and a browser that says it is our page", "", []string{"Sec-Fetch-Site", "same-origin", "Origin", h.url}},
		{"another site", token, []string{"Sec-Fetch-Site", "cross-site"}},
		{"another origin", token, []string{"Origin", "http://127.0.0.1:1"}},
	}
	forms := 0
	for _, e := range h.Endpoints() {
		if e.Method == http.MethodGet {
			continue
		}
		forms++
		for _, test := range tests {
			form := url.Values{
				"token": {test.token}, "person": {"ana"}, "shown": {"a1"}, "reason": {"x"}, "typed": {"ana"}, "act": {"ban"}, "was": {"0"},
				"room": {"general"}, "rev": {"1"}, "slow": {"5"}, "group": {"ops"}, "do": {"grant"}, "id": {"x"}, "message": {"x"},
			}
			if got := b.post(e.Path, form, test.header...); got.status != http.StatusForbidden || !strings.Contains(got.says(), "This form did not come from a page of yours") {
				t.Errorf("%s %s with %s = %d %s", e.Method, e.Path, test.name, got.status, got.says())
			}
		}
	}
	if forms < 10 {
		t.Errorf("%d forms were tried, want all", forms)
	}
	if log := b.get("/audit"); !strings.Contains(log.says(), "Nothing was done yet") {
		t.Errorf("GET /audit = %s", log.says())
	}
}

// A report is dealt with on whatever page of the list it stands.
func TestServer_reportsOnTheSecondPage(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.connect("a1", "ana", "Ana", "general"), h.connect("b1", "ben", "Ben", "general")
	h.say(ana, "general", "buy my cards")
	for n := range chat.MaxReportsListed + 2 {
		h.say(ana, "general", fmt.Sprint("card ", n))
		_, list, err := h.chat.RecentMessages(t.Context(), "general", 1)
		must(t, err)
		must(t, h.chat.Do(t.Context(), ben, chat.ReportMessage{Room: "general", Message: list[0].ID, Reason: "spam"}))
	}
	mia := h.as("mia")
	second := linkTo(t, mia.get("/reports"), "/reports?", "Newer")
	keep := linkTo(t, mia.get(second), "/report?", "Keep…")
	asked := mia.get(keep)
	if asked.status != http.StatusOK || !strings.Contains(asked.says(), "Keep the message of Ana?") {
		t.Fatalf("GET %s = %d %s", keep, asked.status, asked.says())
	}
	form := asked.form()
	form.Set("reason", " ")
	if got := mia.post("/report", form); got.status != http.StatusBadRequest || !strings.Contains(got.says(), "Say why") {
		t.Errorf("POST /report without a reason = %d %s", got.status, got.says())
	}
	form.Set("reason", "harmless")
	if got := mia.post("/report", form); got.status != http.StatusOK || !strings.Contains(got.says(), "Kept.") {
		t.Errorf("POST /report = %d %s", got.status, got.says())
	}
}

func TestServer_findsPeopleByName(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana Ruiz", "general")
	h.connect("b1", "anatol", "Anatol", "general")
	must(t, h.chat.Disconnect(t.Context(), "b1"))
	omar := h.as("omar")
	got := omar.eventually("/people?name=ANA", func(a answer) bool { return strings.Contains(a.says(), "1 connection") })
	for _, part := range []string{"Ana Ruiz", "Anatol", "Not connected", "whose names begin with “ANA”"} {
		if !strings.Contains(got.says(), part) {
			t.Errorf("GET /people?name=ANA does not say %q: %s", part, got.says())
		}
	}
	if got := omar.get("/people?name=zoe"); !strings.Contains(got.says(), "Nobody is called so") {
		t.Errorf("GET /people?name=zoe = %s", got.says())
	}
	for n := range chat.MaxPeopleFound + 1 {
		must(t, h.chat.SignedIn(t.Context(), chat.Principal{UserID: chat.UserID(fmt.Sprintf("s%02d", n)), Name: fmt.Sprintf("Sam %02d", n), IssuedAt: h.clock.Now()}))
	}
	last := omar.get(linkTo(t, omar.get("/people?name=sam"), "/people?", "More"))
	if !strings.Contains(last.says(), "Sam 50") || strings.Contains(last.says(), "Sam 00") {
		t.Errorf("the second page = %d %s", last.status, last.says())
	}
}

func TestServer_auditOfARoom(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	by := chat.Principal{UserID: "mia", Name: "Mia", Groups: []string{chat.Moderators}, IssuedAt: h.clock.Now()}
	for _, room := range []chat.RoomID{"", "general"} {
		_, err := h.chat.Moderate(t.Context(), by, chat.Moderate{Act: chat.ActMute, User: "ana", Room: room, Reason: "loud " + string(room)})
		must(t, err)
	}
	mia := h.as("mia")
	got := mia.eventually("/audit", func(a answer) bool { return strings.Contains(a.says(), "Verified up to entry 1, the last.") })
	if !strings.Contains(got.says(), "loud") || strings.Contains(got.says(), "loud general") || !strings.Contains(got.body, `<option value="general">`) {
		t.Errorf("GET /audit = %s", got.says())
	}
	room := mia.get("/audit?room=general")
	if !strings.Contains(room.says(), "loud general") || !strings.Contains(room.says(), "what was done in General") || !strings.Contains(room.says(), "Verified up to entry 1") {
		t.Errorf("GET /audit?room=general = %s", room.says())
	}
	for _, hidden := range []string{"r_0123456789abcdefghijklmnop", "nowhere"} {
		if got := mia.get("/audit?room=" + hidden); got.status != http.StatusNotFound {
			t.Errorf("GET /audit?room=%s = %d", hidden, got.status)
		}
	}
}
