package server

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestCached(t *testing.T) {
	now, reads := time.Unix(1795344713, 0), 0
	var fault error
	c := newCached(time.Second, func() time.Time { return now }, func(_ context.Context, before int) (int, error) {
		reads++
		return before + 1, fault
	})
	steps := []struct {
		name         string
		after        time.Duration
		fault        error
		value, reads int
		says         string
	}{
		{"the first", 0, nil, 1, 1, ""},
		{"a moment later", 900 * time.Millisecond, nil, 1, 1, ""},
		{"a second later", 100 * time.Millisecond, nil, 2, 2, ""},
		{"when it is away", time.Second, errors.New("away"), 2, 3, "It has not answered since 10:51:55 UTC. You see how it was at 10:51:54"},
		{"when it stays away", time.Minute, errors.New("away"), 2, 4, "It has not answered since 10:51:55 UTC. You see how it was at 10:51:54"},
		{"when it is back", time.Second, nil, 3, 5, ""},
	}
	for _, step := range steps {
		now, fault = now.Add(step.after), step.fault
		k := c.get(t.Context())
		if h := k.health("It", now); k.value != step.value || reads != step.reads || h.never || !strings.HasPrefix(h.fault, step.says) || (step.says == "") != (h.fault == "") {
			t.Errorf("%s: value %d after %d reads, %+v, want %d after %d, %q", step.name, k.value, reads, h, step.value, step.reads, step.says)
		}
	}
}

func TestStream(t *testing.T) {
	looks := make(chan struct{}, 100)
	s := newStream(func(context.Context) { looks <- struct{}{} })
	defer s.close()
	for range 2 { // it begins again after everybody had left
		var viewers []chan struct{}
		for range maxStreams {
			ticks, ok := s.join()
			if !ok {
				t.Fatalf("join() refuses viewer %d", len(viewers)+1)
			}
			viewers = append(viewers, ticks)
		}
		if _, ok := s.join(); ok {
			t.Errorf("join() takes more than %d", maxStreams)
		}
		<-looks
		for _, ticks := range viewers {
			<-ticks
			s.leave(ticks)
		}
	}
}
