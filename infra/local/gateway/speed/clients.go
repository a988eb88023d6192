package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// patience is how long a client waits for anything.
const patience = 30 * time.Second

// beClients measures and prints how many posts or connects there were a second, and in all. For idle
// it prints how many connections are open, and keeps them until its standard input ends.
func beClients(ctx context.Context, measure string, s settings, in io.Reader, out io.Writer) error {
	var perSecond float64
	var total int
	var err error
	switch measure {
	case "posts":
		perSecond, total, err = posts(ctx, s)
	case "connects":
		perSecond, total, err = connects(ctx, s)
	case "idle":
		return idle(ctx, s, in, out)
	default:
		err = fmt.Errorf("nobody measures %q", measure)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, perSecond, total)
	return err
}

const handshake = "GET /dev HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: q1V8Yk0vYzJ0b2tlbjEyMw==\r\n\r\n"

// client is a connection with as little of its own as the clients' process can do with.
type client struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(ctx context.Context, address string) (*client, error) {
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp4", address)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	c := &client{conn, bufio.NewReaderSize(conn, 1024)}
	if err := c.shakeHands(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

func (c *client) shakeHands() error {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c.conn, handshake); err != nil {
		return fmt.Errorf("shake hands: %w", err)
	}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return fmt.Errorf("shake hands: %w", err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("handshake = %s", response.Status)
	}
	return c.conn.SetDeadline(time.Time{})
}

// ask sends a message and returns the answer: the id to post to.
func (c *client) ask() (string, error) {
	if _, err := c.conn.Write([]byte{0x81, 0x81, 0, 0, 0, 0, 'x'}); err != nil {
		return "", err
	}
	size, err := c.next()
	if err != nil {
		return "", err
	}
	text := make([]byte, size)
	_, err = io.ReadFull(c.in, text)
	return string(text), err
}

// next reads the header of a frame and returns its length, which is under 64 KB.
func (c *client) next() (int, error) {
	var b [4]byte
	if _, err := io.ReadFull(c.in, b[:2]); err != nil {
		return 0, err
	}
	if b[0] != 0x81 {
		return 0, fmt.Errorf("frame %#x, want a text", b[0])
	}
	if b[1] < 126 {
		return int(b[1]), nil
	}
	_, err := io.ReadFull(c.in, b[2:])
	return int(binary.BigEndian.Uint16(b[2:])), err
}

// posts posts 200 bytes at a time to all clients in turn and returns how many a second have been
// read.
func posts(ctx context.Context, s settings) (perSecond float64, total int, err error) {
	var received atomic.Int64
	requests := make([][]byte, s.Clients)
	text := strings.Repeat("a", 200)
	for n := range requests {
		c, err := dial(ctx, s.Address)
		if err != nil {
			return 0, 0, err
		}
		defer c.conn.Close()
		id, err := c.ask()
		if err != nil {
			return 0, 0, fmt.Errorf("ask for the id: %w", err)
		}
		requests[n] = fmt.Appendf(nil, "POST /dev/@connections/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s", id, len(text), text)
		go c.count(&received)
	}
	started := time.Now()
	var sent atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for n := range s.Workers {
		group.Go(func() error { return poster(ctx, s, requests[n%len(requests):], started.Add(s.For), &sent) })
	}
	if err := group.Wait(); err != nil {
		return 0, 0, err
	}
	for deadline := time.Now().Add(patience); received.Load() < sent.Load(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return 0, 0, fmt.Errorf("%d of %d posts were read", received.Load(), sent.Load())
		}
	}
	return float64(sent.Load()) / time.Since(started).Seconds(), int(sent.Load()), nil
}

func (c *client) count(received *atomic.Int64) {
	for {
		size, err := c.next()
		if err != nil {
			return // the measurement is over
		}
		if _, err := c.in.Discard(size); err != nil {
			return
		}
		received.Add(1)
	}
}

// poster makes posts over one HTTP connection, one after the other.
func poster(ctx context.Context, s settings, requests [][]byte, until time.Time, sent *atomic.Int64) error {
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp4", s.Address)
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for n := 0; time.Now().Before(until) && ctx.Err() == nil; n++ {
		if _, err := conn.Write(requests[n%len(requests)]); err != nil {
			return fmt.Errorf("post: %w", err)
		}
		if err := readOK(in); err != nil {
			return err
		}
		sent.Add(1)
	}
	return nil
}

// readOK reads an answer, which must be 200 without a body.
func readOK(in *bufio.Reader) error {
	status, err := in.ReadSlice('\n')
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if !strings.HasPrefix(string(status), "HTTP/1.1 200 ") {
		return fmt.Errorf("post = %q", status)
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("read answer: %w", err)
		}
		if len(line) == 2 {
			return nil
		}
	}
}

// connects opens connections and leaves each at once, and returns how many a second were opened.
func connects(ctx context.Context, s settings) (perSecond float64, total int, err error) {
	started := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(s.Workers)
	for range s.Connects {
		group.Go(func() error {
			c, err := dial(ctx, s.Address)
			if err != nil {
				return err
			}
			return c.conn.Close()
		})
	}
	if err := group.Wait(); err != nil {
		return 0, 0, err
	}
	return float64(s.Connects) / time.Since(started).Seconds(), s.Connects, nil
}

func idle(ctx context.Context, s settings, in io.Reader, out io.Writer) error {
	group, dialing := errgroup.WithContext(ctx)
	group.SetLimit(s.Workers)
	clients := make([]*client, s.Idle)
	for n := range clients {
		group.Go(func() (err error) {
			clients[n], err = dial(dialing, s.Address)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, len(clients)); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, in)
	for _, c := range clients {
		_ = c.conn.Close() // they were there to be counted
	}
	return err
}
