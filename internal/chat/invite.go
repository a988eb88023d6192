package chat

import (
	"context"
	"time"
)

// Invitation is an offer of a role in a room; the zero value is none.
type Invitation struct {
	As     Role
	By     UserID
	ByName string
	At     time.Time
}

// invite offers a person a role and tells them, if they are there: else they find it in
// their list of rooms, for InviteLife. Inviting again renews it.
func (s *Service) invite(ctx context.Context, c Caller, cmd Invite) error {
	return s.untilSettled(func() error {
		f, err := s.lookToKeep(ctx, c, Question{Room: cmd.Room, Target: cmd.User})
		if err != nil {
			return err
		}
		if !c.MayIn(*f.Room, f.Membership, InvitePeople) || cmd.As == Moderator && !c.MayIn(*f.Room, f.Membership, Appoint) {
			return errNotPermitted
		}
		standings, err := s.store.Standings(ctx, cmd.Room, []UserID{cmd.User})
		if err != nil {
			return err
		}
		was, now := standings[0], s.opts.Now()
		switch {
		case !f.Target.there():
			return errNobody(cmd.User)
		case was.Role != "":
			return s.answerMember(ctx, c, cmd.Room, cmd.User, was)
		case now.Before(was.BannedUntil):
			return Errorf(Forbidden, "This person is banned from the room")
		case cmd.User.Guest() && f.Room.GuestsOut:
			return errNoGuests
		case cmd.User.Guest() && cmd.As != Member:
			return errGuestRole
		}
		next := was
		next.Invite = Invitation{As: cmd.As, By: c.UserID, ByName: f.nameOf(c), At: now.Truncate(time.Millisecond)}
		err = s.store.Change(ctx, Change{
			Rooms:   []RoomWrite{{Was: *f.Room, Now: *f.Room}},
			Members: append(s.actor(c, f), MemberWrite{Room: cmd.Room, User: cmd.User, Was: was, Now: next}),
		})
		if err != nil {
			return err
		}
		told := Invited{Room: cmd.Room, Name: f.Room.Name, As: cmd.As, By: c.UserID, ByName: f.nameOf(c), At: now}
		if err := s.tellPerson(ctx, cmd.User, told); err != nil {
			return err
		}
		return s.answerMember(ctx, c, cmd.Room, cmd.User, next)
	})
}

func (s *Service) answerMember(ctx context.Context, c Caller, room RoomID, user UserID, m Membership) error {
	return s.answer(ctx, c, s.memberChanged(c, room, user, m))
}

func (s *Service) memberChanged(c Caller, room RoomID, user UserID, m Membership) MemberChanged {
	return MemberChanged{Room: room, UserID: user, Role: m.Role, InvitedAs: m.Invite.As, By: c.UserID, At: s.opts.Now()}
}

// acceptInvite makes the invited caller a member. Whoever is one already is told so.
func (s *Service) acceptInvite(ctx context.Context, c Caller, cmd AcceptInvite) error {
	return s.untilSettled(func() error {
		f, err := s.look(ctx, c, Question{Room: cmd.Room, Head: true})
		if err != nil {
			return err
		}
		was := f.Membership
		switch {
		case f.Room == nil || f.Head == nil || was.Role == "" && !was.Invite.open(s.opts.Now()):
			return errNoRoom(cmd.Room)
		case s.opts.Now().Before(was.BannedUntil):
			return errBarred
		case was.Role != "":
			return s.answerMember(ctx, c, cmd.Room, c.UserID, was)
		case c.Guest && f.Room.GuestsOut:
			return errNoGuests
		}
		now := was
		now.Role, now.Invite = was.Invite.As, Invitation{}
		err = s.store.Change(ctx, Change{
			Rooms:   []RoomWrite{{Was: *f.Room, Now: *f.Room}},
			Members: []MemberWrite{{Room: cmd.Room, User: c.UserID, Was: was, Now: now}},
		})
		if err != nil {
			return err
		}
		if err := s.tellMember(ctx, c, *f.Head, s.memberChanged(c, cmd.Room, c.UserID, now)); err != nil {
			return err
		}
		return s.answerMember(ctx, c, cmd.Room, c.UserID, now)
	})
}

// declineInvite ends an invitation. Where there is none it is answered the same, whether or
// not there is such a room.
func (s *Service) declineInvite(ctx context.Context, c Caller, cmd DeclineInvite) error {
	return s.untilSettled(func() error {
		f, err := s.look(ctx, c, Question{Room: cmd.Room})
		if err != nil {
			return err
		}
		now := f.Membership
		if now.Invite.As != "" {
			now.Invite = Invitation{}
			err := s.store.Change(ctx, Change{Members: []MemberWrite{{Room: cmd.Room, User: c.UserID, Was: f.Membership, Now: now}}})
			if err != nil {
				return err
			}
		}
		return s.answerMember(ctx, c, cmd.Room, c.UserID, now)
	})
}

var (
	errNoGuests  = Errorf(Forbidden, "This room is for people who have signed in")
	errGuestRole = Errorf(Forbidden, "A guest cannot keep order in a room")
)
