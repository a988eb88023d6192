package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"switchboard/internal/chat"
)

func TestServer_kick(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	h.connect("a2", "ana", "Ana", "lisbon")
	b := h.as("mia")
	asked := b.get("/kick?person=ana&back=" + url.QueryEscape("/person?id=ana"))
	for _, part := range []string{"Kick 2 connections of Ana?", "connections close 2", "person goes offline 1", "rooms lose them 2", "messages removed 0"} {
		if !strings.Contains(asked.says(), part) {
			t.Errorf("GET /kick does not say %q: %s", part, asked.says())
		}
	}
	form := url.Values{"token": {b.token()}, "person": {"ana"}, "shown": {"a1", "a0"}, "reason": {"<b>spam</b>"}, "back": {"/person?id=ana"}}
	again := b.post("/kick", form)
	if again.status != http.StatusConflict || !strings.Contains(again.says(), "new connections: 1, closed ones: 1") || !strings.Contains(again.body, "&lt;b&gt;spam&lt;/b&gt;") {
		t.Fatalf("POST /kick after another connection came = %d %s", again.status, again.says())
	}
	form["shown"] = []string{"a1", "a2"}
	done := b.post("/kick", form)
	if done.status != http.StatusOK || done.at.RequestURI() != "/person?id=ana" || !strings.Contains(done.says(), "Kicked Ana: 2 connections closed") {
		t.Errorf("POST /kick ends at %s: %d %s", done.at, done.status, done.says())
	}
	if again := b.get("/person?id=ana"); strings.Contains(again.says(), "Kicked Ana:") {
		t.Error("what was done is said twice")
	}
	for _, id := range []chat.ConnectionID{"a1", "a2"} {
		last := h.sockets.heard[id][len(h.sockets.heard[id])-1]
		if c, ok := last.(chat.Closing); !ok || c.Reason != "<b>spam</b>" || !slices.Contains(h.sockets.closed, id) {
			t.Errorf("%s heard %+v last, closed are %v", id, last, h.sockets.closed)
		}
	}
	b.eventually("/connections", func(a answer) bool { return strings.Contains(a.says(), "Nobody is connected") })
	until := done.says()[strings.Index(done.says(), "until ")+len("until "):][:len("15:04:05 UTC")]
	if log := b.get("/audit"); !strings.Contains(log.says(), "Mia Okafor mia kick Ana ana <b>spam</b> 2 open closed, refused until "+until) || strings.Contains(log.body, "<b>spam</b>") {
		t.Errorf("GET /audit = %s", log.says())
	}
}

// As many connections as were shown are not the ones that were shown.
func TestServer_kick_ofOtherConnections(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	b := h.as("mia")
	asked := b.get("/kick?person=ana")
	if !strings.Contains(asked.body, `name="shown" value="a1"`) {
		t.Fatalf("GET /kick = %s", asked.body)
	}
	must(t, h.chat.Disconnect(t.Context(), "a1"))
	h.connect("a2", "ana", "Ana", "general")
	form := url.Values{"token": {b.token()}, "person": {"ana"}, "shown": {"a1"}, "reason": {"spam"}}
	again := b.post("/kick", form)
	if again.status != http.StatusConflict || !strings.Contains(again.says(), "new connections: 1, closed ones: 1") || !strings.Contains(again.body, `name="shown" value="a2"`) {
		t.Errorf("POST /kick = %d %s", again.status, again.says())
	}
	if len(h.sockets.closed) > 0 {
		t.Errorf("closed are %v", h.sockets.closed)
	}
}

// A form works for whom it was made, on our pages, and nowhere else.
func TestServer_kick_isNoForgery(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	b, other := h.as("mia"), h.as("ada")
	form := func(token string) url.Values {
		return url.Values{"token": {token}, "person": {"ana"}, "shown": {"a1"}, "reason": {"spam"}}
	}
	tests := []struct {
		name   string
		form   url.Values
		header []string
	}{
		{"no token", form(""), nil},
		{"a made-up token", form(strings.Repeat("0", 64)), nil},
		{"somebody else's token", form(other.token()), nil},
		{"no token, and a browser that says it is our page", form(""), []string{"Sec-Fetch-Site", "same-origin", "Origin", h.url}},
		{"another site", form(b.token()), []string{"Sec-Fetch-Site", "cross-site"}},
		{"another origin", form(b.token()), []string{"Origin", "http://127.0.0.1:1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := b.post("/kick", test.form, test.header...); got.status != http.StatusForbidden {
				t.Errorf("POST /kick = %d %s, want %d", got.status, got.says(), http.StatusForbidden)
			}
		})
	}
	if len(h.sockets.closed) > 0 {
		t.Errorf("closed are %v", h.sockets.closed)
	}
}

func TestServer_kick_ofWhatIsNotThere(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	h.connect("b1", "ben", "Ben", "general")
	b := h.as("mia")
	token := b.token()
	const gone = "This connection is not open (any more)"
	for name, query := range map[string]url.Values{
		"gone":           {"connection": {"zz="}},
		"malformed":      {"connection": {"<script>"}},
		"somebody elses": {"connection": {"b1"}, "person": {"ana"}},
		"very long":      {"connection": {strings.Repeat("x", 500)}},
	} {
		if got := b.get("/kick?" + query.Encode()); got.status != http.StatusGone || !strings.Contains(got.says(), gone) {
			t.Errorf("GET /kick of a connection that is %s = %d %s", name, got.status, got.says())
		}
		query.Set("token", token)
		query.Set("reason", "spam")
		query.Set("shown", query.Get("connection"))
		if got := b.post("/kick", query); got.status != http.StatusGone || !strings.Contains(got.says(), gone) {
			t.Errorf("POST /kick of a connection that is %s = %d %s", name, got.status, got.says())
		}
	}
	for _, query := range []string{"", "?person=%23", "?connection=&person="} {
		if got := b.get("/kick" + query); got.status != http.StatusBadRequest {
			t.Errorf("GET /kick%s = %d, want %d", query, got.status, http.StatusBadRequest)
		}
	}
	if len(h.sockets.closed) > 0 {
		t.Errorf("closed are %v", h.sockets.closed)
	}
}
