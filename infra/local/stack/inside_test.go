package stack_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestStack_functions_reach_the_API_without_a_socket(t *testing.T) {
	s := start(t, options(t))
	conn, err := s.DialForFunctions(t.Context(), hostOf(s.CallbackURL()))
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, conn)
	if got := conn.LocalAddr().Network(); got != "pipe" {
		t.Errorf("the API is called over %s, want memory", got)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.CallbackURL()+"/@connections/L0SM9cOFIAMCIhw%3D", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if err := request.Write(conn); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, answer.Body)
	if answer.StatusCode != http.StatusGone {
		t.Errorf("a post to a connection that is not there is answered with %s, want 410", answer.Status)
	}

	other, err := s.DialForFunctions(t.Context(), hostOf(s.DashboardURL()))
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, other)
	if got := other.LocalAddr().Network(); got != "tcp" {
		t.Errorf("another address is called over %s, want the network", got)
	}
}

func TestStack_functions_reach_no_API_that_is_closed(t *testing.T) {
	s := start(t, options(t))
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := s.DialForFunctions(ctx, hostOf(s.CallbackURL())); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a call of a closed API = %v, want %v", err, net.ErrClosed)
	}
}

func shut(t *testing.T, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
