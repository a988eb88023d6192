package chat

import "context"

// SignedIn notes that somebody has signed in at the dashboard, as connecting does: so they can
// be found, and nobody acts on them who may not. It refuses whom Admit refuses.
func (s *Service) SignedIn(ctx context.Context, p Principal) error {
	f, err := s.store.Read(ctx, Question{User: p.UserID})
	if err != nil {
		return err
	}
	if err := admit(p, f.User, s.opts.Now()); err != nil {
		return err
	}
	return s.remember(ctx, p, f.User, s.opts.Now())
}

// Admit says why a person may not use the service (any more), or nil: they are banned, or were
// signed out since their token was issued.
func (s *Service) Admit(ctx context.Context, p Principal) error {
	f, err := s.store.Read(ctx, Question{User: p.UserID})
	if err != nil {
		return err
	}
	return admit(p, f.User, s.opts.Now())
}

// KeepOrder does in a public room what the dashboard's moderators ask, by the same rules as a
// frame and with the same events: an Amend that deletes, or an UpdateRoom. Other rooms are
// NotFound, and other commands Invalid.
func (s *Service) KeepOrder(ctx context.Context, by Principal, cmd Command) error {
	if !by.May(ModeratePeople) {
		return errNotPermitted
	}
	c := Caller{Principal: by, At: s.opts.Now(), desk: true}
	var room RoomID
	var do func() error
	switch cmd := cmd.(type) {
	case Amend:
		reason, err := cleanReason(cmd.Reason)
		if err != nil {
			return err
		}
		cmd.Kind, cmd.Reason = KindDelete, reason
		room, do = cmd.Room, func() error { return s.amend(ctx, c, cmd) }
	case UpdateRoom:
		room, do = cmd.Room, func() error { return s.updateRoom(ctx, c, cmd) }
	default:
		return Errorf(Invalid, "This cannot be done from here")
	}
	public, err := s.publicOnes(ctx, []RoomID{room})
	if err != nil {
		return err
	}
	if _, ok := public[room]; !ok {
		return errNoRoom(room)
	}
	return do()
}
