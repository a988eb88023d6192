// Command speed measures the local gateway: posts and connects a second, and the memory of idle
// connections, each beside a bare WebSocket server (the same library, without routes, functions,
// queues or limits), in the same run and by the same clients.
//
// The clients are a process of their own, this program once more; posts are made by a plain HTTP
// client, unsigned. A post counts when its frame has been read. Both processes share the machine, so
// that a figure is what gateway and clients manage together. Nothing listens but on 127.0.0.1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

// settings say how much is measured. Clients are those that are posted to; Workers post, or
// connect, at the same time.
type settings struct {
	Address  string
	Clients  int
	Workers  int
	Idle     int
	Connects int
	For      time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("speed", flag.ContinueOnError)
	flags.IntVar(&s.Clients, "clients", 100, "connections that are posted to")
	flags.IntVar(&s.Workers, "workers", 64, "posts, or handshakes, at the same time")
	flags.IntVar(&s.Idle, "idle", 10_000, "idle connections")
	flags.IntVar(&s.Connects, "connects", 10_000, "connects and closes")
	flags.DurationVar(&s.For, "for", 3*time.Second, "how long is posted")
	flags.StringVar(&s.Address, "address", "", "of the server; set for the clients' process")
	measure := flags.String("measure", "", "posts, connects or idle; set for the clients' process")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *measure != "" {
		return beClients(ctx, *measure, s, os.Stdin, out)
	}
	return compare(ctx, s, out)
}
