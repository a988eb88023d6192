package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

// server is what is measured: it answers any message with the id to post to, as
// /dev/@connections/{id}.
type server struct {
	address string
	http    *http.Server
	end     func(context.Context) error
}

const closeLimit = 20 * time.Second

func serve(ctx context.Context, handler http.Handler, end func(context.Context) error) (*server, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &server{address: listener.Addr().String(), http: &http.Server{Handler: handler, ReadHeaderTimeout: closeLimit}, end: end}
	go func() { _ = s.http.Serve(listener) }() // ends when close does, and says only that
	return s, nil
}

func (s *server) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	if err := s.end(ctx); err != nil {
		return err
	}
	return s.http.Close()
}

// newGateway is the gateway with functions that only answer, and no rates kept to.
func newGateway(ctx context.Context) (*server, error) {
	g, err := gateway.New(gateway.Config{
		API: gateway.API{
			ID: "k7m2q9x4tb", Region: "eu-west-1", AccountID: "123456789012", Stage: "dev", RouteSelection: "$request.body.type",
			Routes: []gateway.Route{{Key: "$connect", Function: "any"}, {Key: "$disconnect", Function: "any"}, {Key: "$default", Function: "any", TwoWay: true}},
		},
		DomainName: "k7m2q9x4tb.execute-api.eu-west-1.amazonaws.com",
		Invoke:     answer,
		Limits:     gateway.Limits{Invocations: 20_000},
	})
	if err != nil {
		return nil, err
	}
	return serve(ctx, g, g.Close)
}

// answer is every function: it says which connection asked, where somebody did.
func answer(_ context.Context, _ string, event []byte) ([]byte, error) {
	const field = `"connectionId":"`
	text := string(event)
	at := strings.Index(text, field)
	if at < 0 || !strings.Contains(text, `"eventType":"MESSAGE"`) {
		return []byte(`{"statusCode":200}`), nil
	}
	id, _, _ := strings.Cut(text[at+len(field):], `"`)
	return json.Marshal(map[string]any{"statusCode": 200, "body": id})
}

// bare is a WebSocket server with as little in it as there can be.
type bare struct {
	mu    sync.RWMutex
	conns map[string]*bareConn
}

type bareConn struct {
	net.Conn
	mu sync.Mutex
}

func newBare(ctx context.Context) (*server, error) {
	b := &bare{conns: map[string]*bareConn{}}
	return serve(ctx, b, b.close)
}

// ServeHTTP upgrades a GET, and posts what is sent to the connection whose id ends the path.
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		conn, buffered, _, err := ws.UpgradeHTTP(r, w)
		if err != nil {
			return // the client has been told
		}
		buffered.Reader, buffered.Writer = nil, nil // not kept for as long as the connection lives
		go b.read(&bareConn{Conn: conn})
		return
	}
	b.mu.RLock()
	c := b.conns[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]]
	b.mu.RUnlock()
	text, err := io.ReadAll(r.Body)
	if c == nil || err != nil || c.send(text) != nil {
		w.WriteHeader(http.StatusGone)
	}
}

func (b *bare) read(c *bareConn) {
	b.mu.Lock()
	id := strconv.Itoa(len(b.conns))
	b.conns[id] = c
	b.mu.Unlock()
	defer c.Close()
	for {
		h, err := ws.ReadHeader(c)
		if err != nil || h.OpCode == ws.OpClose {
			return
		}
		if _, err := io.CopyN(io.Discard, c, h.Length); err != nil || c.send([]byte(id)) != nil {
			return
		}
	}
}

func (c *bareConn) send(text []byte) error {
	frame, err := ws.CompileFrame(ws.NewTextFrame(text))
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = c.Write(frame)
	return err
}

func (b *bare) close(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.conns {
		_ = c.Close() // most are closed
	}
	return nil
}
