// Command alone runs somebody else's WebSocket API on this machine: it reads a template of SAM or CloudFormation, makes its tables and queues,
// runs its functions, unmodified programs for provided.al2023, and serves its API as API Gateway would. It knows nothing of Switchboard.
//
//	go run ./infra/local/alone -template path/to/template.yaml
//	go run ./infra/local/alone replay -function Name event.json
//
// -h lists the flags; infra/local/README.md says what is imitated and what is not. It listens on 127.0.0.1 only, and ends on Ctrl-C or SIGTERM.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopLimit is how long a stop may take.
const stopLimit = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// After the first signal, another one ends the process as if nobody had asked for it.
	context.AfterFunc(ctx, stop)
	arguments, do := os.Args[1:], run
	if len(arguments) > 0 && arguments[0] == "replay" {
		arguments, do = arguments[1:], replay
	}
	if err := do(ctx, arguments, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "Cannot run:", err)
	os.Exit(1)
}

// run serves the API and returns when ctx has ended and everything is stopped.
func run(ctx context.Context, arguments []string, out io.Writer) error {
	o, err := parse(arguments, out)
	if err != nil {
		return err
	}
	r := &running{options: o, out: out}
	if err := r.start(ctx); err != nil {
		return errors.Join(err, r.stop(context.WithoutCancel(ctx)))
	}
	r.say("\nReady\n\n  API           %s\n  @connections  %s\n  Look          http://%s/_local/\n  Stop          Ctrl-C\n", r.webSocketURL(), r.callbackURL(), r.aws.Addr())
	<-ctx.Done()
	r.say("\nStopping")
	return r.stop(context.WithoutCancel(ctx))
}
