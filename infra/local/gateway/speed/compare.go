package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// measurement is some figures that are taken together.
type measurement struct {
	name  string // as -measure has it
	lines []string
	take  func(context.Context, *server, settings, string) ([]float64, error)
}

// compare measures both servers, the bare one first, and prints a line for each figure.
func compare(ctx context.Context, s settings, out io.Writer) error {
	if _, err := fmt.Fprintf(out, "%-34s %10s %10s %8s\n", "", "gateway", "bare", "ratio"); err != nil {
		return err
	}
	for _, m := range []measurement{
		{"posts", []string{"posts/s", "us of CPU for each: server", "us of CPU for each: clients"}, rate},
		{"connects", []string{"connects/s", "us of CPU for each: server", "us of CPU for each: clients"}, rate},
		{"idle", []string{fmt.Sprintf("MB for %d idle connections", s.Idle)}, memory},
	} {
		bare, err := m.of(ctx, newBare, s)
		if err != nil {
			return fmt.Errorf("measure %s of the bare server: %w", m.name, err)
		}
		ours, err := m.of(ctx, newGateway, s)
		if err != nil {
			return fmt.Errorf("measure %s of the gateway: %w", m.name, err)
		}
		for n, line := range m.lines {
			if _, err := fmt.Fprintf(out, "%-34s %10.0f %10.0f %8.2f\n", line, ours[n], bare[n], ours[n]/bare[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// of starts a server, takes its figures and ends it.
func (m measurement) of(ctx context.Context, start func(context.Context) (*server, error), s settings) ([]float64, error) {
	debug.FreeOSMemory() // what the server before has left
	running, err := start(ctx)
	if err != nil {
		return nil, err
	}
	got, err := m.take(ctx, running, s, m.name)
	return got, errors.Join(err, running.close())
}

// clientsOf is this program as the clients of a server.
func clientsOf(ctx context.Context, running *server, s settings, measure string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	c := exec.CommandContext(ctx, self, "-measure", measure, "-address", running.address,
		"-clients", strconv.Itoa(s.Clients), "-workers", strconv.Itoa(s.Workers), "-idle", strconv.Itoa(s.Idle),
		"-connects", strconv.Itoa(s.Connects), "-for", s.For.String())
	c.Stderr = os.Stderr
	return c, nil
}

// rate runs the clients, which print how many a second there were and how many in all, and finds
// out what each has cost in CPU time: that is the same on a machine with other work.
func rate(ctx context.Context, running *server, s settings, measure string) ([]float64, error) {
	clients, err := clientsOf(ctx, running, s, measure)
	if err != nil {
		return nil, err
	}
	before, err := cpuTime()
	if err != nil {
		return nil, err
	}
	printed, err := clients.Output()
	if err != nil {
		return nil, fmt.Errorf("run the clients: %w", err)
	}
	after, err := cpuTime()
	if err != nil {
		return nil, err
	}
	var perSecond, total float64
	if _, err := fmt.Sscan(string(printed), &perSecond, &total); err != nil {
		return nil, fmt.Errorf("clients said %q: %w", printed, err)
	}
	theirs := clients.ProcessState.UserTime() + clients.ProcessState.SystemTime()
	return []float64{perSecond, float64((after - before).Microseconds()) / total, float64(theirs.Microseconds()) / total}, nil
}

// memory is by how many MB this process grows with the idle connections.
func memory(ctx context.Context, running *server, s settings, measure string) ([]float64, error) {
	clients, err := clientsOf(ctx, running, s, measure)
	if err != nil {
		return nil, err
	}
	stop, err := clients.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("run the clients: %w", err)
	}
	printed, err := clients.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("run the clients: %w", err)
	}
	before, err := resident()
	if err != nil {
		return nil, err
	}
	if err := clients.Start(); err != nil {
		return nil, fmt.Errorf("run the clients: %w", err)
	}
	_, opened := bufio.NewReader(printed).ReadString('\n')
	after, err := resident()
	return []float64{float64(after-before) / 1e6}, errors.Join(opened, err, stop.Close(), clients.Wait())
}

// cpuTime is what this process has taken.
func cpuTime() (time.Duration, error) {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0, fmt.Errorf("read CPU time: %w", err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), nil
}

// resident is how many bytes of memory this process has.
func resident() (int64, error) {
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	fields := strings.Fields(string(status))
	if len(fields) < 2 {
		return 0, fmt.Errorf("read memory: %q", status)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
