package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"switchboard/internal/chat"
)

// Every endpoint is tried by everybody, and the answers are compared with the domain's table.
func TestServer_everyEndpointAndRole(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	people := map[string][]string{
		"": nil, "ben": {}, "omar": {chat.Ops}, "mia": {chat.Moderators}, "ada": {chat.Admins},
	}
	known := map[chat.Operation]bool{}
	for _, op := range chat.Operations() {
		known[op] = false
	}
	for sub, groups := range people {
		b := h.browser()
		token := ""
		if sub != "" {
			b = h.as(sub)
			if len(groups) > 0 {
				token = b.token()
			}
		}
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		person := chat.Principal{UserID: chat.UserID(sub), Groups: groups}
		for _, e := range h.Endpoints() {
			known[e.Operation] = true
			path := e.Path + map[string]string{"/room": "?id=general", "/person": "?id=ana", "/kick": "?person=ana", "/moderate": "?act=mute&person=ana", "/rules": "?room=general", "/message": "?room=general&message=none", "/erase": "?person=ana", "/sessions": "?person=ana", "/export": "?person=ana", "/report": "?id=none", "/group": "?person=ana"}[e.Path]
			got := 0
			switch {
			case e.Path == "/live":
				got = b.beginning(path)
			case e.Method == http.MethodGet:
				got = b.get(path).status
			default:
				got = b.post(path, url.Values{"token": {token}}).status
			}
			may := e.Everybody || sub != "" && e.SignedIn && len(groups) > 0 || person.May(e.Operation)
			want := "it is let in"
			ok := got < 400 || got == http.StatusBadRequest || e.Path == "/group" && e.Method == http.MethodPost && got == http.StatusNotFound || got == http.StatusConflict || e.Path == "/message" && got == http.StatusNotFound || got == http.StatusGone
			if !may {
				want, ok = "a refusal", got == http.StatusForbidden || got == http.StatusUnauthorized
				if sub == "" && e.Method == http.MethodGet {
					want, ok = "the sign-in", got == http.StatusSeeOther || e.Path == "/live" && got == http.StatusUnauthorized
				}
			}
			if !ok {
				t.Errorf("%s %s by %q in %v = %d, want %s", e.Method, e.Path, sub, groups, got, want)
			}
		}
	}
	pageless := []chat.Operation{chat.ReadMessages} // part of other pages
	for op, tried := range known {
		if !tried && !slices.Contains(pageless, op) {
			t.Errorf("operation %q has no endpoint", op)
		}
	}
}

// beginning is the status of what does not end.
func (b *browser) beginning(path string) int {
	b.h.t.Helper()
	res, err := b.client.Get(b.h.at(path))
	must(b.h.t, err)
	must(b.h.t, res.Body.Close())
	return res.StatusCode
}

func TestServer_messagesAreForWhoMayReadThem(t *testing.T) {
	h := newHouse(t)
	h.say(h.connect("a1", "ana", "Ana", "general"), "general", "between us")
	for sub, reads := range map[string]bool{"omar": false, "mia": true, "ada": true} {
		b := h.as(sub)
		for _, path := range []string{"/", "/rooms", "/room?id=general"} {
			if got := b.get(path); strings.Contains(got.body, "between us") != reads || got.status != http.StatusOK {
				t.Errorf("GET %s by %s = %d, reads %v, want %v", path, sub, got.status, !reads, reads)
			}
		}
	}
}

func TestServer_usersAreToldThatItIsNotForThem(t *testing.T) {
	h := newHouse(t)
	got := h.as("ben").get("/connections")
	if got.status != http.StatusForbidden || !strings.Contains(got.says(), "Ben Weber, are in none of these groups") {
		t.Errorf("GET /connections by a user = %d %s", got.status, got.says())
	}
}
