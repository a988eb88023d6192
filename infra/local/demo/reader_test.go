package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/coder/websocket"

	"switchboard/infra/local/stack"
)

// reader is somebody who only looks.
type reader struct {
	t    *testing.T
	conn *websocket.Conn
}

// frame is what a reader looks at.
type frame struct {
	Type string `json:"type"`
	Data struct {
		UserID   string `json:"userId"`
		RoomID   string `json:"roomId"`
		Message  string `json:"message"`
		Messages []struct {
			Message string `json:"message"`
		} `json:"messages"`
	} `json:"data"`
}

func connect(t *testing.T, s *stack.Stack, user string) *reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, s.WebSocketURL()+"?token=valid_1&userId="+user, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() }) // the stack may have closed it
	conn.SetReadLimit(frameLimit)
	r := &reader{t, conn}
	r.until(func(f frame) bool { return f.Type == "welcome" })
	return r
}

// until reads to the first frame that is wanted.
func (r *reader) until(wanted func(frame) bool) frame {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), limit)
	defer cancel()
	for {
		_, text, err := r.conn.Read(ctx)
		if err != nil {
			r.t.Fatalf("nothing wanted came: %v", err)
		}
		var f frame
		if err := json.Unmarshal(text, &f); err != nil {
			r.t.Fatalf("%s: %v", text, err)
		}
		if wanted(f) {
			return f
		}
	}
}

// beginning gives a room's first messages.
func (r *reader) beginning(room string) []string {
	r.t.Helper()
	ask := `{"type":"history","roomId":"` + room + `","after":0,"limit":100}`
	if err := r.conn.Write(r.t.Context(), websocket.MessageText, []byte(ask)); err != nil {
		r.t.Fatal(err)
	}
	var list []string
	for _, m := range r.until(func(f frame) bool { return f.Type == "history" }).Data.Messages {
		list = append(list, m.Message)
	}
	return list
}
