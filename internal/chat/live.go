package chat

import (
	"context"
	"slices"
	"sync"
	"time"
)

// How often a client says what passes.
const (
	// TypingEvery is between two Typing of one connection in one room that are passed on.
	TypingEvery = 3 * time.Second
	// PresenceEvery is between two SetPresence of one connection.
	PresenceEvery = 3 * time.Second
	// ReadEvery is between two writes of one person's read marker in one room.
	ReadEvery = 15 * time.Second
)

// maxHeld bounds what a memory holds.
const maxHeld = 10_000

// memory holds keys for a while. It is of one warm function, so what it keeps apart is kept
// apart once for each that runs at the same time.
type memory struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func newMemory() *memory { return &memory{until: map[string]time.Time{}} }

// hold says whether a key was free, and holds it from now on for so long if it was.
func (m *memory) hold(key string, now time.Time, length time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Before(m.until[key]) {
		return false
	}
	if len(m.until) >= maxHeld {
		for k, until := range m.until {
			if !now.Before(until) {
				delete(m.until, k)
			}
		}
	}
	if len(m.until) >= maxHeld { // better once too often than without bound
		clear(m.until)
	}
	m.until[key] = now.Add(length)
	return true
}

// typing tells the others of a room that somebody writes. It is kept nowhere: one of a
// connection in TypingEvery is passed on by each function, and the frames of one connection
// come to as many functions as are busy at that moment, which for one that types is one.
// Nothing is read or written for those that are not passed on.
func (s *Service) typing(ctx context.Context, c Caller, cmd Typing) error {
	if !s.recent.hold("typing "+string(c.ConnectionID)+" "+string(cmd.Room), s.opts.Now(), TypingEvery) {
		return nil
	}
	f, err := s.look(ctx, c, Question{Room: cmd.Room, Head: true})
	if err != nil {
		return err
	}
	if err := maySpeak(cmd.Room, f, s.opts.Now()); err != nil {
		return err
	}
	subs, err := s.hearers(ctx, cmd.Room, f)
	if err != nil {
		return err
	}
	subs = slices.DeleteFunc(subs, func(sub Subscriber) bool { return sub.UserID == c.UserID })
	return s.announce(ctx, subs, Typed{UserID: c.UserID, Name: f.nameOf(c), Room: cmd.Room, On: cmd.On, At: s.opts.Now()})
}

// hearers are who hears what passes in a room: nobody in one of over announceLimit connections.
func (s *Service) hearers(ctx context.Context, room RoomID, f Facts) ([]Subscriber, error) {
	if room.Private() {
		return s.store.ConnectionsOf(ctx, f.Membership.Other)
	}
	if f.Head == nil {
		return nil, errNoRoom(room)
	}
	subs, _, err := s.audible(ctx, room, *f.Head)
	return subs, err
}
