package stack_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestStack_pages(t *testing.T) {
	s := start(t, options(t))
	tests := []struct {
		path        string
		status      int
		contentType string
		want        string // in the body
	}{
		{s.PageURL() + "/", 200, "text/html; charset=utf-8", "<title>Switchboard</title>"},
		{s.PageURL() + "/config.json", 200, "application/json", `{"api":"` + s.WebSocketURL() + `","issuer":"`},
		{s.PageURL() + "/config.json", 200, "application/json", `"guests":true,"development":true}`},
		{s.PageURL() + "/web/protocol.schema.json", 200, "application/json", "room_list"},
		{s.PageURL() + "/static/tokens.css", 200, "text/css; charset=utf-8", "--lamp"},
		{s.PageURL() + "/static/icon.svg", 200, "image/svg+xml", "<svg"},
		{s.PageURL() + "/static/", 404, "text/plain; charset=utf-8", "not found"},
		{s.PageURL() + "/web/embed.go", 404, "text/plain; charset=utf-8", "not found"},
		{s.PageURL() + "/nothing", 404, "text/plain; charset=utf-8", "not found"},
		{s.DashboardURL() + "/", 303, "", ""}, // to sign in
		{s.DashboardURL() + "/static/base.css", 200, "text/css; charset=utf-8", "body"},
		{s.DashboardURL() + "/nothing", 404, "text/html; charset=UTF-8", "There is nothing here"},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			response, body := get(t, test.path)
			if response.StatusCode != test.status || response.Header.Get("Content-Type") != test.contentType {
				t.Errorf("GET %s = %d %q, want %d %q", test.path, response.StatusCode, response.Header.Get("Content-Type"), test.status, test.contentType)
			}
			if !strings.Contains(body, test.want) {
				t.Errorf("GET %s = %s, want %q in it", test.path, body, test.want)
			}
			if policy := response.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; ") {
				t.Errorf("GET %s has the policy %q, want one that allows nothing else", test.path, policy)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer same-origin"} {
				if got := response.Header.Get(name); got == "" || !strings.Contains(want, got) {
					t.Errorf("GET %s has %s %q, want %q", test.path, name, got, want)
				}
			}
		})
	}
	t.Run("the page may talk to the API", func(t *testing.T) {
		response, _ := get(t, s.PageURL()+"/")
		want := "connect-src 'self' " + s.WebSocketURL() + " http://"
		if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, want) {
			t.Errorf("policy = %q, want %q in it", policy, want)
		}
	})
	t.Run("localhost is sent to the one origin there is", func(t *testing.T) {
		response, _ := get(t, strings.Replace(s.PageURL(), "127.0.0.1", "localhost", 1)+"/web/x?y=1")
		if got, want := response.Header.Get("Location"), s.PageURL()+"/web/x?y=1"; response.StatusCode != http.StatusTemporaryRedirect || got != want {
			t.Errorf("GET = %d to %q, want 307 to %q", response.StatusCode, got, want)
		}
	})
}
