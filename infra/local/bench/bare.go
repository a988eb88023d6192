package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// bareServer does what is left of a chat without anything that makes it one: it keeps nothing and asks nobody.
type bareServer struct {
	mu    sync.Mutex
	rooms map[string]map[*websocket.Conn]bool
	seq   int
}

// writeTime bounds one write to one client.
const writeTime = 5 * time.Second

// serveBare says its address and serves until ctx ends.
func serveBare(ctx context.Context, out io.Writer) error {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: &bareServer{rooms: map[string]map[*websocket.Conn]bool{}}, ReadHeaderTimeout: writeTime}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // it ends with the process
	defer stop()
	if _, err := fmt.Fprintf(out, "API ws://%s/\n", listener.Addr()); err != nil {
		return err
	}
	if err := server.Serve(listener); ctx.Err() == nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func (b *bareServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // the client has been told
	}
	room := r.URL.Query().Get("roomId")
	b.mu.Lock()
	if b.rooms[room] == nil {
		b.rooms[room] = map[*websocket.Conn]bool{}
	}
	b.rooms[room][conn] = true
	b.mu.Unlock()
	b.listen(room, conn)
	b.mu.Lock()
	delete(b.rooms[room], conn)
	b.mu.Unlock()
}

func (b *bareServer) listen(room string, conn *websocket.Conn) {
	if !tell(conn, []byte(`{"type":"welcome"}`)) {
		return
	}
	for {
		_, text, err := conn.Read(context.Background())
		var said struct{ Message string }
		if err != nil || json.Unmarshal(text, &said) != nil {
			return
		}
		b.mu.Lock()
		b.seq++
		seq := strconv.Itoa(b.seq)
		members := slices.Collect(maps.Keys(b.rooms[room]))
		b.mu.Unlock()
		frame := []byte(`{"type":"chat","data":{"messageId":"m` + seq + `","seq":` + seq + `,"message":"` + said.Message + `"}}`)
		for _, member := range members {
			tell(member, frame)
		}
	}
}

// tell says whether the client could be written to.
func tell(conn *websocket.Conn, frame []byte) bool {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, frame) == nil
}
