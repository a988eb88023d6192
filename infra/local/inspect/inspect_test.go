package inspect_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"switchboard/infra/local/gateway"
	"switchboard/infra/local/inspect"
	"switchboard/infra/local/lambda"
)

type handler func(payload []byte) ([]byte, error)

func (h handler) Invoke(_ context.Context, payload []byte) ([]byte, error) { return h(payload) }

func invoke(t *testing.T, w *inspect.Window, id, event string, h handler) {
	t.Helper()
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: id})
	_, _ = w.Handler("hello", h).Invoke(ctx, []byte(event)) // what comes of it is looked for in the window
}

func fine([]byte) ([]byte, error) { return nil, nil }

func get(t *testing.T, w http.Handler, path string, header ...string) (status int, body string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8083"+path, nil)
	for n := 0; n+1 < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
		if header[n] == "Host" {
			r.Host = header[n+1]
		}
	}
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	text, err := io.ReadAll(out.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return out.Code, string(text)
}

type seen struct {
	Calls, Failures, Connected, ColdStarts int
	Connections                            []struct{ ID, Principal string }
	Invocations                            []struct {
		ID, Function, Route, Failure, Replay string
		Lines                                []string
		Dropped                              int
	}
}

func look(t *testing.T, w *inspect.Window) seen {
	t.Helper()
	_, body := get(t, w, "/_local/state")
	var s seen
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		t.Fatalf("state is %q: %v", body, err)
	}
	return s
}

func TestFailedCallShowsItsErrorItsLogAndHowToReplayIt(t *testing.T) {
	w := inspect.New(inspect.Options{Replay: func(function, event string) string { return function + " " + event }})
	invoke(t, w, "r-1", `{"requestContext":{"routeKey":"say"}}`, func([]byte) ([]byte, error) {
		w.Log("r-1", "about to fail")
		w.Log("r-0", "of nobody")
		return nil, errors.New("out of paper")
	})
	s := look(t, w)
	if len(s.Invocations) != 1 || s.Calls != 1 || s.Failures != 1 {
		t.Fatalf("state = %+v, want one call that failed", s)
	}
	got := s.Invocations[0]
	if got.Function != "hello" || got.Route != "say" || got.Failure != "out of paper" || got.Replay != "hello http://127.0.0.1:8083/_local/events/r-1" {
		t.Errorf("the call is %+v", got)
	}
	if len(got.Lines) != 1 || got.Lines[0] != "about to fail" {
		t.Errorf("its log is %q, want its own line", got.Lines)
	}
}

func TestHandlerThatPanicsIsSeen(t *testing.T) {
	w := inspect.New(inspect.Options{})
	func() {
		defer func() { _ = recover() }() // it is passed on
		invoke(t, w, "r-1", "{}", func([]byte) ([]byte, error) { panic("oh") })
	}()
	if s := look(t, w); s.Failures != 1 || !strings.Contains(s.Invocations[0].Failure, "panicked") {
		t.Errorf("state = %+v, want a call that panicked", s)
	}
}

func TestColdStartsAreCounted(t *testing.T) {
	w := inspect.New(inspect.Options{})
	w.ColdStart()
	w.ColdStart()
	if s := look(t, w); s.ColdStarts != 2 {
		t.Errorf("state = %+v, want two cold starts", s)
	}
}

func TestEventsAreMasked(t *testing.T) {
	const secret = "s3cr3t-value"
	tests := []struct{ name, event string }{
		{"a header", `{"headers":{"authorization":"` + secret + `"}}`},
		{"a sub-protocol", `{"headers":{"Sec-WebSocket-Protocol":"chat, ` + secret + `"}}`},
		{"headers of several values", `{"multiValueHeaders":{"Authorization":["` + secret + `"]}}`},
		{"the query", `{"queryStringParameters":{"token":"` + secret + `"}}`},
		{"the query of several values", `{"multiValueQueryStringParameters":{"access_token":["` + secret + `","` + secret + `"]}}`},
		{"a body that is JSON", `{"body":"{\"type\":\"session\",\"token\":\"` + secret + `\"}"}`},
		{"a body within a body", `{"Records":[{"body":"{\"inner\":\"{\\\"password\\\":\\\"` + secret + `\\\"}\"}"}]}`},
		{"no JSON", secret},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := inspect.New(inspect.Options{})
			invoke(t, w, "r-1", test.event, fine)
			if _, body := get(t, w, "/_local/events/r-1"); strings.Contains(body, secret) || body == "" {
				t.Errorf("the event is shown as %q", body)
			}
		})
	}
	w := inspect.New(inspect.Options{})
	invoke(t, w, "r-1", `{"body":"<b>hello</b>","queryStringParameters":{"room":"lobby"},"requestContext":{"connectedAt":1732288818204}}`, fine)
	_, body := get(t, w, "/_local/events/r-1")
	for _, want := range []string{`"<b>hello</b>"`, `"lobby"`, "1732288818204"} {
		if !strings.Contains(body, want) {
			t.Errorf("the event is shown as %q, want %s as it was", body, want)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	w := inspect.New(inspect.Options{})
	for n := range 300 {
		invoke(t, w, fmt.Sprint("r-", n), `{}`, fine)
	}
	s := look(t, w)
	if len(s.Invocations) != 200 || s.Invocations[0].ID != "r-299" || s.Calls != 300 {
		t.Errorf("after 300 calls %d are kept, the newest %s of %d, want the last 200", len(s.Invocations), s.Invocations[0].ID, s.Calls)
	}
	if status, _ := get(t, w, "/_local/events/r-0"); status != http.StatusNotFound {
		t.Errorf("the event of the first call gives %d, want 404", status)
	}
	large := `"` + strings.Repeat("x", 3<<20) + `"`
	for n := range 5 {
		invoke(t, w, fmt.Sprint("large-", n), large, fine)
	}
	if s := look(t, w); len(s.Invocations) != 2 {
		t.Errorf("after five events of 3 MB %d calls are kept, want 2", len(s.Invocations))
	}
	for range 60 {
		w.Log("large-4", "line")
	}
	if got := look(t, w).Invocations[0]; len(got.Lines) != 50 || got.Dropped != 10 {
		t.Errorf("of 60 lines %d are kept and %d counted, want 50 and 10", len(got.Lines), got.Dropped)
	}
}

func TestConnectionsAreThoseThatAreOpen(t *testing.T) {
	w := inspect.New(inspect.Options{})
	w.Access(gateway.AccessRecord{EventType: "CONNECT", Status: 101, ConnectionID: "a=", PrincipalID: "ana"})
	w.Access(gateway.AccessRecord{EventType: "CONNECT", Status: 401, ConnectionID: "b="})
	w.Access(gateway.AccessRecord{EventType: "CONNECT", Status: 101, ConnectionID: "c="})
	w.Access(gateway.AccessRecord{EventType: "MESSAGE", Status: 200, ConnectionID: "c="})
	w.Access(gateway.AccessRecord{EventType: "DISCONNECT", ConnectionID: "c="})
	s := look(t, w)
	if s.Connected != 1 || len(s.Connections) != 1 || s.Connections[0].ID != "a=" || s.Connections[0].Principal != "ana" {
		t.Errorf("state = %+v, want ana's connection alone", s)
	}
	for n := range 1000 {
		w.Access(gateway.AccessRecord{EventType: "CONNECT", Status: 101, ConnectionID: strconv.Itoa(n)})
	}
	if s := look(t, w); s.Connected != 1001 {
		t.Errorf("%d are connected, want 1001", s.Connected)
	}
	w.Access(gateway.AccessRecord{EventType: "DISCONNECT", ConnectionID: "a="}) // which is too old to be kept
	if s := look(t, w); s.Connected != 1000 {
		t.Errorf("%d are connected when the oldest has gone, want 1000", s.Connected)
	}
}

func TestPageIsForThisMachineOnly(t *testing.T) {
	w := inspect.New(inspect.Options{})
	tests := []struct {
		name, header, value string
		want                int
	}{
		{"by number", "Host", "127.0.0.1:8083", http.StatusOK},
		{"by name", "Host", "localhost:8083", http.StatusOK},
		{"by a name that was made to lead here", "Host", "evil.example:8083", http.StatusForbidden},
		{"from another page", "Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"from another page that says no more", "Origin", "http://127.0.0.1:8080", http.StatusForbidden},
		{"from itself", "Sec-Fetch-Site", "same-origin", http.StatusOK},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if status, _ := get(t, w, "/_local/", test.header, test.value); status != test.want {
				t.Errorf("GET /_local/ with %s %q = %d, want %d", test.header, test.value, status, test.want)
			}
		})
	}
	for _, path := range []string{"/_local/page.js", "/_local/view.js", "/_local/page.css", "/_local/static/tokens.css"} {
		if status, _ := get(t, w, path); status != http.StatusOK {
			t.Errorf("GET %s = %d, want 200", path, status)
		}
	}
}

func TestPagesMayNotInvoke(t *testing.T) {
	called := 0
	w := inspect.New(inspect.Options{Invoke: func(_ context.Context, function string, event []byte) ([]byte, error) {
		called++
		return []byte(function + string(event)), nil
	}})
	for origin, want := range map[string]int{"": http.StatusOK, "http://127.0.0.1:8080": http.StatusForbidden} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8083/2015-03-31/functions/hello/invocations", strings.NewReader("1"))
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		out := httptest.NewRecorder()
		w.ServeHTTP(out, r)
		if out.Code != want || want == http.StatusOK && out.Body.String() != "hello1" {
			t.Errorf("invoke from %q = %d %q, want %d", origin, out.Code, out.Body, want)
		}
	}
	if called != 1 {
		t.Errorf("the function was called %d times, want once", called)
	}
}

// What the AWS CLI is answered by Lambda's Invoke.
func TestInvokeAnswersAsLambda(t *testing.T) {
	tests := []struct {
		err         error
		status      int
		kind, body  string // of the error's header, and in the body
		ofAFunction bool
	}{
		{nil, 200, "", `"done"`, false},
		{&lambda.FunctionError{Message: "asked to", Type: "string"}, 200, "", `{"errorMessage":"asked to","errorType":"string"}`, true},
		{lambda.ErrThrottled, 429, "TooManyRequestsException", "rate exceeded", false},
		{fmt.Errorf("%w: hello", lambda.ErrNotFound), 404, "ResourceNotFoundException", "function not found: hello", false},
		{lambda.ErrTooLarge, 413, "RequestTooLargeException", "over 6 MB", false},
		{lambda.ErrClosed, 500, "ServiceException", "closed", false},
	}
	for _, test := range tests {
		w := inspect.New(inspect.Options{Invoke: func(context.Context, string, []byte) ([]byte, error) { return []byte(`"done"`), test.err }})
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8083"+inspect.InvokePrefix+"hello/invocations", strings.NewReader("{}"))
		out := httptest.NewRecorder()
		w.ServeHTTP(out, r)
		if got := out.Header().Get("X-Amz-Function-Error"); out.Code != test.status || out.Header().Get("X-Amzn-Errortype") != test.kind ||
			(got == "Unhandled") != test.ofAFunction || !strings.Contains(out.Body.String(), test.body) {
			t.Errorf("Invoke that ends with %v = %d %v %s, want %+v", test.err, out.Code, out.Header(), out.Body, test)
		}
	}
}
