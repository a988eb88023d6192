// Command local runs the whole of Switchboard on this machine: what `make run` starts. Flags say where and how; -h lists them.
//
// It listens on 127.0.0.1 only, and ends on Ctrl-C or SIGTERM: clients are told when to come back, connections closed with 1001, children ended, and it exits
// with 0. A second Ctrl-C ends it at once. It exits with 1 and one line on standard error when it cannot run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/pprof"
	"syscall"
	"time"

	"switchboard/infra/local/stack"
)

// garbage is how much of the heap, in per cent, may be new before it is collected. A laptop has
// memory, and a fan-out makes much that is short-lived: 100, Go's own, costs a sixth of the CPU.
const garbage = 400

// How long a stop may take: $disconnect runs for every connection, at 10 ms of CPU each.
const (
	stopLimit     = 10 * time.Second
	perConnection = 20 * time.Millisecond
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// After the first signal, another one ends the process as if nobody had asked for it.
	context.AfterFunc(ctx, stop)
	// The SDK would take this one over the addresses that each of our clients is given.
	if err := os.Unsetenv("AWS_ENDPOINT_URL"); err != nil {
		fail(err)
	}
	debug.SetGCPercent(garbage)
	err := run(ctx, os.Args[1:], os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "Switchboard cannot run:", err)
	os.Exit(1)
}

// run starts the stack and returns when ctx has ended and everything is stopped.
func run(ctx context.Context, arguments []string, dynamoDB string, out io.Writer) error {
	options, err := parse(arguments, out)
	if err != nil {
		return err
	}
	if options.DynamoDB, err = databaseURL(dynamoDB); err != nil {
		return err
	}
	say := screen{out: out, began: time.Now()}
	options.Report = say.line
	running, err := stack.Start(ctx, options.Options)
	if errors.Is(err, context.Canceled) {
		say.line("Stopped before it was ready")
		return nil
	}
	if err != nil {
		return advise(err, dynamoDB)
	}
	say.ready(running, options.Options)
	ended, err := profile(options.profile)
	if err != nil {
		return errors.Join(err, stop(running, &say))
	}
	<-ctx.Done()
	return errors.Join(ended(), stop(running, &say))
}

// profile begins to write what the CPU is used for, unless it has no file to write it to, until the function it gives is called.
func profile(path string) (end func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("write a profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(fmt.Errorf("write a profile: %w", err), file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return file.Close()
	}, nil
}

func stop(running *stack.Stack, say *screen) error {
	say.rates(running)
	connections := running.Gateway.Connections()
	say.stopping(connections)
	ends := connections + running.Gateway.Leaving()
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit+time.Duration(ends)*perConnection)
	defer cancel()
	if err := running.Drain(ctx); err != nil { // they come back by their own back-off
		say.line(fmt.Sprintf("Nobody was told over how long to come back: %v", err))
	}
	if err := running.Close(ctx); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	say.line("Stopped")
	return nil
}

// advise adds what to do where the error alone does not say it in the words of `make run`.
func advise(err error, dynamoDB string) error {
	if port, ok := errors.AsType[*stack.PortError](err); ok {
		variable := map[string]string{"page": "PORT_PAGE", "dashboard": "PORT_DASHBOARD", "API": "PORT_API"}[port.For]
		return fmt.Errorf("%w: end that one, or choose another with make run %s=%d", err, variable, port.Port+100)
	}
	if dynamoDB != "" {
		return fmt.Errorf("%w (with the DynamoDB at %s, which AWS_ENDPOINT_URL_DYNAMODB names; unset it to use the local one)", err, dynamoDB)
	}
	return err
}
