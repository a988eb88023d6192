package push

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

const (
	// maxConnections bounds the connections of a Pusher. One call uses Options.Parallel of
	// them; on one machine many calls run at once.
	maxConnections = 256
	// idleTime is how long a connection is kept that nothing goes over.
	idleTime = 90 * time.Second
	// maxAnswer is how much of an answer is read: API Gateway's have at most one sentence.
	maxAnswer = 16 << 10
)

// pool holds the kept-alive HTTP/1.1 connections to one host. A request over them costs
// less than half of what it costs through http.Transport, whose connections have two
// goroutines each; and 1.1, so that a lost packet holds up one post and not all.
type pool struct {
	endpoint *url.URL
	timeout  time.Duration
	dialHost dialFunc
	trust    *tls.Config
	slots    chan struct{} // one for each connection in use

	mu   sync.Mutex
	idle []*httpConn // the one used last is the last
}

// httpConn is one of them, used by one goroutine at a time.
type httpConn struct {
	conn   net.Conn
	limit  io.LimitedReader
	reader *bufio.Reader
	used   bool      // before: the other side may have closed it meanwhile
	since  time.Time // it is idle
	until  time.Time // its deadline
}

func newPool(endpoint *url.URL, timeout time.Duration, dial dialFunc, trust *tls.Config) *pool {
	return &pool{endpoint: endpoint, timeout: timeout, dialHost: dial, trust: trust, slots: make(chan struct{}, maxConnections)}
}

// dialFunc connects to a host.
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// dialOf is how the configuration's client connects, where it says so: a program that has the gateway within itself needs no socket.
func dialOf(cfg aws.Config, timeout time.Duration) dialFunc {
	if client, ok := cfg.HTTPClient.(interface {
		DialContext(context.Context, string, string) (net.Conn, error)
	}); ok {
		return client.DialContext
	}
	return (&net.Dialer{Timeout: timeout}).DialContext
}

// trustOf is what the configuration says of certificates, such as a bundle of its own.
func trustOf(cfg aws.Config) *tls.Config {
	client, ok := cfg.HTTPClient.(*awshttp.BuildableClient)
	if !ok || client.GetTransport().TLSClientConfig == nil {
		return new(tls.Config)
	}
	return client.GetTransport().TLSClientConfig.Clone()
}

// take gives an idle connection or, where there is none, a new one.
func (p *pool) take(ctx context.Context) (*httpConn, error) {
	p.mu.Lock()
	for len(p.idle) > 0 {
		h := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if time.Since(h.since) < idleTime {
			p.mu.Unlock()
			return h, nil
		}
		_ = h.conn.Close() // nothing is lost with it
	}
	p.mu.Unlock()
	return p.dial(ctx)
}

// give takes a connection back, and closes those that were needed for a burst and never since.
func (p *pool) give(h *httpConn) {
	h.since = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 && h.since.Sub(p.idle[0].since) >= idleTime {
		_ = p.idle[0].conn.Close() // nothing is lost with it
		p.idle = slices.Delete(p.idle, 0, 1)
	}
	p.idle = append(p.idle, h)
}

func (p *pool) dial(ctx context.Context) (*httpConn, error) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	u, port := p.endpoint, p.endpoint.Port()
	secure := u.Scheme == "https"
	switch {
	case u.Hostname() == "" || !secure && u.Scheme != "http":
		return nil, fmt.Errorf("%q is no address to post to", u.Redacted())
	case port == "" && secure:
		port = "443"
	case port == "":
		port = "80"
	}
	conn, err := p.dialHost(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if secure {
		trust := p.trust.Clone()
		trust.ServerName, trust.NextProtos = u.Hostname(), []string{"http/1.1"}
		sealed := tls.Client(conn, trust)
		if err := sealed.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		conn = sealed
	}
	h := &httpConn{conn: conn, limit: io.LimitedReader{R: conn}}
	h.reader = bufio.NewReaderSize(&h.limit, 1024)
	return h, nil
}

// errCold means that nothing of an answer came over a connection that had been idle: the other
// side closes those when it likes, and functions are frozen between invocations.
var errCold = errors.New("an idle connection was closed")

// exchange sends a request and reads its answer. keep says whether the connection can be used again.
func (h *httpConn) exchange(request []byte) (res *http.Response, said []byte, keep bool, err error) {
	h.limit.N = maxAnswer
	_, err = h.conn.Write(request)
	if err == nil && h.delivered() {
		return &http.Response{StatusCode: http.StatusOK}, nil, h.reader.Buffered() == 0, nil
	}
	if err == nil {
		res, err = http.ReadResponse(h.reader, &http.Request{Method: http.MethodPost})
	}
	if err != nil {
		if timeout, ok := errors.AsType[net.Error](err); h.used && h.limit.N == maxAnswer && (!ok || !timeout.Timeout()) {
			err = errCold
		}
		return nil, nil, false, err
	}
	said, err = io.ReadAll(res.Body)
	_ = res.Body.Close() // it has been read
	h.used = true
	return res, said, err == nil && !res.Close && h.reader.Buffered() == 0, err
}

// client takes requests over a connection, one after the other, until it is dismissed.
type client struct {
	pool *pool
	ctx  context.Context
	conn *httpConn
	stop func() bool // ends the watch over ctx
}

// client waits for its turn when as many as may be are under way.
func (p *pool) client(ctx context.Context) (*client, error) {
	select {
	case p.slots <- struct{}{}:
		return &client{pool: p, ctx: ctx}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *client) dismiss() {
	switch {
	case c.conn == nil:
	case c.stop():
		c.pool.give(c.conn)
	default: // cut in the middle of something
		_ = c.conn.conn.Close() // nothing is lost with it
	}
	<-c.pool.slots
}

// carry makes one request. One that met a closed connection is made again on a new one: it
// may arrive twice, and a page drops the second copy by its messageId.
func (c *client) carry(request []byte) (*http.Response, []byte, error) {
	if c.conn == nil {
		h, err := c.pool.take(c.ctx)
		if err != nil {
			return nil, nil, err
		}
		c.use(h)
	}
	res, said, err := c.once(request)
	if !errors.Is(err, errCold) {
		return res, said, err
	}
	h, err := c.pool.dial(c.ctx)
	if err != nil {
		return nil, nil, err
	}
	c.use(h)
	return c.once(request)
}

func (c *client) use(h *httpConn) {
	c.conn = h
	c.stop = context.AfterFunc(c.ctx, func() {
		_ = h.conn.SetDeadline(time.Unix(1, 0)) // fails on a closed connection, which needs no cutting
	})
}

// bound lets the next request take so long, or up to a quarter more: moving a deadline costs as much as signing.
func (h *httpConn) bound(timeout time.Duration) error {
	now := time.Now()
	if h.until.Sub(now) >= timeout {
		return nil
	}
	h.until = now.Add(timeout + timeout/4)
	return h.conn.SetDeadline(h.until)
}

func (c *client) once(request []byte) (*http.Response, []byte, error) {
	err := c.conn.bound(c.pool.timeout)
	if err != nil && c.conn.used { // a pipe says so, a socket does not
		err = errCold
	}
	if err == nil {
		err = c.ctx.Err() // whose deadline may just have been overwritten
	}
	var res *http.Response
	var said []byte
	keep := false
	if err == nil {
		res, said, keep, err = c.conn.exchange(request)
	}
	if !keep {
		c.stop()
		_ = c.conn.conn.Close() // nothing is lost with it
		c.conn = nil
	}
	return res, said, err
}
