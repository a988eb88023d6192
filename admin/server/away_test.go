package server_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What is away is said, what was known stays, and the page comes back by itself.
func TestServer_databaseAway(t *testing.T) {
	h := newHouse(t)
	h.connect("a1", "ana", "Ana", "general")
	b := h.as("mia")
	b.get("/connections")
	h.database.cut.Store(true)
	got := b.eventually("/connections", func(a answer) bool { return strings.Contains(a.says(), "The database has not answered since") })
	if !strings.Contains(got.body, "a1") || !strings.Contains(got.says(), "You see how it was at") || !strings.Contains(got.body, "Not up to date") {
		t.Errorf("GET /connections = %s", got.says())
	}
	if got := b.get("/audit"); got.status != http.StatusServiceUnavailable {
		t.Errorf("GET /audit = %d, want %d", got.status, http.StatusServiceUnavailable)
	}
	h.database.cut.Store(false)
	b.eventually("/connections", func(a answer) bool { return !strings.Contains(a.says(), "has not answered") })
}

// Signing out needs no database.
func TestServer_databaseAway_signOut(t *testing.T) {
	h := newHouse(t)
	b := h.as("mia")
	h.database.cut.Store(true)
	if got := b.post("/signout", url.Values{"token": {b.token()}}); got.status != http.StatusOK || got.at.Path != "/signedout" {
		t.Errorf("POST /signout ends at %s: %d %s", got.at, got.status, got.says())
	}
	home, err := url.Parse(h.url)
	must(t, err)
	for _, c := range b.client.Jar.Cookies(home) {
		if c.Name == "switchboard-admin" {
			t.Error("the session is kept")
		}
	}
}

func TestServer_databaseAwayFromTheStart(t *testing.T) {
	h := newHouse(t)
	h.database.cut.Store(true)
	b := h.as("mia")
	for _, path := range []string{"/", "/connections", "/people", "/rooms"} {
		if got := b.get(path); !strings.Contains(got.says(), "This page fills by itself when it does") || strings.Contains(got.says(), "Nobody is connected") {
			t.Errorf("GET %s = %d %s", path, got.status, got.says())
		}
	}
	h.database.cut.Store(false)
	b.eventually("/connections", func(a answer) bool { return strings.Contains(a.says(), "Nobody is connected") })
}

func TestServer_cloudWatchAway(t *testing.T) {
	h := newHouse(t)
	b := h.as("omar")
	if got := b.get("/"); !strings.Contains(got.says(), "All lines are up.") || !strings.Contains(got.says(), "Messages in 7 /min") || !strings.Contains(got.body, "data-series=\"{") {
		t.Errorf("GET / = %s", got.says())
	}
	h.figures.cut.Store(true)
	got := b.eventually("/", func(a answer) bool { return strings.Contains(a.says(), "CloudWatch has not answered since") })
	if !strings.Contains(got.says(), "Figures are away") || !strings.Contains(got.says(), "Messages in 7 /min") {
		t.Errorf("GET / = %s", got.says())
	}
	h.figures.cut.Store(false)
	b.eventually("/", func(a answer) bool { return strings.Contains(a.says(), "All lines are up.") })
	for _, over := range []string{"24h", "7d", "shoe"} {
		if got := b.get("/?range=" + over); got.status != http.StatusOK {
			t.Errorf("GET /?range=%s = %d", over, got.status)
		}
	}
}

func TestServer_live(t *testing.T) {
	h := newHouse(t)
	b := h.as("omar")
	b.client.Timeout = 0
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	open := func() (*http.Response, *bufio.Scanner) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url+"/live", http.NoBody)
		must(t, err)
		res, err := b.client.Do(req)
		must(t, err)
		return res, bufio.NewScanner(res.Body)
	}
	first, lines := open()
	defer func() { _ = first.Body.Close() }() // it ended with the server
	second, _ := open()
	must(t, second.Body.Close()) // a viewer that goes leaves the others alone
	if got := first.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type = %q", got)
	}
	for ticks := 0; ticks < 3 && lines.Scan(); {
		if lines.Text() == "event: tick" {
			ticks++
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for lines.Scan() { // until the stream ends
		}
	}()
	h.Close()
	select {
	case <-done:
	case <-ctx.Done():
		t.Error("the stream goes on after Close")
	}
	after, _ := open()
	if must(t, after.Body.Close()); after.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("GET /live after Close = %d, want %d", after.StatusCode, http.StatusServiceUnavailable)
	}
}
