package system_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/stack"
)

// secrets are texts that nothing may write down, by what they are.
type secrets map[string]string

// TestSystem_writes_no_token_down brings tokens of every kind by every way, good ones and wrong ones,
// and then looks for them in all that the system has said and kept.
func TestSystem_writes_no_token_down(t *testing.T) {
	var (
		mu   sync.Mutex
		said strings.Builder
	)
	data := t.TempDir()
	s, err := stack.Start(t.Context(), stack.Options{
		Template: templatePath, Data: data, Children: childtest.Dir(t),
		Report: func(line string) {
			mu.Lock()
			defer mu.Unlock()
			said.WriteString(line + "\n")
		},
	})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	found := secrets{}
	b := newBrowser(t, s)
	b.signIn(found)
	b.signInAtDashboard(found)
	present(t, s, found)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Errorf("Close: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	look(t, found, "what make run prints", said.String())
	lookInFiles(t, found, data)
}

// browser is where somebody signs in.
type browser struct {
	t      testing.TB
	stack  *stack.Stack
	issuer string
	client *http.Client
}

func newBrowser(t testing.TB, s *stack.Stack) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{t, s, s.Environment()["ISSUER_URL"], &http.Client{Jar: jar, CheckRedirect: stay, Timeout: patience}}
}

// ask gives the answer's text, and where it leads.
func (b *browser) ask(method, address string, form url.Values) (text string, to *url.URL) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if to, err = answer.Location(); err != nil {
		to = &url.URL{}
	}
	return string(read), to
}

var signInForm = regexp.MustCompile(`name="request" value="([^"]+)"`)

// choose chooses a person on the sign-in page, and gives where that leads.
func (b *browser) choose(authorize, person string) *url.URL {
	b.t.Helper()
	page, _ := b.ask(http.MethodGet, authorize, nil)
	form := signInForm.FindStringSubmatch(page)
	if form == nil {
		b.t.Fatalf("GET %s = %q, want the sign-in page", authorize, page)
	}
	_, to := b.ask(http.MethodPost, b.issuer+"/sign-in", url.Values{"request": {form[1]}, "person": {person}})
	return to
}

// tokens are what the issuer gives.
type tokens struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

const verifier = "a-verifier-that-nobody-may-see-in-any-log-000"

// redeem signs a person in as the page does, and gives the last question and its answer.
func (b *browser) redeem(person string) (question url.Values, given tokens) {
	b.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	home := b.stack.PageURL() + "/"
	code := b.choose(b.issuer+"/authorize?"+url.Values{
		"client_id": {"switchboard-page"}, "redirect_uri": {home}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"s"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode(), person).Query().Get("code")
	question = url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {home}, "code_verifier": {verifier}, "client_id": {"switchboard-page"}}
	return question, b.tokens(question)
}

// signIn signs in, renews, and does both once more with what is used already.
func (b *browser) signIn(found secrets) {
	b.t.Helper()
	question, first := b.redeem("ana")
	found["the page's code"], found["its verifier"] = question.Get("code"), verifier
	renew := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first.Refresh}, "client_id": {"switchboard-page"}}
	second := b.tokens(renew)
	found["an ID token"], found["an access token"], found["a refresh token"] = first.ID, first.Access, first.Refresh
	found["a renewed ID token"], found["a renewed refresh token"] = second.ID, second.Refresh
	b.ask(http.MethodPost, b.issuer+"/token", question)
	b.ask(http.MethodPost, b.issuer+"/token", renew)
}

func (b *browser) tokens(form url.Values) (given tokens) {
	b.t.Helper()
	text, _ := b.ask(http.MethodPost, b.issuer+"/token", form)
	if err := json.Unmarshal([]byte(text), &given); err != nil || given.ID == "" {
		b.t.Fatalf("POST /token = %q: %v", text, err)
	}
	return given
}

// signInAtDashboard signs in there, and brings the code a second time.
func (b *browser) signInAtDashboard(found secrets) {
	b.t.Helper()
	_, authorize := b.ask(http.MethodGet, b.stack.DashboardURL()+"/signin", nil)
	done := b.choose(authorize.String(), "mia")
	found["the dashboard's code"] = done.Query().Get("code")
	b.ask(http.MethodGet, done.String(), nil)
	b.ask(http.MethodGet, done.String(), nil)
	b.ask(http.MethodGet, b.stack.DashboardURL()+"/", nil)
	dashboard, err := url.Parse(b.stack.DashboardURL())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, cookie := range b.client.Jar.Cookies(dashboard) {
		if len(cookie.Value) > 40 {
			found["the dashboard's cookie "+cookie.Name] = cookie.Value
		}
	}
}

// present brings tokens to the API, in the address and as sub-protocols.
func present(t *testing.T, s *stack.Stack, found secrets) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	visitor, err := dial(ctx, s.WebSocketURL(), "visitor", handshake{query: url.Values{"username": {"Vera"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(visitor.end)
	greeting, err := visitor.take(ctx, patience, greets)
	if err != nil {
		t.Fatal(err)
	}
	welcome, _ := greeting.Data.(map[string]any)
	guest, _ := welcome["guestToken"].(string)
	found["a guest's token"] = guest
	found["a development token"] = "valid_8f2c1d7e5b9a4c3f_in_the_address"
	found["a token that is none"] = "no-token-6d1f0a9be7c84e55"
	found["a token with another signature"] = found["an ID token"][:len(found["an ID token"])-20] + "AAAAAAAAAAAAAAAAAAAA"
	found["a guest's token with another signature"] = guest[:len(guest)-20] + "AAAAAAAAAAAAAAAAAAAA"
	found["a token that is too long"] = strings.Repeat("4f9d27", 600)
	for what, token := range found {
		for way, h := range map[string]handshake{
			"in the address":    {query: url.Values{"token": {token}, "userId": {"eve"}}},
			"alone":             {query: url.Values{"token": {token}}},
			"as a sub-protocol": {protocols: []string{"switchboard.v1", "bearer." + token}},
		} {
			c, err := dial(ctx, s.WebSocketURL(), what, h)
			if err == nil {
				if _, err := c.take(ctx, patience, greets); err != nil {
					t.Errorf("%s %s: %v", what, way, err)
				}
				c.end()
			}
		}
	}
}

func greets(f frame) (bool, error) { return f.Type == "welcome", nil }

// look looks for secrets, and for the second half of each: what is left where one was shortened.
func look(t *testing.T, found secrets, where, text string) {
	t.Helper()
	for what, secret := range found {
		if len(secret) < 20 {
			t.Errorf("%s is %q: too short to be found", what, secret)
			continue
		}
		for _, part := range []string{secret, secret[len(secret)/2:]} {
			if at := strings.Index(text, part); at >= 0 {
				t.Errorf("%s stands in %s: %.300s", what, where, text[max(0, at-150):])
				break
			}
		}
	}
}

func lookInFiles(t *testing.T, found secrets, folder string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		files++
		look(t, found, path, string(text))
		return err
	})
	if err != nil || files < 8 {
		t.Errorf("looked into %d files of %s, %v, want the logs, the database and the figures", files, folder, err)
	}
}
