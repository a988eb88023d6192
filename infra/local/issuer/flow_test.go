package issuer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestIssuer_signs_a_person_in(t *testing.T) {
	h := start(t)
	a := h.post(t, "/sign-in", url.Values{"request": {h.open(t, asking())}, "person": {"mia"}})
	back := sentBack(t, a, page)
	if back.Get("state") != "s&1" {
		t.Errorf("the state comes back as %q, want %q", back.Get("state"), "s&1")
	}
	status, given := h.token(t, redeeming(back.Get("code")))
	if status != http.StatusOK || given.Type != "Bearer" || given.Seconds != 3600 || given.Refresh == "" {
		t.Errorf("POST /token = %d %+v, want tokens for an hour", status, given)
	}
	now := float64(h.time().Unix())
	each := jwt.MapClaims{
		"iss": h.url, "sub": "mia", "cognito:groups": []any{"moderators"},
		"auth_time": now, "iat": now, "exp": now + 3600,
	}
	drawn := cmpopts.IgnoreMapEntries(func(name string, _ any) bool { return name == "jti" || name == "origin_jti" })
	id, access := claimsOf(t, given.ID), claimsOf(t, given.Access)
	if diff := cmp.Diff(add(each, jwt.MapClaims{
		"token_use": "id", "aud": "switchboard-web", "name": "Mia Okafor", "cognito:username": "mia", "nonce": "n-1",
	}), id, drawn); diff != "" {
		t.Errorf("the ID token differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(add(each, jwt.MapClaims{
		"token_use": "access", "client_id": "switchboard-web", "scope": "openid profile", "username": "mia", "version": float64(2),
	}), access, drawn); diff != "" {
		t.Errorf("the access token differs (-want +got):\n%s", diff)
	}
	if id["jti"] == access["jti"] || id["origin_jti"] != access["origin_jti"] {
		t.Errorf("the tokens are %v of %v and %v of %v, want two of one sign-in", id["jti"], id["origin_jti"], access["jti"], access["origin_jti"])
	}
}

func add(c, more jwt.MapClaims) jwt.MapClaims {
	sum := jwt.MapClaims{}
	for _, from := range []jwt.MapClaims{c, more} {
		for name, value := range from {
			sum[name] = value
		}
	}
	return sum
}

func TestIssuer_has_people_of_every_kind(t *testing.T) {
	h := start(t)
	for sub, group := range map[string]any{
		"ada": []any{"admins"}, "mia": []any{"moderators"}, "omar": []any{"ops"},
		"ana": nil, "ben": nil, "chloe": nil, "dev": nil, "emil": nil,
	} {
		if c := claimsOf(t, h.comeIn(t, sub).ID); c["sub"] != sub || !cmp.Equal(c["cognito:groups"], group) {
			t.Errorf("%s comes in as %v in %v, want %v", sub, c["sub"], c["cognito:groups"], group)
		}
	}
}

func TestIssuer_takes_other_names(t *testing.T) {
	h := start(t)
	cases := []struct{ name, sub, shown string }{
		{"Rio", "name:rio", "Rio"},
		{"  ada ", "name:ada", "ada"},
		{"Jürgen  von\tA", "name:jürgen von a", "Jürgen von A"},
		{"<script>alert(1)</script>", "name:<script>alert(1)</script>", "<script>alert(1)</script>"},
	}
	for _, c := range cases {
		a := h.post(t, "/sign-in", url.Values{"request": {h.open(t, asking())}, "name": {c.name}})
		_, given := h.token(t, redeeming(sentBack(t, a, page).Get("code")))
		if got := claimsOf(t, given.ID); got["sub"] != c.sub || got["name"] != c.shown || got["cognito:groups"] != nil {
			t.Errorf("%q comes in as %v, %q in %v, want %q, %q in none", c.name, got["sub"], got["name"], got["cognito:groups"], c.sub, c.shown)
		}
	}
	for _, name := range []string{"", "  ", strings.Repeat("a", 65), "a\x00b", "a\u202eb", "a\xffb"} {
		a := h.post(t, "/sign-in", url.Values{"request": {h.open(t, asking())}, "name": {name}})
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.text, `aria-invalid="true"`) {
			t.Errorf("POST /sign-in as %q = %s, want the page again", name, a.Status)
		}
	}
	a := h.post(t, "/sign-in", url.Values{"request": {h.open(t, asking())}, "name": {`"><script>` + strings.Repeat("a", 64)}})
	if strings.Contains(a.text, `"><script>`) {
		t.Errorf("the page repeats a name as it came: %s", a.text)
	}
	a = h.post(t, "/sign-in", url.Values{"request": {h.open(t, asking())}, "person": {"nobody"}})
	if a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("POST /sign-in as nobody = %s, want the page again", a.Status)
	}
}

func TestIssuer_keeps_a_clients_own_query(t *testing.T) {
	h := start(t)
	key := h.open(t, asking("client_id", "switchboard-admin", "redirect_uri", admin, "state", ""))
	back := sentBack(t, h.post(t, "/sign-in", url.Values{"request": {key}, "person": {"ada"}}), admin)
	if back.Get("from") != "sign-in" || back.Has("state") || back.Get("code") == "" {
		t.Errorf("POST /sign-in brings %v, want a code, no state and the client's own", back)
	}
}

func TestIssuer_authorize_refuses(t *testing.T) {
	h := start(t)
	// Who cannot be trusted with an answer gets none: the person is told.
	for name, q := range map[string]url.Values{
		"an unknown client":        asking("client_id", "x"),
		"no client":                asking("client_id", ""),
		"another address":          asking("redirect_uri", "http://127.0.0.1:8080/x"),
		"a longer address":         asking("redirect_uri", page+"?a=b"),
		"another client's address": asking("redirect_uri", admin),
		"no address":               asking("redirect_uri", ""),
		"something twice":          {"client_id": {"switchboard-web", "x"}, "redirect_uri": {page}},
		"too much":                 asking("state", strings.Repeat("a", 9000)),
	} {
		if a := h.get(t, "/authorize", q); a.StatusCode != http.StatusBadRequest || a.Header.Get("Location") != "" {
			t.Errorf("GET /authorize with %s = %s to %q, want 400", name, a.Status, a.Header.Get("Location"))
		}
	}
	cases := []struct {
		name, want string
		q          url.Values
	}{
		{"an implicit flow", "unsupported_response_type", asking("response_type", "id_token")},
		{"a hybrid flow", "unsupported_response_type", asking("response_type", "code id_token")},
		{"no openid", "invalid_scope", asking("scope", "profile")},
		{"no PKCE", "invalid_request", asking("code_challenge", "", "code_challenge_method", "")},
		{"plain PKCE", "invalid_request", asking("code_challenge_method", "plain", "code_challenge", verifier)},
		{"PKCE without its method", "invalid_request", asking("code_challenge_method", "")},
		{"a short challenge", "invalid_request", asking("code_challenge", "abc")},
		{"an answer in a fragment", "invalid_request", asking("response_mode", "fragment")},
		{"a request object", "request_not_supported", asking("request", "x")},
		{"none and another prompt", "invalid_request", asking("prompt", "none login")},
		{"nobody signed in", "login_required", asking("prompt", "none")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			back := sentBack(t, h.get(t, "/authorize", c.q), page)
			if back.Get("error") != c.want || back.Get("state") != "s&1" || back.Has("code") {
				t.Errorf("GET /authorize brings %v, want %s and the state", back, c.want)
			}
		})
	}
}

func TestIssuer_token_refuses(t *testing.T) {
	h := start(t)
	cases := []struct{ name, parameter, value, want string }{
		{"another verifier", "code_verifier", strings.Repeat("a", 43), "invalid_grant"},
		{"no verifier", "code_verifier", "", "invalid_grant"},
		{"another address", "redirect_uri", admin, "invalid_grant"},
		{"no address", "redirect_uri", "", "invalid_grant"},
		{"another client", "client_id", "switchboard-admin", "invalid_grant"},
		{"an unknown client", "client_id", "x", "invalid_client"},
		{"another code", "code", "x", "invalid_grant"},
		{"another grant", "grant_type", "password", "unsupported_grant_type"},
	}
	for _, c := range cases {
		h.refused(t, c.name, redeeming(h.signIn(t, "ana"), c.parameter, c.value), c.want)
	}
	tried := h.signIn(t, "ana")
	h.refused(t, "another verifier", redeeming(tried, "code_verifier", strings.Repeat("a", 43)), "invalid_grant")
	h.refused(t, "a code that was tried before", redeeming(tried), "invalid_grant")
	late := h.signIn(t, "ana")
	h.pass(time.Minute)
	h.refused(t, "a code that is a minute old", redeeming(late), "invalid_grant")
	h.refused(t, "a code twice", url.Values{"code": {"a", "b"}}, "invalid_request")
	h.refused(t, "too much", redeeming(strings.Repeat("a", 1<<20)), "invalid_request")
}

func TestIssuer_takes_back_what_a_replayed_code_gave(t *testing.T) {
	h := start(t)
	code := h.signIn(t, "ana")
	_, given := h.token(t, redeeming(code))
	other := h.comeIn(t, "ana")
	h.pass(time.Hour)
	h.refused(t, "a used code", redeeming(code), "invalid_grant")
	h.refused(t, "what the code gave", refreshing(given.Refresh), "invalid_grant")
	if status, again := h.token(t, refreshing(other.Refresh)); status != http.StatusOK {
		t.Errorf("POST /token for another sign-in = %d %+v, want tokens", status, again)
	}
}

func TestIssuer_refreshes(t *testing.T) {
	h := start(t)
	first := h.comeIn(t, "ada")
	h.pass(time.Hour)
	status, second := h.token(t, refreshing(first.Refresh))
	if status != http.StatusOK || second.Refresh == first.Refresh {
		t.Fatalf("POST /token = %d %+v, want another refresh token", status, second)
	}
	before, after := claimsOf(t, first.ID), claimsOf(t, second.ID)
	if after["exp"] != before["exp"].(float64)+3600 || after["auth_time"] != before["auth_time"] || after["nonce"] != nil ||
		!cmp.Equal(after["cognito:groups"], before["cognito:groups"]) || after["origin_jti"] != before["origin_jti"] {
		t.Errorf("the renewed token says %v after %v", after, before)
	}
	h.refused(t, "another client", refreshing(second.Refresh, "client_id", "switchboard-admin"), "invalid_grant")
	h.refused(t, "no token", refreshing(""), "invalid_grant")
	status, third := h.token(t, refreshing(second.Refresh))
	if status != http.StatusOK {
		t.Fatalf("POST /token = %d %+v, want tokens", status, third)
	}
	h.refused(t, "a used refresh token", refreshing(second.Refresh), "invalid_grant")
	h.refused(t, "the good one after a used one", refreshing(third.Refresh), "invalid_grant")
	late := h.comeIn(t, "ada")
	h.pass(24 * time.Hour)
	h.refused(t, "a day later", refreshing(late.Refresh), "invalid_grant")
}
