package gateway_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

// benchStage serves a gateway whose functions do nothing. Each connection's id arrives on the
// channel.
func benchStage(b *testing.B) (*httptest.Server, chan string) {
	b.Helper()
	connected := make(chan string, 1)
	s := &stage{}
	cfg := s.config(func(cfg *gateway.Config, _ map[string]function) {
		cfg.API.Routes[2].TwoWay = true
		cfg.Invoke = func(context.Context, string, []byte) ([]byte, error) {
			return []byte(`{"statusCode":200,"body":"ok"}`), nil
		}
		cfg.Access = func(r gateway.AccessRecord) {
			if r.EventType == "CONNECT" {
				connected <- r.ConnectionID
			}
		}
	})
	g, err := gateway.New(cfg)
	if err != nil {
		b.Fatalf("New: %v", err)
	}
	server := httptest.NewServer(g)
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := g.Close(ctx); err != nil {
			b.Errorf("Close: %v", err)
		}
		server.Close()
	})
	return server, connected
}

func benchDial(b *testing.B, server *httptest.Server) (net.Conn, *bufio.Reader) {
	b.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		b.Fatalf("dial: %v", err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, "GET /dev HTTP/1.1\r\n"+handshakeHeaders+"\r\n"); err != nil {
		b.Fatalf("write: %v", err)
	}
	r := bufio.NewReaderSize(conn, 512)
	response, err := http.ReadResponse(r, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		b.Fatalf("handshake = %v, %v", response, err)
	}
	return conn, r
}

// BenchmarkPost posts 200 bytes to 100 clients, 64 posts at once, through the HTTP client of the
// standard library, and waits until the clients have read them all: both sides run on this machine.
func BenchmarkPost(b *testing.B) {
	server, connected := benchStage(b)
	const clients = 100
	var received atomic.Int64
	done := make(chan struct{})
	ids := make([]string, clients)
	for i := range ids {
		_, r := benchDial(b, server)
		ids[i] = <-connected
		go func() {
			for {
				h, err := ws.ReadHeader(r)
				if err != nil {
					return
				}
				if _, err := r.Discard(int(h.Length)); err != nil {
					return
				}
				if received.Add(1) == int64(b.N) {
					close(done)
				}
			}
		}()
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	text := strings.Repeat("a", 200)
	var next atomic.Int64
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id := ids[next.Add(1)%clients]
			response, err := client.Post(server.URL+"/dev/@connections/"+id, "", strings.NewReader(text))
			if err != nil {
				b.Errorf("post: %v", err)
				return
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				b.Errorf("post = %d", response.StatusCode)
			}
		}
	})
	select {
	case <-done:
	case <-time.After(patience):
		b.Fatalf("clients read %d of %d", received.Load(), b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

// BenchmarkMessage sends messages from one client to a function that echoes a word, 64 at once.
func BenchmarkMessage(b *testing.B) {
	server, connected := benchStage(b)
	conn, r := benchDial(b, server)
	<-connected
	frame := ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(`{"type":"say","text":"` + strings.Repeat("a", 200) + `"}`))))
	window := make(chan struct{}, 64)
	go func() {
		for {
			h, err := ws.ReadHeader(r)
			if err != nil {
				return
			}
			if _, err := r.Discard(int(h.Length)); err != nil {
				return
			}
			<-window
		}
	}()
	b.ReportAllocs()
	for b.Loop() {
		window <- struct{}{}
		if _, err := conn.Write(frame); err != nil {
			b.Fatalf("write: %v", err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkIdle opens a connection an iteration and reports the memory of each, the client's end
// included.
func BenchmarkIdle(b *testing.B) {
	server, connected := benchStage(b)
	before := inUse()
	for range b.N {
		benchDial(b, server)
		<-connected
	}
	b.ReportMetric(float64(inUse()-before)/float64(b.N), "B/conn")
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
