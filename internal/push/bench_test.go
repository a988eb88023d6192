package push_test

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/push"
)

// BenchmarkPost posts a frame to 200 connections, 64 at once, by Post and by the SDK's
// client, and says how many times as long the second takes. The server is in the process
// and counts on both sides.
func BenchmarkPost(b *testing.B) {
	endpoint := serve(b, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what was sent does not matter here
	})
	const parallel = 64
	to, body := ids(200), `{"type":"chat","data":{"message":"hello"}}`
	p := push.New(config(), endpoint, encode, push.Options{Parallel: parallel, Timeout: 10 * time.Second})
	ours := func() {
		out, err := p.Post(b.Context(), to, chat.Frame{Ref: body})
		if err != nil || out[0] != chat.Delivered {
			b.Fatalf("Post() = %v, %v", out, err)
		}
	}
	client := sdkClient(endpoint, parallel)
	theirs := func() {
		var next atomic.Int64
		var workers sync.WaitGroup
		for range parallel {
			workers.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(to)); i = next.Add(1) - 1 {
					if err := sdkPost(b.Context(), client, to[i], body); err != nil {
						b.Error(err)
					}
				}
			})
		}
		workers.Wait()
	}
	ours()
	theirs()
	var oursTook, theirsTook time.Duration
	for b.Loop() {
		start := time.Now()
		ours()
		between := time.Now()
		theirs()
		oursTook, theirsTook = oursTook+between.Sub(start), theirsTook+time.Since(between)
	}
	posts := float64(b.N * len(to))
	b.ReportMetric(float64(oursTook.Microseconds())/posts, "us/post")
	b.ReportMetric(float64(theirsTook.Microseconds())/posts, "us/SDK-post")
	b.ReportMetric(float64(theirsTook)/float64(oursTook), "ratio")
}
