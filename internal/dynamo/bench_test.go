package dynamo_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"switchboard/internal/chat"
)

// BenchmarkSendPath is what a message asks of the store, in a room of 100 connections:
// read, number, then keep beside the list.
func BenchmarkSendPath(b *testing.B) {
	for _, senders := range []int{runtime.GOMAXPROCS(0), 8} {
		b.Run(fmt.Sprint("senders-", senders), func(b *testing.B) {
			h := open(b)
			fill(b, h.Store, 100)
			var count atomic.Int64
			b.SetParallelism(max(1, senders/runtime.GOMAXPROCS(0)))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					sendOnce(b, h, chat.MessageID(fmt.Sprint("m", count.Add(1))))
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

func sendOnce(b *testing.B, h *house, id chat.MessageID) {
	ctx := b.Context()
	m := message("full", 0, id)
	if _, err := h.Read(ctx, chat.Question{User: "ada", Room: "full", ClientID: m.ClientID}); err != nil {
		b.Error(err)
	}
	head, err := h.Number(ctx, "full", start)
	if err != nil {
		b.Error(err)
	}
	m.Seq = head.Seq
	if err := h.Keep(ctx, m); err != nil {
		b.Error(err)
	}
	subscribers, _, err := h.Subscribers(ctx, "full", 0, "", 100)
	if err != nil || len(subscribers) != 100 {
		b.Errorf("Subscribers() = %d, %v, want 100", len(subscribers), err)
	}
}

// BenchmarkSubscribers is the list a message is pushed to.
func BenchmarkSubscribers(b *testing.B) {
	h := open(b)
	fill(b, h.Store, 100)
	for b.Loop() {
		if _, _, err := h.Subscribers(b.Context(), "full", 0, "", 100); err != nil {
			b.Fatal(err)
		}
	}
}
