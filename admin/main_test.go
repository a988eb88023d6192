package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"switchboard/admin/server"
	"switchboard/internal/app"
	"switchboard/internal/config"
)

func TestRun_saysEverythingThatIsMissing(t *testing.T) {
	for _, name := range server.Needs() {
		t.Setenv(name, "")
	}
	err := run(t.Context(), nil)
	for _, name := range server.Needs() {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Fatalf("run() = %v, want %s to be named", err, name)
		}
	}
}

func TestServe_endsWithItsContext(t *testing.T) {
	environment := map[string]string{
		"PUBLIC_URL": "http://127.0.0.1:8081", "ISSUER_URL": "http://127.0.0.1:1", "AUDIENCE": "dashboard", "ADMIN_CLIENT_ID": "dashboard",
		"ADMIN_SESSION_KEY": strings.Repeat("k", server.MinKeyBytes),
	}
	settings, err := config.Load(func(name string) (string, bool) { value, ok := environment[name]; return value, ok })
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), settings, "admin", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	dashboard, err := server.New(server.Of(a))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, listener, dashboard) }()
	res, err := http.Get("http://" + listener.Addr().String() + "/signedout")
	if err != nil || res.StatusCode != http.StatusOK || res.Body.Close() != nil {
		t.Errorf("GET /signedout = %v, %v", res, err)
	}
	end()
	if err := <-done; err != nil {
		t.Errorf("serve() = %v", err)
	}
}
