package chat

import (
	"context"
	"errors"
	"time"
)

// How long jobs try.
const (
	jobLife      = 2 * time.Minute // an older push is left to the reader's ping
	handshake    = 5 * time.Second // how long a greeting waits for the handshake to end
	youngFor     = time.Minute     // a 410 forgets only a connection older than this
	pushTries    = 3               // the last one ends pushTime after the first
	pushPause    = 500 * time.Millisecond
	greetPause   = 20 * time.Millisecond
	greetTries   = 5 // pauses double: 0.3 s in all, then the job goes back to the queue
	requeueDelay = time.Second
)

// Run does one job of the fan-out function. After an error the job may be run again.
func (s *Service) Run(ctx context.Context, j Job) error {
	switch j.Kind {
	case WelcomeJob:
		return s.welcome(ctx, j)
	case PushJob:
		return s.push(ctx, j)
	case ForgetJob:
		return s.forget(ctx, j)
	case EndJob:
		return s.end(ctx, j)
	}
	return Errorf(Invalid, "Unknown job kind: %s", string(j.Kind))
}

// welcome greets a connection and tells its room. API Gateway answers 410 until the
// handshake is over, so the greeting is tried for a while before the connection is given up.
func (s *Service) welcome(ctx context.Context, j Job) error {
	f, err := s.store.Read(ctx, Question{Connection: j.Connection})
	if err != nil || f.Connection == nil || f.Connection.Closing {
		return err
	}
	conn := *f.Connection
	w := Welcome{
		ConnectionID: conn.ID, UserID: conn.UserID, Name: conn.Name, Room: j.Room,
		SessionEnds: conn.SessionEnds, Heads: map[RoomID]int64{}, At: s.opts.Now(),
	}
	if conn.Guest {
		p := Principal{UserID: conn.UserID, Name: conn.Name, Guest: true}
		if w.GuestToken, err = s.tokens.GuestToken(p); err != nil {
			return err
		}
	}
	head, subs, err := s.headAndRoster(ctx, j.Room, announceLimit+1)
	if err != nil {
		return err
	}
	w.Heads[j.Room] = head.Seq

	out, err := s.greetWithPatience(ctx, conn.ID, Frame{Event: w})
	switch {
	case err != nil:
		return err
	case out == Delivered:
		return s.tellJoined(ctx, subs, j.Room, conn.UserID, conn.Name, conn.ID)
	case s.opts.Now().Sub(j.At) < handshake:
		return s.queue.Enqueue(ctx, requeueDelay, j)
	case out == Missed:
		return s.Disconnect(ctx, conn.ID)
	}
	return AsUnavailable(errors.New("the greeting did not reach the connection"))
}

func (s *Service) greetWithPatience(ctx context.Context, id ConnectionID, f Frame) (Outcome, error) {
	for try, wait := 1, greetPause; ; try, wait = try+1, wait*2 {
		out, err := s.pusher.Post(ctx, []ConnectionID{id}, f)
		if err != nil {
			return Failed, err
		}
		if out[0] == Delivered || try == greetTries {
			return out[0], nil
		}
		if err := pause(ctx, wait); err != nil {
			return out[0], err
		}
	}
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// push posts a kept message to a part of its audience. What is not there any more is not shown.
func (s *Service) push(ctx context.Context, j Job) error {
	if s.opts.Now().Sub(j.At) > jobLife {
		s.meter.Add(ctx, JobsDropped, 1)
		return nil
	}
	kept, err := s.store.Log(ctx, j.Room, j.Seq, j.Seq, 1, false)
	if err != nil || len(kept) == 0 || kept[0].Kind != KindMessage {
		return err
	}
	m := kept[0]
	switch {
	case len(j.Only) > 0:
		return s.pushUntilDone(ctx, j.Only, Frame{Event: posted(m, j.Own)})
	case m.TargetID != "":
		subs, err := s.pair(ctx, m)
		if err != nil {
			return err
		}
		return s.pushSubscribers(ctx, m, subs, j.Except)
	}
	for cursor, more := j.After, true; more; more = cursor != "" {
		subs, next, err := s.store.Subscribers(ctx, j.Room, j.Shard, cursor, shardPage)
		if err != nil {
			return err
		}
		if err := s.pushSubscribers(ctx, m, subs, j.Except); err != nil {
			return err
		}
		cursor = next
	}
	return nil
}

func (s *Service) pushSubscribers(ctx context.Context, m Message, subs []Subscriber, except ConnectionID) error {
	a := s.sortOut(subs, m, except)
	if len(a.jobs) > 0 {
		if err := s.queue.Enqueue(ctx, 0, a.jobs...); err != nil {
			return err
		}
	}
	if err := s.pushUntilDone(ctx, a.others, Frame{Event: posted(m, false)}); err != nil {
		return err
	}
	return s.pushUntilDone(ctx, a.sender, Frame{Event: posted(m, true)})
}

// pushUntilDone tries the stragglers a few times, then ends them as slow: one reader
// never holds up another, and resumes when it comes back.
func (s *Service) pushUntilDone(ctx context.Context, to []ConnectionID, f Frame) error {
	var jobs []Job
	for try := 1; len(to) > 0; try++ {
		_, missed, failed, err := s.postAll(ctx, to, f)
		if err != nil {
			return err
		}
		jobs = append(jobs, s.forgetJobs(missed)...)
		if to = failed; len(to) == 0 || try == pushTries {
			break
		}
		if err := pause(ctx, pushPause); err != nil {
			return err
		}
	}
	for _, id := range to {
		s.meter.Add(ctx, SlowConnections, 1)
		jobs = append(jobs, endJob(id, CloseSlow, s.opts.Now()))
	}
	if len(jobs) == 0 {
		return nil
	}
	return s.queue.Enqueue(ctx, 0, jobs...)
}

// forget removes a connection that the gateway does not know. A young one may still be in
// its handshake.
func (s *Service) forget(ctx context.Context, j Job) error {
	f, err := s.store.Read(ctx, Question{Connection: j.Connection})
	if err != nil || f.Connection == nil || s.opts.Now().Sub(f.Connection.ConnectedAt) < youngFor {
		return err
	}
	return s.Disconnect(ctx, j.Connection)
}

// end tells a connection why it is closed, as far as it still listens, and closes it.
func (s *Service) end(ctx context.Context, j Job) error {
	e := Closing{Code: j.Code, Reason: closeReasons[j.Code], Retry: j.Code == CloseSlow, At: s.opts.Now()}
	if _, err := s.pusher.Post(ctx, []ConnectionID{j.Connection}, Frame{Event: e}); err != nil {
		return err
	}
	return s.pusher.Close(ctx, j.Connection)
}

var closeReasons = map[CloseCode]string{
	CloseSessionExpired: "Your session has ended, sign in again",
	CloseSlow:           "This connection could not keep up, reconnect to go on",
	CloseKicked:         "You were disconnected by a moderator",
}
