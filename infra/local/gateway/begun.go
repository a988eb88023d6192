package gateway

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
)

// begun is a connection of which something has been read already.
type begun struct {
	net.Conn
	in io.Reader
}

// Read gives what has been read before what is still to come.
func (b *begun) Read(p []byte) (int, error) { return b.in.Read(p) }

// begin gives the connection itself, and a reader of what has been read of it already and of what is still to come. One that is begun does not
// become another's inside, however often it is given back.
func begin(early []byte, conn net.Conn) (net.Conn, io.Reader) {
	in := io.Reader(conn)
	if b, ok := conn.(*begun); ok {
		conn, in = b.Conn, b.in
	}
	if len(early) > 0 {
		in = io.MultiReader(bytes.NewReader(slices.Clone(early)), in) // which forgets what has ended
	}
	return conn, in
}

var errServed = errors.New("the connection is served")

// oneConn is a listener to which one client has come.
type oneConn struct {
	conn net.Conn
	addr net.Addr
}

// Accept gives the connection once, and then errServed.
func (l *oneConn) Accept() (net.Conn, error) {
	conn := l.conn
	if l.conn = nil; conn == nil {
		return nil, errServed
	}
	return conn, nil
}

// Close does nothing: the connection is its server's.
func (l *oneConn) Close() error { return nil }

// Addr is the address that the client came to.
func (l *oneConn) Addr() net.Addr { return l.addr }
