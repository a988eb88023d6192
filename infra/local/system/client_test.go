package system_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// patience is how long a word waits for what must come.
const patience = 30 * time.Second

// gatewayFrame is the type that transcripts give to the gateway's own frames, which have none.
const gatewayFrame = "gateway"

// frame is what a client has seen.
type frame struct {
	Type string `json:"type"`
	Ref  string `json:"ref"`
	Data any    `json:"data"`
	text string
}

// client is one socket. It keeps every frame that came and was not yet taken by a word.
type client struct {
	name string
	conn *websocket.Conn
	tcp  *net.TCPConn
	done chan struct{} // closed when reading has ended

	mu      sync.Mutex
	frames  []frame // not yet taken
	changed chan struct{}
	deaf    chan struct{} // closed when it listens again; nil while it does
	ended   error
}

// refusal is a handshake answered with an HTTP status.
type refusal struct {
	status int
	body   string
}

func (r *refusal) Error() string { return fmt.Sprintf("refused with %d %s", r.status, r.body) }

// handshake is what a client brings.
type handshake struct {
	query     url.Values
	protocols []string
	header    http.Header
}

func dial(ctx context.Context, address, name string, h handshake) (*client, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := &client{name: name, done: make(chan struct{}), changed: make(chan struct{})}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		c.tcp, _ = conn.(*net.TCPConn)
		return conn, err
	}}
	conn, response, err := websocket.Dial(ctx, address+"?"+h.query.Encode(), &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport}, HTTPHeader: h.header, Subprotocols: h.protocols,
	})
	if err != nil {
		transport.CloseIdleConnections()
		if response == nil {
			return nil, err
		}
		body, readErr := io.ReadAll(response.Body) // the library leaves the first KB in it
		return nil, errors.Join(readErr, &refusal{response.StatusCode, string(body)})
	}
	conn.SetReadLimit(1 << 20)
	c.conn = conn
	go c.read()
	return c, nil
}

// read keeps what comes until the connection ends.
func (c *client) read() {
	defer close(c.done)
	for {
		c.awaitEars()
		_, text, err := c.conn.Read(context.Background()) // ends with the connection
		c.mu.Lock()
		if err == nil {
			c.frames = append(c.frames, parse(string(text)))
		}
		c.ended = err
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// deafen makes the client take no more frames than the one it waits for.
func (c *client) deafen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deaf == nil {
		c.deaf = make(chan struct{})
	}
}

func (c *client) listen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deaf != nil {
		close(c.deaf)
		c.deaf = nil
	}
}

func (c *client) awaitEars() {
	c.mu.Lock()
	deaf := c.deaf
	c.mu.Unlock()
	if deaf != nil {
		<-deaf
	}
}

func parse(text string) frame {
	f := frame{text: text}
	if err := json.Unmarshal([]byte(text), &f); err != nil || f.Type == "" {
		f.Type = gatewayFrame
		var whole any
		if json.Unmarshal([]byte(text), &whole) == nil {
			f.Data = whole
		}
	}
	return f
}

// take waits for a frame among those not yet taken that pick wants, and takes it. pick
// says with an error that waiting is of no use.
func (c *client) take(ctx context.Context, within time.Duration, pick func(frame) (bool, error)) (frame, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		c.mu.Lock()
		for i, f := range c.frames {
			ok, err := pick(f)
			if ok || err != nil {
				c.frames = slices.Delete(c.frames, i, i+1)
				c.mu.Unlock()
				return f, err
			}
		}
		changed, ended := c.changed, c.ended
		c.mu.Unlock()
		if ended != nil {
			return frame{}, fmt.Errorf("the connection has ended: %w", ended)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return frame{}, fmt.Errorf("nothing came in %s", within)
		}
	}
}

// left lists what came and was not taken.
func (c *client) left() []frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.frames)
}

// settle returns when everything has arrived that the gateway had queued for the client.
func (c *client) settle(ctx context.Context) error {
	select {
	case <-c.done:
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := c.conn.Ping(ctx); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return nil
}

// closedWith waits until the server has closed and returns the code, or 1006 when it said none.
func (c *client) closedWith(ctx context.Context) (websocket.StatusCode, error) {
	select {
	case <-c.done:
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(patience):
		return 0, fmt.Errorf("still open after %s", patience)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if code := websocket.CloseStatus(c.ended); code != -1 {
		return code, nil
	}
	return websocket.StatusAbnormalClosure, nil
}

// cut resets the TCP connection, as a machine does that lost its power and came back.
func (c *client) cut() error {
	if err := c.tcp.SetLinger(0); err != nil {
		return err
	}
	return c.tcp.Close()
}

// end lets the socket go, whatever its state, and waits for the reader.
func (c *client) end() {
	c.listen()
	_ = c.conn.CloseNow() // an error says that it is closed already
	<-c.done
}

// describe lists frames for a failed word, one a line, shortened.
func describe(frames []frame) string {
	if len(frames) == 0 {
		return "nothing else came"
	}
	lines := []string{"came and was not read:"}
	for _, f := range frames[:min(len(frames), 30)] {
		lines = append(lines, "\t"+f.text[:min(len(f.text), 400)])
	}
	return strings.Join(lines, "\n")
}
