package process

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"switchboard/infra/local/lambda"
)

// maxError bounds what is read of an error that a runtime posts: its message and trace.
const maxError = 1 << 20

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

// api is the Lambda Runtime API (Lambda developer guide, "Using the Lambda runtime API for custom runtimes").
func (e *environment) api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", e.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) {
		e.finish(w, r, lambda.MaxPayload, func(body []byte) outcome { return outcome{payload: body} })
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) {
		e.finish(w, r, maxError, func(body []byte) outcome { return outcome{err: functionError(body)} })
	})
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxError))
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

// finish takes what the function answers to its invocation. One answer over the limit fails it: the runtime is told 413, upon which Go's ends
// (Lambda runtime API, "Invocation response").
func (e *environment) finish(w http.ResponseWriter, r *http.Request, limit int, read func([]byte) outcome) {
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	if err != nil {
		return // it has gone, and its end is noticed
	}
	inv := e.running.end(r.PathValue("id"))
	switch {
	case inv == nil:
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
	case len(body) > limit:
		inv.outcome <- outcome{err: lambda.TooLargeAnswer()}
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", limit))
	default:
		inv.outcome <- read(body)
		accept(w)
	}
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"errorType":%q,"errorMessage":%q}`, kind, message) // as in accept
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
