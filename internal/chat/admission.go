package chat

import (
	"context"
	"errors"
	"time"
)

// pacedFrom is from how many connections on the size of a room is kept in its head. A smaller
// one takes as many messages as one of this size: who is not there may write too.
const pacedFrom = 10

// admission is how many messages and events a room takes, by its size: as many as cause
// RoomPosts posts a second. Zero: as many as come.
func (s *Service) admission(h *Head) Rate {
	if s.opts.RoomPosts == 0 || h == nil {
		return Rate{}
	}
	size := max(h.Connections, pacedFrom)
	if size <= s.opts.RoomPosts {
		return Rate{Messages: s.opts.RoomPosts / size, Per: time.Second}
	}
	return Rate{Messages: 1, Per: time.Duration(size) * time.Second / time.Duration(s.opts.RoomPosts)}
}

// number gives a message or an event its number, if the room takes another one now: asked in
// the same write, so that what is refused burns no number and nothing is asked twice.
func (s *Service) number(ctx context.Context, room RoomID, at time.Time, event bool, known *Head) (Head, error) {
	rate := s.admission(known)
	switch {
	case rate.Messages == 0 && event:
		return s.store.NumberEvent(ctx, room, at)
	case rate.Messages == 0:
		return s.store.Number(ctx, room, at)
	}
	head, err := s.store.NumberWithin(ctx, room, at, event, rate, *known)
	if !errors.Is(err, ErrSpent) {
		return head, err
	}
	e := Errorf(RateLimited, "This room is busy: it takes %d messages in %v", rate.Messages, rate.Per)
	e.RetryAfter = max(time.Millisecond, rate.wait(head.Paced, at))
	return head, e
}

// noteSize keeps how many connections a room has, when that differs much from what is kept,
// or makes another of who is told of comings and goings.
// Rooms that are not listed to their end here are counted by their digest.
func (s *Service) noteSize(ctx context.Context, room RoomID, h Head, a audience) error {
	n, kept := a.connections, h.Connections
	paced := s.opts.RoomPosts > 0 && (n >= pacedFrom || kept >= pacedFrom) && (4*n > 5*kept || 4*n < 3*kept)
	if n == 0 || !paced && (n > announceLimit) == h.large() {
		return nil
	}
	return s.store.SetSize(ctx, room, n, a.people)
}
