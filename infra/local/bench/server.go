package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
)

// server is a running program that has said where its API is.
type server struct {
	process *exec.Cmd
	url     string
}

var address = regexp.MustCompile(`API +(ws://\S+)`)

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
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, said) }() // ends with the program
			return &server{process, found[1]}, nil
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
