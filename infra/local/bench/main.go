// Command bench measures the whole of Switchboard beside a bare WebSocket server that only broadcasts, in one run: `make bench`.
//
// Both are processes of their own, and so are the clients (infra/local/load). What a bare server takes is the machine's part; the
// ratio of the two is ours, and holds on a busy machine too. It ends with 1 when a message was lost.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"text/tabwriter"
	"time"
)

// scenario is one row of the table.
type scenario struct {
	clients int
	rate    string // as the load command takes it
}

func scenarios() []scenario {
	return []scenario{
		{10, "20/s"}, {10, "max"}, {50, "max"}, {100, "5/s"}, {100, "max"}, {500, "2/s"}, {500, "max"}, {2000, "1/s"}, {2000, "max"},
	}
}

// result is what is read of the load command's report.
type result struct {
	ConnectsPerSecond   float64
	MessagesPerSecond   float64
	DeliveriesPerSecond float64
	DeliveryMs          struct{ P50, P90, P99 float64 }
	Lost, Unanswered    int
	CPU                 []float64 `json:"cpuUsPerDelivery"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	local := flags.String("local", "dist/local", "the program that runs everything")
	load := flags.String("load", "dist/load", "the program that loads it")
	length := flags.Duration("for", 5*time.Second, "how long each row sends")
	bare := flags.Bool("bare", false, "be the bare server")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *bare {
		return serveBare(ctx, out)
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	data, err := os.MkdirTemp("", "switchboard-bench")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	whole, err := start(ctx, *local, "-data", data, "-port-page", "0", "-port-dashboard", "0", "-port-api", "0", "-port-aws", "0",
		"-param", "MessageRate=0", "-param", "RoomPosts=0")
	if err != nil {
		return errors.Join(err, os.RemoveAll(data))
	}
	plain, err := start(ctx, self, "-bare")
	if err == nil {
		err = table(ctx, out, *load, *length, whole, plain)
		err = errors.Join(err, plain.stop())
	}
	return errors.Join(err, whole.stop(), os.RemoveAll(data))
}

func table(ctx context.Context, out io.Writer, load string, length time.Duration, whole, plain *server) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	var errs error
	line := func(format string, args ...any) {
		_, err := fmt.Fprintf(w, format+"\t\n", args...)
		errs = errors.Join(errs, err, w.Flush())
	}
	line("room\trate\tp50 ms\tp90\tp99\tmessages/s\tdeliveries/s\tCPU us\tlost\tconnects/s\tbare p50\tbare deliveries/s\tbare CPU us\tCPU ratio")
	for _, s := range scenarios() {
		ours, err := measure(ctx, load, length, s, whole)
		var theirs result
		if err == nil {
			theirs, err = measure(ctx, load, length, s, plain)
		}
		if err != nil { // the other rows are worth having
			errs = errors.Join(errs, err)
			continue
		}
		line("%d\t%s\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t%.0f\t%d\t%.0f\t%.1f\t%.0f\t%.0f\t%.1f", s.clients, s.rate,
			ours.DeliveryMs.P50, ours.DeliveryMs.P90, ours.DeliveryMs.P99, ours.MessagesPerSecond, ours.DeliveriesPerSecond, ours.CPU[0],
			ours.Lost+ours.Unanswered, ours.ConnectsPerSecond,
			theirs.DeliveryMs.P50, theirs.DeliveriesPerSecond, theirs.CPU[0], ours.CPU[0]/max(theirs.CPU[0], 0.1))
	}
	return errs
}

func measure(ctx context.Context, load string, length time.Duration, s scenario, on *server) (result, error) {
	var r result
	command := exec.CommandContext(ctx, load, "-json", "-url", on.url, "-clients", strconv.Itoa(s.clients), "-rate", s.rate,
		"-for", length.String(), "-pid", strconv.Itoa(on.process.Process.Pid))
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return r, fmt.Errorf("load %d clients at %s: %w", s.clients, s.rate, err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("read the report of %d clients at %s: %w", s.clients, s.rate, err)
	}
	return r, nil
}
