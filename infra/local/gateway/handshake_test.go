package gateway_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/gateway"
)

// template is the shape of what the gateway says in error bodies and frames, byte for byte but for
// the ids.
func template(message string) *regexp.Regexp {
	return regexp.MustCompile(`^\{"message": "` + message + `", "connectionId":"[A-Za-z0-9_-]{15}=", "requestId":"[A-Za-z0-9_-]{15}="\}$`)
}

func TestGateway_connectRoute(t *testing.T) {
	tests := []struct {
		name    string
		connect function
		status  int
		message string
	}{
		{"200", returns(`{"statusCode":200}`), 101, ""},
		{"204 and empty fields", returns(`{"statusCode":204,"headers":null,"multiValueHeaders":null,"body":""}`), 101, ""},
		{"a refusal of its own", returns(`{"statusCode":403,"body":"banned"}`), 403, "Forbidden"},
		{"another refusal of its own", returns(`{"statusCode":418}`), 418, "I'm a teapot"},
		{"an error status", returns(`{"statusCode":500}`), 500, "Internal server error"},
		{"a function error", fails(&gateway.FunctionError{Message: "boom", Type: "panic"}), 502, "Internal server error"},
		{"a refused invocation", fails(errors.New("throttled")), 500, "Internal server error"},
		{"no status", returns(`{"body":"hi"}`), 502, "Internal server error"},
		{"a status that is none", returns(`{"statusCode":42}`), 502, "Internal server error"},
		{"a status in words", returns(`{"statusCode":"OK"}`), 502, "Internal server error"},
		{"one key too many", returns(`{"statusCode":200,"message":"hi"}`), 502, "Internal server error"},
		{"a key in another case", returns(`{"StatusCode":200}`), 502, "Internal server error"},
		{"a body that is no text", returns(`{"statusCode":200,"body":{}}`), 502, "Internal server error"},
		{"null", returns(`null`), 502, "Internal server error"},
		{"nothing", returns(``), 502, "Internal server error"},
		{"a sub-protocol with a line break", returns(`{"statusCode":200,"headers":` +
			`{"Sec-WebSocket-Protocol":"a\r\nSet-Cookie: x"}}`), 502, "Internal server error"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(_ *gateway.Config, functions map[string]function) { functions["connect"] = test.connect })
			_, response, err := s.dial("/dev", nil)
			if response == nil || response.StatusCode != test.status {
				t.Fatalf("handshake = %v, %v, want status %d", response, err, test.status)
			}
			if test.status == 101 {
				return
			}
			body, err := io.ReadAll(response.Body)
			if err != nil || !template(test.message).Match(body) {
				t.Errorf("body = %s, %v, want %v", body, err, template(test.message))
			}
			s.notCalled("disconnect")
		})
	}
}

func TestGateway_requests(t *testing.T) {
	tests := []struct {
		name, request string
		status        int
		body          string
	}{
		{"another stage", "GET /prod HTTP/1.1\r\n" + handshakeHeaders, 403, `{"message":"Forbidden"}`},
		{"no stage", "GET / HTTP/1.1\r\n" + handshakeHeaders, 403, `{"message":"Forbidden"}`},
		{"more than the stage", "GET /dev/chat HTTP/1.1\r\n" + handshakeHeaders, 403, `{"message":"Forbidden"}`},
		{"no upgrade", "GET /dev HTTP/1.1\r\nHost: x\r\n", 426, `{"message":"Upgrade Required"}`},
		{"an old version", "GET /dev HTTP/1.1\r\n" + strings.Replace(handshakeHeaders, "13", "8", 1), 426, `{"message":"Upgrade Required"}`},
		{"a key that is none", "GET /dev HTTP/1.1\r\n" + strings.Replace(handshakeHeaders, "q1V8", "", 1), 400, `{"message":"Bad Request"}`},
		{"a POST", "POST /dev HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n", 404,
			`{"message":"No method found matching route  for http method POST."}`},
		{"a long URL", "GET /dev?" + strings.Repeat("a", 4096) + " HTTP/1.1\r\n" + handshakeHeaders, 414, `{"message":"Request URI Too Long"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, nil)
			conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
			if err != nil {
				t.Fatalf("dial: %v", err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, test.request+"\r\n"); err != nil {
				t.Fatalf("write: %v", err)
			}
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatalf("read response: %v", err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if response.StatusCode != test.status || string(body) != test.body || err != nil {
				t.Errorf("answer = %d %s, %v, want %d %s", response.StatusCode, body, err, test.status, test.body)
			}
			s.notCalled("connect")
		})
	}
}

func TestGateway_handshakeIsHeld(t *testing.T) {
	release := make(chan struct{})
	s := newStage(t, func(_ *gateway.Config, functions map[string]function) {
		functions["connect"] = func(context.Context, []byte) ([]byte, error) {
			<-release
			return []byte(`{"statusCode":200}`), nil
		}
	})
	type dialed struct {
		conn *websocket.Conn
		err  error
	}
	done := make(chan dialed)
	go func() {
		c, _, err := s.dial("/dev", nil)
		done <- dialed{c, err}
	}()
	id := s.next("connect").RequestContext.ConnectionID
	if response, _ := s.manage("POST", "/dev/@connections/"+id, "welcome"); response.StatusCode != 410 {
		t.Errorf("POST during $connect = %d, want 410", response.StatusCode)
	}
	select {
	case <-done:
		t.Error("handshake ended before $connect had answered")
	default:
	}
	close(release)
	d := <-done
	if d.err != nil {
		t.Fatalf("dial: %v", d.err)
	}
	if response, _ := s.manage("POST", "/dev/@connections/"+id, "welcome"); response.StatusCode != 200 {
		t.Errorf("POST after the 101 = %d, want 200", response.StatusCode)
	}
	if got := s.receive(d.conn); got != "welcome" {
		t.Errorf("received %q, want welcome", got)
	}
}

func TestGateway_clientLeavesDuringConnect(t *testing.T) {
	release := make(chan struct{})
	s := newStage(t, func(_ *gateway.Config, functions map[string]function) {
		functions["connect"] = func(ctx context.Context, _ []byte) ([]byte, error) {
			<-release
			return []byte(`{"statusCode":200}`), ctx.Err()
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := websocket.Dial(ctx, s.server.URL+"/dev", nil); err == nil {
		t.Fatal("dial ended before $connect had answered")
	}
	close(release)
	s.checkDisconnect(1006, "")
}

func TestGateway_connectIsOptional(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) { cfg.API.Routes = cfg.API.Routes[2:] })
	c, _, err := s.dial("/dev", &websocket.DialOptions{Subprotocols: []string{"chat.v1"}})
	if err != nil {
		t.Fatalf("dial without a $connect route: %v", err)
	}
	if got := c.Subprotocol(); got != "" {
		t.Errorf("sub-protocol = %q, want none", got)
	}
	s.send(c, "hi")
	s.next("default")
}

func TestGateway_subprotocol(t *testing.T) {
	tests := []struct{ name, result, want string }{
		{"nothing is reflected", `{"statusCode":200}`, ""},
		{"the function's header", `{"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"chat.v1","Set-Cookie":"a=1"}}`, "chat.v1"},
		{"in another case", `{"statusCode":200,"headers":{"sec-websocket-protocol":"chat.v1"}}`, "chat.v1"},
		{"in multiValueHeaders", `{"statusCode":200,"multiValueHeaders":{"Sec-WebSocket-Protocol":["chat.v1"]}}`, "chat.v1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(_ *gateway.Config, functions map[string]function) { functions["connect"] = returns(test.result) })
			c, response, err := s.dial("/dev", &websocket.DialOptions{
				Subprotocols: []string{"chat.v1", "t.abc"}, CompressionMode: websocket.CompressionContextTakeover,
			})
			if err != nil {
				t.Fatalf("dial: %v", err)
			}
			if got := c.Subprotocol(); got != test.want {
				t.Errorf("sub-protocol = %q, want %q", got, test.want)
			}
			if h := response.Header; h.Get("Set-Cookie") != "" || h.Get("Sec-WebSocket-Extensions") != "" {
				t.Errorf("headers of the 101 = %v, want none of $connect's others and no extensions", h)
			}
		})
	}
}
