package gateway

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// readBuffer is small because every idle connection has one; longer payloads are read past it.
const readBuffer = 1024

// frameReader reads a client's frames one after the other.
type frameReader struct {
	r      *bufio.Reader
	header [ws.MaxHeaderSize]byte
	rest   int // payload of the current frame that has not been read
}

func newFrameReader(r io.Reader) *frameReader {
	return &frameReader{r: bufio.NewReaderSize(r, readBuffer)}
}

// next skips what is left of the current frame and reads the header of the next.
func (f *frameReader) next() (ws.Header, error) {
	skipped, err := f.r.Discard(f.rest)
	f.rest -= skipped
	if err != nil {
		return ws.Header{}, err
	}
	h, err := ws.ReadHeaderBuffer(f.r, f.header[:])
	f.rest = int(h.Length)
	return h, err
}

// appendPayload reads the payload of h, the current frame, to the end of b.
func (f *frameReader) appendPayload(b []byte, h ws.Header) ([]byte, error) {
	start := len(b)
	b = slices.Grow(b, f.rest)[:start+f.rest]
	n, err := io.ReadFull(f.r, b[start:])
	f.rest -= n
	ws.Cipher(b[start:], h.Mask, 0)
	return b, err
}

// discardUntilClose reads on until the client's close frame or the read deadline.
func (f *frameReader) discardUntilClose() {
	for {
		h, err := f.next()
		if err != nil || h.OpCode == ws.OpClose {
			return
		}
	}
}

// read dispatches the client's messages until the connection is over, and returns how it ended.
func (c *connection) read() ending {
	var message []byte
	state := ws.StateServerSide
	limits := &c.g.cfg.Limits
	for {
		h, err := c.in.next()
		if errors.Is(err, ws.ErrHeaderLengthMSB) {
			return brokeProtocol()
		}
		if err != nil {
			return lost()
		}
		switch {
		case ws.CheckHeader(h, state) != nil:
			return brokeProtocol()
		case h.OpCode.IsControl():
			if end := c.control(h); end != nil {
				return *end
			}
			continue
		case h.OpCode == ws.OpBinary:
			return sentBinary()
		case h.Length > int64(limits.FrameBytes) || len(message)+int(h.Length) > limits.MessageBytes:
			return sentTooMuch()
		}
		if message, err = c.in.appendPayload(message, h); err != nil {
			return lost()
		}
		if !h.Fin {
			state = state.Set(ws.StateFragmented)
			continue
		}
		if !utf8.Valid(message) {
			return sentBadText()
		}
		c.touch()
		c.dispatch(message)
		message, state = nil, ws.StateServerSide
	}
}

// control answers a ping or a close frame, and returns the ending if it is one. Pings are no
// activity: AWS's idle timer is taken to run on.
func (c *connection) control(h ws.Header) *ending {
	payload, err := c.in.appendPayload(nil, h)
	if err != nil {
		end := lost()
		return &end
	}
	switch h.OpCode {
	case ws.OpClose:
		end := closedByClient(payload)
		return &end
	case ws.OpPing:
		_ = c.out.put(pongFrame(payload)) // a client that takes nothing needs no answer
	}
	return nil
}
