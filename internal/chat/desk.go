package chat

import "context"

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
