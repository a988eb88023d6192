package stack

import (
	"context"
	"net"
	"sync"
)

// inside is a listener for this process alone: what comes to it passes through memory. A message to a room of many is as many posts, and the
// kernel's part of a connection between two goroutines of one process is most of what a post costs.
type inside struct {
	address net.Addr // of the listener on the network that stands for the same
	come    chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newInside(address net.Addr) *inside {
	return &inside{address: address, come: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept waits for the next connection.
func (l *inside) Accept() (net.Conn, error) {
	select {
	case conn := <-l.come:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the waiting, on both sides. Connections that were made stay.
func (l *inside) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is where the same is on the network.
func (l *inside) Addr() net.Addr { return l.address }

// DialContext makes a connection to the listener, or over the network where the address is another's.
func (l *inside) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if address != l.address.String() {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	near, far := net.Pipe()
	select {
	case l.come <- far:
		return near, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "dial", Net: network, Addr: l.address, Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
