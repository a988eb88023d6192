package main_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// set sets the faults of a run by HTTP, and ends all others.
func (a alone) set(t *testing.T, faults string) {
	t.Helper()
	for _, method := range []string{http.MethodDelete, http.MethodPut} {
		r, err := http.NewRequestWithContext(t.Context(), method, a.aws+"/_local/faults", strings.NewReader(faults))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close() // it has been read
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s %s = %d %s, %v", method, faults, answer.StatusCode, text, err)
		}
	}
}

// hearsEach reads a frame for each of some beginnings, in any order.
func hearsEach(t *testing.T, conn *websocket.Conn, want ...string) {
	t.Helper()
	for range len(want) {
		_, text, err := conn.Read(t.Context())
		n := slices.IndexFunc(want, func(beginning string) bool { return strings.HasPrefix(string(text), beginning) })
		if err != nil || n < 0 {
			t.Fatalf("Read() = %q, %v, want one of %q", text, err, want)
		}
		want = slices.Delete(want, n, n+1)
	}
}

func TestFaults(t *testing.T) {
	a := start(t, build(t, "chat", "onconnect", "ondisconnect", "sendmessage"), "-fault", "dynamodb-throttle=1")
	if _, response, err := websocket.Dial(t.Context(), a.api, nil); err == nil || response.StatusCode != http.StatusBadGateway {
		t.Errorf("Dial while writes are throttled = %v, %v, want 502", response, err)
	}
	a.set(t, "{}")
	ana := dial(t, a.api)
	send(t, ana, `{"action":"sendmessage","data":"hello"}`)
	hears(t, ana, "hello")

	a.set(t, `{"function-crash":{"share":1,"count":1}}`) // after the list of connections is read
	send(t, ana, `{"action":"sendmessage","data":"never"}`)
	hears(t, ana, `{"message": "Internal server error"`)
	a.set(t, `{"function-crash":{"share":1,"count":2}}`) // after the post
	send(t, ana, `{"action":"sendmessage","data":"posted"}`)
	hearsEach(t, ana, "posted", `{"message": "Internal server error"`)

	a.set(t, `{"push-cut":1}`)
	send(t, ana, `{"action":"sendmessage","data":"cut"}`)
	if _, text, err := ana.Read(t.Context()); err == nil || websocket.CloseStatus(err) != -1 {
		t.Errorf("Read() = %q, %v, want a connection that is cut", text, err)
	}
	a.set(t, `{"function-cold":{"share":1,"forMs":100}}`)
	ben := dial(t, a.api)
	send(t, ben, `{"action":"sendmessage","data":"as ever"}`)
	hears(t, ben, "as ever")
}
