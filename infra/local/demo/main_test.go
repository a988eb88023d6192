package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/stack"
)

// limit is how long a test waits for anything before it fails.
const limit = 30 * time.Second

// TestRun plays twice against the real thing: people come, talk, go and come back, all hang up at the end, and what was said before is
// there once.
func TestRun(t *testing.T) {
	s := start(t)
	threads, err := parseTalk(talkText)
	if err != nil {
		t.Fatal(err)
	}
	reader := connect(t, s, "aiko") // who is in the talk, and so hears what is private to her
	for range 2 {
		said := playUntil(t, s, func() {
			reader.until(func(f frame) bool {
				return f.Type == "private_message" && f.Data.Message == "Thank you for staying late yesterday."
			})
			reader.until(func(f frame) bool { return f.Type == "chat" && slices.Contains(texts(threads[0].now), f.Data.Message) })
			reader.until(func(f frame) bool {
				return f.Type == "user_left" && f.Data.UserID == "yusuf" && f.Data.RoomID == entrance
			})
			reader.until(func(f frame) bool {
				return f.Type == "user_joined" && f.Data.UserID == "yusuf" && f.Data.RoomID == entrance
			})
		})
		if !strings.HasPrefix(said, "15 people are here, with 16 connections\nTheir rooms have a past") ||
			!strings.Contains(said, "\nThey have hung up after ") {
			t.Errorf("it said %q", said)
		}
		if n := s.Gateway.Connections(); n != 1 {
			t.Errorf("%d connections are open, want the one of who reads", n)
		}
	}
	for _, thread := range threads {
		if thread.room == "" {
			continue
		}
		want := texts(thread.before)
		got := reader.beginning(thread.room)
		if len(got) < len(want) || !slices.Equal(got[:len(want)], want) || slices.Contains(got[len(want):], want[0]) {
			t.Errorf("history of %s = %q, want it to begin with %q, once", thread.room, got, want)
		}
	}
}

func texts(lines []line) []string {
	var list []string
	for _, l := range lines {
		list = append(list, l.text)
	}
	return list
}

func TestRun_endsByItself(t *testing.T) {
	s := start(t)
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-url", s.WebSocketURL(), "-for", "1s"}, &out, &out); err != nil {
		t.Errorf("run(-for 1s) = %v, want nil", err)
	}
	if !strings.Contains(out.String(), "They have hung up") {
		t.Errorf("it said %q", out.String())
	}
}

func TestRun_serverEnds(t *testing.T) {
	s := start(t)
	reader := connect(t, s, "reader")
	done := make(chan error, 1)
	go func() {
		done <- run(t.Context(), []string{"-url", s.WebSocketURL(), "-every", "20ms"}, t.Output(), t.Output())
	}()
	reader.until(func(f frame) bool { return f.Type == "chat" })
	if err := s.Close(t.Context()); err != nil {
		t.Errorf("Close() = %v", err)
	}
	select {
	case err := <-done:
		checkNothingRuns(t, s.WebSocketURL(), err)
	case <-time.After(limit):
		t.Errorf("run() goes on %v after its server", limit)
	}
}

func TestRun_nothingRuns(t *testing.T) {
	const nowhere = "ws://127.0.0.1:1/dev"
	checkNothingRuns(t, nowhere, run(t.Context(), []string{"-url", nowhere}, t.Output(), t.Output()))
}

func checkNothingRuns(t *testing.T, url string, err error) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), "nothing runs at "+url+": start it with make run") || strings.Contains(err.Error(), "\n") {
		t.Errorf("run() = %v, want one line that says what to do", err)
	}
}

// TestCrowd_kicked has a server of its own, for only the dashboard knows whom it kicks.
func TestCrowd_kicked(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		for _, text := range []string{
			`{"type":"welcome","data":{"userId":"guest:1"}}`,
			`{"type":"closing","data":{"code":"kicked","reason":"Off topic","retry":false}}`,
		} {
			if err := conn.Write(r.Context(), websocket.MessageText, []byte(text)); err != nil {
				t.Error(err)
			}
		}
		_ = conn.Close(websocket.StatusNormalClosure, "") // the guest may be faster
	}))
	defer server.Close()
	var out bytes.Buffer
	c := newCrowd(options{url: strings.Replace(server.URL, "http", "ws", 1), every: time.Second}, &out)
	rio, _ := called("rio")
	s, err := c.enter(t.Context(), rio)
	if err != nil {
		t.Fatal(err)
	}
	if away := c.visit(t.Context(), s); away != kickTime {
		t.Errorf("visit() = %v, want %v", away, kickTime)
	}
	if got, want := out.String(), "Rio was kicked (Off topic) and comes back in 1m5s\n"; got != want {
		t.Errorf("it said %q, want %q", got, want)
	}
}

// playUntil plays until seen returns, and gives what was said.
func playUntil(t *testing.T, s *stack.Stack, seen func()) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var out bytes.Buffer
	done := make(chan error, 1)
	go func() { done <- run(ctx, []string{"-url", s.WebSocketURL(), "-every", "20ms"}, &out, &out) }()
	seen()
	cancel()
	if err := <-done; err != nil {
		t.Errorf("run() = %v, want nil", err)
	}
	return out.String()
}

func start(t *testing.T) *stack.Stack {
	t.Helper()
	s, err := stack.Start(t.Context(), stack.Options{
		Template: "../../template.yaml", Data: t.TempDir(), Children: childtest.Dir(t), Report: func(text string) { t.Log(text) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), limit)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}
