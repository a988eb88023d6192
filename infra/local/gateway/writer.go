package gateway

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

var (
	errGone = errors.New("connection is gone")
	errFull = errors.New("client's buffer is full")
)

// outbox is what waits to be written to one client. What the socket takes at once is written at
// once; it has a goroutine only while there is more.
type outbox struct {
	conn   net.Conn
	direct *direct // nil where the connection has no socket
	limits *Limits
	failed func(error)            // told when a write fails; called by the goroutine that writes
	stall  func() <-chan struct{} // Config.Stall of this client; nil is none
	reads  <-chan struct{}        // what stall gave for the first frame; of whoever writes

	mu            sync.Mutex
	queue         net.Buffers
	frames, bytes int // queued and being written
	writing       bool
	broken        bool
	flushed       chan struct{} // set by seal, closed when nothing will be written any more
	sealed        chan struct{} // closed by seal
}

func newOutbox(conn net.Conn, limits *Limits, failed func(error)) *outbox {
	return &outbox{conn: conn, direct: newDirect(conn), limits: limits, failed: failed, sealed: make(chan struct{})}
}

// put queues frame. It does not block: the error is errFull when too much is queued, errGone after
// seal or a failed write.
func (o *outbox) put(frame []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.broken || o.flushed != nil:
		return errGone
	case o.frames+1 > o.limits.QueueFrames || o.bytes+len(frame) > o.limits.QueueBytes:
		return errFull
	}
	o.add(frame)
	return nil
}

// seal queues the last frame, beyond the bounds if need be. The channel is closed when it has been
// written or given up; that takes no longer than two writes may.
func (o *outbox) seal(last []byte) <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flushed = make(chan struct{})
	close(o.sealed)
	if o.broken {
		close(o.flushed)
		return o.flushed
	}
	if o.add(last); !o.writing {
		close(o.flushed)
	}
	return o.flushed
}

func (o *outbox) add(frame []byte) {
	if !o.writing && !o.stalls() {
		if frame = o.direct.write(frame); len(frame) == 0 {
			return
		}
	}
	o.queue = append(o.queue, frame)
	o.frames++
	o.bytes += len(frame)
	if !o.writing {
		o.writing = true
		go o.write()
	}
}

// write writes the queue until it is empty.
func (o *outbox) write() {
	for batch := o.take(0, 0); batch != nil; {
		frames, size := len(batch), 0
		for _, frame := range batch {
			size += len(frame)
		}
		err := o.writeBatch(batch)
		if err != nil {
			o.giveUp()
			o.failed(err)
			return
		}
		batch = o.take(frames, size)
	}
}

// take forgets what has been written and returns what is to be written next, nil if nothing is.
func (o *outbox) take(frames, size int) net.Buffers {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.frames -= frames
	o.bytes -= size
	batch := o.queue
	o.queue = nil
	if batch == nil {
		o.writing = false
		if o.flushed != nil {
			close(o.flushed)
		}
	}
	return batch
}

func (o *outbox) giveUp() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue, o.broken, o.writing = nil, true, false
	if o.flushed != nil {
		close(o.flushed)
	}
}

// stalls says whether the client does not read now.
func (o *outbox) stalls() bool {
	if o.stall != nil {
		o.reads = o.stall()
	}
	return o.reads != nil
}

// writeBatch writes frames at once, or one by one to a client that is stalled.
func (o *outbox) writeBatch(batch net.Buffers) error {
	for len(batch) > 0 && (o.reads != nil || o.stalls()) {
		if err := o.await(o.reads); err != nil {
			return err
		}
		o.reads = nil
		if err := o.writeAll(net.Buffers{batch[0]}); err != nil {
			return err
		}
		batch = batch[1:]
	}
	return o.writeAll(batch)
}

// await waits until a stalled client reads, or the connection is to end. It gives up when a write
// would.
func (o *outbox) await(reads <-chan struct{}) error {
	timer := time.NewTimer(o.limits.WriteTimeout)
	defer timer.Stop()
	select {
	case <-reads:
	case <-o.sealed:
	case <-timer.C:
		return os.ErrDeadlineExceeded
	}
	return nil
}

// writeAll writes for as long as the client takes something. From seal on it takes no longer than one write may.
func (o *outbox) writeAll(batch net.Buffers) error {
	for {
		if err := o.conn.SetWriteDeadline(time.Now().Add(o.limits.WriteTimeout)); err != nil {
			return err
		}
		switch taken, err := batch.WriteTo(o.conn); {
		case err == nil:
			return o.conn.SetWriteDeadline(time.Time{}) // it would be over when the next frame is written directly
		case taken == 0 || !errors.Is(err, os.ErrDeadlineExceeded) || o.isSealed():
			return err
		}
	}
}

func (o *outbox) isSealed() bool {
	select {
	case <-o.sealed:
		return true
	default:
		return false
	}
}

// newTextFrame makes a frame for so many bytes of text, which are to be put into its payload.
func newTextFrame(size int) (frame, payload []byte) {
	const fin, wide, widest = 0x80, 126, 127 // RFC 6455, section 5.2
	h := ws.HeaderSize(ws.Header{Length: int64(size)})
	frame = make([]byte, h+size)
	frame[0] = fin | byte(ws.OpText)
	switch h {
	case 2:
		frame[1] = byte(size)
	case 4:
		frame[1] = wide
		binary.BigEndian.PutUint16(frame[2:], uint16(size))
	default:
		frame[1] = widest
		binary.BigEndian.PutUint64(frame[2:], uint64(size))
	}
	return frame, frame[h:]
}

func textFrame(text []byte) []byte {
	frame, payload := newTextFrame(len(text))
	copy(payload, text)
	return frame
}

func closeFrame(payload []byte) []byte { return frameBytes(ws.NewCloseFrame(payload)) }
func pongFrame(payload []byte) []byte  { return frameBytes(ws.NewPongFrame(payload)) }

func frameBytes(f ws.Frame) []byte {
	b := bytes.NewBuffer(make([]byte, 0, ws.HeaderSize(f.Header)+len(f.Payload)))
	_ = ws.WriteFrame(b, f) // a buffer in memory takes everything
	return b.Bytes()
}
