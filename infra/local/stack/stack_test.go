package stack_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/stack"
)

// limit is how long a test waits for anything before it fails.
const limit = 20 * time.Second

func TestStart_people_chat(t *testing.T) {
	s := start(t, options(t))
	ana, ben := connect(t, s, "ana"), connect(t, s, "ben")
	waitFor(t, ana, "welcome")
	waitFor(t, ben, "welcome")

	send(t, ana, `{"type":"chat","message":"Hello"}`)
	for name, conn := range map[string]*websocket.Conn{"ana": ana, "ben": ben} {
		if got := waitFor(t, conn, "chat")["message"]; got != "Hello" {
			t.Errorf("%s sees %v, want Hello", name, got)
		}
	}
}

func TestStack_Close(t *testing.T) {
	o := options(t)
	s, err := stack.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, s, "ana")
	waitFor(t, conn, "welcome")
	pids := []int{s.DynamoDB.Pid(), s.SQS.Pid()}
	if err := s.Close(t.Context()); err != nil {
		t.Errorf("Close() = %v, want nil", err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for err == nil { // frames that were under way come first
		_, _, err = conn.Read(ctx)
	}
	if websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the client's read ended with %v, want close code 1001", err)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d: %v, want it gone", pid, err)
		}
	}
	for _, url := range []string{s.PageURL(), s.DashboardURL(), s.CallbackURL(), s.DynamoDBURL(), s.SQSURL()} {
		if _, err := net.DialTimeout("tcp", hostOf(url), limit); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dial %s after Close: %v, want connection refused", url, err)
		}
	}
	if log := readFile(t, filepath.Join(o.Data, "logs", "disconnect.log")); !strings.Contains(log, "DISCONNECT") {
		t.Errorf("disconnect.log = %q, want the connection's DISCONNECT in it", log)
	}
	if _, err := os.Stat(filepath.Join(o.Data, "env")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat(env) after Close = %v, want it gone", err)
	}
}

func TestStart_keeps_data(t *testing.T) {
	o := options(t)
	first, err := stack.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ana := connect(t, first, "ana")
	waitFor(t, ana, "welcome")
	send(t, ana, `{"type":"chat","message":"Kept"}`)
	waitFor(t, ana, "chat")
	secrets := readFile(t, filepath.Join(o.Data, "secrets.json"))
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	again := connect(t, start(t, o), "ana")
	waitFor(t, again, "welcome")
	send(t, again, `{"type":"history","roomId":"general"}`)
	history := waitFor(t, again, "history")
	if messages := history["messages"].([]any); len(messages) != 1 || messages[0].(map[string]any)["message"] != "Kept" {
		t.Errorf("history after a new start = %v, want the message Kept", history)
	}
	if now := readFile(t, filepath.Join(o.Data, "secrets.json")); now != secrets {
		t.Error("the secrets have changed with a new start")
	}
}

// TestStart_refused is about what people get wrong: each is one error that says so, and nothing is left running.
func TestStart_refused(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	port := taken.Addr().(*net.TCPAddr).Port
	notFolder := filepath.Join(t.TempDir(), "file")
	writeFile(t, notFolder, "")
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	writeFile(t, broken, strings.Replace(readFile(t, "../../template.yaml"), "ProtocolType: WEBSOCKET", "Protocol: WEBSOCKET", 1))

	tests := []struct {
		name   string
		change func(*stack.Options)
		want   string
	}{
		{"a taken port", func(o *stack.Options) { o.Ports.API = port }, "port " + strconv.Itoa(port) + ", for the API, is taken by another program"},
		{"an unknown parameter", func(o *stack.Options) { o.Parameters = map[string]string{"Stage": "x"} }, `parameter Stage="x": there is none of that name`},
		{"a bad value", func(o *stack.Options) { o.Parameters = map[string]string{"RetentionDays": "0"} }, `parameter RetentionDays="0": it must be at least 1`},
		{"a broken template", func(o *stack.Options) { o.Template = broken }, broken + ":"},
		{"no template", func(o *stack.Options) { o.Template = "nowhere.yaml" }, "read template: open nowhere.yaml"},
		{"a data folder that is none", func(o *stack.Options) { o.Data = notFolder }, "make the data folder: mkdir " + notFolder},
		{"no database", func(o *stack.Options) { o.DynamoDB = "http://127.0.0.1:1" }, "connection refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			test.change(&o)
			s, err := stack.Start(t.Context(), o)
			if err == nil {
				t.Fatalf("Start() worked, and is closed with %v", s.Close(t.Context()))
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("Start() = %q, want %q in it", err, test.want)
			}
		})
	}
}

func TestStart_locked(t *testing.T) {
	o := options(t)
	start(t, o)
	_, err := stack.Start(t.Context(), o)
	want := "the data folder " + o.Data + " is in use by process " + strconv.Itoa(os.Getpid()) + ": end that run, or give this one another folder"
	if err == nil || err.Error() != want {
		t.Errorf("second Start() = %v, want %s", err, want)
	}
}

func TestStart_after_a_failed_one(t *testing.T) {
	o := options(t)
	o.Parameters = map[string]string{"RetentionDays": "never"}
	if _, err := stack.Start(t.Context(), o); err == nil {
		t.Fatal("Start() worked with a retention of never")
	}
	o.Parameters = nil
	start(t, o)
}

// options are for a stack of the test's own.
func options(t *testing.T) stack.Options {
	t.Helper()
	return stack.Options{
		Template: "../../template.yaml",
		Data:     t.TempDir(),
		Children: childtest.Dir(t),
		Report:   func(line string) { t.Log(line) },
	}
}

// start runs a stack until the test ends.
func start(t *testing.T, o stack.Options) *stack.Stack {
	t.Helper()
	s, err := stack.Start(t.Context(), o)
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

func connect(t *testing.T, s *stack.Stack, user string) *websocket.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, s.WebSocketURL()+"?token=valid_1&userId="+user, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

func send(t *testing.T, conn *websocket.Conn, frame string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := conn.Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
		t.Fatalf("Write(%s): %v", frame, err)
	}
}

// waitFor reads frames until one of the type comes, and returns its data.
func waitFor(t *testing.T, conn *websocket.Conn, kind string) map[string]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			t.Fatalf("waiting for %s: %v", kind, err)
		}
		var frame struct {
			Type string
			Data map[string]any
		}
		if err := json.Unmarshal(text, &frame); err != nil {
			t.Fatalf("frame %s: %v", text, err)
		}
		if frame.Type == kind {
			return frame.Data
		}
	}
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	client := &http.Client{
		Timeout:       limit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
