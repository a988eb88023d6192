package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/children/childtest"
)

// TestMain lets this binary be the program: <binary> program <flags>.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "program" {
		os.Args = os.Args[1:]
		main()
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

// limit is how long a test waits for anything before it fails.
const limit = 20 * time.Second

func TestProgram(t *testing.T) {
	tests := []struct {
		name   string
		signal os.Signal
	}{
		{"ends on Ctrl-C", syscall.SIGINT},
		{"ends on SIGTERM", syscall.SIGTERM},
		{"ends when the terminal is closed", syscall.SIGHUP},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := program(t, "-data", t.TempDir())
			var out, errs output
			p.Stdout, p.Stderr = &out, &errs
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			out.waitFor(t, "Ctrl-C")
			page := regexp.MustCompile(`Page +(http://\S+)`).FindStringSubmatch(out.String())
			if page == nil {
				t.Fatalf("no page in %q", out.String())
			}
			response, err := http.Get(page[1])
			if err != nil || response.StatusCode != http.StatusOK {
				t.Errorf("GET %s = %v, %v; want 200", page[1], response, err)
			}
			if err == nil {
				_ = response.Body.Close()
			}
			client := connect(t, out.String())
			if err := p.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			checkFarewell(t, client)
			if err := p.Wait(); err != nil {
				t.Errorf("the program ended with %v, want exit code 0", err)
			}
			if got := out.String(); !strings.HasSuffix(got, "\nStopping: 1 connection is being closed\nStopped\n") || errs.String() != "" {
				t.Errorf("it said %q and %q at the end", got, errs.String())
			}
		})
	}
}

// TestProgram_speed lives through the ten minutes without a word in two seconds.
func TestProgram_speed(t *testing.T) {
	p := program(t, "-data", t.TempDir(), "-speed", "300")
	var out output
	p.Stdout = &out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, "connections idle for 2s and live for 24s at most")
	address := regexp.MustCompile(`API +(ws://\S+)`).FindStringSubmatch(out.String())
	if address == nil {
		t.Fatalf("no API in %q", out.String())
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	c, _, err := websocket.Dial(ctx, address[1]+"?token=valid_x&userId=ana", nil)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, _, err = c.Read(ctx)
	}
	if websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("an idle connection ended with %v, want 1001", err)
	}
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("the program ended with %v, want exit code 0", err)
	}
	if want := "At most 1 new connections and "; !strings.Contains(out.String(), want) {
		t.Errorf("it said %q, want %q in it", out.String(), want)
	}
}

// connect opens a WebSocket to the API that the program has named.
func connect(t *testing.T, said string) *websocket.Conn {
	t.Helper()
	api := regexp.MustCompile(`API +(ws://\S+)`).FindStringSubmatch(said)
	if api == nil {
		t.Fatalf("no API in %q", said)
	}
	client, _, err := websocket.Dial(t.Context(), api[1]+"?token=valid_ana&userId=ana", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.CloseNow() }) // an error says that it is closed
	return client
}

// checkFarewell wants the last frame to say over how long to come back, and the close to have the code of a server that goes away.
func checkFarewell(t *testing.T, client *websocket.Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var last []byte
	for {
		_, text, err := client.Read(ctx)
		if err == nil {
			last = text
			continue
		}
		if code := websocket.CloseStatus(err); code != websocket.StatusGoingAway {
			t.Errorf("the client was closed with %d (%v), want %d", code, err, websocket.StatusGoingAway)
		}
		break
	}
	var frame struct {
		Type string
		Data struct {
			Code     string
			Retry    bool
			SpreadMs int
		}
	}
	if err := json.Unmarshal(last, &frame); err != nil || frame.Type != "closing" || frame.Data.Code != "draining" || !frame.Data.Retry || frame.Data.SpreadMs != 1000 {
		t.Errorf("the last frame is %s, want closing with draining", last)
	}
}

// TestProgram_refuses is about what people get wrong. Each is one line on standard error, and the exit code 1.
func TestProgram_refuses(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	number, _ := strconv.Atoi(port)
	notFolder := filepath.Join(t.TempDir(), "file")
	write(t, notFolder, "", 0o600)
	template := filepath.Join(t.TempDir(), "broken.yaml")
	sound, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, template, strings.Replace(string(sound), "ProtocolType: WEBSOCKET", "ProtocolType: WEBSOCKET\n      Colour: red", 1), 0o600)
	oldNode := t.TempDir()
	write(t, filepath.Join(oldNode, "node"), "#!/bin/sh\necho v18.20.4\n", 0o700)

	tests := []struct {
		name  string
		flags []string
		path  string // PATH; "" is the test's own
		want  string
	}{
		{"a taken port", []string{"-port-dashboard", port}, "", "port " + port + ", for the dashboard, is taken by another program: " +
			"end that one, or choose another with make run PORT_DASHBOARD=" + strconv.Itoa(number+100)},
		{"one port for two", []string{"-port-dashboard", port, "-port-api", port}, "", "PORT_DASHBOARD and PORT_API are both " + port + ": choose another port for one of them"},
		{"no port at all", []string{"-port-page", "99999"}, "", "PORT_PAGE is 99999: choose a port from 1024 to 65535, or 0 for any"},
		{"a speed that is none", []string{"-speed", "0.5"}, "", "write a number from 1 to 1000"},
		{"limits of nobody", []string{"-limits", "mine"}, "", "write aws, or leave it out"},
		{"a folder that cannot be written", []string{"-data", notFolder}, "", "make the data folder: mkdir " + notFolder + ": not a directory: give one that can be written"},
		{"no Node.js", nil, t.TempDir(), "Node.js 20 or newer is needed"},
		{"an old Node.js", nil, oldNode, oldNode + "/node is v18.20.4"},
		{"an unknown parameter", []string{"-param", "Sage=x"}, "", `parameter Sage="x": there is none of that name`},
		{"a parameter without a value", []string{"-param", "StageName"}, "", "write it as Name=value"},
		{"a broken template", []string{"-template", template}, "", ": Api: AWS::ApiGatewayV2::Api has no property Colour"},
		{"an unknown flag", []string{"-prot", "1"}, "", "flag provided but not defined: -prot"},
		{"a word that is no flag", []string{"8080"}, "", `"8080" is no flag`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := program(t, append([]string{"-data", t.TempDir()}, test.flags...)...)
			if test.path != "" {
				p.Env = append(os.Environ(), "PATH="+test.path)
			}
			checkRefusal(t, p, test.want)
		})
	}
}

func TestProgram_refuses_a_folder_in_use(t *testing.T) {
	data := t.TempDir()
	first := program(t, "-data", data)
	var out output
	first.Stdout = &out
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, "Ctrl-C")
	checkRefusal(t, program(t, "-data", data), "the data folder "+data+" is in use by process "+strconv.Itoa(first.Process.Pid)+": end that run")
	if err := first.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("the first run ended with %v", err)
	}
}

func TestProgram_other_database(t *testing.T) {
	p := program(t, "-data", t.TempDir())
	p.Env = append(os.Environ(), "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1")
	checkRefusal(t, p, "(with the DynamoDB at http://127.0.0.1:1, which AWS_ENDPOINT_URL_DYNAMODB names; unset it to use the local one)")
}

func TestDatabaseURL(t *testing.T) {
	const refusal = ": write an address of this machine such as http://127.0.0.1:8000, or unset it to use the local database"
	for _, c := range []struct{ given, want, err string }{
		{"", "", ""},
		{"http://127.0.0.1:8000", "http://127.0.0.1:8000", ""},
		{"http://[::1]:8000", "http://[::1]:8000", ""},
		{"http://localhost:8000", "http://127.0.0.1:8000", ""},
		{"http://dynamo:8000", "", `AWS_ENDPOINT_URL_DYNAMODB is "http://dynamo:8000"` + refusal},
		{"http://10.0.0.1:8000", "", `AWS_ENDPOINT_URL_DYNAMODB is "http://10.0.0.1:8000"` + refusal},
		{"https://localhost", "", `AWS_ENDPOINT_URL_DYNAMODB is "https://localhost"` + refusal},
		{"localhost:8000", "", `AWS_ENDPOINT_URL_DYNAMODB is "localhost:8000"` + refusal},
	} {
		got, err := databaseURL(c.given)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if got != c.want || message != c.err {
			t.Errorf("databaseURL(%q) = %q, %q; want %q, %q", c.given, got, message, c.want, c.err)
		}
	}
}

func TestProgram_help(t *testing.T) {
	out, err := program(t, "-h").Output()
	if err != nil || !strings.Contains(string(out), "-param Name=value") {
		t.Errorf("-h = %q, %v; want the flags and exit code 0", out, err)
	}
}

// program is this program with free ports; it is killed when the test ends first.
func program(t *testing.T, flags ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	defaults := []string{
		"program", "-template", "../template.yaml", "-children", childtest.Dir(t),
		"-port-page", "0", "-port-dashboard", "0", "-port-api", "0", "-port-aws", "0",
	}
	return exec.CommandContext(ctx, os.Args[0], append(defaults, flags...)...)
}

func checkRefusal(t *testing.T, p *exec.Cmd, want string) {
	t.Helper()
	var errs bytes.Buffer
	p.Stderr = &errs
	if err := p.Run(); p.ProcessState.ExitCode() != 1 {
		t.Errorf("the program ended with %v, want exit code 1", err)
	}
	got := errs.String()
	if !strings.HasPrefix(got, "Switchboard cannot run: ") || !strings.Contains(got, want) || strings.Count(got, "\n") != 1 {
		t.Errorf("it said %q, want one line with %q", got, want)
	}
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// output keeps what a program says. It is safe for concurrent use.
type output struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{}
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.more != nil {
		close(o.more)
		o.more = nil
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// waitFor waits until the text has been said.
func (o *output) waitFor(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(limit)
	for {
		o.mu.Lock()
		said, more := o.text.String(), make(chan struct{})
		o.more = more
		o.mu.Unlock()
		if strings.Contains(said, text) {
			return
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("%q was not said within %v, only %q", text, limit, said)
		}
	}
}
