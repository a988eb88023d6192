package gateway_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

// pipes is a listener without a network, so that a test's clock can run ahead.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// clockStage is a stage whose clock runs only when all wait. connect dials it, and stop must be
// called before the test's bubble ends.
type clockStage struct {
	*stage
	pipes *pipes
	http  http.Server
}

func newClockStage(t *testing.T, change func(*gateway.Config, map[string]function)) *clockStage {
	t.Helper()
	s := &clockStage{stage: newFunctions(t), pipes: &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}}
	g, err := gateway.New(s.config(change))
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	s.gateway, s.http.Handler = g, g
	go func() {
		if err := s.http.Serve(s.pipes); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	}()
	return s
}

func (s *clockStage) stop() {
	if err := s.gateway.Close(context.Background()); err != nil {
		s.t.Errorf("Close: %v", err)
	}
	if err := s.http.Close(); err != nil {
		s.t.Errorf("close server: %v", err)
	}
}

// dial returns a client before its handshake.
func (s *clockStage) dial() net.Conn {
	client, server := net.Pipe()
	s.pipes.conns <- server
	return client
}

// open returns a client after its handshake, and the id of its connection.
func (s *clockStage) open() (*rawConn, string) {
	s.t.Helper()
	c := shakeHands(s.t, s.dial(), "/dev", "")
	if c.status != http.StatusSwitchingProtocols {
		s.t.Fatalf("handshake = %d, want 101", c.status)
	}
	return c, s.next("connect").RequestContext.ConnectionID
}

// post posts to a connection without a network.
func (s *clockStage) post(id, text string) int {
	w := &answer{header: http.Header{}}
	r, err := http.NewRequest("POST", "/dev/@connections/"+id, strings.NewReader(text))
	if err != nil {
		s.t.Fatalf("new request: %v", err)
	}
	s.gateway.ServeHTTP(w, r)
	return w.status
}

type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return len(b), nil }

// checkClosedAfter reads the close frame with 1001 and checks when it came.
func (s *clockStage) checkClosedAfter(c *rawConn, since time.Time, want time.Duration) {
	s.t.Helper()
	if code, reason := c.readClose(); code != 1001 || reason != "Going away" {
		s.t.Errorf("close frame = %d %q, want 1001 Going away", code, reason)
	}
	if got := time.Since(since); got != want {
		s.t.Errorf("closed after %v, want %v", got, want)
	}
	s.checkDisconnect(1001, "Going away")
}

func TestClock_idle(t *testing.T) {
	tests := []struct {
		name string
		do   func(s *clockStage, c *rawConn, id string)
		want time.Duration // from the handshake, when the client does something after six minutes
	}{
		{"nothing happens", func(*clockStage, *rawConn, string) {}, 10 * time.Minute},
		{"the client sends a message", func(_ *clockStage, c *rawConn, _ string) { c.frame(ws.OpText, true, []byte("hi")) }, 16 * time.Minute},
		{"the client is posted to", func(s *clockStage, c *rawConn, id string) {
			if status := s.post(id, "hi"); status != 200 {
				s.t.Errorf("POST = %d, want 200", status)
			}
			c.read()
		}, 16 * time.Minute},
		{"the client pings", func(_ *clockStage, c *rawConn, _ string) {
			c.frame(ws.OpPing, true, nil)
			c.read()
		}, 10 * time.Minute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newClockStage(t, nil)
				defer s.stop()
				started := time.Now()
				c, id := s.open()
				<-time.After(6 * time.Minute)
				test.do(s, c, id)
				s.checkClosedAfter(c, started, test.want)
			})
		})
	}
}

func TestClock_twoHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, nil)
		defer s.stop()
		started := time.Now()
		c, id := s.open()
		for range 14 {
			<-time.After(8 * time.Minute)
			if status := s.post(id, "still there?"); status != 200 {
				t.Fatalf("POST after %v = %d, want 200", time.Since(started), status)
			}
			c.read()
		}
		s.checkClosedAfter(c, started, 2*time.Hour)
	})
}

func TestClock_faster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, func(cfg *gateway.Config, _ map[string]function) { cfg.Limits = gateway.Limits{}.Faster(120) })
		defer s.stop()
		started := time.Now()
		c, id := s.open()
		for range 14 {
			<-time.After(4 * time.Second)
			if status := s.post(id, "still there?"); status != 200 {
				t.Fatalf("POST after %v = %d, want 200", time.Since(started), status)
			}
			c.read()
		}
		s.checkClosedAfter(c, started, time.Minute)
	})
}

// lingering is a function that takes a minute, whatever the gateway does.
func lingering(ctx context.Context, _ []byte) ([]byte, error) {
	select {
	case <-time.After(time.Minute):
	case <-ctx.Done():
	}
	return []byte(`{"statusCode":200}`), ctx.Err()
}

func TestClock_integrationTimeout(t *testing.T) {
	tests := []struct {
		name    string
		timeout time.Duration
		want    time.Duration
	}{
		{"of 29 s", 0, 29 * time.Second},
		{"of its own", 3 * time.Second, 3 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := make(chan error, 1)
				s := newClockStage(t, func(cfg *gateway.Config, functions map[string]function) {
					cfg.API.Routes[2].Timeout = test.timeout
					functions["default"] = func(ctx context.Context, payload []byte) ([]byte, error) {
						result, err := lingering(ctx, payload)
						ended <- err
						return result, err
					}
				})
				defer s.stop()
				c, _ := s.open()
				sent := time.Now()
				c.frame(ws.OpText, true, []byte("hi"))
				if _, payload := c.read(); !template("Endpoint request timed out").Match(payload) {
					t.Errorf("frame = %s, want %v", payload, template("Endpoint request timed out"))
				}
				if got := time.Since(sent); got != test.want {
					t.Errorf("timed out after %v, want %v", got, test.want)
				}
				if err := <-ended; err != nil || time.Since(sent) != time.Minute {
					t.Errorf("function ended after %v with %v, want it to run on for its minute", time.Since(sent), err)
				}
				if err := c.Close(); err != nil {
					t.Fatalf("close: %v", err)
				}
			})
		})
	}
}

func TestClock_connectTimeout(t *testing.T) {
	tests := []struct {
		name, slow string
		status     int
	}{
		{"$connect", "connect", 504},
		{"the authorizer", "authorizer", 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newClockStage(t, func(cfg *gateway.Config, functions map[string]function) {
					cfg.API.Authorizer = &gateway.Authorizer{Function: "authorizer"}
					functions["authorizer"] = returns(allowed)
					functions[test.slow] = lingering
				})
				defer s.stop()
				started := time.Now()
				c := shakeHands(t, s.dial(), "/dev", "")
				if got := time.Since(started); c.status != test.status || got != 29*time.Second {
					t.Errorf("handshake = %d after %v, want %d after 29 s", c.status, got, test.status)
				}
				if err := c.Close(); err != nil {
					t.Fatalf("close: %v", err)
				}
			})
		})
	}
}

func TestClock_disconnectIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records := make(chan gateway.AccessRecord, 2)
		s := newClockStage(t, func(cfg *gateway.Config, functions map[string]function) {
			cfg.Access = func(r gateway.AccessRecord) { records <- r }
			functions["disconnect"] = lingering
		})
		defer s.stop()
		c, _ := s.open()
		<-records
		left := time.Now()
		if err := c.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
		if r := <-records; r.EventType != "DISCONNECT" || r.Status != 504 || time.Since(left) != 29*time.Second {
			t.Errorf("access record = %+v after %v, want DISCONNECT with 504 after 29 s", r, time.Since(left))
		}
	})
}

func TestClock_writeTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, nil)
		defer s.stop()
		_, id := s.open()
		posted := time.Now()
		if status := s.post(id, "nobody reads this"); status != 200 {
			t.Fatalf("POST = %d, want 200", status)
		}
		s.checkDisconnect(1006, "")
		if got := time.Since(posted); got != 5*time.Second {
			t.Errorf("cut after %v, want 5 s", got)
		}
	})
}
