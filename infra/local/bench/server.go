package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a running program that has said where its API is.
type server struct {
	process *exec.Cmd
	url     string
	window  string // where it says who is connected and what runs; "" for the bare one
}

var (
	address = regexp.MustCompile(`API +(ws://\S+)`)
	window  = regexp.MustCompile(`Look in +(http://\S+)`)
)

func start(ctx context.Context, program string, args ...string) (*server, error) {
	process := exec.CommandContext(ctx, program, args...)
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	process.Stderr = os.Stderr
	said, err := process.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	s := &server{process: process}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if found := window.FindStringSubmatch(lines.Text()); found != nil {
			s.window = found[1]
		}
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			s.url = found[1]
			go func() { _, _ = io.Copy(io.Discard, said) }() // ends with the program
			return s, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s ended before it was ready", program), process.Wait())
}

func (s *server) stop() error {
	if err := s.process.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("stop %s: %w", s.process.Path, err)
	}
	return s.process.Wait()
}

// family are the ids of the server's process and its children's.
func (s *server) family() ([]string, error) {
	pid := strconv.Itoa(s.process.Process.Pid)
	threads, err := filepath.Glob("/proc/" + pid + "/task/*/children") // each has those that it started
	if err != nil {
		return nil, fmt.Errorf("find the children of %s: %w", s.process.Path, err)
	}
	family := []string{pid}
	for _, thread := range threads {
		children, err := os.ReadFile(thread)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ESRCH) { // threads end
			return nil, fmt.Errorf("find the children of %s: %w", s.process.Path, err)
		}
		family = append(family, strings.Fields(string(children))...)
	}
	return family, nil
}

// restTime bounds the wait for a server's rest: after 10,000 clients have gone a function runs for each.
const restTime = 3 * time.Minute

// rest waits until nobody is connected and no function runs: what runs when clients have gone is not the next row's, and there are
// functions for a thousand at a time only.
func (s *server) rest(ctx context.Context) error {
	if s.window == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, restTime)
	defer cancel()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for quiet := 0; quiet < 3; {
		rests, err := s.rests(ctx)
		if err != nil {
			return fmt.Errorf("wait for the server's rest: %w", err)
		}
		if quiet++; !rests {
			quiet = 0
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for the server's rest: %w", ctx.Err())
		}
	}
	return nil
}

func (s *server) rests(ctx context.Context) (bool, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.window+"state", nil)
	if err != nil {
		return false, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, err
	}
	defer answer.Body.Close()
	var state struct {
		Connected   int
		Invocations []struct{ Ended bool }
	}
	if err := json.NewDecoder(answer.Body).Decode(&state); err != nil {
		return false, err
	}
	for _, i := range state.Invocations {
		if !i.Ended {
			return false, nil
		}
	}
	return state.Connected == 0, nil
}
