package push_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"switchboard/internal/chat"
	"switchboard/internal/push"
)

// answerWith answers every post with the same bytes, written in pieces of so many at most, and counts the connections over which posts come.
func answerWith(t *testing.T, answer string, piece int) (endpoint string, connections *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	connections = new(atomic.Int64)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go answerAll(conn, answer, piece)
		}
	}()
	return "http://" + listener.Addr().String() + "/dev", connections
}

func answerAll(conn net.Conn, answer string, piece int) {
	defer conn.Close()
	for in := bufio.NewReader(conn); ; {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		for rest := answer; rest != ""; {
			some := rest[:min(piece, len(rest))]
			if _, err := io.WriteString(conn, some); err != nil {
				return
			}
			rest = rest[len(some):]
		}
		if strings.HasSuffix(answer, "\r\nX: cut") {
			return
		}
	}
}

func TestPusher_Post_reads_answers(t *testing.T) {
	tests := []struct {
		name, answer string
		want         chat.Outcome
		kept         bool // the connection, for the second post
	}{
		{"the usual one", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: x\r\n\r\n", chat.Delivered, true},
		{"that says it stays", "HTTP/1.1 200 OK\r\nconnection: Keep-Alive\r\ncontent-length:0\r\n\r\n", chat.Delivered, true},
		{"with a body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", chat.Delivered, true},
		{"in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", chat.Delivered, true},
		{"the last over its connection", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", chat.Delivered, false},
		{"of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", chat.Delivered, false},
		{"with bytes after it", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP", chat.Delivered, false},
		{"of two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n", chat.Failed, false},
		{"with a long head", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + strings.Repeat("x", 3000) + "\r\n\r\n", chat.Delivered, true},
		{"after one that says go on", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", chat.Failed, false},
		{"that is gone", "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", chat.Missed, true},
		{"that is full", "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", chat.Full, true},
		{"that is cut", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: cut", chat.Failed, false},
		{"that is none", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", chat.Failed, false},
	}
	for _, test := range tests {
		pieces := []int{1 << 20}
		if test.kept { // of the others the rest would come after the next post has begun
			pieces = append(pieces, 1)
		}
		for _, piece := range pieces {
			t.Run(test.name, func(t *testing.T) {
				endpoint, connections := answerWith(t, test.answer, piece)
				p := push.New(config(), endpoint, encode, push.Options{Parallel: 1})
				for range 2 {
					out, err := p.Post(t.Context(), []chat.ConnectionID{"a="}, chat.Frame{Ref: "x"})
					if err != nil || out[0] != test.want {
						t.Errorf("Post() = %v, %v, want %v", out, err, test.want)
					}
				}
				if got := connections.Load() == 1; got != test.kept {
					t.Errorf("%d connections, want the first kept: %v", connections.Load(), test.kept)
				}
			})
		}
	}
}
