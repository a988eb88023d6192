package gateway

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A message to many clients is as many calls of @connections, and most of what one costs is
// net/http: with its own reader a kept-alive connection takes half as much again. A connection is
// taken over after its first call, and given back with the first request that is not written as
// every client writes its calls: chunked, waiting for a 100, from HTTP/1.0, with a long head.

const (
	headBytes   = 4096             // the longest head that is read here
	requestTime = 10 * time.Second // for the rest of a request, once its beginning is there
	answerTime  = 10 * time.Second // for a caller to take its answers, and up to as much again
)

// callers are the connections of those who call.
type callers struct {
	mu    sync.Mutex
	open  map[*caller]bool
	ended bool
	work  sync.WaitGroup
}

// caller is one such connection. One goroutine, serve, has it.
type caller struct {
	g      *Gateway
	server *http.Server
	conn   net.Conn
	in     *bufio.Reader
	out    []byte // answers that are not written yet
	hasty  bool   // a read deadline is set
	posted bool   // the last call was a POST
	until  time.Time
	date   []byte
	second int64 // of date
}

// keep takes over the connection of a request that has been read to its end and answers it with a.
// It is false where that cannot be done; then nothing has been.
func (g *Gateway) keep(w http.ResponseWriter, r *http.Request, a Answer) bool {
	server, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok || r.Proto != "HTTP/1.1" || r.Method == http.MethodHead || r.Close || r.TLS != nil || isUpgrade(r) || !g.callers.enter() {
		return false
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil { // a writer that lends its connection to nobody
		g.callers.work.Done()
		return false
	}
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered()) // all of it is there
	conn, in := begin(early, conn)
	c := &caller{g: g, server: server, conn: conn, in: bufio.NewReaderSize(in, headBytes), posted: r.Method == http.MethodPost}
	c.write(a)
	go c.serve()
	return true
}

// enter counts one more, unless there are to be no more.
func (c *callers) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.work.Add(1)
	}
	return !c.ended
}

// add is false when the connection is to be ended.
func (c *callers) add(one *caller) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	if c.open == nil {
		c.open = map[*caller]bool{}
	}
	c.open[one] = true
	return true
}

func (c *callers) remove(one *caller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, one)
}

// end closes all connections and waits until nobody serves them.
func (c *callers) end() {
	c.mu.Lock()
	c.ended = true
	for one := range c.open {
		_ = one.conn.Close() // there is nothing to be done for a socket that does not close
	}
	c.mu.Unlock()
	c.work.Wait()
}

// serve answers calls until the connection ends or is given back.
func (c *caller) serve() {
	defer c.g.callers.work.Done()
	if !c.g.callers.add(c) {
		_ = c.conn.Close()
		return
	}
	err := c.answerAll()
	c.g.callers.remove(c)
	if !errors.Is(err, errUnusual) || !c.giveBack() {
		_ = c.conn.Close()
	}
}

var errUnusual = errors.New("a request for net/http")

// answerAll answers one call after the other. Its error says why there is no other.
func (c *caller) answerAll() error {
	heads := headReader{path: "/" + c.g.cfg.API.Stage + "/@connections/", body: c.g.cfg.Limits.MessageBytes}
	for {
		h, err := c.next(heads)
		if err != nil {
			return errors.Join(err, c.flush())
		}
		frame, payload := newTextFrame(h.length)
		if err := c.read(payload); err != nil {
			return err
		}
		h.Stage = c.g.cfg.API.Stage
		a := c.g.answer(h.Call, func() ([]byte, error) { return frame, nil })
		if a.Status == 0 {
			return c.flush()
		}
		c.write(a)
		c.posted = h.Method == http.MethodPost
	}
}

// next reads the next head. Answers go out before it waits: several that came at once are answered
// at once.
func (c *caller) next(heads headReader) (callHead, error) {
	if err := c.begin(); err != nil {
		return callHead{}, err
	}
	for {
		b, err := c.in.Peek(c.in.Buffered())
		if err != nil {
			return callHead{}, err
		}
		switch h, state := heads.read(b); {
		case state == unusual || state == partly && len(b) == headBytes:
			return h, errUnusual
		case state == whole:
			_, err := c.in.Discard(h.size)
			return h, err
		}
		if err := c.hurry(); err != nil {
			return callHead{}, err
		}
		if _, err := c.in.Peek(len(b) + 1); errors.Is(err, io.EOF) {
			return callHead{}, errUnusual
		} else if err != nil {
			return callHead{}, err
		}
	}
}

// begin waits for the next request, as long as that takes: callers keep their connections. Like net/http it wants four bytes, and
// passes over line ends that old clients send after a post.
func (c *caller) begin() error {
	const enough = 4
	if c.in.Buffered() < enough {
		if err := c.flush(); err != nil {
			return err
		}
	}
	if c.hasty {
		c.hasty = false
		if err := c.conn.SetReadDeadline(time.Time{}); err != nil {
			return err
		}
	}
	first, err := c.in.Peek(enough)
	if err != nil || !c.posted {
		return err
	}
	_, err = c.in.Discard(len(first) - len(bytes.TrimLeft(first, "\r\n")))
	return err
}

// hurry bounds the wait for the rest of a request.
func (c *caller) hurry() error {
	if c.hasty {
		return nil
	}
	c.hasty = true
	return errors.Join(c.flush(), c.conn.SetReadDeadline(time.Now().Add(requestTime)))
}

func (c *caller) read(body []byte) error {
	if c.in.Buffered() < len(body) {
		if err := c.hurry(); err != nil {
			return err
		}
	}
	_, err := io.ReadFull(c.in, body)
	return err
}

// write adds an answer to those that go out next.
func (c *caller) write(a Answer) {
	b := c.out
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(a.Status), 10)
	b = append(append(b, ' '), http.StatusText(a.Status)...)
	if a.Status != http.StatusNoContent {
		b = strconv.AppendInt(append(b, "\r\nContent-Length: "...), int64(len(a.Body)), 10)
	}
	if a.typed() {
		b = append(b, "\r\nContent-Type: application/json"...)
	}
	if a.Type != "" {
		b = append(append(b, "\r\nX-Amzn-Errortype: "...), a.Type...)
	}
	b = append(append(b, "\r\nDate: "...), c.now()...)
	b = append(append(b, "\r\nX-Amzn-Requestid: "...), newRequestUUID()...)
	c.out = append(append(b, "\r\n\r\n"...), a.Body...)
}

// now is the time as HTTP writes it, made once a second.
func (c *caller) now() []byte {
	at := time.Now()
	if second := at.Unix(); second != c.second || c.date == nil {
		c.second, c.date = second, at.UTC().AppendFormat(c.date[:0], http.TimeFormat)
	}
	return c.date
}

// flush writes the answers. The deadline is moved when it is near: that costs as much as a call.
func (c *caller) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	if now := time.Now(); c.until.Sub(now) < answerTime {
		c.until = now.Add(2 * answerTime)
		if err := c.conn.SetWriteDeadline(c.until); err != nil {
			return err
		}
	}
	_, err := c.conn.Write(c.out)
	c.out = c.out[:0]
	return err
}

// giveBack lets net/http serve the connection from the request that is not read yet. It is false
// when there is no server any more.
func (c *caller) giveBack() bool {
	early, _ := c.in.Peek(c.in.Buffered()) // all of it is there
	if c.conn.SetDeadline(time.Time{}) != nil {
		return false
	}
	conn, in := begin(early, c.conn)
	one := &oneConn{&begun{Conn: conn, in: in}, conn.LocalAddr()}
	return errors.Is(c.server.Serve(one), errServed)
}
