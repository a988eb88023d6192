package lambda

import (
	"context"
	"time"
)

// backoff is the pause between tries: 100 ms first, doubling to 5 s. The zero value is ready.
type backoff struct{ last time.Duration }

const (
	minPause = 100 * time.Millisecond
	maxPause = 5 * time.Second
)

// wait pauses and says whether ctx allows another try.
func (b *backoff) wait(ctx context.Context) bool {
	b.last = min(max(2*b.last, minPause), maxPause)
	timer := time.NewTimer(b.last)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *backoff) reset() { b.last = 0 }
