package gateway

import (
	"net"
	"syscall"
)

// direct writes to a socket what it takes without waiting. It is used by one goroutine at a time.
type direct struct {
	socket syscall.RawConn
	rest   []byte
	once   func(fd uintptr) (done bool) // writeOnce, made once
}

// newDirect returns nil for a connection without a socket, such as net.Pipe's.
func newDirect(conn net.Conn) *direct {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	socket, err := c.SyscallConn()
	if err != nil {
		return nil
	}
	d := &direct{socket: socket}
	d.once = d.writeOnce
	return d
}

// write returns what the socket did not take: all of it after an error, which whoever writes the
// rest will meet again.
func (d *direct) write(b []byte) (rest []byte) {
	if d == nil {
		return b
	}
	d.rest = b
	_ = d.socket.Write(d.once) // fails before it calls, and then all is left
	rest, d.rest = d.rest, nil
	return rest
}

func (d *direct) writeOnce(fd uintptr) bool {
	if n, err := syscall.Write(int(fd), d.rest); err == nil {
		d.rest = d.rest[n:]
	}
	return true
}
