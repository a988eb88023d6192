// Command demo fills a running Switchboard with people who talk, so that the page and the dashboard show life: a dozen people and a few
// guests come into five rooms, what they said before is there to read, and they go on until Ctrl-C, a little otherwise each time.
//
//	make run                              in one terminal, and in another:
//	go run ./infra/local/demo             or make demo
//	go run ./infra/local/demo -for 60s    ends by itself
//
// It talks to loopback addresses only. What they said before is written once, however often it runs. It ends with 1 and one line on
// standard error when nothing runs there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Bounds of -every.
const (
	shortestPause = 10 * time.Millisecond
	longestPause  = time.Minute
)

// options are what the flags say.
type options struct {
	url    string
	every  time.Duration // between two messages, about
	length time.Duration // 0: until the context ends
	seed   uint64        // the same talk comes from the same one
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run plays until ctx ends or the time that the flags give is over; neither is an error.
func run(ctx context.Context, args []string, out, help io.Writer) error {
	o, err := parse(args, help)
	if err != nil {
		return err
	}
	threads, err := parseTalk(talkText)
	if err != nil {
		return err
	}
	if o.length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.length)
		defer cancel()
	}
	return newCrowd(o, out).play(ctx, threads)
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(help)
	flags.StringVar(&o.url, "url", "ws://127.0.0.1:8082/dev", "the API's address, on loopback")
	flags.DurationVar(&o.every, "every", 3*time.Second, "about how long it is from one message to the next")
	flags.DurationVar(&o.length, "for", 0, "end after so long; 0 goes on until Ctrl-C")
	flags.Uint64Var(&o.seed, "seed", 1, "another number is another talk; the same one says the same")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is no flag: -h lists them", flags.Arg(0))
	}
	return o, o.check()
}

func (o options) check() error {
	u, err := url.Parse(o.url)
	if err != nil || u.Scheme != "ws" {
		return fmt.Errorf("-url is %q, want a ws:// address", o.url)
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("-url leads to %q: these people are invented, so only a loopback address such as 127.0.0.1 is taken", u.Hostname())
	}
	switch {
	case o.every < shortestPause || o.every > longestPause:
		return fmt.Errorf("-every is %s, want %s to %s", o.every, shortestPause, longestPause)
	case o.length < 0:
		return fmt.Errorf("-for is %s, want a time, or 0 to go on", o.length)
	}
	return nil
}
