package children_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"switchboard/infra/local/children"
	"switchboard/infra/local/children/childtest"
)

func TestChild_Stop(t *testing.T) {
	tests := map[string]func(*testing.T, children.Options) *children.Child{
		"DynamoDB": func(t *testing.T, o children.Options) *children.Child { return run(t, children.StartDynamoDB, o) },
		"SQS":      func(t *testing.T, o children.Options) *children.Child { return run(t, children.StartSQS, o) },
	}
	for name, start := range tests {
		t.Run(name+" leaves no process, and may be stopped twice", func(t *testing.T) {
			child := start(t, children.Options{Dir: childtest.Dir(t), Report: func(s string) { t.Errorf("report %q", s) }})
			pid := child.Pid()
			open := dial(t, child.URL())
			stop(t, child)
			stop(t, child)
			if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
				t.Errorf("process %d after Stop: %v, want none", pid, err)
			}
			if _, err := io.ReadAll(open); err != nil && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("open connection after Stop: %v, want its end", err)
			}
		})
	}
}

func TestChild_endsWithItsParent(t *testing.T) {
	parent := exec.CommandContext(t.Context(), os.Args[0], "parent", childtest.Dir(t))
	output, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	open := dial(t, strings.TrimSpace(url))
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(open); err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the child's connection after the parent was killed: %v, want its end", err)
	}
	_ = parent.Wait() // it was killed
}

func TestStart_refuses(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	port := taken.Addr().(*net.TCPAddr).Port
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := childtest.Dir(t)

	_, err = children.StartSQS(t.Context(), children.Options{Dir: dir, Node: "/nowhere/node"})
	wantError(t, err, "start SQS: Node.js 20 or newer is needed, /nowhere/node was not found: install it, https://nodejs.org")

	_, err = children.StartDynamoDB(t.Context(), children.Options{Dir: dir, Port: port})
	wantError(t, err, fmt.Sprintf("start DynamoDB: port %d is taken by another program: end that one or choose another port", port))

	_, err = children.StartDynamoDB(t.Context(), children.Options{Dir: dir, Data: file})
	wantError(t, err, "start DynamoDB: mkdir "+file+": not a directory")

	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "dynamodb.sqlite"), []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = children.StartDynamoDB(t.Context(), children.Options{Dir: dir, Data: damaged})
	wantError(t, err, "(if "+damaged+"/dynamodb.sqlite is damaged, make reset removes it)")

	empty := t.TempDir()
	_, err = children.StartDynamoDB(t.Context(), children.Options{Dir: empty})
	wantError(t, err, "dynoxide: remove "+empty+"/node_modules and start again")

	_, err = children.StartSQS(t.Context(), children.Options{Dir: t.TempDir()})
	wantError(t, err, "Cannot find module")
}

// wantError wants one line that contains text.
func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error = %v, want one line with %q", err, text)
	}
}

// dial opens a connection that fails the test when it is still open after the limit.
func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	if err := connection.SetReadDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	return connection
}
