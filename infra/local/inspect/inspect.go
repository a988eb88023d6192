// Package inspect shows what happens in an API that runs on this machine: who is connected, what the functions were called with, how long it took,
// what they logged, and how they failed. It is for development, and for loopback: who can see the page can see what people write.
//
//	/_local/               the page, which asks anew each second; where fault.Path is served beside it, it has the faults' switches
//	/_local/state          what it shows, as JSON
//	/_local/events/{id}    the event of an invocation, to look at and to replay
//	/2015-03-31/functions/ Lambda's Invoke, which replays it
//
// All is kept in memory, bounded, and gone when the run ends. Tokens are masked in whatever leaves it.
package inspect

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"switchboard/infra/local/gateway"
)

// What is kept.
const (
	maxInvocations = 200
	maxConnections = 1000 // of those that are counted; a page shows the newest
	maxBytes       = 8 << 20
	maxLines       = 50 // of one invocation's log
	maxLine        = 2000
)

// Options say how the page reaches the functions.
type Options struct {
	// Invoke calls a function, with the errors of lambda.Service.Invoke.
	Invoke func(ctx context.Context, function string, event []byte) ([]byte, error)
	// Replay gives the command that replays the event of an invocation, which is at an address; "" when there is none.
	Replay func(function, eventURL string) string
}

// ReplayAt gives Options.Replay, for a shell in the folder of the project, with Invoke at an address.
func ReplayAt(address string) func(function, eventURL string) string {
	return func(function, eventURL string) string {
		return fmt.Sprintf("curl -s %s -o event.json && go run ./infra/local/alone replay -at http://%s -function %s event.json", eventURL, address, function)
	}
}

// Window keeps what happened lately. Make one with New; its methods may be called at once.
type Window struct {
	options Options
	mux     *http.ServeMux

	mu          sync.Mutex
	invocations []*invocation // the oldest first
	byID        map[string]*invocation
	bytes       int // of all events
	calls       int // since the start
	failures    int
	colds       int
	connected   int
	connections map[string]Connection
	order       []string // of connections, the oldest first
}

// Connection is somebody who is connected.
type Connection struct {
	ID          string    `json:"id"`
	SourceIP    string    `json:"sourceIp"`
	Principal   string    `json:"principal"`
	ConnectedAt time.Time `json:"connectedAt"`
}

// invocation is one call of a function. Its event is as the function got it.
type invocation struct {
	id, function string
	event        []byte
	began        time.Time
	took         time.Duration
	ended        bool
	failure      string
	lines        []string
	dropped      int // lines
}

// Handler is a function's code, as lambda.Handler.
type Handler interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// New makes a window that has seen nothing.
func New(o Options) *Window {
	w := &Window{options: o, byID: map[string]*invocation{}, connections: map[string]Connection{}}
	w.mux = w.routes()
	return w
}

// Handler gives the handler with each of its invocations seen. Contexts without a lambdacontext are passed on unseen.
func (w *Window) Handler(function string, next Handler) Handler { return watched{w, function, next} }

type watched struct {
	window   *Window
	function string
	next     Handler
}

// Invoke passes the call on.
func (h watched) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	about, ok := lambdacontext.FromContext(ctx)
	if !ok {
		return h.next.Invoke(ctx, payload)
	}
	i := &invocation{id: about.AwsRequestID, function: h.function, event: payload, began: time.Now()}
	h.window.add(i)
	failure := "the handler panicked: its log says where" // unless it returns
	defer func() { h.window.end(i, failure) }()
	answer, err := h.next.Invoke(ctx, payload)
	switch {
	case err == nil:
		failure = ""
	case ctx.Err() != nil:
		failure = "it was not done when its time was over: " + err.Error()
	default:
		failure = err.Error()
	}
	return answer, err
}

// ColdStart says that a process was started for a call.
func (w *Window) ColdStart() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.colds++
}

func (w *Window) add(i *invocation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	w.invocations = append(w.invocations, i)
	w.byID[i.id] = i
	w.bytes += len(i.event)
	for len(w.invocations) > maxInvocations || w.bytes > maxBytes && len(w.invocations) > 1 {
		oldest := w.invocations[0]
		w.invocations[0] = nil
		w.invocations = w.invocations[1:]
		w.bytes -= len(oldest.event)
		delete(w.byID, oldest.id)
	}
}

func (w *Window) end(i *invocation, failure string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i.took, i.ended, i.failure = time.Since(i.began), true, failure
	if failure != "" {
		w.failures++
	}
}

// Log adds a line to what the invocation with the request id has logged. A line of no invocation that is kept is dropped.
func (w *Window) Log(requestID, line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i, ok := w.byID[requestID]
	switch {
	case !ok:
	case len(i.lines) >= maxLines:
		i.dropped++
	default:
		i.lines = append(i.lines, line[:min(len(line), maxLine)])
	}
}

// Write takes one whole line of a log of JSON, and adds it if it names its requestId. It never fails.
func (w *Window) Write(line []byte) (int, error) {
	var named struct {
		RequestID string `json:"requestId"`
	}
	if json.Unmarshal(line, &named) == nil && named.RequestID != "" { // others are of no invocation
		w.Log(named.RequestID, string(line))
	}
	return len(line), nil
}

// Access takes the gateway's access records: they say who is connected.
func (w *Window) Access(record gateway.AccessRecord) {
	const upgraded = 101
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case record.EventType == "CONNECT" && record.Status == upgraded:
		w.connected++
		if len(w.order) >= maxConnections {
			delete(w.connections, w.order[0])
			w.order = w.order[1:]
		}
		w.connections[record.ConnectionID] = Connection{
			ID: record.ConnectionID, SourceIP: record.SourceIP, Principal: record.PrincipalID, ConnectedAt: time.UnixMilli(record.ConnectedAt),
		}
		w.order = append(w.order, record.ConnectionID)
	case record.EventType == "DISCONNECT":
		w.connected--
		delete(w.connections, record.ConnectionID)
		w.forget(record.ConnectionID)
	}
}

func (w *Window) forget(connection string) {
	for n, id := range w.order {
		if id == connection {
			w.order = append(w.order[:n], w.order[n+1:]...)
			return
		}
	}
}
