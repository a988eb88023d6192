package chat

import (
	"context"
	"errors"
	"time"
)

// Rate is at most Messages in any window of Per; the zero value is no limit.
type Rate struct {
	Messages int
	Per      time.Duration
}

// Window counts what has happened since From; the zero value is that nothing has.
type Window struct {
	From  time.Time
	Count int
}

// wait is how long until the rate lets one more in after what a window has counted. One that
// begins later than the next could was begun by a function whose clock is wrong, and is over.
func (r Rate) wait(w Window, now time.Time) time.Duration {
	if r.Messages == 0 || w.Count < r.Messages || w.From.After(now.Add(r.Per)) {
		return 0
	}
	return max(0, w.From.Add(r.Per).Sub(now))
}

// FreeTries is how often a message that could not be kept is tried again before it is counted
// again: as often as that, numbers may be burnt at no cost.
const FreeTries = 3

// Spending is one message, or Event, that is counted against its sender's limits in a room.
type Spending struct {
	User  UserID
	Room  RoomID
	Event bool   // an edit or a reaction: slow mode and the message counted last stay as they are
	Key   string // what was counted last under the same key is not counted again, FreeTries times
	At    time.Time
	Rate  Rate
	Slow  time.Duration // between two messages; zero: as fast as Rate allows
	Known Membership    // as it was read: says which form of the write to begin with
}

// Free says whether this is another try, not to be counted, where the membership is m.
func (sp Spending) Free(m Membership) bool {
	return !sp.Event && m.LastKey == sp.Key && m.Tries < FreeTries
}

// Wait is how long until the limits allow the message, zero for now, where the membership
// is m.
func (sp Spending) Wait(m Membership) time.Duration {
	wait := sp.Rate.wait(m.Sent, sp.At)
	if sp.Slow > 0 && !m.LastAt.IsZero() && !m.LastAt.After(sp.At.Add(sp.Slow)) {
		wait = max(wait, m.LastAt.Add(sp.Slow).Sub(sp.At))
	}
	return wait
}

// rateOf is the limit of a person. That of guests is lower: anybody can be as many as they like.
func (s *Service) rateOf(guest bool) Rate {
	if guest && s.opts.Rate.Messages > 0 && s.opts.GuestRate.Messages > 0 {
		return s.opts.GuestRate
	}
	return s.opts.Rate
}

// spend counts a message of the caller's against the rate and the room's slow mode, in one
// conditional write of the membership: of any number of sends at once as many pass as are
// allowed, and none after a mute or a ban that was written before. A message that is sent
// again because its number or its text could not be kept is not counted twice.
func (s *Service) spend(ctx context.Context, c Caller, f Facts, clientID string) error {
	return s.count(ctx, f, s.spending(c, f, clientID))
}

// spendOn counts an edit or a reaction like a message, for it is pushed to as many. Slow
// mode is about messages only.
func (s *Service) spendOn(ctx context.Context, c Caller, f Facts) error {
	sp := s.spending(c, f, "")
	sp.Event, sp.Slow = true, 0
	return s.count(ctx, f, sp)
}

func (s *Service) count(ctx context.Context, f Facts, sp Spending) error {
	if !sp.limited() {
		return nil
	}
	m, err := s.store.Spend(ctx, sp)
	if !errors.Is(err, ErrSpent) {
		return err
	}
	f.Membership = m
	if err := maySpeak(f.Room.ID, f, sp.At); err != nil {
		return err
	}
	return errTooFast(sp, m)
}

// spending is what a message of the caller's counts for.
func (s *Service) spending(c Caller, f Facts, clientID string) Spending {
	sp := Spending{
		User: c.UserID, Room: f.Room.ID, Key: clientID, At: s.opts.Now(), Rate: s.rateOf(c.Guest), Known: f.Membership,
	}
	if !c.MayIn(*f.Room, f.Membership, SpeakLocked) {
		sp.Slow = f.Room.SlowMode
	}
	if sp.Key == "" && sp.limited() {
		sp.Key = s.opts.NewID()
	}
	return sp
}

func (sp Spending) limited() bool { return sp.Rate.Messages > 0 || sp.Slow > 0 }

func errTooFast(sp Spending, m Membership) error {
	wait := max(sp.Wait(m), time.Millisecond)
	e := Errorf(RateLimited, "You write too fast: at most %d messages in %v, wait %v", sp.Rate.Messages, sp.Rate.Per, inSeconds(wait))
	if sp.Rate.wait(m.Sent, sp.At) < wait {
		e = Errorf(RateLimited, "Slow mode: one message in %v, wait %v", sp.Slow, inSeconds(wait))
	}
	e.RetryAfter = wait
	return e
}

// inSeconds rounds up to what a person is told.
func inSeconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
