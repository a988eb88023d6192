package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// scenario is one row of the table.
type scenario struct {
	clients int
	rate    string // as the load command takes it
}

// usual are the sizes of rooms that are measured when nobody says other ones.
func usual() []int { return []int{10, 50, 100, 500, 2000} }

func sizes(text string) ([]int, error) {
	var list []int
	for size := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 || n > 10_000 {
			return nil, errors.New("write numbers up to 10000, with commas between")
		}
		list = append(list, n)
	}
	return list, nil
}

// scenarios are two of each size: one message at a time, for its latency, and as fast as they are answered.
func (s settings) scenarios() []scenario {
	var list []scenario
	for _, size := range s.rooms {
		list = append(list, scenario{size, "one"}, scenario{size, "max"})
	}
	return list
}

// result is what is read of the load command's report.
type result struct {
	ConnectsPerSecond   float64
	MessagesPerSecond   float64
	DeliveriesPerSecond float64
	DeliveryMs          struct{ P50, P90, P99 float64 }
	LastMs              struct{ P50 float64 }
	Lost, Unanswered    int
	CPU                 []float64 `json:"cpuUsPerDelivery"`
	ConnectCPU          []float64 `json:"cpuUsPerConnect"`
}

func (s settings) table(ctx context.Context, out io.Writer, whole, plain *server) error {
	costs, errs := readCosts(ctx)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(format string, args ...any) {
		_, err := fmt.Fprintf(w, format+"\t\n", args...)
		errs = errors.Join(errs, err, w.Flush())
	}
	line("room\tsent\tp50 ms\tp90\tp99\tlast\tmessages/s\tdeliveries/s\tCPU us\tlost\tconnects/s\tCPU us\tmessage: units\tposts\tconnect: units\tposts\t" +
		"bare p50\tdeliveries/s\tCPU us\tconnects/s\tratio of CPU")
	for _, row := range s.scenarios() {
		ours, err := s.measure(ctx, row, whole)
		var theirs result
		if err == nil {
			theirs, err = s.measure(ctx, row, plain)
		}
		if err != nil { // the other rows are worth having
			errs = errors.Join(errs, err)
			continue
		}
		message, connect := costs.of(row.clients, "message"), costs.of(row.clients, "connect")
		line("%d\t%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t%.0f\t%d\t%.0f\t%.0f\t%s\t%s\t%s\t%s\t%.1f\t%.0f\t%.0f\t%.0f\t%.1f", row.clients, row.rate,
			ours.DeliveryMs.P50, ours.DeliveryMs.P90, ours.DeliveryMs.P99, ours.LastMs.P50, ours.MessagesPerSecond, ours.DeliveriesPerSecond, sum(ours.CPU),
			ours.Lost+ours.Unanswered, ours.ConnectsPerSecond, sum(ours.ConnectCPU), message.units, message.posts, connect.units, connect.posts,
			theirs.DeliveryMs.P50, theirs.DeliveriesPerSecond, sum(theirs.CPU), theirs.ConnectsPerSecond, sum(ours.CPU)/max(sum(theirs.CPU), 0.1))
	}
	return errs
}

// sum is of all processes of a server: DynamoDB's and SQS's are children of ours.
func sum(list []float64) (all float64) {
	for _, one := range list {
		all += one
	}
	return all
}

func (s settings) measure(ctx context.Context, row scenario, on *server) (result, error) {
	var r result
	args := []string{"-json", "-url", on.url, "-clients", strconv.Itoa(row.clients), "-rate", row.rate, "-for", s.length.String()}
	pids, err := on.family()
	if err != nil {
		return r, err
	}
	for _, pid := range pids {
		args = append(args, "-pid", pid)
	}
	command := exec.CommandContext(ctx, s.load, args...)
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return r, fmt.Errorf("load %d clients, %s: %w", row.clients, row.rate, err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("read the report of %d clients, %s: %w", row.clients, row.rate, err)
	}
	return r, on.rest(ctx)
}

// costs are what a test says of rooms: "message 4 6 5 10, connect ..." by their sizes.
type costs map[int][]string

// cost is DynamoDB's units, to read and to write, and posts.
type cost struct{ units, posts string }

func readCosts(ctx context.Context) (costs, error) {
	said, err := exec.CommandContext(ctx, "go", "test", "./internal/dynamo", "-count=1", "-run", "^TestARoomCosts$", "-v").Output()
	if err != nil {
		return nil, fmt.Errorf("ask what rooms cost: %w", err)
	}
	found := costs{}
	for line := range strings.Lines(string(said)) {
		var size int
		_, text, _ := strings.Cut(line, "costs of a room of ")
		number, list, ok := strings.Cut(text, ": ")
		if size, err = strconv.Atoi(number); ok && err == nil {
			found[size] = strings.Split(strings.TrimSpace(list), ", ")
		}
	}
	return found, nil
}

// of is what something costs in a room of that size, "-" where nobody says.
func (c costs) of(size int, what string) cost {
	i := slices.IndexFunc(c[size], func(text string) bool { return strings.HasPrefix(text, what+" ") })
	if i < 0 {
		return cost{"-", "-"}
	}
	fields := strings.Fields(c[size][i]) // name, requests, read, write, posts
	if len(fields) < 5 {
		return cost{"-", "-"}
	}
	return cost{fields[2] + " + " + fields[3], fields[4]}
}
