package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// doors are the addresses that people and programs use. Behind aws is what AWS would serve: sign-in and metrics.
type doors struct {
	page, dashboard, api, aws door
}

// door is a port that is known from the beginning and opened when everything behind it is ready.
type door struct {
	port int
	// held keeps a port that was free; nobody knows it yet. A port that was asked for is not held: who comes early must be refused, not kept waiting.
	held net.Listener
}

// PortError says that a port is taken by another program.
type PortError struct {
	Port int
	For  string // "page", "dashboard", "API" or "sign-in"
}

// Error names the port and what it is for.
func (e *PortError) Error() string {
	return fmt.Sprintf("port %d, for the %s, is taken by another program", e.Port, e.For)
}

// findPorts finds out which ports the doors have, and that they are free.
func (s *Stack) findPorts(ctx context.Context) error {
	ports := s.options.Ports
	for _, d := range []struct {
		what string
		port int
		door *door
	}{
		{"page", ports.Page, &s.doors.page},
		{"dashboard", ports.Dashboard, &s.doors.dashboard},
		{"API", ports.API, &s.doors.api},
		{"sign-in", ports.AWS, &s.doors.aws},
	} {
		listener, err := listen(ctx, d.what, d.port)
		if err != nil {
			return err
		}
		d.door.port = listener.Addr().(*net.TCPAddr).Port
		if d.port == 0 {
			d.door.held = listener
			// Served listeners are closed already; the others would be left by a start that failed.
			s.onClose(d.what+" port", func(context.Context) error { return ignoreClosed(listener.Close()) })
			continue
		}
		if err := listener.Close(); err != nil {
			return fmt.Errorf("try port %d: %w", d.port, err)
		}
	}
	return nil
}

// open lets people in.
func (d *door) open(ctx context.Context, what string) (net.Listener, error) {
	if d.held != nil {
		return d.held, nil
	}
	return listen(ctx, what, d.port)
}

func (d *door) address() string { return "127.0.0.1:" + strconv.Itoa(d.port) }

func listen(ctx context.Context, what string, port int) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:"+strconv.Itoa(port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &PortError{Port: port, For: what}
	}
	if err != nil {
		return nil, fmt.Errorf("listen for the %s: %w", what, err)
	}
	return listener, nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
