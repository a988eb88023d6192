package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestServer_connections(t *testing.T) {
	h := newHouse(t)
	h.connect("a1=", "ana", "Ana", "general")
	h.clock.Pass(time.Second)
	h.connect("b1=", "ben", "Ben", "lisbon")
	h.clock.Pass(time.Second)
	h.connect("a2=", "ana", "Ana", "lisbon")
	b := h.as("omar")
	tests := []struct{ name, query, want string }{
		{"newest first", "", "a2= b1= a1="},
		{"oldest first", "?sort=age&dir=down", "a1= b1= a2="},
		{"by person", "?sort=person", "a2= a1= b1="},
		{"of a room", "?room=lisbon", "a2= b1="},
		{"of a person, the other way round", "?person=ana&dir=down", "a1= a2="},
		{"part of a name", "?find=BE", "b1="},
		{"part of an id", "?find=A1%3D", "a1="},
		{"an address", "?address=192.0.2.7", "a2= b1= a1="},
		{"another address", "?address=192.0.2.8", ""},
		{"an agent", "?agent=program%2F1.0&room=general", "a1="},
		{"idle", "?state=idle", ""},
		{"a sort that is none", "?sort=shoe&from=-3", "a2= b1= a1="},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.get("/connections" + test.query)
			var ids []string
			for _, part := range strings.Split(got.body, `<td class="id wide"><a href="`)[1:] {
				if _, text, ok := strings.Cut(part, ">"); ok && strings.Contains(text[:4], "=") {
					ids = append(ids, text[:3])
				}
			}
			if have := strings.Join(ids, " "); have != test.want || got.status != http.StatusOK {
				t.Errorf("GET /connections%s = %d with %q, want %q", test.query, got.status, have, test.want)
			}
			if strings.Contains(got.body, "Kick…") {
				t.Error("an ops person is offered to kick")
			}
		})
	}
	h.clock.Pass(7 * time.Minute)
	b.eventually("/connections?state=idle", func(a answer) bool { return strings.Contains(a.says(), "Any state 3 Open 0 Idle 3") })
}

// While a list is held still, what comes is counted and does not move a row.
func TestServer_connections_held(t *testing.T) {
	h := newHouse(t)
	h.connect("a1=", "ana", "Ana", "general")
	h.clock.Pass(time.Second)
	at := fmt.Sprint(h.clock.Now().UnixMilli())
	h.clock.Pass(time.Second)
	h.connect("b1=", "ben", "Ben", "general")
	b := h.as("omar")
	got := b.eventually("/connections?at="+at, func(a answer) bool { return strings.Contains(a.says(), "1 newer") })
	if strings.Contains(got.body, "b1=") || strings.Contains(got.body, at) {
		t.Errorf("GET /connections?at = %s", got.says())
	}
	if got := b.get("/connections"); !strings.Contains(got.body, "b1=") || strings.Contains(got.says(), "newer") {
		t.Errorf("GET /connections = %s", got.says())
	}
}

func TestServer_connections_paged(t *testing.T) {
	h := newHouse(t)
	for n := range 60 {
		h.connect(chat.ConnectionID(fmt.Sprintf("c%02d", n)), chat.UserID(fmt.Sprintf("u%02d", n)), "Somebody", "general")
	}
	b := h.as("mia")
	if got := b.get("/connections?room=general"); !strings.Contains(got.says(), "Rows 1 to 50 of 60 More") {
		t.Errorf("the first page = %s", got.says())
	}
	if got := b.get("/connections?room=general&from=50"); !strings.Contains(got.says(), "Rows 51 to 60 of 60 Back") {
		t.Errorf("the second page = %s", got.says())
	}
}

// What people wrote is text, wherever it stands.
func TestServer_textsStayTexts(t *testing.T) {
	h := newHouse(t)
	const script = `"><script>alert(1)</script>`
	ana := h.connect("a1", "ana", script, "general")
	h.say(ana, "general", script)
	b := h.as("mia")
	find := url.Values{"find": {script}}.Encode()
	form := url.Values{"token": {b.token()}, "person": {"ana"}, "shown": {"a9"}, "reason": {script}}
	pages := map[string]answer{
		"a refused kick": b.post("/kick", form), "a page that is not there": b.get("/" + script),
		"a room that is not there": b.get("/room?id=" + url.QueryEscape("a<script>")),
	}
	for _, path := range []string{"/", "/connections?" + find, "/people?" + find, "/rooms?" + find, "/room?id=general", "/person?id=ana", "/kick?person=ana&back=" + url.QueryEscape("/"+script)} {
		pages[path] = b.get(path)
	}
	form.Set("shown", "a1")
	pages["a kick"] = b.post("/kick", form)
	pages["/audit"] = b.get("/audit")
	for name, page := range pages {
		if strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, `href="javascript:`) {
			t.Errorf("%s holds a script: %s", name, page.body)
		}
	}
	if got := pages["/room?id=general"].says(); strings.Count(got, script) < 3 {
		t.Errorf("the room does not show what was written: %s", got)
	}
}

func TestServer_room(t *testing.T) {
	h := newHouse(t)
	ana := h.connect("a1", "ana", "Ana", "general")
	h.connect("b1", "ben", "Ben", "lisbon")
	must(t, h.chat.Do(t.Context(), ana, chat.SendPrivate{Target: "ben", Text: "psst"}))
	h.say(ana, "general", "one")
	b := h.as("mia")
	b.eventually("/rooms", func(a answer) bool { return strings.Contains(a.says(), "Ana one") })
	b.get("/room?id=general")
	h.say(ana, "general", "two")
	got := b.eventually("/room?id=general", func(a answer) bool { return strings.Contains(a.says(), "two") })
	if !strings.Contains(got.says(), "one") || !strings.Contains(got.says(), "People here 1 Ana ana") || strings.Contains(got.says(), "Ben") {
		t.Errorf("GET /room = %s", got.says())
	}
	b.eventually("/rooms", func(a answer) bool { return strings.Contains(a.says(), "Ana two") })
	for _, room := range []chat.RoomID{chat.PrivateRoomID("ana", "ben"), "r_1", "nowhere"} {
		got := b.get("/room?id=" + string(room))
		if got.status != http.StatusNotFound || strings.Contains(got.body, "psst") {
			t.Errorf("GET /room?id=%s = %d %s", room, got.status, got.says())
		}
	}
	live := b.get("/room?id=general", "HX-Request", "true")
	if strings.Contains(live.body, "<html") || !strings.Contains(live.body, `id="lamp"`) || !strings.Contains(live.says()+live.body, "two") {
		t.Errorf("the live part = %s", live.body)
	}
}
