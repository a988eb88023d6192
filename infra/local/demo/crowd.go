package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// How long things take, in pauses between messages.
const (
	stayPauses = 20 // until somebody who wanders leaves
	awayPauses = 5
)

// Who is refused or cut off comes back after this; a kick refuses for 60 s.
const (
	againTime = 5 * time.Second
	kickTime  = 65 * time.Second
)

// crowd is everybody who plays, and which of them are connected.
type crowd struct {
	options
	out io.Writer

	mu   sync.Mutex
	here map[string]*socket // by the id in the talk; one of somebody's connections
	sent int                // messages
}

func newCrowd(o options, out io.Writer) *crowd {
	return &crowd{options: o, out: out, here: map[string]*socket{}}
}

// play lets everybody in and lets them talk, until ctx ends or the server has gone.
func (c *crowd) play(ctx context.Context, threads []thread) error {
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	group, within := errgroup.WithContext(within)
	err := c.gather(within, group)
	if err == nil {
		group.Go(func() error {
			c.converse(within, threads)
			return nil
		})
	} else {
		cancel()
	}
	err = errors.Join(err, group.Wait())
	if ctx.Err() != nil {
		c.say("They have hung up after %d messages", c.sent)
		return nil
	}
	return err
}

// gather lets everybody in, one after the other, and says how many there are.
func (c *crowd) gather(ctx context.Context, group *errgroup.Group) error {
	people, connections := map[string]bool{}, 0
	for _, p := range cast() {
		for range p.connections {
			s, err := c.enter(ctx, p)
			switch {
			case err == nil:
				people[p.id] = true
				connections++
			case connections == 0 || gone(err):
				return err
			default:
				c.say("%v", err)
			}
			group.Go(func() error { return c.visits(ctx, p, s) })
		}
	}
	c.say("%d people are here, with %d connections", len(people), connections)
	return nil
}

// gone says whether there is no server any more, or nobody wants one.
func gone(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// enter connects somebody and takes them into their rooms.
func (c *crowd) enter(ctx context.Context, p person) (*socket, error) {
	s, err := dial(ctx, c.url, p)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return nil, fmt.Errorf("nothing runs at %s: start it with make run, in another terminal (%w)", c.url, syscall.ECONNREFUSED)
	}
	if err != nil {
		return nil, err
	}
	for _, room := range p.rooms {
		if err := s.ask(ctx, map[string]any{"type": "join_room", "roomId": room, "stay": true}); err != nil {
			s.close()
			return nil, fmt.Errorf("take %s into %s: %w", p.name, room, err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.here[p.id] = s
	return s, nil
}

// visits lets somebody come again and again. s is the first visit's; nil: they could not come in.
func (c *crowd) visits(ctx context.Context, p person, s *socket) error {
	for {
		away := againTime
		if s != nil {
			away = c.visit(ctx, s)
		}
		if !pause(ctx, away) {
			return nil
		}
		var err error
		if s, err = c.enter(ctx, p); gone(err) {
			return err
		} else if err != nil {
			c.say("%v", err)
		}
	}
}

// visit returns when somebody has left, or was made to leave, with how long they stay away.
func (c *crowd) visit(ctx context.Context, s *socket) (away time.Duration) {
	if s.person.wanders {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, around(stayPauses*c.every))
		defer cancel()
	}
	away = around(awayPauses * c.every)
	select {
	case <-ctx.Done():
	case <-s.ended:
		away = c.cutOff(s)
	}
	c.mu.Lock()
	if c.here[s.person.id] == s {
		delete(c.here, s.person.id)
	}
	c.mu.Unlock()
	s.close()
	return away
}

func (c *crowd) cutOff(s *socket) (away time.Duration) {
	why := s.said()
	if why.Code == "kicked" {
		c.say("%s was kicked (%s) and comes back in %v", s.person.name, why.Reason, kickTime)
		return kickTime
	}
	return againTime
}

// say tells who watches; there is nobody else to tell when that fails.
func (c *crowd) say(format string, values ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = fmt.Fprintf(c.out, format+"\n", values...)
}
