package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// converse says what was said before, and then a line about every pause until ctx ends.
func (c *crowd) converse(ctx context.Context, threads []thread) {
	for _, t := range threads {
		for n, l := range t.before {
			// The same id again is the same message: it is written once, however often the demo runs.
			c.speak(ctx, t, l, fmt.Sprintf("demo-%s-%d", t.room, n))
		}
	}
	until := "until Ctrl-C"
	if c.length > 0 {
		until = fmt.Sprintf("until %v are over", c.length)
	}
	c.say("Their rooms have a past, and they talk on: a message in about %v, %s", c.every, until)
	began := time.Now().UnixMilli()
	all := newCircle(threads, c.seed)
	for n := 0; pause(ctx, around(c.every)); n++ {
		t, l := all.tell()
		c.speak(ctx, t, l, fmt.Sprintf("demo-now-%d-%d", began, n))
	}
}

// speak says a line, unless who says it or hears it is away.
func (c *crowd) speak(ctx context.Context, t thread, l line, id string) {
	c.mu.Lock()
	speaker, listener := c.here[l.who], c.here[t.listener(l.who)]
	c.mu.Unlock()
	if speaker == nil || t.room == "" && listener == nil {
		return
	}
	frame := map[string]any{"type": "chat", "roomId": t.room, "message": l.text, "clientMessageId": id}
	if t.room == "" {
		frame = map[string]any{"type": "private_message", "targetUserId": listener.userID, "message": l.text, "clientMessageId": id}
	}
	err := speaker.ask(ctx, frame)
	switch {
	case err == nil:
		c.mu.Lock()
		c.sent++
		c.mu.Unlock()
	case ctx.Err() == nil:
		c.say("What %s says is not answered: %v", speaker.person.name, err)
	}
}

// around is d, give or take a half.
func around(d time.Duration) time.Duration { return d/2 + rand.N(d) }

// pause waits, and says whether ctx lasted so long.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
