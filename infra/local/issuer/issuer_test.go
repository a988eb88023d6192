package issuer_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"switchboard/infra/local/issuer"
)

const (
	page     = "http://127.0.0.1:8080/"
	admin    = "http://127.0.0.1:8081/signed-in?from=sign-in"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B
)

// house is an issuer that is being served, and one browser.
type house struct {
	*issuer.Issuer
	url     string
	options issuer.Options
	browser *http.Client

	mu  sync.Mutex
	now time.Time
}

func start(t *testing.T) *house {
	t.Helper()
	h := &house{now: time.Now()}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	h.url = "http://" + server.Listener.Addr().String() + "/issuer"
	h.options = issuer.Options{
		URL: h.url, Data: t.TempDir(), Now: h.time, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Clients: []issuer.Client{
			{ID: "switchboard-web", RedirectURIs: []string{page}},
			{ID: "switchboard-admin", RedirectURIs: []string{admin}},
		},
	}
	var err error
	if h.Issuer, err = issuer.New(h.options); err != nil {
		t.Fatalf("New(%+v): %v", h.options, err)
	}
	server.Start()
	t.Cleanup(server.Close)
	h.browser = newBrowser(t)
	return h
}

func newBrowser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{
		Jar: jar, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (h *house) time() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// answer is a response that has been read.
type answer struct {
	*http.Response
	text string
}

func (h *house) do(t *testing.T, req *http.Request) answer {
	t.Helper()
	response, err := h.browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer{response, string(text)}
}

func (h *house) get(t *testing.T, path string, q url.Values) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+path+"?"+q.Encode(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return h.do(t, req)
}

func (h *house) post(t *testing.T, path string, form url.Values, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for n := 0; n < len(headers); n += 2 {
		req.Header.Set(headers[n], headers[n+1])
	}
	return h.do(t, req)
}

// asking is a good request of the page, changed; a nil value takes a parameter away.
func asking(changes ...string) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {"switchboard-web"}, "redirect_uri": {page}, "response_type": {"code"}, "scope": {"openid profile"},
		"state": {"s&1"}, "nonce": {"n-1"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	return with(q, changes...)
}

// with changes parameters; an empty value takes one away.
func with(q url.Values, changes ...string) url.Values {
	for n := 0; n < len(changes); n += 2 {
		q.Set(changes[n], changes[n+1])
		if changes[n+1] == "" {
			q.Del(changes[n])
		}
	}
	return q
}

var formKey = regexp.MustCompile(`name="request" value="([^"]+)"`)

// open opens the sign-in page and gives its form's key.
func (h *house) open(t *testing.T, q url.Values) string {
	t.Helper()
	a := h.get(t, "/authorize", q)
	found := formKey.FindStringSubmatch(a.text)
	if a.StatusCode != http.StatusOK || found == nil {
		t.Fatalf("GET /authorize = %s, %q, want the sign-in page", a.Status, a.text)
	}
	return found[1]
}

// signIn signs a ready-made person in and gives the code.
func (h *house) signIn(t *testing.T, sub string, changes ...string) string {
	t.Helper()
	a := h.post(t, "/sign-in", url.Values{"request": {h.open(t, asking(changes...))}, "person": {sub}})
	code := sentBack(t, a, page).Get("code")
	if code == "" {
		t.Fatalf("POST /sign-in leads to %q, want a code", a.Header.Get("Location"))
	}
	return code
}

// sentBack gives what an answer brings to the client at an address.
func sentBack(t *testing.T, a answer, to string) url.Values {
	t.Helper()
	location, err := a.Location()
	if err != nil || a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the answer is %s %q, %v, want a redirect", a.Status, a.text, err)
	}
	q := location.Query()
	if bare, _, _ := strings.Cut(to, "?"); location.Scheme+"://"+location.Host+location.Path != bare {
		t.Fatalf("the answer leads to %s, want %s", location, to)
	}
	return q
}

type tokens struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Type    string `json:"token_type"`
	Seconds int    `json:"expires_in"`
	Error   string
}

// token asks /token.
func (h *house) token(t *testing.T, form url.Values) (int, tokens) {
	t.Helper()
	a := h.post(t, "/token", form)
	var given tokens
	if err := json.Unmarshal([]byte(a.text), &given); err != nil {
		t.Fatalf("POST /token = %s %q: %v", a.Status, a.text, err)
	}
	return a.StatusCode, given
}

// redeeming is the good form for a code, changed.
func redeeming(code string, changes ...string) url.Values {
	return with(url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"switchboard-web"}, "redirect_uri": {page},
		"code": {code}, "code_verifier": {verifier},
	}, changes...)
}

func refreshing(token string, changes ...string) url.Values {
	return with(url.Values{"grant_type": {"refresh_token"}, "client_id": {"switchboard-web"}, "refresh_token": {token}}, changes...)
}

// comeIn signs a person in whole.
func (h *house) comeIn(t *testing.T, sub string) tokens {
	t.Helper()
	status, given := h.token(t, redeeming(h.signIn(t, sub)))
	if status != http.StatusOK {
		t.Fatalf("POST /token = %d %+v", status, given)
	}
	return given
}

func (h *house) refused(t *testing.T, what string, form url.Values, want string) {
	t.Helper()
	status, got := h.token(t, form)
	if status == http.StatusOK || got.Error != want || got.ID+got.Access+got.Refresh != "" {
		t.Errorf("POST /token with %s = %d %+v, want %s", what, status, got, want)
	}
}

func claimsOf(t *testing.T, token string) jwt.MapClaims {
	t.Helper()
	c := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNew_refuses(t *testing.T) {
	good := start(t).options
	cases := []struct {
		name   string
		change func(*issuer.Options)
	}{
		{"a public address", func(o *issuer.Options) { o.URL = "http://10.0.0.1:8083" }},
		{"every address", func(o *issuer.Options) { o.URL = "http://0.0.0.0:8083" }},
		{"a name", func(o *issuer.Options) { o.URL = "http://localhost:8083" }},
		{"a name that looks like an address", func(o *issuer.Options) { o.URL = "http://127.0.0.1.example.org" }},
		{"TLS, which it has not", func(o *issuer.Options) { o.URL = "https://127.0.0.1:8083" }},
		{"no clients", func(o *issuer.Options) { o.Clients = nil }},
		{"a client without an id", func(o *issuer.Options) { o.Clients = []issuer.Client{{RedirectURIs: []string{page}}} }},
		{"a client with nowhere to go", func(o *issuer.Options) { o.Clients = []issuer.Client{{ID: "x"}} }},
		{"a client elsewhere", func(o *issuer.Options) {
			o.Clients = []issuer.Client{{ID: "x", RedirectURIs: []string{"https://example.org/"}}}
		}},
		{"no folder", func(o *issuer.Options) { o.Data = filepath.Join(o.Data, "gone") }},
		{"a broken key file", func(o *issuer.Options) { o.Data = brokenKeys(t) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := good
			c.change(&o)
			if i, err := issuer.New(o); err == nil {
				t.Errorf("New(%+v) = %v, want an error", o, i)
			}
		})
	}
}

func brokenKeys(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "issuer-keys.pem"), []byte("gone"), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}
