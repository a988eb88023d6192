package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

func TestSizes(t *testing.T) {
	if got, err := sizes("10,10000"); err != nil || !slices.Equal(got, []int{10, 10_000}) {
		t.Errorf("sizes(10,10000) = %v, %v, want both", got, err)
	}
	for _, text := range []string{"", "0", "10001", "10,", "ten"} {
		if got, err := sizes(text); err == nil {
			t.Errorf("sizes(%q) = %v, want an error", text, got)
		}
	}
}

func TestRun_refusesWhatIsNoFlag(t *testing.T) {
	if err := run(t.Context(), []string{"10000"}, io.Discard); err == nil || !strings.Contains(err.Error(), `"10000" is no flag`) {
		t.Errorf("run(10000) = %v, want that it is no flag", err)
	}
}

func TestCosts_of(t *testing.T) {
	c := costs{10: {"message 4 6 5 10", "connect 9 12 20 12", "odd"}}
	if got, want := c.of(10, "connect"), (cost{"12 + 20", "12"}); got != want {
		t.Errorf("of(10, connect) = %v, want %v", got, want)
	}
	for _, unknown := range []cost{c.of(20, "connect"), c.of(10, "disconnect"), c.of(10, "odd")} {
		if want := (cost{"-", "-"}); unknown != want {
			t.Errorf("what nobody says costs %v, want %v", unknown, want)
		}
	}
}

func TestServer_rest_waitsForConnectionsAndFunctions(t *testing.T) {
	states := []string{
		`{"connected":2,"invocations":[]}`, `{"connected":0,"invocations":[{"ended":true},{"ended":false}]}`, `{"connected":0,"invocations":[{"ended":true}]}`,
	}
	var asked atomic.Int64
	window := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := asked.Add(1) - 1
		_, _ = fmt.Fprint(w, states[min(n, int64(len(states)-1))])
	}))
	defer window.Close()
	if err := (&server{window: window.URL + "/"}).rest(t.Context()); err != nil {
		t.Fatalf("rest() = %v", err)
	}
	if got := asked.Load(); got != 5 {
		t.Errorf("it asked %d times, want 2 times in vain and 3 for rest that lasts", got)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (&server{window: window.URL + "/"}).rest(gone); err == nil {
		t.Error("rest() when nobody waits any more = nil, want an error")
	}
}

func TestServer_family_hasChildren(t *testing.T) {
	child := exec.CommandContext(t.Context(), "sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = child.Process.Kill(); _ = child.Wait() }()
	got, err := (&server{process: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}).family()
	if err != nil || !slices.Contains(got, strconv.Itoa(child.Process.Pid)) || got[0] != strconv.Itoa(os.Getpid()) {
		t.Errorf("family() = %v, %v, want %d and its child %d", got, err, os.Getpid(), child.Process.Pid)
	}
}
