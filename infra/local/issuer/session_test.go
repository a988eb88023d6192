package issuer_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestIssuer_signs_in_silently(t *testing.T) {
	h := start(t)
	silently := func(changes ...string) url.Values {
		return sentBack(t, h.get(t, "/authorize", asking(append(changes, "prompt", "none")...)), page)
	}
	h.comeIn(t, "ana")
	ana := h.comeIn(t, "ana")
	h.pass(time.Hour)
	_, given := h.token(t, redeeming(silently().Get("code")))
	c := claimsOf(t, given.ID)
	if c["sub"] != "ana" || c["auth_time"] != claimsOf(t, ana.ID)["auth_time"] {
		t.Errorf("prompt=none gives %v since %v, want ana since the sign-in", c["sub"], c["auth_time"])
	}
	// Another tab is somebody else.
	ben := h.comeIn(t, "ben")
	if got := silently(); got.Get("error") != "account_selection_required" {
		t.Errorf("prompt=none for one of two = %v, want account_selection_required", got)
	}
	for sub, hint := range map[string][]string{
		"ana": {"id_token_hint", ana.ID},
		"ben": {"login_hint", "ben"},
	} {
		_, given := h.token(t, redeeming(silently(hint...).Get("code")))
		if c := claimsOf(t, given.ID); c["sub"] != sub {
			t.Errorf("prompt=none with %s gives %v, want %s", hint[0], c["sub"], sub)
		}
	}
	for _, hint := range [][]string{
		{"login_hint", "emil"}, {"id_token_hint", "x"}, {"id_token_hint", ben.Access}, {"id_token_hint", ben.ID[:len(ben.ID)-8]},
	} {
		if got := silently(hint...); got.Get("error") != "login_required" {
			t.Errorf("prompt=none with %s %.20q = %v, want login_required", hint[0], hint[1], got)
		}
	}
	h.pass(24 * time.Hour)
	if got := silently("login_hint", "ana"); got.Get("error") != "login_required" {
		t.Errorf("prompt=none after a day = %v, want login_required", got)
	}
}

func TestIssuer_asks_again_without_prompt_none(t *testing.T) {
	h := start(t)
	h.comeIn(t, "ana")
	for _, prompt := range []string{"", "login", "select_account"} {
		h.open(t, asking("prompt", prompt))
	}
}

func TestIssuer_takes_forms_of_its_own_page_only(t *testing.T) {
	h := start(t)
	key := h.open(t, asking())
	refused := func(name string, form url.Values) {
		t.Helper()
		if a := h.post(t, "/sign-in", form); a.StatusCode != http.StatusBadRequest || a.Header.Get("Location") != "" {
			t.Errorf("POST /sign-in with %s = %s, want 400", name, a.Status)
		}
	}
	refused("no key", url.Values{"person": {"ana"}})
	refused("another key", url.Values{"request": {"x"}, "person": {"ana"}})
	mine := h.browser
	h.browser = newBrowser(t)
	refused("a key of another browser", url.Values{"request": {key}, "person": {"ana"}})
	h.open(t, asking())
	refused("a key of another browser, which has a page too", url.Values{"request": {key}, "person": {"ana"}})
	h.browser = mine
	// Two tabs of one browser do not disturb each other, nor does pressing twice.
	second := h.open(t, asking())
	for _, form := range []string{key, second, second} {
		if got := sentBack(t, h.post(t, "/sign-in", url.Values{"request": {form}, "person": {"ana"}}), page); got.Get("code") == "" {
			t.Errorf("POST /sign-in brings %v, want a code", got)
		}
	}
	h.pass(10 * time.Minute)
	refused("an old page", url.Values{"request": {key}, "person": {"ana"}})
}

func TestIssuer_changes_the_session_at_sign_in(t *testing.T) {
	h := start(t)
	cookie := func(a answer) *http.Cookie {
		t.Helper()
		if len(a.Cookies()) != 1 {
			t.Fatalf("%s %s sets %v, want one cookie", a.Request.Method, a.Request.URL.Path, a.Cookies())
		}
		return a.Cookies()[0]
	}
	opened := h.get(t, "/authorize", asking())
	before := cookie(opened)
	after := cookie(h.post(t, "/sign-in", url.Values{"request": {formKeyOf(opened)}, "person": {"ana"}}))
	for _, c := range []*http.Cookie{before, after} {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/issuer/" || c.Domain != "" {
			t.Errorf("the cookie is %s, want HttpOnly, Lax and for the issuer only", c.Raw)
		}
	}
	if before.Value == after.Value {
		t.Errorf("the session has the key %q before and after", after.Value)
	}
	h.browser = newBrowser(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/authorize?"+asking("prompt", "none").Encode(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(before)
	if got := sentBack(t, h.do(t, req), page); got.Get("error") != "login_required" {
		t.Errorf("prompt=none with the key from before = %v, want login_required", got)
	}
}

func formKeyOf(a answer) string { return formKey.FindStringSubmatch(a.text)[1] }

func TestIssuer_signs_a_person_out(t *testing.T) {
	h := start(t)
	first, ana, ben := h.comeIn(t, "ana"), h.comeIn(t, "ana"), h.comeIn(t, "ben")
	h.pass(2 * time.Hour) // the token that hints may have ended
	back := sentBack(t, h.get(t, "/logout", url.Values{
		"id_token_hint": {ana.ID}, "post_logout_redirect_uri": {page}, "state": {"s-2"},
	}), page)
	if back.Get("state") != "s-2" {
		t.Errorf("GET /logout brings %v, want the state", back)
	}
	h.refused(t, "what was signed out", refreshing(ana.Refresh), "invalid_grant")
	h.refused(t, "another tab of the person", refreshing(first.Refresh), "invalid_grant")
	silent := sentBack(t, h.get(t, "/authorize", asking("prompt", "none", "login_hint", "ana")), page)
	if silent.Get("error") != "login_required" {
		t.Errorf("prompt=none after signing out = %v, want login_required", silent)
	}
	status, given := h.token(t, refreshing(ben.Refresh))
	if status != http.StatusOK {
		t.Errorf("POST /token for somebody else = %d %+v, want tokens", status, given)
	}
	// A browser that lost its cookie signs out by the token alone.
	h.browser = newBrowser(t)
	if a := h.get(t, "/logout", url.Values{"id_token_hint": {given.ID}}); !strings.Contains(a.text, "You are signed out") {
		t.Errorf("GET /logout = %s %q", a.Status, a.text)
	}
	h.refused(t, "what was signed out", refreshing(given.Refresh), "invalid_grant")
}

var formSecret = regexp.MustCompile(`name="secret" value="([^"]+)"`)

func TestIssuer_asks_before_it_signs_everyone_out(t *testing.T) {
	h := start(t)
	ana, ben := h.comeIn(t, "ana"), h.comeIn(t, "ben")
	leave := url.Values{"client_id": {"switchboard-web"}, "logout_uri": {page}}
	a := h.get(t, "/logout", leave)
	secret := formSecret.FindStringSubmatch(a.text)
	if a.StatusCode != http.StatusOK || secret == nil || !strings.Contains(a.text, "Ben Weber") {
		t.Fatalf("GET /logout = %s %q, want a question", a.Status, a.text)
	}
	if a := h.post(t, "/logout", with(leave, "secret", "x")); a.StatusCode != http.StatusOK {
		t.Errorf("POST /logout with another secret = %s, want the question again", a.Status)
	}
	_, ana = h.token(t, refreshing(ana.Refresh))
	if ana.Refresh == "" {
		t.Fatalf("the question has signed somebody out: %+v", ana)
	}
	sentBack(t, h.post(t, "/logout", with(leave, "secret", secret[1])), page)
	h.refused(t, "ana's token", refreshing(ana.Refresh), "invalid_grant")
	h.refused(t, "ben's token", refreshing(ben.Refresh), "invalid_grant")
	sentBack(t, h.get(t, "/logout", leave), page)
}

func TestIssuer_logout_refuses(t *testing.T) {
	h := start(t)
	ana := h.comeIn(t, "ana")
	for name, q := range map[string]url.Values{
		"another address":          {"id_token_hint": {ana.ID}, "post_logout_redirect_uri": {"https://example.org/"}},
		"another client's address": {"id_token_hint": {ana.ID}, "post_logout_redirect_uri": {admin}},
		"an address of nobody's":   {"post_logout_redirect_uri": {page}},
		"an access token":          {"id_token_hint": {ana.Access}},
		"a broken token":           {"id_token_hint": {ana.ID + "x"}},
	} {
		if a := h.get(t, "/logout", q); a.StatusCode != http.StatusBadRequest || a.Header.Get("Location") != "" {
			t.Errorf("GET /logout with %s = %s to %q, want 400", name, a.Status, a.Header.Get("Location"))
		}
	}
	if status, given := h.token(t, refreshing(ana.Refresh)); status != http.StatusOK {
		t.Errorf("POST /token after what was refused = %d %+v, want tokens", status, given)
	}
}
