package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/identity"
)

var ann = chat.Principal{UserID: "guest:01KJ", Name: "Ann", Guest: true}

func token(t *testing.T, v *identity.Verifier) string {
	t.Helper()
	s, err := v.GuestToken(ann)
	if err != nil {
		t.Fatalf("GuestToken(%+v): %v", ann, err)
	}
	return s
}

func TestVerifier_Verify_knows_a_guest_again(t *testing.T) {
	v := open(t, func(o *identity.Options) { o.NewID = nil }) // no new guest is made
	want := ann
	want.IssuedAt, want.ExpiresAt = now, now.Add(30*24*time.Hour)
	for _, r := range []identity.Request{
		{Token: token(t, v)},
		{Token: token(t, v), UserID: "guest:01KJ", Username: "Somebody else"},
	} {
		if got, err := v.Verify(t.Context(), r); err != nil || !cmp.Equal(got, want) {
			t.Errorf("Verify(%q) = %+v, %v, want %+v", r, got, err, want)
		}
	}
	refused(t, v, identity.Request{Token: token(t, v), UserID: "alice"})
	refused(t, open(t, noGuests), identity.Request{Token: token(t, v)})
}

func TestVerifier_GuestToken_signs_for_guests_only(t *testing.T) {
	for _, p := range []chat.Principal{{UserID: "alice"}, {UserID: "alice", Guest: true}, {UserID: "guest:01KJ"}} {
		if s, err := open(t, nil).GuestToken(p); err == nil {
			t.Errorf("GuestToken(%+v) = %q, want an error", p, s)
		}
	}
	keyless := open(t, func(o *identity.Options) { o.GuestsAllowed, o.GuestKey = false, "" })
	if s, err := keyless.GuestToken(ann); err == nil {
		t.Errorf("GuestToken() without a key = %q, want an error", s)
	}
}

// claims are those of a good token, changed.
func claims(change func(jwt.MapClaims)) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": "switchboard/guest", "aud": "switchboard", "sub": "guest:01KJ", "name": "Ann",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	change(c)
	return c
}

func sign(t *testing.T, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	t.Helper()
	s, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestVerifier_Verify_refuses_forged_tokens(t *testing.T) {
	good := func(jwt.MapClaims) {}
	hs256 := func(change func(jwt.MapClaims)) string {
		return sign(t, jwt.SigningMethodHS256, []byte(key), claims(change))
	}
	set := func(name string, value any) string {
		return hs256(func(c jwt.MapClaims) { c[name] = value })
	}
	without := func(name string) string {
		return hs256(func(c jwt.MapClaims) { delete(c, name) })
	}
	if _, err := open(t, nil).Verify(t.Context(), identity.Request{Token: hs256(good)}); err != nil {
		t.Fatalf("Verify(the good token): %v", err)
	}
	signature := strings.LastIndex(hs256(good), ".") + 1
	cases := []struct{ name, token string }{
		{"text", "hello"},
		{"dots", ".."},
		{"1 MB", strings.Repeat("a", 1<<20)},
		{"1 MB of a good token", hs256(func(c jwt.MapClaims) { c["x"] = strings.Repeat("a", 1<<20) })},
		{"no algorithm", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(good))},
		{"no signature", hs256(good)[:signature]},
		{"another algorithm", sign(t, jwt.SigningMethodHS512, []byte(key), claims(good))},
		{"another key", sign(t, jwt.SigningMethodHS256, []byte(strings.Repeat("k", 32)), claims(good))},
		{"other claims", strings.Replace(hs256(good), ".", ".e30", 1)},
		{"another signature", hs256(good)[:signature] + strings.Repeat("A", 43)},
		{"expired", set("exp", now.Add(-time.Minute).Unix())},
		{"without an end", without("exp")},
		{"not yet valid", set("nbf", now.Add(time.Minute).Unix())},
		{"issued tomorrow", set("iat", now.Add(24*time.Hour).Unix())},
		{"another issuer", set("iss", "https://example.org")},
		{"without an issuer", without("iss")},
		{"another audience", set("aud", "somebody")},
		{"without an audience", without("aud")},
		{"a subject who is no guest", set("sub", "alice")},
		{"a subject that is no id", set("sub", "guest:a#b")},
		{"without a subject", without("sub")},
		{"development's", "valid_guest:01KJ"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { refused(t, open(t, nil), identity.Request{Token: c.token}) })
	}
}
