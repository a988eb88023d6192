package gateway

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// connection is one open WebSocket. One goroutine, serve, reads from it for its whole life and ends
// it; others only say that it is over, with finish.
type connection struct {
	*peer
	g          *Gateway
	conn       net.Conn
	in         *frameReader
	out        *outbox
	opened     chan struct{} // closed when the 101 has been written, or could not be
	lastActive atomic.Int64  // Unix milliseconds of the last message in either direction

	mu     sync.Mutex
	end    *ending // the first one stands
	expiry *time.Timer
}

func newConnection(g *Gateway, p *peer, conn net.Conn, in io.Reader) *connection {
	c := &connection{peer: p, g: g, conn: conn, in: newFrameReader(in), opened: make(chan struct{})}
	c.out = newOutbox(conn, &g.cfg.Limits, c.unwritable)
	if stall := g.cfg.Stall; stall != nil {
		c.out.stall = func() <-chan struct{} { return stall(p.connectionID) }
	}
	c.touch()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expiry = time.AfterFunc(min(g.cfg.Limits.IdleTimeout, g.cfg.Limits.ConnectionDuration), c.checkAge)
	return c
}

// serve runs the connection from its 101 to its DISCONNECT event.
func (c *connection) serve() {
	c.finish(c.read())
	end := c.ended()
	c.closeSocket(*end)
	c.g.disconnect(c.peer, *end)
	c.g.leaving.Add(-1)
}

// finish ends the connection, unless something else has: it is gone for the management API at once,
// and serve is woken to close the socket. It does not block.
func (c *connection) finish(end ending) {
	c.mu.Lock()
	if c.end != nil {
		c.mu.Unlock()
		return
	}
	c.end = &end
	c.expiry.Stop()
	c.mu.Unlock()
	c.g.leaving.Add(1)
	c.g.remove(c)
	_ = c.conn.SetReadDeadline(time.Unix(1, 0)) // fails only on a closed socket, where the reader needs no waking
}

func (c *connection) ended() *ending {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end
}

// closeSocket says what is left to say and closes the socket. What the client still sends is read
// until it answers, for a while: a socket closed with unread data is reset, and the client would
// not see why.
func (c *connection) closeSocket(end ending) {
	if end.farewell != nil {
		<-c.out.seal(closeFrame(end.farewell))
		if !end.answered && c.conn.SetReadDeadline(time.Now().Add(c.g.cfg.Limits.CloseTimeout)) == nil {
			c.in.discardUntilClose()
		}
	}
	_ = c.conn.Close() // there is nothing to be done for a socket that does not close
}

// send queues one frame of text. The error is errGone or errFull.
func (c *connection) send(frame []byte) error {
	if c.ended() != nil {
		return errGone
	}
	if err := c.out.put(frame); err != nil {
		return err
	}
	c.touch()
	c.g.cfg.Metrics.Add(messageCount, 1)
	return nil
}

func (c *connection) touch() {
	c.lastActive.Store(c.g.cfg.Now().UnixMilli())
}

// checkAge runs when the connection might have been idle or open for too long.
func (c *connection) checkAge() {
	now, limits := c.g.cfg.Now(), &c.g.cfg.Limits
	idle := limits.IdleTimeout - now.Sub(time.UnixMilli(c.lastActive.Load()))
	rest := min(idle, limits.ConnectionDuration-now.Sub(c.connectedAt))
	if rest <= 0 {
		c.finish(goingAway())
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end == nil {
		c.expiry.Reset(rest)
	}
}

// unwritable ends a connection to which nothing can be written: a close frame would not reach the
// client either.
func (c *connection) unwritable(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.g.cfg.Log.Info("client cut: it does not read", "connectionId", c.connectionID)
	}
	c.finish(lost())
}
