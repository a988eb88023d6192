package issuer_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIssuer_is_for_this_machine_only(t *testing.T) {
	h := start(t)
	base, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, host string
		local      net.Addr
		want       int
	}{
		{"its own address", base.Host, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, http.StatusOK},
		{"another machine's name", "example.org", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, http.StatusMisdirectedRequest},
		{"a name of this machine", "localhost:" + base.Port(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, http.StatusMisdirectedRequest},
		{"another port", "127.0.0.1:1", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, http.StatusMisdirectedRequest},
		{"a listener for others", base.Host, &net.TCPAddr{IP: net.IPv4(192, 168, 1, 2)}, http.StatusMisdirectedRequest},
		{"no listener", base.Host, nil, http.StatusMisdirectedRequest},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, h.url+"/.well-known/openid-configuration", http.NoBody)
			r.Host = c.host
			if c.local != nil {
				r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, c.local))
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("GET at %s over %v = %d, want %d", c.host, c.local, w.Code, c.want)
			}
		})
	}
}

func TestIssuer_answers_pages_of_its_clients_only(t *testing.T) {
	h := start(t)
	ask := func(method, path, origin string) answer {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(redeeming("x").Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", origin)
		return h.do(t, req)
	}
	for _, path := range []string{"/.well-known/openid-configuration", "/.well-known/jwks.json", "/token"} {
		a := ask(http.MethodOptions, path, "http://127.0.0.1:8080")
		if a.StatusCode != http.StatusNoContent || a.Header.Get("Access-Control-Allow-Origin") != "http://127.0.0.1:8080" ||
			a.Header.Get("Access-Control-Allow-Headers") != "Content-Type" {
			t.Errorf("OPTIONS %s from the page = %s %v", path, a.Status, a.Header)
		}
		for _, origin := range []string{"https://example.org", "null", "http://127.0.0.1:8080.example.org", "http://localhost:8080"} {
			for _, method := range []string{http.MethodOptions, http.MethodGet, http.MethodPost} {
				a := ask(method, path, origin)
				if a.Header.Get("Access-Control-Allow-Origin") != "" || a.StatusCode < 400 {
					t.Errorf("%s %s from %s = %s %v, want a refusal", method, path, origin, a.Status, a.Header)
				}
			}
		}
	}
	if a := ask(http.MethodPost, "/token", "http://127.0.0.1:8080"); a.Header.Get("Access-Control-Allow-Origin") != "http://127.0.0.1:8080" {
		t.Errorf("POST /token from the page = %s %v, want it readable", a.Status, a.Header)
	}
	code := h.signIn(t, "ana")
	if a := h.post(t, "/token", redeeming(code), "Origin", "https://example.org"); a.StatusCode != http.StatusForbidden {
		t.Errorf("POST /token from elsewhere = %s, want 403", a.Status)
	}
	if status, _ := h.token(t, redeeming(code)); status != http.StatusOK {
		t.Errorf("POST /token after elsewhere tried = %d, want tokens", status)
	}
}

func TestIssuer_serveDiscovery(t *testing.T) {
	h := start(t)
	var got map[string]any
	if err := json.Unmarshal([]byte(h.get(t, "/.well-known/openid-configuration", nil).text), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"issuer": h.url, "authorization_endpoint": h.url + "/authorize", "token_endpoint": h.url + "/token",
		"jwks_uri": h.url + "/.well-known/jwks.json", "end_session_endpoint": h.url + "/logout",
		"code_challenge_methods_supported": []any{"S256"}, "response_types_supported": []any{"code"},
	} {
		if !cmp.Equal(got[name], want) {
			t.Errorf("%s = %v, want %v", name, got[name], want)
		}
	}
}

func TestIssuer_serves_its_page_safely(t *testing.T) {
	h := start(t)
	a := h.get(t, "/authorize", asking())
	policy := a.Header.Get("Content-Security-Policy")
	for _, part := range []string{
		"default-src 'none'", "style-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
		"form-action 'self' http://127.0.0.1:8080",
	} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy is %q, want %s in it", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(a.text, "<style") || strings.Contains(a.text, " style=") {
		t.Errorf("the page has styles or scripts of its own, under %q", policy)
	}
	if a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.text, "For development") {
		t.Errorf("the page is kept as %q, and does not say what it is for", a.Header.Get("Cache-Control"))
	}
	for _, name := range []string{"tokens.css", "base.css", "fonts/inter.css", "signin.css", "cord.js", "icon.svg", "mark.svg"} {
		if got := h.get(t, "/static/"+name, nil); got.StatusCode != http.StatusOK {
			t.Errorf("GET /static/%s = %s", name, got.Status)
		}
	}
	for _, name := range []string{"", "fonts", "fonts/", "signin.html", "keyring.go", "../issuer.go", "%2e%2e/issuer.go"} {
		if got := h.get(t, "/static/"+name, nil); got.StatusCode == http.StatusOK {
			t.Errorf("GET /static/%s = %s %.40q, want nothing", name, got.Status, got.text)
		}
	}
}

func TestIssuer_keeps_a_bounded_number_of_things(t *testing.T) {
	h := start(t)
	key, mine := h.open(t, asking()), h.browser
	for range 256 {
		h.browser = newBrowser(t)
		if a := h.get(t, "/authorize", asking()); a.StatusCode != http.StatusOK {
			t.Fatalf("GET /authorize = %s", a.Status)
		}
		h.browser.CloseIdleConnections()
	}
	newest := h.open(t, asking())
	if a := h.post(t, "/sign-in", url.Values{"request": {newest}, "person": {"ana"}}); a.StatusCode != http.StatusSeeOther {
		t.Errorf("POST /sign-in of the newest page = %s, want a code", a.Status)
	}
	h.browser = mine
	if a := h.post(t, "/sign-in", url.Values{"request": {key}, "person": {"ana"}}); a.StatusCode != http.StatusBadRequest {
		t.Errorf("POST /sign-in of the oldest of 258 pages = %s, want 400", a.Status)
	}
	key = h.open(t, asking())
	a := h.post(t, "/sign-in", url.Values{"request": {key}, "person": {"ana"}, "more": {strings.Repeat("a", 1<<20)}})
	if a.StatusCode != http.StatusBadRequest {
		t.Errorf("POST /sign-in of 1 MB = %s, want 400", a.Status)
	}
}
