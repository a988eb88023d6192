package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestServer_signIn(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	got := b.signIn("mia", "/connections?sort=person")
	if got.status != http.StatusOK || got.at.RequestURI() != "/connections?sort=person" || !strings.Contains(got.body, "<b>Mia Okafor</b> moderators") {
		t.Errorf("the sign-in ends at %s: %d %s", got.at, got.status, got.says())
	}
	for name, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
		if value := got.header.Get(name); value != want {
			t.Errorf("%s: %q, want %q", name, value, want)
		}
	}
	if csp := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; script-src 'self'; ") || strings.Contains(csp, "unsafe") {
		t.Errorf("Content-Security-Policy: %q", csp)
	}
}

// A sign-in's way back works once, for the browser that began it, and not for long.
func TestServer_signIn_refused(t *testing.T) {
	h := newHouse(t)
	var back *url.URL // where the issuer sent the browser
	caught := func(b *browser) {
		b.client.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
			if req.URL.Path == "/signin/done" {
				back = req.URL
			}
			return nil
		}
	}
	b := h.browser()
	caught(b)
	b.signIn("mia", "/")
	first := back.String()

	with := func(changes ...string) string {
		u, err := url.Parse(first)
		must(t, err)
		q := u.Query()
		for i := 0; i < len(changes); i += 2 {
			q.Set(changes[i], changes[i+1])
		}
		u.RawQuery = q.Encode()
		return u.String()
	}
	begun := func() *browser { // a sign-in that has not come back
		b := h.browser()
		b.get("/signin")
		return b
	}
	slow := begun()
	slowState := stateOf(t, slow)
	h.clock.Pass(11 * time.Minute)
	fresh := begun()
	tests := []struct {
		name string
		by   *browser
		at   string
	}{
		{"the same again", b, first},
		{"another browser", h.browser(), first},
		{"another state", begun(), first},
		{"a code used before", fresh, with("state", stateOf(t, fresh))},
		{"too late", slow, with("state", slowState)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.by.get(test.at); got.status != http.StatusBadRequest || !strings.Contains(got.says(), "Begin it again") {
				t.Errorf("GET /signin/done = %d %s", got.status, got.says())
			}
		})
	}
}

// stateOf begins a sign-in and gives the state it was begun with.
func stateOf(t *testing.T, b *browser) string {
	t.Helper()
	follow := b.client.CheckRedirect
	defer func() { b.client.CheckRedirect = follow }()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	to, err := url.Parse(b.get("/signin").header.Get("Location"))
	must(t, err)
	return to.Query().Get("state")
}

func TestServer_session(t *testing.T) {
	h := newHouse(t)
	b := h.as("mia")
	home, err := url.Parse(h.url)
	must(t, err)
	var kept *http.Cookie
	for _, c := range b.client.Jar.Cookies(home) {
		if c.Name == "switchboard-admin" {
			kept = c
		}
	}
	if kept == nil {
		t.Fatal("no session cookie")
	}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for name, value := range map[string]string{"tampered": "A" + kept.Value[1:], "cut": kept.Value[:20], "not ours": "abc", "of another cookie": ""} {
		other := h.browser()
		other.client.CheckRedirect = b.client.CheckRedirect
		cookie := "switchboard-admin=" + value
		if value == "" {
			cookie = "switchboard-admin-notice=" + kept.Value
		}
		if got := other.get("/people", "Cookie", cookie); got.status != http.StatusSeeOther {
			t.Errorf("GET /people with a cookie that is %s = %d, want the sign-in", name, got.status)
		}
	}
	if got := b.get("/people"); got.status != http.StatusOK {
		t.Errorf("GET /people = %d", got.status)
	}
	h.clock.Pass(61 * time.Minute)
	if got := b.get("/people"); got.status != http.StatusSeeOther {
		t.Errorf("GET /people after an hour = %d, want the sign-in", got.status)
	}
	if got := b.get("/people", "HX-Request", "true"); got.status != http.StatusUnauthorized || got.header.Get("HX-Refresh") != "true" {
		t.Errorf("the live part after an hour = %d, want %d and a refresh", got.status, http.StatusUnauthorized)
	}
}

func TestServer_signOut(t *testing.T) {
	h := newHouse(t)
	b := h.as("mia")
	if got := b.post("/signout", url.Values{"token": {b.token()}}); got.at.Path != "/signedout" || got.status != http.StatusOK {
		t.Errorf("POST /signout ends at %s: %d", got.at, got.status)
	}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if got := b.get("/people"); got.status != http.StatusSeeOther {
		t.Errorf("GET /people signed out = %d, want the sign-in", got.status)
	}
}

func TestServer_leadsNowhereElse(t *testing.T) {
	h := newHouse(t)
	for _, back := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "x"} {
		got := h.browser().signIn("mia", "/signin?"+url.Values{"back": {back}}.Encode())
		if got.at.String() != h.url+"/" {
			t.Errorf("the sign-in with back=%q ends at %s", back, got.at)
		}
	}
}
