package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

func TestSettle(t *testing.T) {
	for _, c := range []struct {
		name               string
		welcomes, arrivals []time.Duration // when they come
		want               time.Duration   // when settle returns, about
		err                error
	}{
		{"until the last welcome and quiet after it", []time.Duration{0, 2 * time.Second}, nil, 2500 * time.Millisecond, nil},
		{"until comings and goings are over", []time.Duration{0, 0}, []time.Duration{400 * time.Millisecond, 800 * time.Millisecond}, 1300 * time.Millisecond, nil},
		{"not for ever for a welcome", []time.Duration{0}, nil, longestWait + 2*perClient, context.DeadlineExceeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &measurement{options: options{clients: 2}}
				for _, at := range c.welcomes {
					time.AfterFunc(at, func() { m.lobby.hear(time.Now()); m.lobby.welcomed.Add(1) })
				}
				for _, at := range c.arrivals {
					time.AfterFunc(at, func() { m.lobby.hear(time.Now()) })
				}
				began := time.Now()
				err := m.settle(t.Context())
				if !errors.Is(err, c.err) {
					t.Errorf("settle() = %v, want %v", err, c.err)
				}
				if took := time.Since(began); took < c.want || took > c.want+10*time.Millisecond {
					t.Errorf("settle() took %v, want %v", took, c.want)
				}
			})
		})
	}
}

func TestMeasure_sendsWhenAllIsQuiet(t *testing.T) {
	early := make(chan time.Duration, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := welcomeAndAnswer(w, r, early); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	r, err := measure(t.Context(), options{
		url: strings.Replace(server.URL, "http", "ws", 1), clients: 1, rooms: 1, senders: 1, messages: 1, length: 5 * time.Second,
	})
	if err != nil || r.Deliveries != 1 {
		t.Fatalf("measure() = %+v, %v; want one delivery", r, err)
	}
	if got := <-early; got < quietFor {
		t.Errorf("the first message was sent %v after the welcome, want %v or later", got, quietFor)
	}
}

func TestMeasure_comesAgainWhenRefused(t *testing.T) {
	var tries atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries.Add(1) == 1 {
			http.Error(w, "busy", http.StatusTooManyRequests)
			return
		}
		if err := welcomeAndAnswer(w, r, make(chan time.Duration, 1)); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	r, err := measure(t.Context(), options{
		url: strings.Replace(server.URL, "http", "ws", 1), clients: 1, rooms: 1, senders: 1, messages: 1, length: 5 * time.Second,
	})
	if err != nil || r.Deliveries != 1 || r.Errors["connect refused with 429"] != 1 {
		t.Errorf("measure() = %+v, %v; want one delivery after one refusal", r, err)
	}
}

// welcomeAndAnswer serves one client, and says how long after its welcome its message came.
func welcomeAndAnswer(w http.ResponseWriter, r *http.Request, early chan<- time.Duration) error {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return err
	}
	if err := conn.Write(r.Context(), websocket.MessageText, []byte(`{"type":"welcome"}`)); err != nil {
		return err
	}
	welcomed := time.Now()
	_, text, err := conn.Read(r.Context())
	if err != nil {
		return err
	}
	early <- time.Since(welcomed)
	var said struct{ Message string }
	if err := json.Unmarshal(text, &said); err != nil {
		return err
	}
	answer := fmt.Sprintf(`{"type":"chat","data":{"messageId":"m","seq":1,"message":%q}}`, said.Message)
	if err := conn.Write(r.Context(), websocket.MessageText, []byte(answer)); err != nil {
		return err
	}
	_, _, _ = conn.Read(r.Context()) // until the client hangs up
	return nil
}

func TestMeasure_oneByOne(t *testing.T) {
	h := hall{full: make(chan struct{})}
	server := httptest.NewServer(&h)
	defer server.Close()
	r, err := measure(t.Context(), options{
		url: strings.Replace(server.URL, "http", "ws", 1), clients: 2, rooms: 1, senders: 2, messages: 3, length: time.Minute, oneByOne: true,
	})
	if err != nil || r.Deliveries != 6 || r.Lost+r.Unanswered > 0 {
		t.Errorf("measure() = %+v, %v; want six deliveries", r, err)
	}
	if h.early.Load() > 0 {
		t.Errorf("%d messages were sent before the one before had come to everybody", h.early.Load())
	}
}

// hall is a room of two. It answers a sender at once, and the other one later.
type hall struct {
	mu    sync.Mutex
	conns []*websocket.Conn
	full  chan struct{}
	seq   atomic.Int64
	owed  atomic.Int64 // copies that are still to come
	early atomic.Int64 // messages that came meanwhile
}

func (h *hall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // the client has been told
	}
	h.mu.Lock()
	if h.conns = append(h.conns, conn); len(h.conns) == 2 {
		close(h.full)
	}
	h.mu.Unlock()
	<-h.full
	text := []byte(`{"type":"welcome"}`)
	for err == nil {
		if err = conn.Write(r.Context(), websocket.MessageText, text); err != nil {
			return
		}
		if _, text, err = conn.Read(r.Context()); err != nil {
			return
		}
		if text, err = h.take(r.Context(), conn, text); err != nil {
			return
		}
	}
}

// take gives what a sender hears, and lets the other one hear it later.
func (h *hall) take(ctx context.Context, from *websocket.Conn, text []byte) ([]byte, error) {
	if h.owed.Add(1) > 1 {
		h.early.Add(1)
	}
	var said struct{ Message string }
	if err := json.Unmarshal(text, &said); err != nil {
		return nil, err
	}
	seq := h.seq.Add(1)
	copied := fmt.Appendf(nil, `{"type":"chat","data":{"messageId":"m%d","seq":%d,"message":%q}}`, seq, seq, said.Message)
	for _, other := range h.conns {
		if other != from {
			time.AfterFunc(50*time.Millisecond, func() {
				h.owed.Add(-1)
				_ = other.Write(ctx, websocket.MessageText, copied) // one that has hung up needs none
			})
		}
	}
	return copied, nil
}

func TestMeasure_oneByOne_goesOnWhenRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		for text := `{"type":"welcome"}`; err == nil; text = `{"type":"error","data":{"code":"rate_limited"}}` {
			if err = conn.Write(r.Context(), websocket.MessageText, []byte(text)); err == nil {
				_, _, err = conn.Read(r.Context())
			}
		}
	}))
	defer server.Close()
	m := &measurement{faults: faults{counts: map[string]int{}}, options: options{
		url: strings.Replace(server.URL, "http", "ws", 1), clients: 1, rooms: 1, senders: 1, length: stragglers, oneByOne: true,
	}}
	m.left.Store(10)
	if err := errors.Join(m.open(t.Context()), m.send(t.Context())); err != nil || m.left.Load() >= 0 {
		t.Errorf("send() = %v with %d messages left, want all sent", err, m.left.Load())
	}
	m.close()
}

func TestLedger_wholeOf(t *testing.T) {
	l := newLedger(2)
	first, second := l.send(0, time.Now()), l.send(0, time.Now())
	whole := l.wholeOf(second)
	l.receive(0, first, "a", 1, time.Now())
	l.receive(1, first, "a", 1, time.Now())
	select {
	case <-whole:
		t.Error("a message is with everybody because another one is")
	default:
	}
	l.receive(0, second, "b", 2, time.Now())
	l.receive(1, second, "b", 2, time.Now())
	<-whole
	<-l.wholeOf(first) // asked for when it is there
}
