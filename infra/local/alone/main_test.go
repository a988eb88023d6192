package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/children/childtest"
)

// patience is for a machine with much else to do.
const patience = time.Minute

// programs is the folder of the command and of the samples' programs, built once for all tests.
var programs string

func TestMain(m *testing.M) { os.Exit(runBuilt(m)) }

func runBuilt(m *testing.M) int {
	var err error
	if programs, err = os.MkdirTemp("", "alone"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(programs) }() // what is left of it harms no other run
	samples, err := filepath.Glob("testdata/*/*/main.go")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	arguments := []string{"build", "-ldflags=-s -w", "-o", programs, "."}
	for _, source := range samples {
		arguments = append(arguments, "./"+filepath.Dir(source))
	}
	build := exec.Command("go", arguments...)
	build.Env = append(build.Environ(), "CGO_ENABLED=0") // as functions are built
	out, err := build.CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s\n", err, out)
		return 1
	}
	return m.Run()
}

// build puts a sample's template and its programs into a folder of the test's own.
func build(t *testing.T, sample string, functions ...string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	text, err := os.ReadFile(filepath.Join("testdata", sample, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "template.yaml"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range functions {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(filepath.Join(programs, name), filepath.Join(folder, name, "bootstrap")); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// alone is the command, running.
type alone struct {
	api, aws, program string
	said              *strings.Builder // all of it, once it has ended
}

// start runs the command with the template in the folder until the test ends.
func start(t *testing.T, folder string, arguments ...string) alone {
	t.Helper()
	a := alone{program: filepath.Join(programs, "alone"), said: &strings.Builder{}}
	command := exec.Command(a.program, append([]string{
		"-template", filepath.Join(folder, "template.yaml"), "-data", filepath.Join(folder, "data"), "-children", childtest.Dir(t),
		"-port-api", "0", "-port-aws", "0",
	}, arguments...)...)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ready, ended := make(chan alone, 1), make(chan struct{})
	go func() {
		defer close(ended)
		read(bufio.NewScanner(out), a, ready)
	}()
	t.Cleanup(func() {
		if err := command.Process.Signal(os.Interrupt); err != nil {
			t.Errorf("stop: %v", err)
		}
		<-ended
		if err := command.Wait(); err != nil {
			t.Errorf("alone ended with %v, want 0", err)
		}
		if !strings.Contains(a.said.String(), " requests in a second: an account's rates refuse ") {
			t.Errorf("alone said %q, want what an account's rates are to it", a.said)
		}
	})
	select {
	case a = <-ready:
	case <-ended:
		t.Fatal("alone ended before it was ready")
	case <-time.After(patience):
		t.Fatal("alone is not ready")
	}
	return a
}

// read finds the addresses among what the command says, and goes on reading until it ends.
func read(lines *bufio.Scanner, a alone, ready chan<- alone) {
	for lines.Scan() {
		a.said.WriteString(lines.Text() + "\n")
		words := strings.Fields(lines.Text())
		switch {
		case len(words) != 2:
		case words[0] == "API":
			a.api = words[1]
		case words[0] == "Look":
			a.aws = strings.TrimSuffix(words[1], "/_local/")
		case words[0] == "Stop":
			ready <- a
		}
	}
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatalf("Dial(%q) = %v", url, err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

func send(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatalf("Write(%q) = %v", text, err)
	}
}

func hears(t *testing.T, conn *websocket.Conn, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, got, err := conn.Read(ctx)
	if err != nil || !strings.HasPrefix(string(got), want) {
		t.Fatalf("Read() = %q, %v, want %q", got, err, want)
	}
}

func TestChatReachesEverybody(t *testing.T) {
	a := start(t, build(t, "chat", "onconnect", "ondisconnect", "sendmessage"))
	ana, ben, chloe := dial(t, a.api), dial(t, a.api), dial(t, a.api)
	if err := chloe.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	send(t, ana, `{"action":"sendmessage","data":"hello"}`)
	hears(t, ana, "hello")
	hears(t, ben, "hello")
	send(t, ben, `{"action":"unheard of"}`)
	hears(t, ben, `{"message": "Forbidden"`)
}

// TestSpeed lives through the ten minutes without a word in two seconds.
func TestSpeed(t *testing.T) {
	a := start(t, build(t, "chat", "onconnect", "ondisconnect", "sendmessage"), "-speed", "300")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, _, err := dial(t, a.api).Read(ctx); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("an idle connection ended with %v, want 1001", err)
	}
}

func TestBoard(t *testing.T) {
	folder := build(t, "board", "door", "board", "later")
	a := start(t, folder, "-import", "shared-key=k")
	for query, want := range map[string]int{"": 401, "?key=wrong": 401} {
		if _, response, err := websocket.Dial(t.Context(), a.api+query, nil); err == nil || response.StatusCode != want {
			t.Errorf("Dial(%q) = %v, %v, want %d", query, response, err, want)
		}
	}
	conn := dial(t, a.api+"?key=k")
	for _, step := range []struct{ say, hear string }{
		{"hello", "guest by the back door: hello"},
		{`{"action":"later"}`, "done"},
		{"panic", `{"message": "Internal server error"`},
		{"exit", `{"message": "Internal server error"`},
		{"hello again", "guest by the back door: hello again"},
		{"sleep", `{"message": "Endpoint request timed out"`},
		{"hello at last", "guest by the back door: hello at last"},
	} {
		send(t, conn, step.say)
		hears(t, conn, step.hear)
	}
	replays(t, a, folder)
	showsColdStarts(t, a)
}

// showsColdStarts wants them on the page: Door's, and Pad's first and those after its panic, exit and time-out.
func showsColdStarts(t *testing.T, a alone) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.aws+"/_local/state", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var state struct{ ColdStarts int }
	if err := json.NewDecoder(response.Body).Decode(&state); err != nil || state.ColdStarts < 5 {
		t.Errorf("the page shows %d cold starts, %v, want 5 at least", state.ColdStarts, err)
	}
}

// replays gives events that are in files to a function.
func replays(t *testing.T, a alone, folder string) {
	t.Helper()
	for body, want := range map[string]string{"once more": "<nil> by the <nil> door: once more", "panic": `the function failed: {"errorMessage":"asked to","errorType":"string"`} {
		event := filepath.Join(folder, "event.json")
		if err := os.WriteFile(event, fmt.Appendf(nil, `{"body":%q,"requestContext":{"routeKey":"$default"}}`, body), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), a.program, "replay", "-at", a.aws, "-function", "Pad", event).CombinedOutput()
		if !strings.Contains(string(out), want) && !strings.Contains(string(out), strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(want)) {
			t.Errorf("replay of %q = %q, %v, want %q", body, out, err, want)
		}
	}
}

func TestProgramThatIsMissingIsNamed(t *testing.T) {
	folder := build(t, "chat", "onconnect", "sendmessage")
	out, err := exec.CommandContext(t.Context(), filepath.Join(programs, "alone"), "-template", filepath.Join(folder, "template.yaml"), "-data", filepath.Join(folder, "data"),
		"-children", childtest.Dir(t), "-port-api", "0", "-port-aws", "0").CombinedOutput()
	want := "function OnDisconnectFunction: there is no program bootstrap in " + filepath.Join(folder, "ondisconnect")
	if err == nil || !strings.Contains(string(out), want) {
		t.Errorf("alone = %q, %v, want %q", out, err, want)
	}
}
