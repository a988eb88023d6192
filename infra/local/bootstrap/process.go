package bootstrap

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
)

const (
	initLimit = 10 * time.Second // Lambda developer guide, "Understanding the Lambda execution environment lifecycle": the Init phase
	maxLine   = 256 << 10        // of output; what is longer is cut into several
)

// process is one running program with the Runtime API that it alone speaks to.
type process struct {
	command *exec.Cmd
	server  *http.Server
	output  func(requestID, line string)
	work    chan invocation
	ready   chan struct{} // closed when it has first asked for work
	gone    chan struct{} // closed when it has ended
	end     func()
	asked   atomic.Bool
	current atomic.Pointer[invocation]
	failure atomic.Pointer[messages.InvokeResponse_Error] // of its beginning
}

// invocation is one call. Its answer is buffered: nobody waits for one that comes too late.
type invocation struct {
	id, arn  string
	payload  []byte
	deadline time.Time
	answer   chan answer
}

type answer struct {
	payload []byte
	err     error
}

func start(o Options) (*process, error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &process{output: o.Output, work: make(chan invocation), ready: make(chan struct{}), gone: make(chan struct{})}
	p.server = &http.Server{Handler: p.api(), ReadHeaderTimeout: initLimit}
	p.command = exec.Command(o.Program)
	p.command.Dir = o.Dir
	p.command.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String()}
	for name, value := range o.Environment {
		p.command.Env = append(p.command.Env, name+"="+value)
	}
	// A group of its own: Ctrl-C reaches the parent alone, and what the program starts ends with it.
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, in, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	p.command.Stdout, p.command.Stderr = in, in
	if err := p.command.Start(); err != nil {
		return nil, errors.Join(err, listener.Close(), in.Close(), out.Close())
	}
	p.end = func() { p.signal(syscall.SIGKILL) }
	go p.serve(listener)
	go p.read(out)
	go p.wait(in)
	return p, nil
}

func (p *process) serve(listener net.Listener) {
	if err := p.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		p.output("", "the Runtime API has ended: "+err.Error())
	}
}

func (p *process) read(out *os.File) {
	reader := bufio.NewReaderSize(out, maxLine)
	for {
		line, _, err := reader.ReadLine()
		if err != nil { // the program and all that it started have closed it
			_ = out.Close() // it is read to its end
			return
		}
		id := ""
		if at := p.current.Load(); at != nil {
			id = at.id
		}
		p.output(id, string(line))
	}
}

func (p *process) wait(in io.Closer) {
	_ = p.command.Wait() // how it ended is in ProcessState
	_ = in.Close()       // the parent's copy
	p.signal(syscall.SIGKILL)
	_ = p.server.Close() // nobody is left to speak to
	close(p.gone)
}

func (p *process) lives() bool {
	select {
	case <-p.gone:
		return false
	default:
		return p.failure.Load() == nil
	}
}

// signal reaches the whole group. It fails when nobody is left in it.
func (p *process) signal(s syscall.Signal) { _ = syscall.Kill(-p.command.Process.Pid, s) }

// invoke waits for the answer, for the process's end or for the deadline, whichever is first.
func (p *process) invoke(ctx context.Context, call invocation) ([]byte, error) {
	begin := time.NewTimer(initLimit)
	defer begin.Stop()
	select {
	case <-p.ready:
	case <-p.gone:
		return nil, p.exited(call.id)
	case <-begin.C:
		p.end()
		return nil, messages.InvokeResponse_Error{Type: "Sandbox.Timedout", Message: "RequestId: " + call.id + " Error: the program did not ask for work within 10 seconds"}
	case <-ctx.Done():
		p.end()
		return nil, ctx.Err()
	}
	p.signal(syscall.SIGCONT)
	select {
	case p.work <- call:
	case <-p.gone:
		return nil, p.exited(call.id)
	case <-ctx.Done():
		p.end()
		return nil, ctx.Err()
	}
	select {
	case a := <-call.answer:
		return a.payload, a.err
	case <-p.gone:
		return p.last(call)
	case <-ctx.Done():
		p.end()
		return nil, ctx.Err()
	}
}

// last is the answer that a process gave before it ended, as a Go program does with a panic, or how it ended.
func (p *process) last(call invocation) ([]byte, error) {
	select {
	case a := <-call.answer:
		return a.payload, a.err
	default:
		return nil, p.exited(call.id)
	}
}

// exited has the words of Lambda's own answer.
func (p *process) exited(id string) error {
	if failure := p.failure.Load(); failure != nil {
		return *failure
	}
	how := "Runtime exited without providing a reason"
	if state := p.command.ProcessState; state != nil && !state.Success() {
		how = fmt.Sprintf("Runtime exited with error: %v", state)
	}
	return messages.InvokeResponse_Error{Type: "Runtime.ExitError", Message: "RequestId: " + id + " Error: " + how}
}
