package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/infra/local/gateway"
)

func TestGateway_Cut(t *testing.T) {
	s := newStage(t, nil)
	c := s.dialRaw("/dev", "")
	id := s.next("connect").RequestContext.ConnectionID
	if s.gateway.Cut("Unknown0123456=") || !s.gateway.Cut(id) {
		t.Error("Cut: want true for the open connection alone")
	}
	s.checkDisconnect(1006, "")
	if rest, err := io.ReadAll(c.r); err != nil || len(rest) > 0 {
		t.Errorf("the client read %q, %v, want the end without a close frame", rest, err)
	}
}

func TestGateway_Around_without_an_answer(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.Around = func(_ context.Context, c gateway.Call, answer func() gateway.Answer) gateway.Answer {
			if c.SecurityToken == "ended" {
				return gateway.Answer{}
			}
			return answer()
		}
	})
	_, id := s.connect()
	for _, before := range []string{"", "POST /dev/@connections/" + id + " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"} {
		conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(conn, before+"GET /dev/@connections/"+id+" HTTP/1.1\r\nHost: h\r\nX-Amz-Security-Token: ended\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(conn)
		if got := strings.Count(string(text), "HTTP/1.1 200 OK"); got != strings.Count(before, "POST") || strings.Count(string(text), "HTTP/") != got || err != nil {
			t.Errorf("answers %q, %v, want those before it and the end", text, err)
		}
	}
}

func TestGateway_Stall(t *testing.T) {
	reads := make(chan struct{})
	var stalled atomic.Pointer[chan struct{}]
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.Limits = gateway.Limits{WriteTimeout: patience, QueueFrames: 2}
		cfg.Stall = func(string) <-chan struct{} {
			if ch := stalled.Load(); ch != nil {
				return *ch
			}
			return nil
		}
	})
	c, id := s.connect()
	stalled.Store(&reads)
	for n, want := range []int{200, 200, 429} {
		if response, _ := s.manage("POST", "/dev/@connections/"+id, fmt.Sprint(n)); response.StatusCode != want {
			t.Errorf("POST %d = %d, want %d: two frames fit into the queue", n, response.StatusCode, want)
		}
	}
	close(reads)
	for _, want := range []string{"0", "1"} {
		if got := s.receive(c); got != want {
			t.Errorf("the client got %q, want %q", got, want)
		}
	}
}

func TestGateway_Stall_for_too_long(t *testing.T) {
	never := make(chan struct{})
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.Limits = gateway.Limits{WriteTimeout: time.Millisecond}
		cfg.Stall = func(string) <-chan struct{} { return never }
	})
	_, id := s.connect()
	if response, _ := s.manage("POST", "/dev/@connections/"+id, "x"); response.StatusCode != 200 {
		t.Errorf("POST = %d, want 200: it is queued", response.StatusCode)
	}
	s.checkDisconnect(1006, "")
}
