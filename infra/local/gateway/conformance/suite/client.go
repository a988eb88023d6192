package suite

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// client is one end of a connection. Once the probe has failed, its methods do nothing.
type client struct {
	p        *probe
	conn     net.Conn
	in       *bufio.Reader
	response *http.Response
	body     string // of a refusal
	id       string // once id() was asked
}

func (c *client) failed() bool { return c.p.err != nil || c.conn == nil }

func (c *client) raw(b []byte) {
	if c.failed() {
		return
	}
	if err := c.conn.SetDeadline(time.Now().Add(c.p.target.step())); err != nil {
		c.p.fail("set deadline: %v", err)
		return
	}
	if _, err := c.conn.Write(b); err != nil {
		c.p.fail("write: %v", err)
	}
}

func (c *client) text(message string) { c.frame(opText, true, message) }
func (c *client) frame(opcode byte, fin bool, payload string) {
	c.raw(maskedFrame(opcode, fin, []byte(payload)))
}
func (c *client) closeWith(code uint16, reason string) {
	c.raw(maskedFrame(opClose, true, closePayload(code, reason)))
}

// drop ends the socket without a word.
func (c *client) drop() {
	if !c.failed() {
		_ = c.conn.Close() // that it is gone is all that is wanted
	}
}

// read returns the next frame, which must come within the time.
func (c *client) read(within time.Duration) (frame, bool) {
	if c.failed() {
		return frame{}, false
	}
	if err := c.conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		c.p.fail("set deadline: %v", err)
		return frame{}, false
	}
	f, err := readFrame(c.in)
	if err != nil {
		c.p.fail("read a frame: %v", err)
		return frame{}, false
	}
	return f, true
}

// readText returns the next frame's text.
func (c *client) readText() string {
	f, ok := c.read(c.p.target.step())
	if ok && f.first != 0x80|opText {
		c.p.fail("frame %#x %q, want one whole text frame", f.first, f.payload)
	}
	return string(f.payload)
}

func (c *client) wantText(want string) {
	if got := c.readText(); got != want {
		c.p.fail("received %.200q, want %.200q", got, want)
	}
}

// errorFrame is the template of what the gateway itself says, byte for byte.
var errorFrame = regexp.MustCompile(`^\{"message": "([^"]*)", "connectionId":"([A-Za-z0-9_-]{15}=)", "requestId":"([A-Za-z0-9_-]{15}=)"\}$`)

// wantError reads an error frame with the message, and returns its request id.
func (c *client) wantError(message string) string {
	got := c.readText()
	parts := errorFrame.FindStringSubmatch(got)
	if parts == nil || parts[1] != message {
		c.p.fail("received %s, want an error frame with message %q", got, message)
		return ""
	}
	return parts[3]
}

func (c *client) wantStatus(want int) {
	if c.p.err == nil && c.response.StatusCode != want {
		c.p.fail("handshake = %d %s, want %d", c.response.StatusCode, c.body, want)
	}
}

// wantClose reads the close frame, which must come now. A code of 0 is a close frame without one.
func (c *client) wantClose(code uint16) { c.wantCloseWithin(code, c.p.target.step()) }

func (c *client) wantCloseWithin(code uint16, within time.Duration) (reason string) {
	f, ok := c.read(within)
	if !ok {
		return ""
	}
	got := uint16(0)
	if len(f.payload) >= 2 {
		got, reason = binary.BigEndian.Uint16(f.payload), string(f.payload[2:])
	}
	if f.first != 0x80|opClose || got != code {
		c.p.fail("frame %#x %d %.100q, want a close frame with %d", f.first, got, reason, code)
	}
	return reason
}

// wantEnd checks that the server closes the socket now.
func (c *client) wantEnd() {
	if c.failed() {
		return
	}
	if _, err := c.in.ReadByte(); !errors.Is(err, io.EOF) {
		c.p.fail("after the close frame: %v, want the end of the socket", err)
	}
}

// wantAlive checks that the connection still works: a message is answered on a two-way route.
func (c *client) wantAlive() {
	c.text(`{"type":"echo","do":{"result":"{\"statusCode\":200,\"body\":\"alive\"}"}}`)
	c.wantText("alive")
}

// header is one of the handshake's answer.
func (c *client) header(name string) string {
	if c.response == nil {
		return ""
	}
	return strings.Join(c.response.Header.Values(name), ", ")
}
