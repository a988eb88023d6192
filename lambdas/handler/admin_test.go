package handler_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/infra/local/issuer"
	"switchboard/internal/app"
	"switchboard/internal/config"
	"switchboard/internal/dynamo/dynamotest"
	"switchboard/lambdas/handler"
)

// functionURL is what AWS does with a request to a function URL: it makes an event of it,
// and an answer of what the function returns (Lambda developer guide, "Invoking function URLs").
func functionURL(t *testing.T, function *lambda.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		must(t, err)
		event := events.LambdaFunctionURLRequest{
			Version: "2.0", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery, Headers: map[string]string{},
			Body: base64.StdEncoding.EncodeToString(body), IsBase64Encoded: true,
			RequestContext: events.LambdaFunctionURLRequestContext{
				DomainName: r.Host, HTTP: events.LambdaFunctionURLRequestContextHTTPDescription{Method: r.Method, SourceIP: "192.0.2.7"},
			},
		}
		for name, values := range r.Header {
			event.Headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
		for _, c := range r.Cookies() {
			event.Cookies = append(event.Cookies, c.Name+"="+c.Value)
		}
		delete(event.Headers, "cookie")
		payload, err := json.Marshal(event)
		must(t, err)
		answered, err := (*function).Invoke(context.WithoutCancel(r.Context()), payload)
		must(t, err)
		prelude, content, found := bytes.Cut(answered, make([]byte, 8))
		if !found {
			t.Errorf("the answer to %s %s is %q", r.Method, r.URL, answered)
			return
		}
		var answer events.LambdaFunctionURLStreamingResponse
		must(t, json.Unmarshal(prelude, &answer))
		for name, value := range answer.Headers {
			w.Header().Set(name, value)
		}
		for _, c := range answer.Cookies {
			w.Header().Add("Set-Cookie", c)
		}
		w.WriteHeader(answer.StatusCode)
		_, err = w.Write(content)
		must(t, err)
	})
}

// dashboard is the admin function behind a URL, and the issuer that it sends people to.
func dashboard(t *testing.T) (address, issuerURL string) {
	t.Helper()
	var function lambda.Handler
	front := httptest.NewServer(functionURL(t, &function))
	t.Cleanup(front.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	issuerURL = "http://" + listener.Addr().String()
	signIn, err := issuer.New(issuer.Options{
		URL: issuerURL, Clients: []issuer.Client{{ID: "dashboard", RedirectURIs: []string{front.URL + "/signin/done"}}},
		Data: t.TempDir(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: signIn}}
	s.Start()
	t.Cleanup(s.Close)

	cfg, tables := dynamotest.Database(t)
	environment := map[string]string{
		"CONNECTIONS_TABLE": tables.Connections, "USERS_TABLE": tables.Users, "ROOMS_TABLE": tables.Rooms,
		"MESSAGES_TABLE": tables.Messages, "MODERATION_TABLE": tables.Moderation,
		"PUBLIC_URL": front.URL, "ISSUER_URL": issuerURL, "AUDIENCE": "dashboard", "ADMIN_CLIENT_ID": "dashboard",
		"ADMIN_SESSION_KEY": strings.Repeat("k", 32), "API_ID": "api1", "STAGE": "dev", "RETENTION_DAYS": "30",
		"JOBS_QUEUE_URL": "http://127.0.0.1:1/jobs", "CALLBACK_URL": "http://127.0.0.1:1/dev",
	}
	settings, err := config.Load(func(name string) (string, bool) {
		value, ok := environment[name]
		return value, ok
	})
	must(t, err)
	must(t, settings.Require(handler.Admin().Needs...))
	a, err := app.New(settings, cfg, "admin", io.Discard)
	must(t, err)
	function = handler.Admin().New(a)
	return front.URL, issuerURL
}

func TestAdmin(t *testing.T) {
	address, issuerURL := dashboard(t)
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	text := func(res *http.Response, err error) string {
		t.Helper()
		must(t, err)
		defer func() { _ = res.Body.Close() }() // it was read
		body, err := io.ReadAll(res.Body)
		must(t, err)
		return string(body)
	}
	form := text(browser.Get(address + "/connections?sort=person"))
	request := regexp.MustCompile(`name="request" value="([^"]+)"`).FindStringSubmatch(form)
	if request == nil {
		t.Fatalf("no sign-in page: %s", form)
	}
	page := text(browser.PostForm(issuerURL+"/sign-in", url.Values{"request": {html.UnescapeString(request[1])}, "person": {"mia"}}))
	for _, part := range []string{"<b>Mia Okafor</b> moderators", "Nobody is connected", `hx-get="/connections?sort=person" hx-trigger="every 1s"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q: %s", part, page)
		}
	}
	if strings.Contains(page, "sse-connect") {
		t.Error("the page asks for a stream")
	}
	if css := text(browser.Get(address + "/static/tokens.css")); !strings.Contains(css, "--paper") {
		t.Errorf("GET /static/tokens.css = %q", css)
	}
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(page)[1]
	gone := text(browser.PostForm(address+"/kick", url.Values{"token": {token}, "connection": {"zz"}, "shown": {"zz"}, "reason": {"spam"}}))
	if !strings.Contains(gone, "This connection is not open (any more)") {
		t.Errorf("POST /kick = %s", gone)
	}
	forged := text(browser.PostForm(address+"/kick", url.Values{"connection": {"zz"}, "shown": {"zz"}, "reason": {"spam"}}))
	if !strings.Contains(forged, "This form did not come from a page of yours") {
		t.Errorf("POST /kick without its token = %s", forged)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
