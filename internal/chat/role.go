package chat

import "context"

// setRole makes a member something else in a room, or nothing. Of oneself nothing is leaving
// for good. A room that has an owner has exactly one at any time.
func (s *Service) setRole(ctx context.Context, c Caller, cmd SetRole) error {
	return s.untilSettled(func() error {
		f, err := s.look(ctx, c, Question{Room: cmd.Room, Head: true})
		if err != nil {
			return err
		}
		if cmd.User == c.UserID && cmd.Role == "" && f.Membership.Role == "" && f.Membership.Invite.As == "" {
			return s.answerMember(ctx, c, cmd.Room, c.UserID, Membership{}) // left before, or never there
		}
		if err := mayKeep(cmd.Room, f, s.opts.Now()); err != nil {
			return err
		}
		was, err := s.standingOf(ctx, c, f, cmd.User)
		if err != nil {
			return err
		}
		if err := mayAppoint(c, f, cmd, was); err != nil {
			return err
		}
		if was.Role == cmd.Role && was.Invite.As == "" {
			return s.answerMember(ctx, c, cmd.Room, cmd.User, was)
		}
		if cmd.Role == Owner {
			if err := s.mayOwnMore(ctx, cmd.User, "This person owns"); err != nil {
				return err
			}
		}
		return s.appoint(ctx, c, f, cmd, was)
	})
}

// standingOf is what somebody is in the room of the facts, which are the caller's.
func (s *Service) standingOf(ctx context.Context, c Caller, f Facts, user UserID) (Membership, error) {
	if user == c.UserID {
		return f.Membership, nil
	}
	standings, err := s.store.Standings(ctx, f.Room.ID, []UserID{user})
	if err != nil {
		return Membership{}, err
	}
	return standings[0], nil
}

// mayAppoint says why the caller may not make this of somebody who is that, or nil.
func mayAppoint(c Caller, f Facts, cmd SetRole, was Membership) error {
	self := cmd.User == c.UserID
	need := RemoveMembers
	switch {
	case cmd.Role == Owner:
		need = HandOver
	case was.Role == Owner && cmd.Role != Owner:
		return Errorf(Forbidden, "A room keeps its owner until it is handed over to somebody else")
	case cmd.Role == Moderator || was.Role == Moderator || was.Invite.As == Moderator:
		need = Appoint
	case was.Role == "" && was.Invite.As != "": // withdrawn by whoever may invite
		need = InvitePeople
	}
	down := self && cmd.Role.level() <= was.Role.level()
	switch {
	case !down && !c.MayIn(*f.Room, f.Membership, need):
		return errNotPermitted
	case cmd.Role != "" && was.Role == "":
		return Errorf(NotFound, "This person is not a member of the room")
	case cmd.User.Guest() && cmd.Role.level() > Member.level():
		return errGuestRole
	}
	return nil
}

// appoint writes the role, with the rest of what it means in the same transaction, and tells
// everybody concerned.
func (s *Service) appoint(ctx context.Context, c Caller, f Facts, cmd SetRole, was Membership) error {
	now := was
	now.Role, now.Invite = cmd.Role, Invitation{}
	change := Change{
		Rooms:   []RoomWrite{{Was: *f.Room, Now: *f.Room}},
		Members: []MemberWrite{{Room: cmd.Room, User: cmd.User, Was: was, Now: now}},
	}
	news := []MemberChanged{s.memberChanged(c, cmd.Room, cmd.User, now)}
	if old := f.Room.Owner; cmd.Role == Owner {
		change.Rooms[0].Now.Owner = cmd.User
		change.Rooms[0].Now.Rev++
		if old != "" {
			is, err := s.standingOf(ctx, c, f, old)
			if err != nil {
				return err
			}
			stays := is
			stays.Role = Moderator
			change.Members = append(change.Members, MemberWrite{Room: cmd.Room, User: old, Was: is, Now: stays})
			news = append(news, s.memberChanged(c, cmd.Room, old, stays))
		}
	}
	if cmd.User != c.UserID && (cmd.Role != Owner || f.Room.Owner != c.UserID) {
		change.Members = append(change.Members, s.actor(c, f)...)
	}
	if err := s.noteRole(ctx, c, cmd, was, &change); err != nil {
		return err
	}
	if err := s.store.Change(ctx, change); err != nil {
		return err
	}
	if cmd.Role == "" {
		if err := s.enforce(ctx, cmd.Room, false); err != nil {
			return err
		}
	}
	for _, e := range news {
		if err := s.tellMember(ctx, c, *f.Head, e); err != nil {
			return err
		}
	}
	return s.answer(ctx, c, news[0])
}
