package identity_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/identity"
)

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func verified(t *testing.T, v *identity.Verifier, token string) {
	t.Helper()
	if _, err := v.Verify(bounded(t), identity.Request{Token: token}); err != nil {
		t.Errorf("Verify() = %v, want ana", err)
	}
}

func unavailable(t *testing.T, v *identity.Verifier, token string) {
	t.Helper()
	p, err := v.Verify(bounded(t), identity.Request{Token: token})
	if chat.CodeOf(err) != chat.Unavailable || errors.Is(err, identity.ErrUnauthorized) {
		t.Errorf("Verify() = %+v, %v, want unavailable", p, err)
	}
}

func asked(t *testing.T, i *issuer, want int) {
	t.Helper()
	if got := i.timesAsked(); got != want {
		t.Errorf("the issuer was asked %d times for keys, want %d", got, want)
	}
}

func TestVerifier_Verify_follows_the_issuers_rotation(t *testing.T) {
	first, second := rsaPair(t, "1"), ecPair(t, "2")
	i := startIssuer(t, first)
	v := i.open(t, nil)
	asked(t, i, 0)
	verified(t, v, i.token(t, first, nil))
	verified(t, v, i.token(t, first, nil))
	asked(t, i, 1)
	i.set(func(i *issuer) { i.keys = []pair{second, first} })
	verified(t, v, i.token(t, second, nil))
	verified(t, v, i.token(t, first, nil))
	asked(t, i, 2)
	// A key that was taken back is refused when the kept ones are an hour old.
	i.set(func(i *issuer) { i.keys = []pair{second} })
	life := map[string]any{"exp": now.Add(100 * time.Hour).Unix()}
	verified(t, v, i.token(t, first, life))
	i.set(func(i *issuer) { i.now = now.Add(time.Hour) })
	refused(t, v, identity.Request{Token: i.token(t, first, life)})
	verified(t, v, i.token(t, second, life))
}

func TestVerifier_Verify_asks_seldom_for_unknown_keys(t *testing.T) {
	key := rsaPair(t, "1")
	i := startIssuer(t, key)
	v := i.open(t, nil)
	for n := range 20 {
		stranger := key
		stranger.kid = fmt.Sprint("unknown", n)
		refused(t, v, identity.Request{Token: i.token(t, stranger, nil)})
	}
	verified(t, v, i.token(t, key, nil))
	asked(t, i, 5)
	i.set(func(i *issuer) { i.now = now.Add(time.Minute) })
	stranger := key
	stranger.kid = "later"
	refused(t, v, identity.Request{Token: i.token(t, stranger, nil)})
	asked(t, i, 6)
}

func TestVerifier_Verify_is_unavailable_while_the_issuer_is_away(t *testing.T) {
	key := rsaPair(t, "1")
	i := startIssuer(t, key)
	i.set(func(i *issuer) { i.broken = true })
	v := i.open(t, nil)
	life := map[string]any{"exp": now.Add(100 * time.Hour).Unix()}
	for range 10 {
		unavailable(t, v, i.token(t, key, life))
	}
	asked(t, i, 5)
	i.set(func(i *issuer) { i.broken, i.now = false, now.Add(time.Minute) })
	verified(t, v, i.token(t, key, life))
	// Known keys outlive an outage of hours; what they do not verify cannot be judged.
	i.set(func(i *issuer) { i.broken, i.now = true, now.Add(23*time.Hour) })
	verified(t, v, i.token(t, key, life))
	stranger := key
	stranger.kid = "new"
	unavailable(t, v, i.token(t, stranger, life))
	i.set(func(i *issuer) { i.now = now.Add(25 * time.Hour) })
	unavailable(t, v, i.token(t, key, life))
	i.set(func(i *issuer) { i.broken, i.now = false, now.Add(26*time.Hour) })
	verified(t, v, i.token(t, key, life))
}

func TestVerifier_Verify_reads_what_issuers_publish(t *testing.T) {
	key := rsaPair(t, "1")
	cases := []struct {
		name      string
		change    func(*issuer)
		published bool
	}{
		{"no discovery document, as keys are where Cognito has them", func(i *issuer) { i.discovery = "none" }, true},
		{"keys of other kinds among them", func(i *issuer) {
			i.extra = []any{"text", map[string]string{"kty": "OKP", "crv": "X999", "kid": "2"}, map[string]string{"kty": "oct", "k": "c2VjcmV0", "kid": "3"}}
		}, true},
		{"somebody else's document", func(i *issuer) {
			i.discovery = fmt.Sprintf(`{"issuer":"https://example.org","jwks_uri":%q}`, i.url+"/keys")
		}, false},
		{"a document without keys", func(i *issuer) { i.discovery = fmt.Sprintf(`{"issuer":%q}`, i.url) }, false},
		{"no JSON", func(i *issuer) { i.discovery = "<html>" }, false},
		{"no key", func(i *issuer) { i.keys = nil }, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			i := startIssuer(t, key)
			i.set(c.change)
			if v := i.open(t, nil); c.published {
				verified(t, v, i.token(t, key, nil))
			} else {
				unavailable(t, v, i.token(t, key, nil))
			}
		})
	}
}

func TestVerifier_Verify_does_not_follow_redirects(t *testing.T) {
	key := rsaPair(t, "1")
	i := startIssuer(t, key)
	elsewhere := startIssuer(t, key)
	server := &http.Server{
		Handler:           http.RedirectHandler(elsewhere.url+"/.well-known/openid-configuration", http.StatusFound),
		ReadHeaderTimeout: time.Second,
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	i.url = "http://" + listener.Addr().String()
	elsewhere.set(func(e *issuer) { e.discovery = fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, i.url, e.url+"/keys") })
	unavailable(t, i.open(t, nil), i.token(t, key, nil))
	asked(t, elsewhere, 0)
}

func TestVerifier_Verify_shares_a_fetch(t *testing.T) {
	key := rsaPair(t, "1")
	i := startIssuer(t, key)
	v := i.open(t, func(o *identity.Options) { o.Now = func() time.Time { return now } })
	token := i.token(t, key, nil)
	i.mu.Lock() // nobody is answered yet
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 6 {
		if _, err := v.Verify(gone, identity.Request{Token: token}); chat.CodeOf(err) != chat.Unavailable {
			t.Errorf("Verify() of one who has gone = %v, want unavailable", err)
		}
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { verified(t, v, token) })
	}
	i.mu.Unlock()
	all.Wait()
}
