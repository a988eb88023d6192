package issuer_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/issuer"
	"switchboard/internal/chat"
	"switchboard/internal/identity"
)

// verifier makes what the functions verify with, with keys from the served key set.
func (h *house) verifier(t *testing.T) *identity.Verifier {
	t.Helper()
	v, err := identity.New(identity.Options{
		IssuerURL: h.url, Audience: []string{"switchboard-web"}, Now: h.time,
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestIssuer_Tokens_are_those_of_the_person(t *testing.T) {
	h := start(t)
	v := h.verifier(t)
	cases := []struct {
		sub  string
		want chat.Principal
	}{
		{"ada", chat.Principal{UserID: "ada", Name: "Ada Nwosu", Groups: []string{"admins"}}},
		{"ana", chat.Principal{UserID: "ana", Name: "Ana Ruiz"}},
		{"load-7", chat.Principal{UserID: "load-7", Name: "load-7"}},
		{"guest:1", chat.Principal{UserID: "%67uest:1", Name: "guest:1"}},
	}
	for _, c := range cases {
		id, access, err := h.Tokens(c.sub)
		if err != nil {
			t.Fatalf("Tokens(%q): %v", c.sub, err)
		}
		now := time.Unix(h.time().Unix(), 0)
		c.want.IssuedAt, c.want.ExpiresAt, c.want.Session = now, now.Add(time.Hour), claimsOf(t, id)["origin_jti"].(string)
		if got, err := v.Verify(t.Context(), identity.Request{Token: id}); err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("Verify(the ID token of %q) = %+v, %v, want %+v", c.sub, got, err, c.want)
		}
		c.want.Name = c.sub // as in Cognito's, there is no other
		if got, err := v.Verify(t.Context(), identity.Request{Token: access}); err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("Verify(the access token of %q) = %+v, %v, want %+v", c.sub, got, err, c.want)
		}
	}
	if id, access, err := h.Tokens(""); err == nil {
		t.Errorf("Tokens(nobody) = %q, %q, want an error", id, access)
	}
}

func TestIssuer_gives_tokens_as_long_a_life_as_it_is_told(t *testing.T) {
	h := start(t)
	h.options.TokenLife = 20 * time.Second
	i, err := issuer.New(h.options)
	if err != nil {
		t.Fatal(err)
	}
	id, access, err := i.Tokens("ana")
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{"ID": id, "access": access} {
		if c := claimsOf(t, token); c["exp"].(float64)-c["iat"].(float64) != 20 {
			t.Errorf("the %s token lasts from %v to %v, want 20 s", name, c["iat"], c["exp"])
		}
	}
}

func TestIssuer_signs_in_for_a_server(t *testing.T) {
	h := start(t)
	given := h.comeIn(t, "omar")
	v := h.verifier(t)
	got, err := v.VerifyIDToken(t.Context(), given.ID)
	if err != nil || got.Nonce != "n-1" || !cmp.Equal(got.Principal.Groups, []string{"ops"}) {
		t.Errorf("VerifyIDToken() = %+v, %v, want omar of ops and the nonce", got, err)
	}
	if got, err := v.VerifyIDToken(t.Context(), given.Access); !errors.Is(err, identity.ErrUnauthorized) {
		t.Errorf("VerifyIDToken(an access token) = %+v, %v, want ErrUnauthorized", got, err)
	}
	h.pass(time.Hour + time.Minute)
	if got, err := v.VerifyIDToken(t.Context(), given.ID); !errors.Is(err, identity.ErrUnauthorized) {
		t.Errorf("VerifyIDToken(an expired token) = %+v, %v, want ErrUnauthorized", got, err)
	}
}

func TestIssuer_Rotate(t *testing.T) {
	h := start(t)
	v := h.verifier(t)
	verify := func(token string) error {
		_, err := v.Verify(t.Context(), identity.Request{Token: token})
		return err
	}
	first := h.comeIn(t, "ana")
	if err := verify(first.ID); err != nil {
		t.Fatalf("Verify(before the rotation): %v", err)
	}
	if err := h.Rotate(); err != nil {
		t.Fatal(err)
	}
	second := h.comeIn(t, "ana")
	for name, token := range map[string]string{"the new key": second.ID, "the key before": first.ID} {
		if err := verify(token); err != nil {
			t.Errorf("Verify(a token of %s): %v", name, err)
		}
	}
	if err := h.Rotate(); err != nil {
		t.Fatal(err)
	}
	_, third := h.token(t, refreshing(second.Refresh))
	if err := verify(third.ID); err != nil {
		t.Errorf("Verify(a token of the third key): %v", err)
	}
	if err := verify(first.ID); !errors.Is(err, identity.ErrUnauthorized) {
		t.Errorf("Verify(a token of the first key) = %v, want ErrUnauthorized", err)
	}
}

func TestNew_keeps_keys_over_a_restart(t *testing.T) {
	h := start(t)
	token := h.comeIn(t, "ana").ID
	info, err := os.Stat(filepath.Join(h.options.Data, "issuer-keys.pem"))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("the key file is %v, %v, want -rw-------", info.Mode(), err)
	}
	if files, err := os.ReadDir(h.options.Data); err != nil || len(files) != 1 {
		t.Errorf("the folder has %v, %v, want the key file only", files, err)
	}
	before := h.get(t, "/.well-known/jwks.json", nil).text
	if h.Issuer, err = issuer.New(h.options); err != nil {
		t.Fatal(err)
	}
	if after := h.get(t, "/.well-known/jwks.json", nil).text; after != before {
		t.Errorf("the keys are %s after the restart, want %s", after, before)
	}
	if _, err := h.verifier(t).Verify(t.Context(), identity.Request{Token: token}); err != nil {
		t.Errorf("Verify(a token from before): %v", err)
	}
	back := sentBack(t, h.get(t, "/authorize", asking("prompt", "none", "id_token_hint", token)), page)
	if back.Get("error") != "login_required" {
		t.Errorf("prompt=none after the restart = %v, want login_required: sessions are not kept", back)
	}
	if status, _ := h.token(t, redeeming("x")); status != http.StatusBadRequest {
		t.Errorf("POST /token = %d, want 400", status)
	}
}
