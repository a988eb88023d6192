package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Bounds of what a socket waits for.
const (
	connectTime = 20 * time.Second // until the welcome
	answerTime  = 10 * time.Second
	frameLimit  = 1 << 20
)

// socket is one connection of a person. It reads until the connection ends.
type socket struct {
	person person
	conn   *websocket.Conn
	userID string        // as the server says
	ended  chan struct{} // closed with the connection

	mu      sync.Mutex
	waiting map[string]chan arrival // by the id of what was asked; "": the welcome
	asked   int
	farewell
}

// farewell is why the server closes a connection.
type farewell struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// arrival is a frame, as far as it is looked at.
type arrival struct {
	Type string `json:"type"`
	Ref  string `json:"ref"`
	Data struct {
		farewell
		UserID  string `json:"userId"`
		Message string `json:"message"`
	} `json:"data"`
}

// dial connects somebody and waits until they are welcome.
func dial(ctx context.Context, address string, p person) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	query := url.Values{"username": {p.name}, "roomId": {entrance}}
	if !p.guest {
		query.Set("userId", p.id)
		query.Set("token", "valid_demo")
	}
	options := websocket.DialOptions{HTTPHeader: map[string][]string{"User-Agent": {p.agent}}}
	conn, _, err := websocket.Dial(ctx, address+"?"+query.Encode(), &options)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", p.name, err)
	}
	conn.SetReadLimit(frameLimit)
	s := &socket{person: p, conn: conn, ended: make(chan struct{}), waiting: map[string]chan arrival{}}
	welcome := s.expect("")
	go s.read()
	a, err := s.await(ctx, "", welcome)
	if err != nil {
		s.close()
		return nil, fmt.Errorf("welcome %s: %w", p.name, err)
	}
	s.userID = a.Data.UserID
	return s, nil
}

// read hands what comes to who waits for it, until the connection ends.
func (s *socket) read() {
	defer close(s.ended)
	for {
		_, text, err := s.conn.Read(context.Background()) // ends with the connection
		if err != nil {
			return
		}
		var a arrival
		if json.Unmarshal(text, &a) != nil {
			continue // nobody waits for it
		}
		s.mu.Lock()
		if a.Type == "closing" {
			s.farewell = a.Data.farewell
		}
		if waits := s.waiting[a.Ref]; waits != nil && (a.Ref != "" || a.Type == "welcome") {
			waits <- a
			delete(s.waiting, a.Ref)
		}
		s.mu.Unlock()
	}
}

func (s *socket) expect(ref string) chan arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	waits := make(chan arrival, 1)
	s.waiting[ref] = waits
	return waits
}

func (s *socket) await(ctx context.Context, ref string, waits chan arrival) (arrival, error) {
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.waiting, ref)
	}()
	select {
	case a := <-waits:
		return a, nil
	case <-s.ended:
		return arrival{}, fmt.Errorf("the connection has ended")
	case <-ctx.Done():
		return arrival{}, ctx.Err()
	}
}

// ask sends a frame and waits for the answer to it. It is used by one goroutine at a time.
func (s *socket) ask(ctx context.Context, frame map[string]any) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	s.asked++
	ref := strconv.Itoa(s.asked)
	frame["id"] = ref
	text, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("encode a frame: %w", err)
	}
	waits := s.expect(ref)
	if err := s.conn.Write(ctx, websocket.MessageText, text); err != nil {
		return fmt.Errorf("send a frame: %w", err)
	}
	a, err := s.await(ctx, ref, waits)
	switch {
	case err != nil:
		return fmt.Errorf("wait for an answer: %w", err)
	case a.Type == "error":
		return fmt.Errorf("answered %s: %s", a.Data.Code, a.Data.Message)
	}
	return nil
}

// said is why the server closed the connection; empty: it did not say.
func (s *socket) said() farewell {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.farewell
}

// close ends the connection, and returns when nothing is read any more.
func (s *socket) close() {
	_ = s.conn.Close(websocket.StatusNormalClosure, "") // it may have ended already
	<-s.ended
}
