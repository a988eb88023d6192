package identity_test

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/identity"
)

func TestVerifier_Verify_takes_tokens_of_the_issuer(t *testing.T) {
	r, e := rsaPair(t, "r"), ecPair(t, "e")
	i := startIssuer(t, r, e)
	ana := chat.Principal{
		UserID: "ana", Name: "Ana Ruiz", Groups: []string{"ops", "moderators"},
		IssuedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	with := func(change func(*chat.Principal)) chat.Principal {
		p := ana
		change(&p)
		return p
	}
	named := func(name string) chat.Principal { return with(func(p *chat.Principal) { p.Name = name }) }
	in := func(groups ...string) chat.Principal { return with(func(p *chat.Principal) { p.Groups = groups }) }
	of := func(session string) chat.Principal { return with(func(p *chat.Principal) { p.Session = session }) }
	cases := []struct {
		name   string
		by     pair
		change map[string]any
		want   chat.Principal
	}{
		{"an ID token", r, nil, ana},
		{"one of ES256", e, nil, ana},
		{"an access token as Cognito's", r, map[string]any{
			"aud": nil, "token_use": "access", "client_id": client, "name": nil, "username": "ana.r",
		}, named("ana.r")},
		{"an access token for a resource", r, map[string]any{
			"aud": "https://api.example.org", "token_use": "access", "client_id": client,
		}, ana},
		{"one that does not say its use", r, map[string]any{"token_use": nil, "aud": []string{"x", client}}, ana},
		{"one that names its client only", r, map[string]any{"token_use": nil, "aud": nil, "client_id": client}, ana},
		{"a preferred name", r, map[string]any{"name": " ", "preferred_username": "Ani"}, named("Ani")},
		{"a user's name", r, map[string]any{"name": nil, "cognito:username": "ana.r"}, named("ana.r")},
		{"no name", r, map[string]any{"name": nil}, named("ana")},
		{"a name that turns the line", r, map[string]any{"name": "\u202eAna\n"}, named("Ana")},
		{"no groups", r, map[string]any{"cognito:groups": nil}, in()},
		{"one group", r, map[string]any{"cognito:groups": "ops"}, in("ops")},
		{"groups that would become others", r, map[string]any{"cognito:groups": []any{"a,admins", "", "b c", 7, "ops"}}, in("ops")},
		{"groups that are no texts", r, map[string]any{"cognito:groups": []any{map[string]any{"name": "admins"}, []any{"admins"}, true, nil}}, in()},
		{"groups that are no list", r, map[string]any{"cognito:groups": map[string]any{"admins": true}}, in()},
		{"Cognito's name of the sign-in", r, map[string]any{"origin_jti": "o-1", "sid": "s-1"}, of("o-1")},
		{"others' name of the sign-in", r, map[string]any{"sid": "s-1"}, of("s-1")},
		{"a long name of the sign-in", r, map[string]any{"sid": strings.Repeat("a", 65)}, of("sha256:Y1NhxIu56rFBmOduqKt_GkFoXWrWKqkUbTAdTxfrCuA")},
		{"a name of the sign-in that is no text", r, map[string]any{"sid": 7}, ana},
		{"within the leeway", r, map[string]any{
			"exp": now.Add(-59 * time.Second).Unix(), "nbf": now.Add(59 * time.Second).Unix(),
		}, with(func(p *chat.Principal) { p.ExpiresAt = now.Add(-59 * time.Second) })},
	}
	v := i.open(t, nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := v.Verify(bounded(t), identity.Request{Token: i.token(t, c.by, c.change)})
			if err != nil || !cmp.Equal(got, c.want) {
				t.Errorf("Verify(%v) = %+v, %v, want %+v", c.change, got, err, c.want)
			}
		})
	}
}

func TestVerifier_Verify_takes_groups_from_another_claim(t *testing.T) {
	r := rsaPair(t, "r")
	i := startIssuer(t, r)
	v := i.open(t, func(o *identity.Options) { o.GroupsClaim = "roles" })
	got, err := v.Verify(bounded(t), identity.Request{Token: i.token(t, r, map[string]any{"roles": []string{"admins"}}), UserID: "ana"})
	if want := []string{"admins"}; err != nil || !cmp.Equal(got.Groups, want) {
		t.Errorf("Verify(groups in another claim) = %+v, %v, want %q", got, err, want)
	}
}

func TestVerifier_Verify_makes_ids_of_subjects(t *testing.T) {
	key := rsaPair(t, "r")
	i := startIssuer(t, key)
	v := i.open(t, nil)
	cases := []struct{ subject, want string }{
		{"4c1f2a30-70b1-7014-9c1b-e4b1a5d0a0aa", "4c1f2a30-70b1-7014-9c1b-e4b1a5d0a0aa"},
		{"auth0|123", "auth0|123"},
		{"ana@example.org", "ana@example.org"},
		{"a b#c%\n", "a%20b%23c%25%0A"},
		{"é", "%C3%A9"},
		{"guest:01KJ", "%67uest:01KJ"},
		{"%67uest:01KJ", "%2567uest:01KJ"},
		{"sha256:x", "%73ha256:x"},
		{strings.Repeat("a", 64), strings.Repeat("a", 64)},
		{strings.Repeat("a", 65), "sha256:Y1NhxIu56rFBmOduqKt_GkFoXWrWKqkUbTAdTxfrCuA"},
		{strings.Repeat(" ", 22), "sha256:s2bapwOb98o9EZ0FaQmn8qa7lSCFxo6Z0lMHXh-v5Mw"},
	}
	for _, c := range cases {
		got, err := v.Verify(bounded(t), identity.Request{Token: i.token(t, key, map[string]any{"sub": c.subject})})
		if err != nil || string(got.UserID) != c.want || got.Guest {
			t.Errorf("Verify(the subject %q) = %q, guest %v, %v, want %q", c.subject, got.UserID, got.Guest, err, c.want)
		}
	}
}

// wrongToken is one that must not be taken, and why.
type wrongToken struct{ name, token string }

// forged are tokens that the issuer did not sign as they are.
func forged(t *testing.T, i *issuer, key pair) []wrongToken {
	t.Helper()
	good := i.token(t, key, nil)
	der, err := x509.MarshalPKIXPublicKey(key.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	plain := jwt.MapClaims{
		"iss": i.url, "aud": client, "sub": "ana", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	critical := jwt.NewWithClaims(key.method, plain)
	critical.Header["kid"], critical.Header["crit"] = key.kid, []string{"b64"}
	extended, err := critical.SignedString(key.private)
	if err != nil {
		t.Fatal(err)
	}
	return []wrongToken{
		{"no algorithm", signWith(t, jwt.SigningMethodNone, "r", jwt.UnsafeAllowNoneSignatureType, plain)},
		{"HS256 with the public key as PEM", signWith(t, jwt.SigningMethodHS256, "r", public, plain)},
		{"HS256 with the public key as DER", signWith(t, jwt.SigningMethodHS256, "r", der, plain)},
		{"RS512", signWith(t, jwt.SigningMethodRS512, "r", key.private, plain)},
		{"another key of the same name", i.token(t, rsaPair(t, key.kid), nil)},
		{"an unknown key", i.token(t, rsaPair(t, "unknown"), nil)},
		{"no key", signWith(t, key.method, "", key.private, plain)},
		{"an extension", extended},
		{"another payload", tampered(good)},
		{"a cut signature", good[:len(good)-4]},
		{"no signature", good[:strings.LastIndex(good, ".")+1]},
	}
}

func TestVerifier_Verify_refuses_wrong_tokens_of_the_issuer(t *testing.T) {
	key := rsaPair(t, "r")
	i := startIssuer(t, key)
	v := i.open(t, nil)
	set := func(name string, value any) string { return i.token(t, key, map[string]any{name: value}) }
	good := i.token(t, key, nil)
	if _, err := v.Verify(bounded(t), identity.Request{Token: good, UserID: "ana"}); err != nil {
		t.Fatalf("Verify(the good token): %v", err)
	}
	cases := append(forged(t, i, key), []wrongToken{
		{"another audience", set("aud", "somebody")},
		{"no audience", set("aud", nil)},
		{"another client's access token", i.token(t, key, map[string]any{"token_use": "access", "aud": client, "client_id": "somebody"})},
		{"an ID token that names a client", i.token(t, key, map[string]any{"aud": "somebody", "client_id": client})},
		{"another audience and a client", i.token(t, key, map[string]any{"token_use": nil, "aud": "somebody", "client_id": client})},
		{"another use", set("token_use", "refresh")},
		{"a use that is no text", set("token_use", 7)},
		{"expired", set("exp", now.Add(-61*time.Second).Unix())},
		{"without an end", set("exp", nil)},
		{"not yet valid", set("nbf", now.Add(61*time.Second).Unix())},
		{"issued later", set("iat", now.Add(61*time.Second).Unix())},
		{"issued nobody knows when", set("iat", nil)},
		{"another issuer", set("iss", i.url+"/")},
		{"a guest's issuer", set("iss", "switchboard/guest")},
		{"no issuer", set("iss", nil)},
		{"no subject", set("sub", nil)},
		{"an empty subject", set("sub", "")},
		{"a subject that is no text", set("sub", 7)},
		{"an audience that is no text", set("aud", 7)},
		{"an issuer that is no text", set("iss", []string{i.url})},
		{"an end that is no number", set("exp", "tomorrow")},
		{"1 MB", set("x", strings.Repeat("a", 1<<20))},
	}...)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			refused(t, v, identity.Request{Token: c.token})
			if got, err := v.VerifyIDToken(bounded(t), c.token); !errors.Is(err, identity.ErrUnauthorized) {
				t.Errorf("VerifyIDToken() = %+v, %v, want ErrUnauthorized", got, err)
			}
		})
	}
	refused(t, v, identity.Request{Token: good, UserID: "ben"})
	refused(t, open(t, nil), identity.Request{Token: good})
}

// tampered says admins where a token says ops.
func tampered(token string) string {
	parts := strings.Split(token, ".")
	payload, err := jwt.NewParser().DecodeSegment(parts[1])
	if err != nil {
		panic(err)
	}
	parts[1] = encode(strings.Replace(string(payload), `"ops"`, `"admins"`, 1))
	return strings.Join(parts, ".")
}

func TestVerifier_VerifyIDToken(t *testing.T) {
	key := rsaPair(t, "r")
	i := startIssuer(t, key)
	v := i.open(t, development)
	got, err := v.VerifyIDToken(bounded(t), i.token(t, key, nil))
	if err != nil || got.Principal.UserID != "ana" || got.Nonce != "n-1" {
		t.Errorf("VerifyIDToken() = %+v, %v, want ana and n-1", got, err)
	}
	access := i.token(t, key, map[string]any{"token_use": "access", "client_id": client})
	for _, token := range []string{"", "valid_x", access, token(t, v)} {
		if got, err := v.VerifyIDToken(bounded(t), token); !errors.Is(err, identity.ErrUnauthorized) {
			t.Errorf("VerifyIDToken(%.20q) = %+v, %v, want ErrUnauthorized", token, got, err)
		}
	}
	if got, err := open(t, nil).VerifyIDToken(bounded(t), i.token(t, key, nil)); !errors.Is(err, identity.ErrUnauthorized) {
		t.Errorf("VerifyIDToken() without an issuer = %+v, %v, want ErrUnauthorized", got, err)
	}
}

func TestNew_refuses_an_issuer_without_client_ids(t *testing.T) {
	opts := options()
	opts.IssuerURL = "https://login.example.org"
	if v, err := identity.New(opts); err == nil {
		t.Errorf("New(no audience) = %v, want an error", v)
	}
}
