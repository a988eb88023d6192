package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// connectTime bounds one handshake. One that is refused is tried again, as pages do, and is among the errors.
const (
	connectTime  = 30 * time.Second
	connectTries = 5
	connectPause = 500 * time.Millisecond // longer each time
)

// client is one person in one room.
type client struct {
	room   *room
	member int // within the room
	conn   *websocket.Conn

	answered chan bool // an own copy or an error has come
	welcomed bool
	lobby    *lobby
	faults   *faults
}

// lobby is where clients wait until all are in and have heard of each other.
type lobby struct {
	welcomed atomic.Int64 // clients
	heard    atomic.Int64 // when anything came last, in nanoseconds of Unix time
}

func (l *lobby) hear(at time.Time) { l.heard.Store(at.UnixNano()) }

// quiet says whether so many clients are welcome and nothing has come for so long.
func (l *lobby) quiet(clients int, length time.Duration, now time.Time) bool {
	return l.welcomed.Load() == int64(clients) && now.Sub(time.Unix(0, l.heard.Load())) >= length
}

// faults counts what clients were told instead of being served.
type faults struct {
	mu     sync.Mutex
	counts map[string]int
}

func (f *faults) add(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts[what]++
}

func (f *faults) list() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.counts)
}

func (c *client) open(ctx context.Context, address string, person int) error {
	for try := 1; ; try++ {
		status, err := c.dial(ctx, address, person)
		if err == nil || try == connectTries || status < http.StatusTooManyRequests {
			return err
		}
		c.faults.add("connect refused with " + strconv.Itoa(status))
		select {
		case <-time.After(time.Duration(try) * connectPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// dial says with what status it was refused, 0 where nobody answered.
func (c *client) dial(ctx context.Context, address string, person int) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	user := "load-" + strconv.Itoa(person)
	query := url.Values{"userId": {user}, "username": {user}, "roomId": {c.room.id}, "token": {"valid_load"}}
	conn, answer, err := websocket.Dial(ctx, address+"?"+query.Encode(), nil)
	if err != nil {
		if answer != nil {
			status = answer.StatusCode
		}
		return status, fmt.Errorf("connect %s: %w", user, err)
	}
	conn.SetReadLimit(1 << 20)
	c.conn = conn
	return 0, nil
}

// listen enters what comes into the ledger until the connection ends.
func (c *client) listen(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { _ = c.conn.CloseNow() })() // an error says that it is closed
	for {
		_, text, err := c.conn.Read(context.Background()) // the library watches over any other at each frame
		at := time.Now()
		if err != nil {
			if ctx.Err() == nil {
				c.faults.add("closed with " + strconv.Itoa(int(websocket.CloseStatus(err))))
				c.release(false)
			}
			return
		}
		c.lobby.hear(at)
		if bytes.HasPrefix(text, []byte(`{"type":"user_`)) {
			continue // comings and goings are most of what a large room hears at first
		}
		a, err := arrivalOf(text)
		if err != nil {
			c.faults.add("not JSON")
			continue
		}
		c.enter(a, at)
	}
}

func (c *client) enter(a arrival, at time.Time) {
	switch a.Type {
	case "welcome":
		if !c.welcomed { // the queue may give it twice
			c.welcomed = true
			c.lobby.welcomed.Add(1)
		}
	case "chat":
		number, _, _ := strings.Cut(a.Data.Message, " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			n = -1
		}
		c.room.ledger.receive(c.member, n, a.Data.MessageID, a.Data.Seq, at)
		if c.room.ledger.sentBy(n) == c.member {
			c.release(true)
		}
	case "error":
		c.faults.add(a.Data.Code)
		c.release(false)
	case "":
		c.faults.add("gateway: " + a.Message)
		c.release(false)
	}
}

// release lets the client send its next message, and says whether the last one is kept.
func (c *client) release(kept bool) {
	select {
	case c.answered <- kept:
	default: // nobody waits: messages go out at a rate
	}
}

// send sends the room's next message, of so many more letters, and gives its number.
func (c *client) send(ctx context.Context, letters int) (n int, err error) {
	n = c.room.ledger.send(c.member, time.Now())
	text := strconv.Itoa(n) + " " + strings.Repeat("x", letters)
	frame := fmt.Sprintf(`{"type":"chat","id":"%d","clientMessageId":"%s-%d","message":"%s"}`, n, c.room.id, n, text)
	if err := c.conn.Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
		return n, fmt.Errorf("send: %w", err)
	}
	return n, nil
}
