package chat

import "context"

// What passes in a room, comings and goings, typing and presence, is told in one of up to
// announceLimit connections. How many a room has is kept in its head, so that nobody lists a
// large one only to see that it is large: whoever comes and finds it larger than noted notes
// that, its digests note the exact number, and every coming and going asks for one.

// large says whether a room is over announceLimit, as noted.
func (h Head) large() bool { return h.Connections > announceLimit }

// audible lists who hears what passes in a room, in the order they joined: nobody in a large one.
func (s *Service) audible(ctx context.Context, room RoomID, h Head) (subs []Subscriber, large bool, err error) {
	if h.large() {
		return nil, true, nil
	}
	subs, err = s.roster(ctx, room, max(1, h.Shards), announceLimit+1)
	if len(subs) > announceLimit {
		return nil, true, err
	}
	return subs, false, err
}

// around lists the first in a room for somebody who comes into it, one more than announceLimit
// at most, and notes that it is large where nobody has. Should that fail, the next one does it.
func (s *Service) around(ctx context.Context, room RoomID, h Head) ([]Subscriber, error) {
	subs, err := s.roster(ctx, room, max(1, h.Shards), announceLimit+1)
	if err != nil || len(subs) <= announceLimit || h.large() {
		return subs, err
	}
	if err := s.store.SetSize(ctx, room, len(subs), len(peopleOf(subs))); err != nil {
		s.meter.Add(ctx, DirectoryFailures, 1)
	}
	return subs, nil
}

// tellCame tells a room of somebody who came with a connection. A large one is not listed for it.
func (s *Service) tellCame(ctx context.Context, h Head, room RoomID, c Caller) error {
	if h.large() {
		return s.digestSoon(ctx, room)
	}
	subs, err := s.around(ctx, room, h)
	if err != nil {
		return err
	}
	return s.tellJoined(ctx, subs, room, c)
}
