package process

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"switchboard/infra/local/lambda"
)

// maxAnswer is more than Lambda takes, so that lambda.Service sees an answer that is too large.
const maxAnswer = 6<<20 + 1<<16

// invocation is one event on its way through a process.
type invocation struct {
	id, arn, trace string
	deadline       time.Time
	began          time.Time
	payload        []byte
	outcome        chan outcome // one at most
}

type outcome struct {
	payload []byte
	err     error
}

func newInvocation(ctx context.Context, payload []byte) *invocation {
	inv := &invocation{payload: payload, began: time.Now(), outcome: make(chan outcome, 1)}
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		inv.id, inv.arn = lc.AwsRequestID, lc.InvokedFunctionArn
	}
	inv.deadline, _ = ctx.Deadline()
	var root [12]byte
	_, _ = rand.Read(root[:]) // never fails, see crypto/rand
	inv.trace = fmt.Sprintf("Root=1-%08x-%s;Sampled=0", inv.began.Unix(), hex.EncodeToString(root[:]))
	return inv
}

// current is the invocation that a process has, and none in between.
type current struct {
	mu  sync.Mutex
	inv *invocation
}

func (c *current) set(inv *invocation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inv = inv
}

// end takes the invocation with this id out; nil when it is not there.
func (c *current) end(id string) *invocation {
	c.mu.Lock()
	defer c.mu.Unlock()
	inv := c.inv
	if inv == nil || inv.id != id {
		return nil
	}
	c.inv = nil
	return inv
}

// give hands an invocation to the process; false when it is gone.
func (e *environment) give(inv *invocation) bool {
	e.running.set(inv)
	e.say("START RequestId: %s Version: $LATEST\n", inv.id)
	e.signal(syscall.SIGCONT)
	select {
	case e.work <- inv:
		return true
	case <-e.ended:
		return false
	}
}

// await waits for the answer, and kills the process when it does not come in time.
func (e *environment) await(ctx context.Context, inv *invocation) ([]byte, error) {
	select {
	case o := <-inv.outcome:
		return o.payload, o.err
	case <-e.ended:
		select {
		case o := <-inv.outcome: // a function that panics says so and exits
			return o.payload, o.err
		default:
			return nil, e.exited(inv.id)
		}
	case <-ctx.Done():
		e.kill()
		return nil, ctx.Err()
	}
}

// api is the Lambda Runtime API (Lambda developer guide, "Using the Lambda runtime API for custom runtimes").
func (e *environment) api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", e.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) {
		e.finish(w, r, func(body []byte) outcome { return outcome{payload: body} })
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) {
		e.finish(w, r, func(body []byte) outcome { return outcome{err: functionError(body)} })
	})
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
		if err != nil {
			return // it has gone
		}
		select {
		case e.failed <- functionError(body):
		default:
		}
		accept(w)
	})
	return mux
}

// next answers with an invocation as soon as there is one.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	select {
	case e.ready <- struct{}{}:
	case <-r.Context().Done():
		return
	}
	select {
	case inv := <-e.work:
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", inv.arn)
		h.Set("Lambda-Runtime-Trace-Id", inv.trace)
		_, _ = w.Write(inv.payload) // a process that has gone is noticed by its end
	case <-r.Context().Done():
	}
}

func (e *environment) finish(w http.ResponseWriter, r *http.Request, read func([]byte) outcome) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	if err != nil {
		return // it has gone, and its end is noticed
	}
	inv := e.running.end(r.PathValue("id"))
	if inv == nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}`)
		return
	}
	inv.outcome <- read(body)
	accept(w)
}

func accept(w http.ResponseWriter) {
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`) // the process may be gone by now
}

// functionError reads an error as runtimes post it. A trace that is not in Go's form is left out.
func functionError(body []byte) error {
	var said struct {
		Message string          `json:"errorMessage"`
		Type    string          `json:"errorType"`
		Trace   json.RawMessage `json:"stackTrace"`
	}
	if err := json.Unmarshal(body, &said); err != nil || said.Type == "" && said.Message == "" {
		return &lambda.FunctionError{Type: "Runtime.Unknown", Message: "the function's error cannot be read"}
	}
	failed := &lambda.FunctionError{Type: said.Type, Message: said.Message}
	var trace []lambda.Frame
	if len(said.Trace) > 0 && json.Unmarshal(said.Trace, &trace) == nil {
		failed.Trace = trace
	}
	return failed
}
