package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
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
