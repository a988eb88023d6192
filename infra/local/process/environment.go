package process

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"switchboard/infra/local/lambda"
)

// initLimit is how long the init phase may last (Lambda developer guide, "Lambda execution environment lifecycle").
const initLimit = 10 * time.Second

// environment is one process.
type environment struct {
	pool    *Pool
	command *exec.Cmd
	server  *http.Server
	lines   *lines
	began   time.Time
	init    time.Duration    // until it first asked for work; 0 once it has been reported
	ready   chan struct{}    // received from when it asks for work
	work    chan *invocation // what it is given then
	failed  chan error       // an error of the init phase
	ended   chan struct{}    // closed when the process is gone
	status  string           // how it went, when ended is closed

	running current
}

// start starts a process and waits until it asks for work.
func (p *Pool) start(ctx context.Context, inv *invocation) (*environment, error) {
	e := &environment{
		pool: p, began: time.Now(), lines: &lines{out: p.options.Out},
		ready: make(chan struct{}), work: make(chan *invocation), failed: make(chan error, 1), ended: make(chan struct{}),
	}
	if err := e.launch(ctx); err != nil {
		return nil, err
	}
	limit := time.NewTimer(initLimit)
	defer limit.Stop()
	var err error
	select {
	case <-e.ready:
		e.init = time.Since(e.began)
		e.reportCold()
		return e, nil
	case err = <-e.failed:
	case <-e.ended:
		err = e.exited(inv.id)
	case <-limit.C:
		err = &lambda.FunctionError{Type: "Sandbox.Timedout", Message: fmt.Sprintf("RequestId: %s Error: Init timed out after %.2f seconds", inv.id, initLimit.Seconds())}
	case <-ctx.Done():
		err = ctx.Err()
	}
	e.kill()
	e.reportInit(err)
	return nil, err
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
	e.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := e.command.Start(); err != nil {
		return errors.Join(fmt.Errorf("start %s: %w", o.Path, err), listener.Close())
	}
	e.server = &http.Server{Handler: e.api(), ReadHeaderTimeout: initLimit}
	go func() { _ = e.server.Serve(listener) }() // ends with the process
	go func() {
		e.status = "exit status 0"
		if err := e.command.Wait(); err != nil {
			e.status = err.Error()
		}
		_ = e.server.Close() // nobody asks any more
		e.lines.flush()
		close(e.ended)
	}()
	return nil
}

// variables are those that Lambda gives (Lambda developer guide, "Defined runtime environment variables"), and the function's own.
func (e *environment) variables(api string) []string {
	o := e.pool.options
	all := map[string]string{
		"AWS_LAMBDA_RUNTIME_API": api, "AWS_LAMBDA_FUNCTION_NAME": o.Name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(o.MemoryMB), "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/" + o.Name, "AWS_LAMBDA_LOG_STREAM_NAME": e.began.UTC().Format("2006/01/02/[$LATEST]150405.000000000"),
		"_HANDLER": "bootstrap", "LAMBDA_TASK_ROOT": e.command.Dir, "LANG": "en_US.UTF-8", "TZ": ":UTC", "PATH": "/usr/local/bin:/usr/bin:/bin",
	}
	maps.Copy(all, o.Environment)
	list := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, name+"="+all[name])
	}
	return list
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

// kill ends the process, frozen or not, with all that it started, and returns when it is gone.
func (e *environment) kill() {
	e.signal(syscall.SIGKILL)
	<-e.ended
}

// signal goes to the process's group. A process that is gone takes none, and ended says so.
func (e *environment) signal(s syscall.Signal) { _ = syscall.Kill(-e.command.Process.Pid, s) }

// exited is the error of an invocation whose process ended.
func (e *environment) exited(id string) error {
	return &lambda.FunctionError{Type: "Runtime.ExitError", Message: fmt.Sprintf("RequestId: %s Error: Runtime exited with error: %s", id, e.status)}
}
