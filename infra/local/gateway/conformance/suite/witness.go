package suite

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// witness is the connection that the function reports to.
type witness struct {
	id     string
	client *client
	ended  chan struct{}

	mu      sync.Mutex
	records []record
	arrived chan struct{} // closed and made anew when a record arrives
}

// keepAlive is how often the witness says something: no stage's idle time is shorter than ten
// minutes but Brief's.
const keepAlive = 5 * time.Minute

func newWitness(ctx context.Context, t Target) (*witness, error) {
	stage, there := t.Stages[Guarded]
	if !there {
		return nil, errors.New("there is no guarded stage")
	}
	p := &probe{ctx: ctx, target: t, stage: stage, witness: &witness{}, name: newNonce()}
	c := p.dial(opening{})
	c.wantStatus(101)
	c.text(`{"type":"echo","do":{"result":"{\"statusCode\":200,\"body\":\"$ID\"}"}}`)
	id := c.readText()
	if p.err != nil {
		return nil, p.err
	}
	w := &witness{id: id, client: c, ended: make(chan struct{}), arrived: make(chan struct{})}
	if err := c.conn.SetDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("set deadline: %w", err)
	}
	go w.read(c.in)
	go w.stayAlive(ctx)
	return w, nil
}

// read keeps every record until the socket is closed.
func (w *witness) read(r *bufio.Reader) {
	defer close(w.ended)
	for {
		f, err := readFrame(r)
		if err != nil {
			return
		}
		var got record
		if f.opcode() != opText || json.Unmarshal(f.payload, &got) != nil {
			continue // an answer to the message that keeps it alive
		}
		w.mu.Lock()
		w.records = append(w.records, got)
		close(w.arrived)
		w.arrived = make(chan struct{})
		w.mu.Unlock()
	}
}

func (w *witness) stayAlive(ctx context.Context) {
	ticker := time.NewTicker(keepAlive)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if _, err := w.client.conn.Write(maskedFrame(opText, true, []byte(`{"type":"say"}`))); err != nil {
				return
			}
		case <-w.ended:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (w *witness) close() {
	_ = w.client.conn.Close() // it is read to its end, and that is waited for
	<-w.ended
}

// take removes and returns the first record that fits.
func (w *witness) take(fits func(record) bool) (record, bool, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, r := range w.records {
		if fits(r) {
			w.records = append(w.records[:i:i], w.records[i+1:]...)
			return r, true, w.arrived
		}
	}
	return record{}, false, w.arrived
}

// wait returns the first record that fits, as soon as there is one.
func (w *witness) wait(ctx context.Context, fits func(record) bool) (record, error) {
	for {
		r, ok, more := w.take(fits)
		if ok {
			return r, nil
		}
		select {
		case <-more:
		case <-w.ended:
			return record{}, errors.New("the witness's connection is closed")
		case <-ctx.Done():
			return record{}, errors.New("nothing more was recorded")
		}
	}
}
