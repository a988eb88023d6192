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

// lines are the kept-alive HTTP/1.1 connections to one host. A request over them costs
// less than half of what it costs through http.Transport, whose connections have two
// goroutines each; and 1.1, so that a lost packet holds up one post and not all.
type lines struct {
	endpoint *url.URL
	timeout  time.Duration
	trust    *tls.Config
	slots    chan struct{} // one for each connection in use

	mu   sync.Mutex
	idle []*line // the one used last is the last
}

// line is one connection, used by one goroutine at a time.
type line struct {
	conn   net.Conn
	limit  io.LimitedReader
	reader *bufio.Reader
	used   bool      // before: the other side may have closed it meanwhile
	since  time.Time // it is idle
}

func newLines(endpoint *url.URL, timeout time.Duration, trust *tls.Config) *lines {
	return &lines{endpoint: endpoint, timeout: timeout, trust: trust, slots: make(chan struct{}, maxConnections)}
}

// trustOf is what the configuration says of certificates, such as a bundle of its own.
func trustOf(cfg aws.Config) *tls.Config {
	client, ok := cfg.HTTPClient.(*awshttp.BuildableClient)
	if !ok || client.GetTransport().TLSClientConfig == nil {
		return new(tls.Config)
	}
	return client.GetTransport().TLSClientConfig.Clone()
}

// take gives an idle line or, where there is none, a new one.
func (ls *lines) take(ctx context.Context) (*line, error) {
	ls.mu.Lock()
	for len(ls.idle) > 0 {
		l := ls.idle[len(ls.idle)-1]
		ls.idle = ls.idle[:len(ls.idle)-1]
		if time.Since(l.since) < idleTime {
			ls.mu.Unlock()
			return l, nil
		}
		_ = l.conn.Close() // nothing is lost with it
	}
	ls.mu.Unlock()
	return ls.dial(ctx)
}

func (ls *lines) give(l *line) {
	l.since = time.Now()
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.idle = append(ls.idle, l)
}

func (ls *lines) dial(ctx context.Context) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, ls.timeout)
	defer cancel()
	u, port := ls.endpoint, ls.endpoint.Port()
	secure := u.Scheme == "https"
	switch {
	case u.Hostname() == "" || !secure && u.Scheme != "http":
		return nil, fmt.Errorf("%q is no address to post to", u.Redacted())
	case port == "" && secure:
		port = "443"
	case port == "":
		port = "80"
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if secure {
		trust := ls.trust.Clone()
		trust.ServerName, trust.NextProtos = u.Hostname(), []string{"http/1.1"}
		sealed := tls.Client(conn, trust)
		if err := sealed.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		conn = sealed
	}
	l := &line{conn: conn, limit: io.LimitedReader{R: conn}}
	l.reader = bufio.NewReaderSize(&l.limit, 1024)
	return l, nil
}

// errCold means that nothing of an answer came over a line that had been idle: the other
// side closes those when it likes, and functions are frozen between invocations.
var errCold = errors.New("an idle connection was closed")

// exchange sends a request and reads its answer. keep says whether the line can be used again.
func (l *line) exchange(request []byte) (res *http.Response, said []byte, keep bool, err error) {
	l.limit.N = maxAnswer
	_, err = l.conn.Write(request)
	if err == nil {
		res, err = http.ReadResponse(l.reader, &http.Request{Method: http.MethodPost})
	}
	if err != nil {
		if timeout, ok := errors.AsType[net.Error](err); l.used && l.limit.N == maxAnswer && (!ok || !timeout.Timeout()) {
			err = errCold
		}
		return nil, nil, false, err
	}
	said, err = io.ReadAll(res.Body)
	_ = res.Body.Close() // it has been read
	l.used = true
	return res, said, err == nil && !res.Close && l.reader.Buffered() == 0, err
}

// courier takes requests over a line, one after the other, until it is dismissed.
type courier struct {
	lines *lines
	ctx   context.Context
	line  *line
	stop  func() bool // ends the watch over ctx
}

// courier waits for its turn when as many as may be are under way.
func (ls *lines) courier(ctx context.Context) (*courier, error) {
	select {
	case ls.slots <- struct{}{}:
		return &courier{lines: ls, ctx: ctx}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *courier) dismiss() {
	if c.line != nil && c.stop() {
		c.lines.give(c.line)
	}
	<-c.lines.slots
}

// carry makes one request. One that met a closed connection is made again on a new one: it
// may arrive twice, and a page drops the second copy by its messageId.
func (c *courier) carry(request []byte) (*http.Response, []byte, error) {
	if c.line == nil {
		l, err := c.lines.take(c.ctx)
		if err != nil {
			return nil, nil, err
		}
		c.use(l)
	}
	res, said, err := c.once(request)
	if !errors.Is(err, errCold) {
		return res, said, err
	}
	l, err := c.lines.dial(c.ctx)
	if err != nil {
		return nil, nil, err
	}
	c.use(l)
	return c.once(request)
}

func (c *courier) use(l *line) {
	c.line = l
	c.stop = context.AfterFunc(c.ctx, func() {
		_ = l.conn.SetDeadline(time.Unix(1, 0)) // fails on a closed connection, which needs no cutting
	})
}

func (c *courier) once(request []byte) (*http.Response, []byte, error) {
	err := c.line.conn.SetDeadline(time.Now().Add(c.lines.timeout))
	if err == nil {
		err = c.ctx.Err() // whose deadline may just have been overwritten
	}
	var res *http.Response
	var said []byte
	keep := false
	if err == nil {
		res, said, keep, err = c.line.exchange(request)
	}
	if !keep {
		c.stop()
		_ = c.line.conn.Close() // nothing is lost with it
		c.line = nil
	}
	return res, said, err
}
