package system_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coder/websocket"
)

// functionURL is what AWS does with a request to a function URL: it makes an event of it, and
// an answer of what the function returns (Lambda developer guide, "Invoking function URLs").
type functionURL struct {
	system *system
	host   string // all else is asked over the network
}

func (f functionURL) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != f.host {
		return http.DefaultTransport.RoundTrip(r)
	}
	event := events.LambdaFunctionURLRequest{
		Version: "2.0", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery, Headers: map[string]string{}, IsBase64Encoded: true,
		RequestContext: events.LambdaFunctionURLRequestContext{HTTP: events.LambdaFunctionURLRequestContextHTTPDescription{Method: r.Method}},
	}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		event.Body = base64.StdEncoding.EncodeToString(body)
	}
	for _, c := range r.Cookies() {
		event.Cookies = append(event.Cookies, c.Name+"="+c.Value)
	}
	event.Headers["content-type"] = r.Header.Get("Content-Type")
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	answered, err := f.system.Invoke(r.Context(), "admin", payload)
	if err != nil {
		return nil, err
	}
	return answerOf(r, answered)
}

// answerOf reads a streamed answer: its head, eight zero bytes, its content.
func answerOf(r *http.Request, answered []byte) (*http.Response, error) {
	head, content, _ := bytes.Cut(answered, make([]byte, 8))
	var answer events.LambdaFunctionURLStreamingResponse
	if err := json.Unmarshal(head, &answer); err != nil {
		return nil, fmt.Errorf("the answer to %s %s: %w: %.200q", r.Method, r.URL, err, answered)
	}
	response := &http.Response{StatusCode: answer.StatusCode, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(content)), Request: r}
	for name, value := range answer.Headers {
		response.Header.Set(name, value)
	}
	for _, c := range answer.Cookies {
		response.Header.Add("Set-Cookie", c)
	}
	return response, nil
}

// moderator is a browser in which somebody is signed in at the dashboard's function.
type moderator struct {
	t      *testing.T
	url    string
	client *http.Client
}

func signIn(t *testing.T, s *system, sub, words string) moderator {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(s.DashboardURL(), "http://")
	m := moderator{t, s.DashboardURL(), &http.Client{Jar: jar, Transport: functionURL{s, host}, Timeout: 2 * patience}}
	at, err := m.client.Get(m.url + "/")
	form := m.read(at, err)
	request := regexp.MustCompile(`name="request" value="([^"]+)"`).FindStringSubmatch(form)
	if request == nil {
		t.Fatalf("no sign-in page: %s", form)
	}
	page := m.read(m.client.PostForm(at.Request.URL.ResolveReference(&url.URL{Path: "sign-in"}).String(), url.Values{"request": {html.UnescapeString(request[1])}, "person": {sub}}))
	if !strings.Contains(page, words) {
		t.Fatalf("nobody is signed in: %s", page)
	}
	return m
}

func (m moderator) read(res *http.Response, err error) string {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // it was read
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		m.t.Fatalf("%s = %d %s, %v", res.Request.URL, res.StatusCode, body, err)
	}
	return string(body)
}

// useDashboard opens every page of the dashboard and kicks somebody, all by events.
func useDashboard(t *testing.T, s *system) {
	ana, err := dial(t.Context(), s.WebSocketURL(), "ana", handshake{query: mustQuery(t, "ana")})
	if err != nil {
		t.Fatal(err)
	}
	defer ana.end()
	if err := ana.conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"chat","message":"lamps, two for one"}`)); err != nil {
		t.Fatal(err)
	}
	said, err := ana.take(t.Context(), patience, func(f frame) (bool, error) { return f.Type == "chat", nil })
	if err != nil {
		t.Fatal(err)
	}
	message := regexp.MustCompile(`"messageId":"([^"]+)"`).FindStringSubmatch(said.text)[1]
	word := &script{ctx: t.Context(), system: s}
	// Somebody whose end nobody told.
	haunt := func(id string) {
		if err := word.invoke("connect", ghostEvent(id, mustQuery(t, "ghost"), 0)); err != nil {
			t.Fatal(err)
		}
	}
	haunt("gone=")
	mia := signIn(t, s, "mia", "<b>Mia Okafor</b> moderators")
	for path, words := range map[string]string{
		"/": "<h1>All lines are up.</h1>", "/rooms": "General", "/room?id=general": "lamps, two for one", "/people": "Ana", "/person?id=ana": "1 connection in 1 room",
		"/connections": "gone=", "/kick?connection=gone%3D": "Kick 1 connection of ghost?", "/audit": "Nothing was done yet",
	} {
		if page := mia.read(mia.client.Get(mia.url + path)); !strings.Contains(page, words) {
			t.Errorf("GET %s lacks %q: %s", path, words, page)
		}
	}
	mia.dealsWithAReport(s, message)
	mia.setsRulesBeneath(ana)
	mia.does("/kick", "person=ana", url.Values{"reason": {"sells lamps"}, "back": {"/audit"}}, "Kicked Ana: 1 connection closed")
	heard, err := ana.take(t.Context(), patience, func(f frame) (bool, error) { return f.Type == "closing", nil })
	if err != nil || !strings.Contains(heard.text, "sells lamps") {
		t.Errorf("Ana hears %s, %v", heard.text, err)
	}
	if _, err := ana.closedWith(t.Context()); err != nil {
		t.Errorf("Ana's connection stays: %v", err)
	}
	mia.does("/message", "room=general&message="+url.QueryEscape(message), url.Values{"reason": {"sells lamps"}}, "Deleted 1 message")
	mia.does("/rules", "room=general", url.Values{"slow": {"30"}}, "The rules of General are set.")
	mia.does("/moderate", "act=mute&person=ana&room=general", url.Values{"reason": {"sells lamps"}, "for": {"0"}}, "Muted Ana in General")
	mia.does("/moderate", "act=unmute&person=ana&room=general", url.Values{"reason": {"sold them all"}}, "Unmuted Ana in General")
	useGroups(t, s)
	mia.does("/moderate", "act=ban&person=ana", url.Values{"reason": {"sells lamps"}, "for": {"0"}}, "Ana")
	var page string
	if err := word.until(patience, func() (bool, error) { // pages are a moment old
		page = mia.read(mia.client.Get(mia.url + "/person?id=ana"))
		return strings.Contains(page, "Banned everywhere"), nil
	}, func() error { return fmt.Errorf("it says %s", page) }); err != nil {
		t.Errorf("Ana's page does not say what stands against her: %v", err)
	}
}

// useGroups has an admin find somebody, grant them a group and take it.
func useGroups(t *testing.T, s *system) {
	t.Helper()
	ada := signIn(t, s, "ada", "<b>Ada Nwosu</b> admins")
	for path, words := range map[string]string{"/groups": "Mia Okafor", "/group?person=emil": "Groups of Emil Lindqvist"} {
		if page := ada.read(ada.client.Get(ada.url + path)); !strings.Contains(page, words) {
			t.Errorf("GET %s lacks %q: %s", path, words, page)
		}
	}
	ada.does("/group", "person=emil&group=admins&do=grant", url.Values{"reason": {"helps out"}}, "Granted admins to Emil Lindqvist.")
	ada.does("/group", "person=emil&group=admins&do=take", url.Values{"reason": {"helped out"}}, "Took admins from Emil Lindqvist")
	ada.does("/sessions", "person=emil", url.Values{"reason": {"lost a phone"}}, "Signed emil out everywhere.")
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// does fills in the form of a page as it comes and sends it back.
func (m moderator) does(path, query string, filled url.Values, want string) {
	m.t.Helper()
	asked := m.read(m.client.Get(m.url + path + "?" + query))
	form := url.Values{}
	for _, field := range hiddenField.FindAllStringSubmatch(asked, -1) {
		form.Add(field[1], html.UnescapeString(field[2]))
	}
	maps.Copy(form, filled)
	if done := m.read(m.client.PostForm(m.url+path, form)); !strings.Contains(done, want) {
		m.t.Errorf("POST %s lacks %q: %s", path, want, done)
	}
}

func mustQuery(t *testing.T, name string) url.Values {
	t.Helper()
	query, err := queryOf(name, "")
	if err != nil {
		t.Fatal(err)
	}
	return query
}
