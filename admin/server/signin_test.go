package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/admin/server"
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

// begun is a sign-in whose code has not come back: where it would, and the address that was
// asked for at the issuer with another value of one parameter.
func (b *browser) begun(name, value string) *url.URL {
	b.h.t.Helper()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { b.client.CheckRedirect = nil }()
	ask, err := url.Parse(b.get("/signin").header.Get("Location"))
	must(b.h.t, err)
	q := ask.Query()
	if name != "" {
		q.Set(name, value)
	}
	ask.RawQuery = q.Encode()
	back, err := url.Parse(b.signIn("mia", ask.String()).header.Get("Location"))
	must(b.h.t, err)
	return back
}

// A sign-in's way back works once, for the browser that began it, and not for long.
func TestServer_signIn_refused(t *testing.T) {
	h := newHouse(t)
	with := func(u *url.URL, name, value string) string {
		q := u.Query()
		q.Set(name, value)
		changed := *u
		changed.RawQuery = q.Encode()
		return changed.String()
	}
	done := h.browser()
	used := done.begun("", "").String()
	if got := done.get(used); got.status != http.StatusOK {
		t.Fatalf("GET /signin/done = %d %s", got.status, got.says())
	}
	home, err := url.Parse(h.url)
	must(t, err)
	for _, c := range done.client.Jar.Cookies(home) {
		if c.Name == "switchboard-admin-signin" {
			t.Error("what was remembered of the sign-in is kept")
		}
	}
	b := map[string]*browser{}
	at := map[string]string{"the same again": used}
	b["the same again"] = done
	for name, change := range map[string]func(u *url.URL) string{
		"another state":    func(u *url.URL) string { return with(u, "state", "x") },
		"a made-up code":   func(u *url.URL) string { return with(u, "code", "x") },
		"a refusal":        func(u *url.URL) string { return with(u, "error", "access_denied") },
		"too late":         func(u *url.URL) string { return u.String() },
		"a code of others": func(u *url.URL) string { return with(u, "code", h.browser().begun("", "").Query().Get("code")) },
	} {
		b[name] = h.browser()
		at[name] = change(b[name].begun("", ""))
	}
	b["another browser"], at["another browser"] = h.browser(), h.browser().begun("", "").String()
	other := h.browser()
	b["another nonce"], at["another nonce"] = other, other.begun("nonce", "x").String()
	for name := range b {
		t.Run(name, func(t *testing.T) {
			if name == "too late" {
				h.clock.Pass(11 * time.Minute)
				defer h.clock.Pass(-11 * time.Minute)
			}
			if got := b[name].get(at[name]); got.status >= 500 || got.status < 400 || !strings.Contains(got.says(), "Begin it again") {
				t.Errorf("GET /signin/done = %d %s", got.status, got.says())
			}
		})
	}
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
	away := h.browser() // what is sealed for another purpose is no session
	away.begun("", "")
	forOther := away.client.Jar.Cookies(home)[0]
	for name, value := range map[string]string{
		"tampered": "A" + kept.Value[1:], "cut": kept.Value[:20], "not ours": "abc", "that of a sign-in": forOther.Value,
	} {
		other := h.browser()
		other.client.CheckRedirect = b.client.CheckRedirect
		if got := other.get("/people", "Cookie", "switchboard-admin="+value); got.status != http.StatusSeeOther {
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
	got := b.post("/signout", url.Values{"token": {b.token()}})
	if got.at.Path != "/signedout" || got.status != http.StatusOK {
		t.Errorf("POST /signout ends at %s: %d", got.at, got.status)
	}
	next, on := strings.CutPrefix(got.header.Get("Refresh"), "0; url=")
	if asked := b.get(next); !on || !strings.HasPrefix(next, h.issuerURL+"/logout?") || !strings.Contains(asked.body, "Sign out of this browser?") {
		t.Errorf("signed out, the browser goes on to %q, which says %q, want the issuer's question", next, asked.says())
	}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if got := b.get("/people"); got.status != http.StatusSeeOther {
		t.Errorf("GET /people signed out = %d, want the sign-in", got.status)
	}
}

func TestServer_leadsNowhereElse(t *testing.T) {
	h := newHouse(t)
	for _, back := range []string{"https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example/", "javascript:alert(1)", "x"} {
		got := h.browser().signIn("mia", "/signin?"+url.Values{"back": {back}}.Encode())
		if got.at.String() != h.url+"/" {
			t.Errorf("the sign-in with back=%q ends at %s", back, got.at)
		}
	}
}

// Over https, browsers take the cookies from this host only.
func TestServer_cookiesOverHTTPS(t *testing.T) {
	deps := newHouse(t).deps
	deps.PublicURL = "https://dashboard.example"
	s, err := server.New(deps)
	must(t, err)
	defer s.Close()
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/signin", http.NoBody))
	cookies := answer.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("GET /signin = %d with the cookies %v", answer.Code, cookies)
	}
	c := cookies[0]
	if c.Name != "__Host-switchboard-admin-signin" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
		t.Errorf("GET /signin sets %v", c)
	}
	back := httptest.NewRequest(http.MethodGet, "/signin/done?code=x", http.NoBody)
	back.AddCookie(c)
	answer = httptest.NewRecorder()
	s.ServeHTTP(answer, back)
	if gone := answer.Result().Cookies(); len(gone) != 1 || gone[0].Name != c.Name || gone[0].MaxAge >= 0 {
		t.Errorf("GET /signin/done sets %v, want the cookie gone", gone)
	}
}
