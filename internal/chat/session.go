package chat

import (
	"context"
	"errors"
	"time"
)

const (
	// sessionSoon is how long before its end a session gets the job that ends it: the
	// sweep comes every 5 minutes, and one run may be late or missed. SQS holds a job back
	// for 15 minutes at most (SQS quota, "Message timer").
	sessionSoon = 10 * time.Minute
	// endTogether is how late the sweep's jobs may be, so that one request takes several.
	endTogether = 30 * time.Second
	// endsAtOnce is how many wait for that (SQS quota, "Batched message").
	endsAtOnce = 10
)

// endOnTime makes the job that ends a connection with its session, if that is soon: the
// sweep does it for the others. A silent connection sends no frame that would be refused.
func (s *Service) endOnTime(ctx context.Context, conn Connection) error {
	now := s.opts.Now()
	left := conn.SessionEnds.Sub(now)
	if conn.SessionEnds.IsZero() || left > sessionSoon {
		return nil
	}
	return s.queue.Enqueue(ctx, max(0, left), endJob(conn.ID, CloseSessionExpired, now))
}

// endings are connections that the sweep found near the end of their sessions, by when
// they are ended.
type endings struct {
	service *Service
	due     map[time.Time][]Job
}

// add takes a connection in, and hands over the jobs of its time when they are enough.
func (e *endings) add(ctx context.Context, conn Connection) error {
	now := e.service.opts.Now()
	if conn.Closing || conn.SessionEnds.IsZero() || conn.SessionEnds.Sub(now) > sessionSoon {
		return nil
	}
	at := conn.SessionEnds.Add(endTogether - 1).Truncate(endTogether)
	e.due[at] = append(e.due[at], endJob(conn.ID, CloseSessionExpired, now))
	if len(e.due[at]) < endsAtOnce {
		return nil
	}
	return e.hand(ctx, at)
}

func (e *endings) hand(ctx context.Context, at time.Time) error {
	jobs := e.due[at]
	delete(e.due, at)
	return e.service.queue.Enqueue(ctx, max(0, at.Sub(e.service.opts.Now())), jobs...)
}

// handAll hands over what is left.
func (e *endings) handAll(ctx context.Context) error {
	var errs error
	for at := range e.due {
		errs = errors.Join(errs, e.hand(ctx, at))
	}
	return errs
}

// signOut ends every connection of the caller's session. The caller hears it as the answer,
// the others from jobs; the caller has a later one, which can only come after the answer,
// should it not close by itself. Of an issuer
// that does not tell sign-ins apart, all of a person's connections are one session.
func (s *Service) signOut(ctx context.Context, c Caller) error {
	subs, err := s.store.ConnectionsOf(ctx, c.UserID)
	if err != nil {
		return err
	}
	now := s.opts.Now()
	var jobs []Job
	for _, sub := range subs {
		if sub.Session == c.Session && sub.ConnectionID != c.ConnectionID {
			jobs = append(jobs, endJob(sub.ConnectionID, CloseSignedOut, now))
		}
	}
	if err := s.queue.Enqueue(ctx, 0, jobs...); err != nil {
		return err
	}
	err = s.answer(ctx, c, Closing{Code: CloseSignedOut, Reason: closeReasons[CloseSignedOut], At: now})
	return errors.Join(err, s.queue.Enqueue(ctx, requeueDelay, endJob(c.ConnectionID, CloseSignedOut, now)))
}
