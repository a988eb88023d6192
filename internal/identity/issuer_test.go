package identity_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"switchboard/internal/identity"
)

const client = "switchboard-web"

// pair is a key that an issuer signs with.
type pair struct {
	kid     string
	method  jwt.SigningMethod
	private crypto.Signer
}

func rsaPair(t *testing.T, kid string) pair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return pair{kid, jwt.SigningMethodRS256, key}
}

func ecPair(t *testing.T, kid string) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pair{kid, jwt.SigningMethodES256, key}
}

// issuer is an OIDC issuer as far as who verifies its tokens sees it.
type issuer struct {
	url string

	mu        sync.Mutex
	keys      []pair
	extra     []any  // other keys of the set
	discovery string // the document, if not the usual one; "none": there is none
	broken    bool   // answers 500
	asked     int    // how often for keys
	now       time.Time
}

func startIssuer(t *testing.T, keys ...pair) *issuer {
	t.Helper()
	i := &issuer{keys: keys, now: now}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.serveDiscovery)
	mux.HandleFunc("GET /keys", i.serveKeys)
	mux.HandleFunc("GET /.well-known/jwks.json", i.serveKeys)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

// set changes the issuer while it is being asked.
func (i *issuer) set(change func(*issuer)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change(i)
}

func (i *issuer) timesAsked() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked
}

func (i *issuer) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch i.discovery {
	case "none":
		http.NotFound(w, r)
	case "":
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, i.url, i.url+"/keys")
	default:
		_, _ = w.Write([]byte(i.discovery))
	}
}

func (i *issuer) serveKeys(w http.ResponseWriter, _ *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked++
	if i.broken {
		http.Error(w, "down", http.StatusInternalServerError)
		return
	}
	keys := slices.Clone(i.extra)
	for _, p := range i.keys {
		metadata := jwkset.JWKMetadataOptions{KID: p.kid, ALG: jwkset.ALG(p.method.Alg()), USE: jwkset.UseSig}
		key, err := jwkset.NewJWKFromKey(p.private.Public(), jwkset.JWKOptions{Metadata: metadata})
		if err != nil {
			panic(err)
		}
		keys = append(keys, key.Marshal())
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": keys})
}

// open makes a verifier of the issuer's tokens, whose clock is the issuer's.
func (i *issuer) open(t *testing.T, change func(*identity.Options)) *identity.Verifier {
	t.Helper()
	return open(t, func(o *identity.Options) {
		o.IssuerURL, o.Audience = i.url, []string{"another", client}
		o.Now = func() time.Time {
			i.mu.Lock()
			defer i.mu.Unlock()
			return i.now
		}
		if change != nil {
			change(o)
		}
	})
}

// token signs the claims of a good ID token, changed.
func (i *issuer) token(t *testing.T, by pair, change map[string]any) string {
	t.Helper()
	c := jwt.MapClaims{
		"iss": i.url, "aud": client, "sub": "ana", "token_use": "id", "name": "Ana Ruiz", "nonce": "n-1",
		"cognito:groups": []string{"ops", "moderators"},
		"iat":            now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	for name, value := range change {
		c[name] = value
		if value == nil {
			delete(c, name)
		}
	}
	return signWith(t, by.method, by.kid, by.private, c)
}

func signWith(t *testing.T, method jwt.SigningMethod, kid string, key any, c jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	if kid != "" {
		token.Header["kid"] = kid
	}
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bounded ends with the test, and long before the test's own limit.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}
