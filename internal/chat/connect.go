package chat

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// cleanUpTime bounds what is undone after a refused or failed connect.
	cleanUpTime   = 5 * time.Second
	rememberTries = 3
)

// Connect admits a new connection into a room. The gateway holds the handshake until it
// returns, so the greeting is left to a job. After an error nothing is left behind.
func (s *Service) Connect(ctx context.Context, conn Connection, room RoomID, issuedAt time.Time) error {
	if conn.Guest {
		name, err := s.guestName(ctx, conn.Name)
		if err != nil {
			return err
		}
		conn.Name = name
	}
	if err := s.store.OpenConnection(ctx, conn); err != nil {
		return err
	}
	err := s.admitConnection(ctx, conn, room, issuedAt)
	if err != nil {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
		defer cancel()
		return errors.Join(err, s.undoConnect(undo, conn))
	}
	s.meter.Add(ctx, Connects, 1)
	return nil
}

// undoConnect leaves nothing of a refused connection, its row last.
func (s *Service) undoConnect(ctx context.Context, conn Connection) error {
	if _, _, err := s.unlist(ctx, conn.ID); err != nil {
		return err
	}
	return s.store.RemoveConnection(ctx, conn.ID)
}

// admitConnection reads the person after the connection is written: a ban or a kick writes first,
// then lists connections, so one of the two sees the other.
func (s *Service) admitConnection(ctx context.Context, conn Connection, room RoomID, issuedAt time.Time) error {
	c := Caller{
		Principal: Principal{
			UserID: conn.UserID, Name: conn.Name, Guest: conn.Guest, Groups: conn.Groups,
			IssuedAt: issuedAt, ExpiresAt: conn.SessionEnds,
		},
		ConnectionID: conn.ID,
		At:           conn.ConnectedAt,
	}
	f, err := s.roomFor(ctx, c, room)
	if err != nil {
		return err
	}
	if f.User != nil && s.opts.Now().Before(f.User.KickedUntil) {
		return because(Errorf(Forbidden, "You were disconnected by a moderator and may come back in a moment"), f.User.KickedFor)
	}
	if err := s.remember(ctx, c.Principal, f.User, conn.ConnectedAt); err != nil {
		return err
	}
	if _, err := s.settleIn(ctx, c, f, nil, true); err != nil {
		return err
	}
	if err := s.queue.Enqueue(ctx, 0, Job{Kind: WelcomeJob, At: s.opts.Now(), Connection: conn.ID, User: conn.UserID, Room: room}); err != nil {
		return err
	}
	return s.endOnTime(ctx, conn)
}

// remember keeps what is known of a person where it has changed, whom another connection, or an
// admin, may change meanwhile.
func (s *Service) remember(ctx context.Context, p Principal, known *User, at time.Time) error {
	for range rememberTries {
		err := s.tryToRemember(ctx, p, known, at)
		if !errors.Is(err, ErrAltered) {
			return err
		}
		f, err := s.store.Read(ctx, Question{User: p.UserID})
		if err != nil {
			return err
		}
		known = f.User
	}
	return AsUnavailable(ErrAltered)
}

// tryToRemember writes it, and that somebody who signed in bears the name. The groups say who may not act
// on them: those of an older token than theirs are of no interest.
func (s *Service) tryToRemember(ctx context.Context, p Principal, known *User, at time.Time) error {
	u := User{ID: p.UserID, Name: p.Name, FoundAs: findKey(p.Name), Groups: p.Groups, GroupsAt: p.IssuedAt, KnownSince: at}
	was := User{}
	if known != nil {
		was = *known
	}
	if p.Guest {
		u.GroupsAt, u.ExpiresAt = time.Time{}, at.Add(GuestLife)
		return s.store.RememberUser(ctx, u, was.FoundAs)
	}
	if was.GroupsAt.After(u.GroupsAt) {
		u.Groups, u.GroupsAt = was.Groups, was.GroupsAt
	}
	renamed := was.Name != u.Name || was.FoundAs != u.FoundAs
	if !renamed && slices.Equal(was.Groups, u.Groups) {
		return nil
	}
	if key := NameKey(u.Name); renamed && key != "" {
		if err := s.store.TakeName(ctx, key); err != nil {
			return err
		}
	}
	return s.store.RememberUser(ctx, u, was.FoundAs)
}
