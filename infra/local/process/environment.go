package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"switchboard/infra/local/lambda"
)

const (
	// initLimit is how long the init phase may last (Lambda developer guide, "Understanding the Lambda execution environment lifecycle").
	initLimit = 10 * time.Second
	// helperLimit is for how long a process that is gone is heard through those that it started and that hold its output.
	helperLimit = time.Second
)

// phase is when a process starts. In the init phase that has a limit of its own; in the invoke phase it is the function's time.
type phase string

const (
	initPhase   phase = "init"
	invokePhase phase = "invoke"
)

// environment is one process.
type environment struct {
	pool    *Pool
	command *exec.Cmd
	server  *http.Server
	lines   *lines
	began   time.Time
	init    time.Duration    // of the init phase; 0 once it has been reported
	since   time.Time        // when it became idle; guarded by the pool
	ready   chan struct{}    // received from when it asks for work
	work    chan *invocation // what it is given then
	failed  chan error       // an error of the init phase
	ended   chan struct{}    // closed when the process is gone
	status  string           // how it went, when ended is closed

	running current
}

// start starts a process and waits until it asks for work.
func (p *Pool) start(ctx context.Context, during phase) (*environment, error) {
	e := &environment{
		pool: p, began: time.Now(), lines: &lines{out: p.options.Out},
		ready: make(chan struct{}), work: make(chan *invocation), failed: make(chan error, 1), ended: make(chan struct{}),
	}
	id := requestID(ctx)
	if during == initPhase {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, initLimit)
		defer cancel()
	}
	if err := e.launch(ctx); err != nil {
		return nil, err
	}
	if err := e.prepared(ctx, id); err != nil {
		e.kill()
		e.reportInit(during, err)
		return nil, err
	}
	e.reportCold(during)
	return e, nil
}

// prepared waits until the process asks for work, and says why it does not.
func (e *environment) prepared(ctx context.Context, id string) error {
	select {
	case <-e.ready:
		return nil
	case err := <-e.failed:
		return err
	case <-e.ended:
		select {
		case err := <-e.failed: // a runtime says so and exits
			return err
		default:
			return e.exited(id)
		}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// launch starts the process with a Runtime API of its own.
func (e *environment) launch(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the runtime: %w", err)
	}
	o := e.pool.options
	e.command = exec.Command(o.Path) //nolint:noctx // it outlives the invocation that started it
	e.command.Dir = filepath.Dir(o.Path)
	e.command.Env = e.variables(listener.Addr().String())
	e.command.Stdout, e.command.Stderr = e.lines, e.lines
	e.command.WaitDelay = helperLimit
	e.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := e.command.Start(); err != nil {
		return errors.Join(fmt.Errorf("start %s: %w", o.Path, err), listener.Close())
	}
	e.server = &http.Server{Handler: e.api(), ReadHeaderTimeout: initLimit}
	go func() { _ = e.server.Serve(listener) }() // ends with the process
	go func() {
		e.status = "exit status 0"
		if err := e.command.Wait(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
			e.status = err.Error()
		}
		e.signal(syscall.SIGKILL) // what the process left of its group, mostly nothing
		_ = e.server.Close()      // nobody asks any more
		e.lines.flush()
		close(e.ended)
	}()
	return nil
}

func (e *environment) alive() bool {
	select {
	case <-e.ended:
		return false
	default:
		return true
	}
}

// freeze stops the process until it is given work.
func (e *environment) freeze() { e.signal(syscall.SIGSTOP) }

// kill ends the process, frozen or not, with what it started in its group, and returns when it is gone.
func (e *environment) kill() {
	e.signal(syscall.SIGKILL)
	<-e.ended
}

// signal goes to the process's group. A process that is gone takes none, and ended says so.
func (e *environment) signal(s syscall.Signal) { _ = syscall.Kill(-e.command.Process.Pid, s) }

const exitError = "Runtime.ExitError"

// exited is the error of an invocation whose process ended.
func (e *environment) exited(id string) error {
	return &lambda.FunctionError{Type: exitError, Message: fmt.Sprintf("RequestId: %s Error: Runtime exited with error: %s", id, e.status)}
}
