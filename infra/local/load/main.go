// Command load measures a running Switchboard: it opens clients in rooms, sends messages, and
// reports how fast each reached every member, and whether any was lost, doubled or numbered twice.
//
//	make run PARAMS="MessageRate=0 RoomPosts=0"     in one terminal, and in another:
//	go run ./infra/local/load -clients 100 -rate 50/s -for 10s
//	go run ./infra/local/load -clients 500 -rate max -pid $(cat .data/lock)
//	go run ./infra/local/load -clients 10000 -rate 0.2/s -for 30s      one room of as many as this machine has file descriptors for
//
// It runs in a process of its own, so that its work is not counted as the server's, and talks to
// loopback addresses only. It ends with 1 when a message was lost, doubled or not the same for all.
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
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Bounds of one run.
const (
	maxClients  = 10_000
	maxMessages = 200_000
	maxFor      = 10 * time.Minute
	quietFor    = 500 * time.Millisecond // nothing comes for so long before the first message
	stragglers  = 5 * time.Second        // what has not come is lost when nothing has come for so long
	longestWait = time.Minute
	perClient   = 10 * time.Millisecond // longer is waited for welcomes
)

// meaning stands under the flags in the help.
const meaning = `
Connects/s counts handshakes; last copy is when a message has come to everybody. The first message is sent when every client has its welcome and has heard nothing for half a second.
What is reported of deliveries:
  lost        never came, though the sender had its own copy
  unanswered  messages whose sender has no copy
  doubled     came to a client again
  strange     messages that nobody here sent
  holes       numbers that no message has
  disagreed   a number with two messages, or a message with two numbers
  outOfOrder  came below a number that had come; normal with many senders, for clients sort by number
All but outOfOrder break a promise and make the exit code 1.
rate_limited among the errors: the server's limits were met, so that messages stayed unanswered.
To measure what it can do, ` + unlimited + `.
`

// unlimited says how to run a server that a load has to itself.
const unlimited = `start it by make run PARAMS="MessageRate=0 RoomPosts=0"`

// options are what the flags say.
type options struct {
	url                     string
	clients, rooms, senders int
	rate                    float64 // messages a second; 0 is as fast as it is answered
	oneByOne                bool    // in place of a rate
	messages                int     // stop after so many
	length                  time.Duration
	seed                    uint64
	json                    bool
	pids                    []int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, help io.Writer) error {
	o, err := parse(args, help)
	if err != nil {
		return err
	}
	r, err := measure(ctx, o)
	if err != nil {
		return err
	}
	if o.json {
		err = r.writeJSON(out)
	} else {
		err = r.writeText(out)
	}
	return errors.Join(err, r.verdict())
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(help)
	flags.Usage = func() {
		flags.PrintDefaults()
		_, _ = io.WriteString(help, meaning) // there is nobody to tell
	}
	flags.StringVar(&o.url, "url", "ws://127.0.0.1:8082/dev", "the API's address, on loopback")
	flags.IntVar(&o.clients, "clients", 100, "how many connections, each another person's")
	flags.IntVar(&o.rooms, "rooms", 1, "over how many rooms they are spread")
	flags.IntVar(&o.senders, "senders", 100, "how many in each room write; with -rate max each has one message in flight")
	rate := flags.String("rate", "20/s", "messages a second in all rooms together, or max: as fast as they are answered, or one: in each room one at a time, the next when it has come to everybody")
	flags.IntVar(&o.messages, "messages", maxMessages, "stop after so many messages")
	flags.DurationVar(&o.length, "for", 10*time.Second, "how long messages are sent")
	flags.Uint64Var(&o.seed, "seed", 1, "which members write, and how much")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.Func("pid", "a server's `process`, whose CPU is divided by the deliveries; may be given several times", func(text string) error {
		pid, err := strconv.Atoi(text)
		o.pids = append(o.pids, pid)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is no flag: -h lists them", flags.Arg(0))
	}
	var err error
	if o.oneByOne = *rate == "one"; o.oneByOne {
		return o, o.check()
	}
	if o.rate, err = parseRate(*rate); err != nil {
		return o, err
	}
	return o, o.check()
}

func parseRate(text string) (float64, error) {
	if text == "max" {
		return 0, nil
	}
	rate, err := strconv.ParseFloat(strings.TrimSuffix(text, "/s"), 64)
	if err != nil || !(rate > 0) || rate > maxMessages {
		return 0, fmt.Errorf("-rate is %q, want a number such as 50/s, max or one", text)
	}
	return rate, nil
}

func (o options) check() error {
	u, err := url.Parse(o.url)
	if err != nil || u.Scheme != "ws" {
		return fmt.Errorf("-url is %q, want a ws:// address", o.url)
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("-url leads to %q: this loads a machine to its limits, so only a loopback address such as 127.0.0.1 is taken", u.Hostname())
	}
	switch {
	case o.clients < 1 || o.clients > maxClients:
		return fmt.Errorf("-clients is %d, want 1 to %d", o.clients, maxClients)
	case o.rooms < 1 || o.rooms > o.clients:
		return fmt.Errorf("-rooms is %d, want 1 to the number of clients", o.rooms)
	case o.senders < 1:
		return fmt.Errorf("-senders is %d, want at least 1", o.senders)
	case o.messages < 1 || o.messages > maxMessages:
		return fmt.Errorf("-messages is %d, want 1 to %d", o.messages, maxMessages)
	case o.length <= 0 || o.length > maxFor:
		return fmt.Errorf("-for is %s, want up to %s", o.length, maxFor)
	}
	return nil
}
