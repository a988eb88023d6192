package chat

import (
	"context"
	"errors"
	"slices"
	"time"
)

// barAgain is when a ban is looked after a second time: whatever was on its way when it was
// written has ended by then (Lambda quota for an API Gateway call: 29 s).
const barAgain = time.Minute

// have makes a measure felt: whoever may not be there goes, the others hear why.
func (s *Service) have(ctx context.Context, m Moderated, tell bool) error {
	if m.Act != ActBan && m.Act != ActKick {
		return s.tellOf(ctx, m, tell)
	}
	j := Job{Kind: BarJob, At: m.At, User: m.UserID, Room: m.Room, Code: CloseBanned}
	again := barAgain
	if m.Act == ActKick {
		again = KickTime / 2
		if m.Room == "" {
			j.Code = CloseKicked
		}
	}
	if err := s.queue.Enqueue(ctx, 0, j); err != nil {
		return err
	}
	if err := s.queue.Enqueue(ctx, again, j); err != nil || m.Room == "" {
		return err
	}
	return s.tellOf(ctx, m, tell)
}

// tellOf tells all of a person's connections what was done to them, if they may know.
func (s *Service) tellOf(ctx context.Context, m Moderated, tell bool) error {
	if !tell {
		return nil
	}
	subs, err := s.store.ConnectionsOf(ctx, m.UserID)
	if err != nil {
		return err
	}
	return s.announce(ctx, subs, m)
}

// bar puts a person out of a room, or closes all their connections, if what was written of
// them still says so.
func (s *Service) bar(ctx context.Context, j Job) error {
	f, err := s.store.Read(ctx, Question{User: j.User, Room: j.Room})
	if err != nil {
		return err
	}
	if j.Code == CloseSessionExpired || j.Code == CloseSignedOut {
		return s.endSessions(ctx, j, f)
	}
	until, reason := barred(j, f)
	if !s.opts.Now().Before(until) {
		return nil
	}
	subs, err := s.store.ConnectionsOf(ctx, j.User)
	if err != nil {
		return err
	}
	if j.Room == "" {
		return s.endAll(ctx, subs, j.Code, reason)
	}
	if err := s.store.MarkLeft(ctx, j.User, j.Room, s.opts.Now()); err != nil {
		return err
	}
	return s.takeOut(ctx, subs, j.Room, reason)
}

// barred says until when, and why, the person of a job may not be there.
func barred(j Job, f Facts) (time.Time, string) {
	switch {
	case j.Room != "":
		return f.Membership.BannedUntil, f.Membership.BannedFor
	case f.User == nil:
		return time.Time{}, ""
	case j.Code == CloseKicked:
		return f.User.KickedUntil, f.User.KickedFor
	}
	return f.User.BannedUntil, f.User.BannedFor
}

// takeOut takes a person's connections out of a room, and tells them and the others there.
func (s *Service) takeOut(ctx context.Context, subs []Subscriber, room RoomID, reason string) error {
	out := make([]bool, len(subs))
	err := eachRoom(numbers(len(subs)), func(i int) error {
		held, err := s.store.RoomsHeld(ctx, subs[i].ConnectionID)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.Room != room {
				continue
			}
			if out[i], err = s.store.Unsubscribe(ctx, subs[i].ConnectionID, subs[i].UserID, h); err != nil {
				return err
			}
		}
		if !out[i] {
			return nil
		}
		return s.announce(ctx, subs[i:i+1], RoomLeft{Room: room, Reason: TextOf(because(errBarred, reason)), At: s.opts.Now()})
	})
	if i := slices.Index(out, true); i >= 0 {
		err = errors.Join(err, s.tellLeft(ctx, room, subs[i].UserID, subs[i].Name))
	}
	return err
}
