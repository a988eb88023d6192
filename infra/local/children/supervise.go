package children

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const (
	startLimit = 30 * time.Second      // from the start of the process to its first answer, on a busy machine too
	stopLimit  = 3 * time.Second       // from SIGTERM to SIGKILL
	minPause   = 50 * time.Millisecond // before a restart; doubles with each, up to maxPause
	maxPause   = 2 * time.Second
	steady     = 10 * time.Second // a life this long makes the next pause the shortest again
)

var errEnded = errors.New("ended")

type program struct {
	name string
	path string
	args func(port int) []string
}

// command makes a process that ends with ctx, and with this process whatever ends that.
func (p program) command(ctx context.Context, port int) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, p.args(port)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = stopLimit
	return cmd
}

// supervise runs the program until ctx ends. It sends nil on answered when the first process answers, or why it never did, and then
// gives up; after the first answer it never gives up.
func (c *Child) supervise(ctx context.Context, answered chan<- error) {
	defer close(c.done)
	// The kernel sends Pdeathsig when the thread that started the child ends, not when the process does.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	lives := 0
	ready := func() {
		lives++
		if lives == 1 {
			answered <- nil
			return
		}
		c.report("%s answers again at %s", c.program.name, c.URL())
	}
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		began := time.Now()
		err := c.live(ctx, ready)
		if ctx.Err() != nil {
			return
		}
		if lives == 0 {
			answered <- err
			return
		}
		if time.Since(began) >= steady {
			pause = minPause
		}
		c.report("%s %v; starting it again in %v", c.program.name, err, pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// live runs one process from start to end and says why it ended. It calls ready once, when the process answers.
func (c *Child) live(ctx context.Context, ready func()) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	out := newOutput()
	cmd := c.program.command(ctx, c.port)
	cmd.Stdout, cmd.Stderr = out, out
	stdin, err := cmd.StdinPipe() // held open: a script that reads it ends with us
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return errors.Join(err, stdin.Close())
	}
	c.pid.Store(int64(cmd.Process.Pid))

	var watching sync.WaitGroup
	watching.Go(func() {
		if err := c.answers(ctx, out); err != nil {
			end(err)
			return
		}
		ready()
	})
	_ = cmd.Wait()                                      // ProcessState says all that its error does
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the process left of its group, mostly nothing
	c.pid.Store(0)
	end(ended(cmd.ProcessState, out))
	watching.Wait()
	return context.Cause(ctx)
}

// ended is the error of a process that ended by itself. Its last words are the cause where it gave up, and not where it was killed.
func ended(state *os.ProcessState, out *output) error {
	if state.ExitCode() <= 0 {
		return fmt.Errorf("%w (%s)", errEnded, state)
	}
	return fmt.Errorf("%w (%s)%s", errEnded, state, out.said())
}

// answers returns when the process has said that it listens, has answered a request and is prepared.
func (c *Child) answers(ctx context.Context, out *output) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("gave no answer at %s in %v", c.URL(), startLimit))
	defer cancel()
	select {
	case <-out.listening:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL()+"/health", nil)
	if err != nil {
		return err
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("gave no answer: %w", err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return fmt.Errorf("gave half an answer: %w", err)
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if c.options.Prepare == nil {
		return nil
	}
	return c.options.Prepare(ctx, c.URL())
}

func (c *Child) report(format string, args ...any) {
	if c.options.Report != nil {
		c.options.Report(fmt.Sprintf(format, args...))
	}
}
