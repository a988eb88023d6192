package gateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

// patience is how long a test over real sockets waits for what must come.
const patience = 10 * time.Second

// function is what stands behind a name that a route calls.
type function func(ctx context.Context, event []byte) ([]byte, error)

func returns(payload string) function {
	return func(context.Context, []byte) ([]byte, error) { return []byte(payload), nil }
}

func fails(err error) function {
	return func(context.Context, []byte) ([]byte, error) { return nil, err }
}

// stage is a gateway on a real port with functions behind it that record what they are given.
type stage struct {
	t       *testing.T
	gateway *gateway.Gateway
	server  *httptest.Server

	mu        sync.Mutex
	functions map[string]function
	calls     map[string]chan []byte
}

// newStage serves an API with the routes $connect, $disconnect and $default, each calling the
// function named like it without the $, after change has had its way with the configuration.
func newStage(t *testing.T, change func(*gateway.Config, map[string]function)) *stage {
	t.Helper()
	s := newFunctions(t)
	g, err := gateway.New(s.config(change))
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	s.gateway, s.server = g, httptest.NewServer(g)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := g.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
		s.server.Close()
	})
	return s
}

func newFunctions(t *testing.T) *stage {
	return &stage{t: t, functions: map[string]function{}, calls: map[string]chan []byte{}}
}

func (s *stage) config(change func(*gateway.Config, map[string]function)) gateway.Config {
	cfg := gateway.Config{
		API: gateway.API{
			ID: "k7m2q9x4tb", Region: "eu-west-1", AccountID: "123456789012", Stage: "dev",
			RouteSelection: "$request.body.type",
			Routes: []gateway.Route{
				{Key: "$connect", Function: "connect"}, {Key: "$disconnect", Function: "disconnect"}, {Key: "$default", Function: "default"},
			},
		},
		DomainName: "k7m2q9x4tb.execute-api.eu-west-1.amazonaws.com",
		Invoke:     s.invoke,
	}
	if change != nil {
		change(&cfg, s.functions)
	}
	return cfg
}

func (s *stage) invoke(ctx context.Context, name string, payload []byte) ([]byte, error) {
	s.called(name) <- payload
	s.mu.Lock()
	f := s.functions[name]
	s.mu.Unlock()
	if f == nil {
		return []byte(`{"statusCode":200}`), nil
	}
	return f(ctx, payload)
}

func (s *stage) called(name string) chan []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[name] == nil {
		s.calls[name] = make(chan []byte, 1000)
	}
	return s.calls[name]
}

// event is what tests look at of an event.
type event struct {
	Body           *string
	Headers        map[string]string
	RequestContext struct {
		RouteKey, EventType, ConnectionID, RequestID, ExtendedRequestID, MessageID string

		Authorizer           map[string]any
		DisconnectStatusCode int
		DisconnectReason     *string
	}
}

// raw returns the next event that the function was given, as it was.
func (s *stage) raw(name string) []byte {
	s.t.Helper()
	select {
	case payload := <-s.called(name):
		return payload
	case <-time.After(patience):
		s.t.Fatalf("function %s was not called", name)
	}
	return nil
}

func (s *stage) next(name string) event {
	s.t.Helper()
	var e event
	payload := s.raw(name)
	if err := json.Unmarshal(payload, &e); err != nil {
		s.t.Fatalf("event %s: %v", payload, err)
	}
	return e
}

func (s *stage) notCalled(name string) {
	s.t.Helper()
	select {
	case payload := <-s.called(name):
		s.t.Errorf("function %s was given %s, want no call", name, payload)
	default:
	}
}

// dial connects a client; its connection id is in the CONNECT event that next("connect") returns.
func (s *stage) dial(path string, options *websocket.DialOptions) (*websocket.Conn, *http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, response, err := websocket.Dial(ctx, s.server.URL+path, options)
	if err == nil {
		s.t.Cleanup(func() { _ = c.CloseNow() })
	}
	return c, response, err
}

func (s *stage) connect() (*websocket.Conn, string) {
	s.t.Helper()
	c, _, err := s.dial("/dev", nil)
	if err != nil {
		s.t.Fatalf("dial: %v", err)
	}
	return c, s.next("connect").RequestContext.ConnectionID
}

func (s *stage) send(c *websocket.Conn, text string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		s.t.Fatalf("write %q: %v", text, err)
	}
}

func (s *stage) receive(c *websocket.Conn) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	kind, text, err := c.Read(ctx)
	if err != nil || kind != websocket.MessageText {
		s.t.Fatalf("read: %v %q %v, want a text frame", kind, text, err)
	}
	return string(text)
}

// rawConn is a client that may break every rule.
type rawConn struct {
	net.Conn
	t      *testing.T
	r      *bufio.Reader
	status int
}

const handshakeHeaders = "Host: example.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: q1V8Yk0vYzJ0b2tlbjEyMw==\r\n"

func (s *stage) dialRaw(target, extra string) *rawConn {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		s.t.Fatalf("dial: %v", err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		s.t.Fatalf("set deadline: %v", err)
	}
	return shakeHands(s.t, conn, target, extra)
}

func shakeHands(t *testing.T, conn net.Conn, target, extra string) *rawConn {
	t.Helper()
	if _, err := io.WriteString(conn, "GET "+target+" HTTP/1.1\r\n"+handshakeHeaders+extra+"\r\n"); err != nil {
		t.Fatalf("write: %v", err)
	}
	return readHandshake(t, conn)
}

func readHandshake(t *testing.T, conn net.Conn) *rawConn {
	t.Helper()
	c := &rawConn{Conn: conn, t: t, r: bufio.NewReader(conn)}
	response, err := http.ReadResponse(c.r, nil)
	if err != nil {
		t.Fatalf("read handshake: %v", err)
	}
	c.status = response.StatusCode
	return c
}

func (c *rawConn) write(b []byte) {
	c.t.Helper()
	if _, err := c.Write(b); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

// frame sends one masked frame.
func (c *rawConn) frame(op ws.OpCode, fin bool, payload []byte) {
	c.t.Helper()
	f := ws.MaskFrame(ws.NewFrame(op, fin, payload))
	b, err := ws.CompileFrame(f)
	if err != nil {
		c.t.Fatalf("compile frame: %v", err)
	}
	c.write(b)
}

// read returns the next frame of the gateway.
func (c *rawConn) read() (ws.Header, []byte) {
	c.t.Helper()
	h, err := ws.ReadHeader(c.r)
	if err != nil {
		c.t.Fatalf("read frame: %v", err)
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(c.r, payload); err != nil {
		c.t.Fatalf("read frame: %v", err)
	}
	return h, payload
}

// readClose returns code and reason of the close frame that must come next, and checks that the
// socket ends after it.
func (c *rawConn) readClose() (ws.StatusCode, string) {
	c.t.Helper()
	h, payload := c.read()
	if h.OpCode != ws.OpClose {
		c.t.Fatalf("read frame %v %q, want a close frame", h.OpCode, payload)
	}
	code, reason := ws.ParseCloseFrameData(payload)
	c.frame(ws.OpClose, true, payload)
	if _, err := c.r.ReadByte(); !errors.Is(err, io.EOF) {
		c.t.Errorf("read after the close frame: %v, want EOF", err)
	}
	return code, reason
}

// manage calls the management API.
func (s *stage) manage(method, path, body string) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatalf("new request: %v", err)
	}
	response, err := s.server.Client().Do(request)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return response, string(text)
}
