package chat

import (
	"context"
	"slices"
	"time"
)

// ActSignOut is that all of a person's sessions were ended.
const ActSignOut Act = "sign out"

// SignOutEverywhere ends every session of a person: tokens issued until now are refused, and a
// job closes the connections that came by them. Whoever the issuer still knows can sign in again.
func (s *Service) SignOutEverywhere(ctx context.Context, by Principal, user UserID, reason string) error {
	if !by.May(SignOutPeople) {
		return errNotPermitted
	}
	reason, err := cleanReason(reason)
	if err != nil {
		return err
	}
	known, err := s.KnownUser(ctx, user)
	if err != nil {
		return err
	}
	now := s.opts.Now()
	deed := Deed{By: by.UserID, ByName: by.Name, Whom: user, WhomName: known.Name, Reason: reason, Before: "signed in", After: "signed out everywhere"}
	if err := s.onPerson(ctx, by, Measure{Act: ActSignOut, User: user, Until: now, Reason: reason}, deed); err != nil {
		return err
	}
	return s.endBefore(ctx, user, now)
}

// endBefore has the connections closed that are older than a person's NotBefore, which was just set.
func (s *Service) endBefore(ctx context.Context, user UserID, now time.Time) error {
	j := Job{Kind: BarJob, At: now, User: user, Code: CloseSessionExpired}
	if err := s.queue.Enqueue(ctx, 0, j); err != nil {
		return err
	}
	return s.queue.Enqueue(ctx, barAgain, j)
}

// endSessions closes the connections that a person had when all sessions were ended.
func (s *Service) endSessions(ctx context.Context, user UserID, f Facts) error {
	if f.User == nil {
		return nil
	}
	subs, err := s.store.ConnectionsOf(ctx, user)
	if err != nil {
		return err
	}
	subs = slices.DeleteFunc(subs, func(sub Subscriber) bool { return sub.ConnectedAt.After(f.User.NotBefore) })
	return s.endAll(ctx, subs, CloseSessionExpired, closeReasons[CloseSessionExpired])
}
