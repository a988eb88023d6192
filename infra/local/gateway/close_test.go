package gateway_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

// checkDisconnect waits for the DISCONNECT event and fails unless it is the only one.
func (s *stage) checkDisconnect(code int, reason string) {
	s.t.Helper()
	c := s.next("disconnect").RequestContext
	if c.EventType != "DISCONNECT" || c.DisconnectStatusCode != code || c.DisconnectReason == nil || *c.DisconnectReason != reason {
		s.t.Errorf("disconnect event = %+v, want code %d and reason %q", c, code, reason)
	}
	s.notCalled("disconnect")
}

func closeBody(code ws.StatusCode, reason string) []byte { return ws.NewCloseFrameBody(code, reason) }

func TestGateway_closesForClient(t *testing.T) {
	long := []byte(strings.Repeat("a", 32*1024+1))
	part := long[:32*1024]
	tests := []struct {
		name   string
		send   func(*rawConn)
		closed int // the code of the close frame that the client is sent
		code   int // and those of the event
		reason string
	}{
		{"a frame over 32 KB", func(c *rawConn) { c.frame(ws.OpText, true, long) }, 1009, 1009, "Message too long"},
		{"a message over 128 KB in frames that are allowed", func(c *rawConn) {
			c.frame(ws.OpText, false, part)
			for range 3 {
				c.frame(ws.OpContinuation, false, part)
			}
			c.frame(ws.OpContinuation, true, []byte("a"))
		}, 1009, 1009, "Message too long"},
		{"a binary frame", func(c *rawConn) { c.frame(ws.OpBinary, true, []byte("hi")) }, 1003, 1003, "Binary is not supported"},
		{"text that is not UTF-8", func(c *rawConn) { c.frame(ws.OpText, true, []byte{0xff}) }, 1007, 1007, "Invalid UTF-8"},
		{"a frame without mask", func(c *rawConn) { c.write([]byte{0x81, 0}) }, 1002, 1002, "Protocol error"},
		{"a reserved opcode", func(c *rawConn) { c.frame(ws.OpCode(3), true, nil) }, 1002, 1002, "Protocol error"},
		{"a compressed frame", func(c *rawConn) { c.write([]byte{0xc1, 0x80, 0, 0, 0, 0}) }, 1002, 1002, "Protocol error"},
		{"a continuation of nothing", func(c *rawConn) { c.frame(ws.OpContinuation, true, nil) }, 1002, 1002, "Protocol error"},
		{"a fragmented ping", func(c *rawConn) { c.frame(ws.OpPing, false, nil) }, 1002, 1002, "Protocol error"},
		{"a length with its highest bit set", func(c *rawConn) {
			c.write([]byte{0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
		}, 1002, 1002, "Protocol error"},
		{"close without a code", func(c *rawConn) { c.frame(ws.OpClose, true, nil) }, 0, 1005, "Client-side close frame status not set"},
		{"close with 1000", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(1000, "")) }, 1000, 1000, "Connection Closed Normally"},
		{"close with 1000 and a reason", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(1000, "bye")) }, 1000, 1000, "bye"},
		{"close with 1001", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(1001, "")) }, 1001, 1001, ""},
		{"close with an application's code", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(3000, "x")) }, 3000, 3000, "x"},
		{"close with a private code", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(4999, "rotated")) }, 4999, 4999, "rotated"},
		{"close with a code nobody may send", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(1006, "")) }, 1002, 1002, "Protocol error"},
		{"close with a code out of range", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(5000, "")) }, 1002, 1002, "Protocol error"},
		{"close with half a code", func(c *rawConn) { c.frame(ws.OpClose, true, []byte{3}) }, 1002, 1002, "Protocol error"},
		{"close with a reason that is not UTF-8", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(1000, "\xff")) }, 1007, 1007, "Invalid UTF-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, nil)
			c := s.dialRaw("/dev", "")
			s.next("connect")
			test.send(c)
			h, payload := c.read()
			code, _ := ws.ParseCloseFrameData(payload)
			if h.OpCode != ws.OpClose || int(code) != test.closed {
				t.Errorf("frame %v with code %d, want a close frame with %d", h.OpCode, code, test.closed)
			}
			if err := c.Close(); err != nil {
				t.Fatalf("close: %v", err)
			}
			s.checkDisconnect(test.code, test.reason)
			s.notCalled("default")
		})
	}
}

func TestGateway_socketLost(t *testing.T) {
	tests := []struct {
		name string
		lose func(*net.TCPConn) error
	}{
		{"the client's end is closed", func(c *net.TCPConn) error { return c.Close() }},
		{"the client's end is reset", func(c *net.TCPConn) error {
			if err := c.SetLinger(0); err != nil {
				return err
			}
			return c.Close()
		}},
		{"the client sends no more, in the middle of a frame", func(c *net.TCPConn) error {
			if _, err := c.Write([]byte{0x81, 0x85, 0, 0, 0, 0, 'h'}); err != nil {
				return err
			}
			return c.CloseWrite()
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, nil)
			c := s.dialRaw("/dev", "")
			s.next("connect")
			if err := test.lose(c.Conn.(*net.TCPConn)); err != nil {
				t.Fatalf("lose the socket: %v", err)
			}
			s.checkDisconnect(1006, "")
		})
	}
}

func TestGateway_deleteConnection(t *testing.T) {
	s := newStage(t, nil)
	c := s.dialRaw("/dev", "")
	id := s.next("connect").RequestContext.ConnectionID
	if response, _ := s.manage("POST", "/dev/@connections/"+id, "last words"); response.StatusCode != 200 {
		t.Fatalf("POST = %d, want 200", response.StatusCode)
	}
	if response, body := s.manage("DELETE", "/dev/@connections/"+id, ""); response.StatusCode != 204 || body != "" {
		t.Errorf("DELETE = %d %q, want 204 and nothing", response.StatusCode, body)
	}
	if response, _ := s.manage("POST", "/dev/@connections/"+id, "hi"); response.StatusCode != 410 {
		t.Errorf("POST after DELETE = %d, want 410", response.StatusCode)
	}
	if _, payload := c.read(); string(payload) != "last words" {
		t.Errorf("frame before the close = %q, want what was posted before", payload)
	}
	if code, reason := c.readClose(); code != 1000 || reason != "Connection Closed Normally" {
		t.Errorf("close frame = %d %q, want 1000 Connection Closed Normally", code, reason)
	}
	s.checkDisconnect(1000, "Connection Closed Normally")
}

func TestGateway_Close(t *testing.T) {
	release := make(chan struct{})
	s := newStage(t, func(_ *gateway.Config, functions map[string]function) {
		functions["disconnect"] = func(context.Context, []byte) ([]byte, error) {
			<-release
			return nil, nil
		}
	})
	c := s.dialRaw("/dev", "")
	closed := make(chan error)
	go func() { closed <- s.gateway.Close(t.Context()) }()
	if code, reason := c.readClose(); code != 1001 || reason != "Going away" {
		t.Errorf("close frame = %d %q, want 1001 Going away", code, reason)
	}
	s.checkDisconnect(1001, "Going away")
	select {
	case err := <-closed:
		t.Errorf("Close = %v before $disconnect had ended", err)
	default:
	}
	if c := s.dialRaw("/dev", ""); c.status != 503 {
		t.Errorf("handshake while closing = %d, want 503", c.status)
	}
	if n := s.gateway.Connections(); n != 0 {
		t.Errorf("Connections = %d, want 0", n)
	}
	close(release)
	if err := <-closed; err != nil {
		t.Errorf("Close = %v, want nil", err)
	}
}

func TestGateway_Close_duringHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := newClockStage(t, func(_ *gateway.Config, functions map[string]function) { functions["connect"] = blocking(release) })
		client := make(chan *rawConn)
		go func() { client <- shakeHands(t, s.dial(), "/dev", "") }()
		s.next("connect")
		stopped := make(chan struct{})
		go func() {
			s.stop()
			close(stopped)
		}()
		synctest.Wait()
		close(release)
		accepted := time.Now()
		if code, reason := (<-client).readClose(); code != 1001 || reason != "Going away" || time.Since(accepted) != 0 {
			t.Errorf("close frame = %d %q after %v, want 1001 Going away at once", code, reason, time.Since(accepted))
		}
		s.checkDisconnect(1001, "Going away")
		<-stopped
	})
}

func TestGateway_Close_givesUp(t *testing.T) {
	s := newStage(t, func(_ *gateway.Config, functions map[string]function) {
		functions["disconnect"] = func(ctx context.Context, _ []byte) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	s.connect()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := s.gateway.Close(ctx); err == nil || !strings.Contains(err.Error(), "deadline") {
		t.Errorf("Close = %v, want the context's error", err)
	}
}

func TestGateway_slowClient(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.Limits = gateway.Limits{WriteTimeout: patience, QueueFrames: 4}
	})
	slow := s.dialRaw("/dev", "")
	if err := slow.Conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatalf("set read buffer: %v", err)
	}
	slowID := s.next("connect").RequestContext.ConnectionID
	quick, quickID := s.connect()
	quick.SetReadLimit(1 << 20)

	text := strings.Repeat("a", 128*1024)
	deadline := time.Now().Add(patience)
	for status := 200; status != 429; {
		response, _ := s.manage("POST", "/dev/@connections/"+slowID, text)
		if status = response.StatusCode; status == 410 || time.Now().After(deadline) {
			t.Fatalf("POST to a client that does not read = %d, want 429", status)
		}
		if status == 429 && response.Header.Get("x-amzn-ErrorType") != "LimitExceededException" {
			t.Errorf("429 has type %q", response.Header.Get("x-amzn-ErrorType"))
		}
	}
	s.manage("POST", "/dev/@connections/"+quickID, "hello")
	if got := s.receive(quick); got != "hello" {
		t.Errorf("the other client received %q, want hello", got)
	}
	if err := slow.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	s.checkDisconnect(1006, "")
	if response, _ := s.manage("GET", "/dev/@connections/"+slowID, ""); response.StatusCode != 410 {
		t.Errorf("GET of the slow client = %d, want 410", response.StatusCode)
	}
}

func TestGateway_ping(t *testing.T) {
	s := newStage(t, nil)
	c := s.dialRaw("/dev", "")
	c.frame(ws.OpText, false, []byte("one "))
	c.frame(ws.OpPing, true, []byte("are you there"))
	c.frame(ws.OpContinuation, true, []byte("message"))
	if h, payload := c.read(); h.OpCode != ws.OpPong || string(payload) != "are you there" {
		t.Errorf("answer to a ping = %v %q, want a pong with its payload", h.OpCode, payload)
	}
	if body := s.next("default").Body; body == nil || *body != "one message" {
		t.Errorf("body of two fragments = %v, want them joined", body)
	}
}

func TestGateway_largestMessage(t *testing.T) {
	s := newStage(t, nil)
	c := s.dialRaw("/dev", "")
	id := s.next("connect").RequestContext.ConnectionID
	part := []byte(strings.Repeat("é", 16*1024))
	for i, op := range []ws.OpCode{ws.OpText, ws.OpContinuation, ws.OpContinuation, ws.OpContinuation} {
		c.frame(op, i == 3, part)
	}
	if body := s.next("default").Body; body == nil || *body != strings.Repeat("é", 64*1024) {
		t.Error("body of 128 KB did not arrive whole")
	}
	if response, _ := s.manage("POST", "/dev/@connections/"+id, strings.Repeat("b", 128*1024)); response.StatusCode != 200 {
		t.Errorf("POST of 128 KB = %d, want 200", response.StatusCode)
	}
	if h, payload := c.read(); h.OpCode != ws.OpText || !h.Fin || len(payload) != 128*1024 {
		t.Errorf("frame = %+v, want one text frame of 128 KB", h)
	}
}

func TestGateway_clientClosesAsUsual(t *testing.T) {
	s := newStage(t, nil)
	c, _ := s.connect()
	if err := c.Close(websocket.StatusCode(4001), "rotating"); err != nil {
		t.Errorf("client's close: %v, want the gateway's answer", err)
	}
	s.checkDisconnect(4001, "rotating")
}
