package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// hops follows redirects and lists which of them asked something of the issuer.
func (b *browser) hops() *[]url.Values {
	asked := &[]url.Values{}
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/issuer/authorize" {
			*asked = append(*asked, r.URL.Query())
		}
		return nil
	}
	return asked
}

// Near its end a session is renewed as a page is loaded, without a page of the issuer.
func TestServer_renewal(t *testing.T) {
	h := newHouse(t)
	b := h.as("mia")
	asked := b.hops()
	for _, step := range []struct {
		name    string
		after   time.Duration
		path    string
		renewed int
	}{
		{"at first", 0, "/people?find=a", 0},
		{"long before the end", 54 * time.Minute, "/people?find=a", 0},
		{"near the end", 2 * time.Minute, "/people?find=a", 1},
		{"near what would have been the end", 2 * time.Minute, "/people?find=a", 1},
		{"after the end", 2 * time.Hour, "/room?id=general", 2},
	} {
		t.Run(step.name, func(t *testing.T) {
			h.clock.Pass(step.after)
			h.issuerAhead(step.after)
			got := b.get(step.path)
			if got.at.RequestURI() != step.path || got.status >= 500 || !strings.Contains(got.body, "<b>Mia Okafor</b> moderators") {
				t.Fatalf("GET %s ends at %s: %d %s", step.path, got.at, got.status, got.says())
			}
			if len(*asked) != step.renewed {
				t.Fatalf("the issuer was asked %d times, want %d", len(*asked), step.renewed)
			}
			if step.renewed > 0 {
				q := (*asked)[step.renewed-1]
				if q.Get("prompt") != "none" || q.Get("login_hint") != "mia" {
					t.Errorf("the issuer was asked %v", q)
				}
			}
		})
	}
}

// What the issuer does not renew goes on to its end, and then the sign-in comes back to the page.
func TestServer_renewal_refused(t *testing.T) {
	h := newHouse(t)
	b := h.as("mia")
	h.forgotten(b)
	asked := b.hops()
	h.clock.Pass(56 * time.Minute)
	for range 3 {
		if got := b.get("/people?find=a"); got.status != http.StatusOK || got.at.RequestURI() != "/people?find=a" {
			t.Errorf("GET /people ends at %s: %d", got.at, got.status)
		}
	}
	if len(*asked) != 1 {
		t.Errorf("the issuer was asked %d times, want once", len(*asked))
	}
	h.clock.Pass(5 * time.Minute)
	h.issuerAhead(61 * time.Minute)
	if got := b.get("/people?find=a"); got.at.Path != "/issuer/authorize" {
		t.Errorf("GET /people after the end ends at %s", got.at)
	}
	if got := b.signIn("mia", "/people?find=a"); got.status != http.StatusOK || got.at.RequestURI() != "/people?find=a" {
		t.Errorf("the sign-in ends at %s: %d", got.at, got.status)
	}
}

// A form that is sent after the end does nothing, and is there again after the sign-in: for
// who typed it, once, and never in an address.
func TestServer_kick_afterTheSessionsEnd(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	const reason = "sells <b>lamps</b> in general"
	late := func(b *browser, form url.Values) answer {
		b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if strings.Contains(r.URL.String(), "lamps") {
				t.Errorf("the reason stands in %s", r.URL)
			}
			return nil
		}
		return b.post("/kick", form)
	}
	formOf := func(b *browser) url.Values {
		return url.Values{"token": {b.token()}, "person": {"ana"}, "shown": {"a1"}, "reason": {reason}, "back": {"/people"}}
	}
	mia, other := h.as("mia"), h.as("mia")
	form, forged := formOf(mia), formOf(other)
	forged.Set("token", "x")
	h.clock.Pass(61 * time.Minute)
	h.issuerAhead(61 * time.Minute)
	if got := late(other, forged); got.status != http.StatusUnauthorized || strings.Contains(got.says(), "kept") {
		t.Errorf("POST /kick that is forged = %d %s", got.status, got.says())
	}
	got := late(mia, form)
	if got.status != http.StatusUnauthorized || !strings.Contains(got.says(), "What you typed is kept") {
		t.Fatalf("POST /kick after the end = %d %s", got.status, got.says())
	}
	const again = "/kick?back=%2Fpeople&connection=&person=ana"
	asked := mia.get(again)
	if !strings.Contains(asked.body, "sells &lt;b&gt;lamps&lt;/b&gt; in general</textarea>") || !strings.Contains(asked.says(), "so nothing was done") {
		t.Errorf("GET %s = %s", again, asked.says())
	}
	if twice := mia.get(again); strings.Contains(twice.body, "lamps") {
		t.Error("what was typed is shown twice")
	}
	if len(h.sockets.closed) > 0 {
		t.Errorf("closed are %v", h.sockets.closed)
	}
	form.Set("token", mia.token())
	if done := late(mia, form); done.at.Path != "/people" || !strings.Contains(done.says(), "Kicked Ana: 1 connection closed") {
		t.Errorf("POST /kick signed in again ends at %s: %s", done.at, done.says())
	}
}

// What somebody typed is not shown to who signs in after them.
func TestServer_kick_typedBySomebodyElse(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	b := h.as("mia")
	form := url.Values{"token": {b.token()}, "person": {"ana"}, "shown": {"a1"}, "reason": {"sells lamps"}}
	h.clock.Pass(61 * time.Minute)
	h.issuerAhead(61 * time.Minute)
	b.post("/kick", form)
	b.signIn("ada", "/signin?other=yes")
	if got := b.get("/kick?person=ana&connection=&back=%2F"); got.status != http.StatusOK || strings.Contains(got.body, "lamps") {
		t.Errorf("GET /kick by somebody else = %d %s", got.status, got.says())
	}
}
