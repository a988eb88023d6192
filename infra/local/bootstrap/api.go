package bootstrap

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"syscall"

	"github.com/aws/aws-lambda-go/lambda/messages"
)

const (
	maxAnswer = 6_291_556 // Lambda quotas: 6 MB for a response
	version   = "/2018-06-01/runtime/"
)

// api is the Lambda Runtime API of one process (Lambda developer guide, "Using the Lambda runtime API for custom runtimes").
func (p *process) api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+version+"invocation/next", p.next)
	mux.HandleFunc("POST "+version+"invocation/{id}/response", p.respond)
	mux.HandleFunc("POST "+version+"invocation/{id}/error", p.fail)
	mux.HandleFunc("POST "+version+"init/error", p.failInit)
	return mux
}

// next gives the process its next invocation, and stops it until there is one, as Lambda does.
func (p *process) next(w http.ResponseWriter, r *http.Request) {
	p.current.Store(nil)
	if p.asked.CompareAndSwap(false, true) {
		close(p.ready)
	} else {
		p.signal(syscall.SIGSTOP)
	}
	var call invocation
	select {
	case call = <-p.work:
	case <-r.Context().Done():
		return
	}
	p.current.Store(&call)
	h := w.Header()
	h.Set("Lambda-Runtime-Aws-Request-Id", call.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(call.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", call.arn)
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(call.payload) // a process that is gone is seen by its end
	p.signal(syscall.SIGCONT)
}

func (p *process) respond(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer+1))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.answer(w, r, answer{payload: payload})
}

func (p *process) fail(w http.ResponseWriter, r *http.Request) {
	p.answer(w, r, answer{err: readError(r)})
}

// answer ends the invocation that the process is at; any other is refused, as Lambda does.
func (p *process) answer(w http.ResponseWriter, r *http.Request, a answer) {
	call := p.current.Load()
	if call == nil || call.id != r.PathValue("id") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	select {
	case call.answer <- a:
		w.WriteHeader(http.StatusAccepted)
	default: // it has answered already
		w.WriteHeader(http.StatusBadRequest)
	}
}

func (p *process) failInit(w http.ResponseWriter, r *http.Request) {
	failure := readError(r)
	p.failure.Store(&failure)
	w.WriteHeader(http.StatusAccepted)
}

// readError is what the program says went wrong.
func readError(r *http.Request) messages.InvokeResponse_Error {
	var said struct {
		Message string `json:"errorMessage"`
		Type    string `json:"errorType"`
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	if err = errors.Join(err, json.Unmarshal(body, &said)); err != nil {
		return messages.InvokeResponse_Error{Type: "Runtime.UnknownReason", Message: "the program's error could not be read"}
	}
	return messages.InvokeResponse_Error{Type: said.Type, Message: said.Message}
}
