package chat

import (
	"context"
	"errors"
	"time"
)

// How long greetings and farewells are tried.
const (
	handshake    = 5 * time.Second // how long a greeting waits for the handshake to end
	youngFor     = time.Minute     // a 410 forgets only a connection older than this
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
	case SpreadJob:
		return s.spread(ctx, j)
	case ReadJob:
		return s.keepRead(ctx, j)
	case DigestJob:
		return s.digest(ctx, j)
	case EnforceJob:
		return s.enforcePart(ctx, j)
	case BarJob:
		return s.bar(ctx, j)
	case EraseJob:
		return s.erase(ctx, j)
	}
	return Errorf(Invalid, "Unknown job kind: %s", string(j.Kind))
}

// welcome greets a connection and tells its room. API Gateway answers 410 until the
// handshake is over, so the greeting is tried for a while before the connection is given up.
func (s *Service) welcome(ctx context.Context, j Job) error {
	f, err := s.store.Read(ctx, Question{Connection: j.Connection, User: j.User, Room: j.Room, Head: true})
	if err != nil || f.Connection == nil || f.Connection.Closing {
		return err
	}
	if f.Room == nil || f.Head == nil {
		return errNoRoom(j.Room)
	}
	conn := *f.Connection
	w := Welcome{
		ConnectionID: conn.ID, UserID: conn.UserID, Name: conn.Name, Room: j.Room,
		SessionEnds: conn.SessionEnds, Guests: s.opts.GuestsAllowed, Heads: map[RoomID]int64{}, At: s.opts.Now(),
		Groups: groupsOf(conn), Rate: s.rateOf(conn.Guest), EditWindow: s.opts.EditWindow, SlowMode: map[RoomID]time.Duration{},
	}
	if conn.Guest {
		p := Principal{UserID: conn.UserID, Name: conn.Name, Guest: true}
		if w.GuestToken, err = s.tokens.GuestToken(p); err != nil {
			return err
		}
	}
	w.Heads[j.Room] = f.Head.Seq
	if f.Room.SlowMode > 0 {
		w.SlowMode[j.Room] = f.Room.SlowMode
	}

	out, err := s.greetWithPatience(ctx, conn.ID, Frame{Event: w})
	switch {
	case err != nil:
		return err
	case out == Delivered:
		c := Caller{Principal: Principal{UserID: conn.UserID, Name: conn.Name}, ConnectionID: conn.ID}
		told := s.tellCame(ctx, *f.Head, j.Room, c)
		return errors.Join(told, s.presenceAfter(ctx, conn.UserID, f.User, nil))
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
		if err := s.opts.Pause(ctx, wait); err != nil {
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

// forget removes a connection that the gateway does not know. A young one may still be in
// its handshake, and one that seems old too where clocks differ: the gateway is asked again.
func (s *Service) forget(ctx context.Context, j Job) error {
	f, err := s.store.Read(ctx, Question{Connection: j.Connection})
	if err != nil || f.Connection == nil || s.opts.Now().Sub(f.Connection.ConnectedAt) < youngFor {
		return err
	}
	if _, err := s.pusher.LastActive(ctx, j.Connection); !errors.Is(err, ErrNotFound) {
		return err
	}
	return s.Disconnect(ctx, j.Connection)
}

// end tells a connection why it is closed, as far as it still listens, and closes it. One
// that is still in its handshake cannot be told or closed yet: the job comes back. One that
// is gone is forgotten, or every message would have it ended again.
func (s *Service) end(ctx context.Context, j Job) error {
	e := Closing{Code: j.Code, Reason: closeReasons[j.Code], Retry: j.Code == CloseSlow, At: s.opts.Now()}
	out, err := s.pusher.Post(ctx, []ConnectionID{j.Connection}, Frame{Event: e})
	if err != nil {
		return err
	}
	if out[0] == Missed {
		f, err := s.store.Read(ctx, Question{Connection: j.Connection})
		if err != nil || f.Connection == nil {
			return err
		}
		switch age := s.opts.Now().Sub(f.Connection.ConnectedAt); {
		case age < handshake:
			return s.queue.Enqueue(ctx, requeueDelay, j)
		case age >= youngFor:
			return s.Disconnect(ctx, j.Connection)
		}
	}
	return s.pusher.Close(ctx, j.Connection)
}

var closeReasons = map[CloseCode]string{
	CloseSessionExpired: "Your session has ended, sign in again",
	CloseSlow:           "This connection could not keep up, reconnect to go on",
	CloseKicked:         "You were disconnected by a moderator",
	CloseBanned:         "You are banned",
	CloseSignedOut:      "You signed out",
	CloseDraining:       "The server restarts, reconnect to go on",
}
