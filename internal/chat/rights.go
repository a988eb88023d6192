package chat

import (
	"context"
	"time"
)

// look reads what q asks about the caller, and refuses a caller whose connection is not
// known or who may not use the service. A receipt that is found is answered first: what
// is kept is never refused.
func (s *Service) look(ctx context.Context, c Caller, q Question) (Facts, error) {
	q.Connection, q.User = c.ConnectionID, c.UserID
	f, err := s.store.Read(ctx, q)
	if err != nil {
		return f, err
	}
	if !c.desk && (f.Connection == nil || f.Connection.Closing) {
		return f, errConnectionNotFound
	}
	if f.Receipt != nil {
		return f, nil
	}
	if err := admit(c.Principal, f.User, s.opts.Now()); err != nil {
		return f, err
	}
	return f, admitGuest(c.Principal, f)
}

// lookToRead is look for those who want to read a room: it must be there for them. The facts
// have its head.
func (s *Service) lookToRead(ctx context.Context, c Caller, room RoomID) (Facts, error) {
	f, err := s.look(ctx, c, Question{Room: room, Head: true})
	if err != nil {
		return f, err
	}
	if err := mayRead(room, f.Room, f.Membership, s.opts.Now()); err != nil {
		return f, err
	}
	if f.Head == nil {
		return f, errNoRoom(room)
	}
	return f, nil
}

// nameOf is the name that a caller bears: at a connection the one it was admitted under, which
// marks a guest who asked for somebody's.
func (f Facts) nameOf(c Caller) string {
	if f.Connection != nil {
		return f.Connection.Name
	}
	return c.Name
}

// admitGuest keeps guests out of rooms that do not let them in. What is not there for them
// is left to mayRead, which says so.
func admitGuest(p Principal, f Facts) error {
	if p.Guest && f.Room != nil && f.Room.GuestsOut && (f.Room.Visibility != Private || f.Membership.Role != "") {
		return errNoGuests
	}
	return nil
}

// admit says why a person may not use the service at all, or nil.
func admit(p Principal, u *User, now time.Time) error {
	switch {
	case u == nil:
		return nil
	case now.Before(u.BannedUntil):
		return because(Errorf(Forbidden, "You are banned"), u.BannedFor)
	case p.IssuedAt.Before(u.NotBefore):
		return Errorf(Unauthorized, "Your session has ended, sign in again")
	}
	return nil
}

// mayRead says why a person may not read a room, or nil. A private room looks to
// strangers as if it were not there.
func mayRead(id RoomID, r *Room, m Membership, now time.Time) error {
	switch {
	case r == nil, r.Visibility == Private && m.Role == "":
		return errNoRoom(id)
	case now.Before(m.BannedUntil):
		return because(errBarred, m.BannedFor)
	}
	return nil
}

// maySpeak says why a person may not speak in a room, or nil.
func maySpeak(id RoomID, f Facts, now time.Time) error {
	if err := mayRead(id, f.Room, f.Membership, now); err != nil {
		return err
	}
	if m := mutedIn(f, now); m != (Mute{}) {
		return because(errMuted, m.Reason)
	}
	if f.Room.Locked && !f.principal().MayIn(*f.Room, f.Membership, SpeakLocked) {
		return Errorf(Forbidden, "This room is locked: only its moderators write")
	}
	return nil
}

// mutedIn is what keeps the person of the facts from writing in their room. Of a mute there
// and one everywhere it is the one that ends later.
func mutedIn(f Facts, now time.Time) Mute {
	m := Mute{Until: f.Membership.MutedUntil, Reason: f.Membership.MutedFor}
	if f.User != nil && f.User.MutedUntil.After(m.Until) {
		m = Mute{Until: f.User.MutedUntil, Reason: f.User.MutedFor, Everywhere: true}
	}
	if !now.Before(m.Until) {
		return Mute{}
	}
	return m
}

// because adds the reason that the moderator gave.
func because(e *Error, reason string) error {
	if reason == "" {
		return e
	}
	return Errorf(e.Code, "%s: %s", e.Text, reason)
}

var (
	errBarred = Errorf(Forbidden, "You are banned from this room")
	errMuted  = Errorf(Muted, "You are muted and cannot write here for now")
)
