package children

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"syscall"
)

// portTries bounds how often a free port that somebody else took in the meantime is replaced by another.
const portTries = 3

// Child is a program kept running on one port until Stop.
type Child struct {
	program program
	port    int
	options Options
	pid     atomic.Int64
	stop    context.CancelFunc
	done    chan struct{}
}

// URL is where the child answers: http://127.0.0.1:port, the same for its whole life.
func (c *Child) URL() string { return "http://" + address(c.port) }

// Pid is the process that runs now, 0 between an end and a restart.
func (c *Child) Pid() int { return int(c.pid.Load()) }

// Stop ends the child and its process group, by SIGTERM and after 3 s by SIGKILL, and returns when the process is gone.
// It may be called more than once. When ctx ends first, the end goes on without the caller.
func (c *Child) Stop(ctx context.Context) error {
	c.stop()
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop %s: %w", c.program.name, ctx.Err())
	}
}

func start(ctx context.Context, p program, o Options) (*Child, error) {
	for try := 1; ; try++ {
		port, err := claimPort(ctx, o.Port)
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", p.name, err)
		}
		child, err := launch(ctx, p, port, o)
		if err == nil {
			return child, nil
		}
		if o.Port != 0 || try == portTries || !errors.Is(err, errEnded) {
			return nil, fmt.Errorf("start %s: %w", p.name, err)
		}
	}
}

func launch(ctx context.Context, p program, port int, o Options) (*Child, error) {
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	c := &Child{program: p, port: port, options: o, stop: stop, done: make(chan struct{})}
	answered := make(chan error, 1)
	go c.supervise(life, answered)
	var err error
	select {
	case err = <-answered:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		stop()
		<-c.done
		return nil, err
	}
	return c, nil
}

// claimPort checks that a port is free, or finds one for 0. The child takes it a moment later.
func claimPort(ctx context.Context, port int) (int, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", address(port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return 0, fmt.Errorf("port %d is taken by another program: end that one or choose another port", port)
	}
	if err != nil {
		return 0, err
	}
	port = listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
