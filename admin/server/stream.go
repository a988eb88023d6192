package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Bounds of streams. A page that is cut off opens another one by itself.
const (
	livePath      = "/live"
	maxStreams    = 500
	tickEvery     = 1200 * time.Millisecond
	writeTimeout  = 5 * time.Second  // a viewer that takes no more is dropped after this
	longestStream = 15 * time.Minute // then rights are asked anew
)

// stream tells viewers that there is a new picture. One goroutine looks, however many they
// are, and none when there is nobody.
type stream struct {
	look func(context.Context)

	mu      sync.Mutex
	viewers map[chan struct{}]bool
	looking bool            // run runs
	ctx     context.Context // ends with the stream
	end     context.CancelFunc
	work    sync.WaitGroup
}

func newStream(look func(context.Context)) *stream {
	ctx, end := context.WithCancel(context.Background())
	return &stream{look: look, viewers: map[chan struct{}]bool{}, ctx: ctx, end: end}
}

// join adds a viewer, unless there are too many or the stream has ended.
func (s *stream) join() (ticks chan struct{}, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil || len(s.viewers) >= maxStreams {
		return nil, false
	}
	ticks = make(chan struct{}, 1)
	s.viewers[ticks] = true
	s.work.Add(1)
	if !s.looking {
		s.looking = true
		s.work.Go(s.run)
	}
	return ticks, true
}

func (s *stream) leave(ticks chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.viewers, ticks)
	s.work.Done()
}

// run ticks until the last viewer has left.
func (s *stream) run() {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for s.tell() {
		select {
		case <-ticker.C:
		case <-s.ctx.Done():
		}
		s.look(s.ctx)
	}
}

// tell wakes every viewer; one that is still busy with the tick before needs no second one.
func (s *stream) tell() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ticks := range s.viewers {
		select {
		case ticks <- struct{}{}:
		default:
		}
	}
	s.looking = len(s.viewers) > 0 && s.ctx.Err() == nil
	return s.looking
}

func (s *stream) close() {
	s.mu.Lock()
	s.end()
	s.mu.Unlock()
	s.work.Wait()
}

// live is the stream of ticks.
func (s *Server) live(c echo.Context) error {
	if s.deps.Poll {
		return echo.ErrNotFound
	}
	ticks, ok := s.stream.join()
	if !ok {
		c.Response().Header().Set("Retry-After", "5")
		return echo.ErrServiceUnavailable
	}
	defer s.stream.leave(ticks)
	w := c.Response()
	w.Header().Set(echo.HeaderContentType, "text/event-stream")
	w.Header().Set(echo.HeaderCacheControl, "no-store")
	w.WriteHeader(http.StatusOK)
	life := time.NewTimer(longestStream)
	defer life.Stop()
	control := http.NewResponseController(w)
	defer func() { _ = control.SetWriteDeadline(time.Time{}) }() // the connection may serve again; if it cannot, it is gone
	for n := 1; ; n++ {
		if err := control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return fmt.Errorf("bound a stream's write: %w", err)
		}
		if _, err := fmt.Fprintf(w, "event: tick\ndata: %d\n\n", n); err != nil {
			return nil // the viewer has gone
		}
		if err := control.Flush(); err != nil {
			return nil
		}
		select {
		case <-ticks:
		case <-c.Request().Context().Done():
			return nil
		case <-s.stream.ctx.Done():
			return nil
		case <-life.C:
			return nil
		}
	}
}
