package chat

import (
	"context"
	"errors"
	"slices"
	"time"
)

// ActSignOut is that all of a person's sessions were ended.
const ActSignOut Act = "sign out"

// SignOutEverywhere ends every session of a person: tokens issued until now are refused, where
// accounts are kept here none is renewed any more, and a job closes the connections. Unavailable:
// what they renew their tokens by may still be good. Whoever can sign in may do so again.
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
	return errors.Join(s.endRenewal(ctx, user, now), s.endBefore(ctx, user, now, CloseSignedOut))
}

// endRenewal has nobody renew the tokens of a person whose NotBefore was just set, where accounts
// are kept here. One that was renewed meanwhile is refused too.
func (s *Service) endRenewal(ctx context.Context, user UserID, notBefore time.Time) error {
	if s.opts.Accounts == nil || user.Guest() {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, groupTime)
	defer cancel()
	err := s.opts.Accounts.SignOut(within, user)
	switch {
	case errors.Is(err, ErrNotFound): // without an account there is nothing to renew
		return nil
	case err != nil:
		return &Error{
			Code: Unavailable, cause: err,
			Text: "They are out, but where accounts are kept nobody answered in time: until you do it again, what they renew their sign-in by may be good",
		}
	}
	return s.store.SettleNotBefore(ctx, user, notBefore, s.opts.Now())
}

// endBefore has the connections closed that are older than a person's NotBefore, which was just
// set. Whoever hears CloseSessionExpired may renew, and not whoever hears CloseSignedOut.
func (s *Service) endBefore(ctx context.Context, user UserID, now time.Time, why CloseCode) error {
	j := Job{Kind: BarJob, At: now, User: user, Code: why}
	if err := s.queue.Enqueue(ctx, 0, j); err != nil {
		return err
	}
	return s.queue.Enqueue(ctx, barAgain, j)
}

// endSessions closes the connections that a person had when all sessions were ended.
func (s *Service) endSessions(ctx context.Context, j Job, f Facts) error {
	if f.User == nil {
		return nil
	}
	subs, err := s.store.ConnectionsOf(ctx, j.User)
	if err != nil {
		return err
	}
	subs = slices.DeleteFunc(subs, func(sub Subscriber) bool { return sub.ConnectedAt.After(f.User.NotBefore) })
	reason := closeReasons[j.Code]
	if j.Code == CloseSignedOut {
		reason = "You were signed out everywhere. Please sign in again."
	}
	return s.endAll(ctx, subs, j.Code, reason)
}
