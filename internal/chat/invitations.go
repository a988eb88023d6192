package chat

import (
	"context"
	"time"
)

// InviteLife is how long an invitation can be accepted.
const InviteLife = 30 * 24 * time.Hour

// ListInvitations asks who is invited to a room and has not answered.
type ListInvitations struct {
	Room   RoomID
	Cursor string // where the last page ended; empty: from the start
}

func (ListInvitations) command() {}

// invitationsPerPage of the longest names fit one answer.
const invitationsPerPage = 25

// InvitationsListed answers ListInvitations: of each Standing User and Membership.Invite are
// set. Cursor is empty on the last page; a page may hold nobody and still lead on.
type InvitationsListed struct {
	Room   RoomID
	People []Standing
	Cursor string
	At     time.Time
}

// invitations answers who is invited, to those who may invite, and so withdraw it.
func (s *Service) invitations(ctx context.Context, c Caller, cmd ListInvitations) error {
	f, err := s.lookToKeep(ctx, c, Question{Room: cmd.Room})
	if err != nil {
		return err
	}
	if !c.MayIn(*f.Room, f.Membership, InvitePeople) {
		return errNotPermitted
	}
	page, next, err := s.store.Invited(ctx, cmd.Room, cmd.Cursor, invitationsPerPage)
	if err != nil {
		return err
	}
	list := InvitationsListed{Room: cmd.Room, Cursor: next, At: s.opts.Now()}
	for _, p := range page {
		if p.Membership.Invite.open(list.At) && p.Membership.Role == "" {
			list.People = append(list.People, p)
		}
	}
	return s.answer(ctx, c, list)
}

// open says whether an invitation is there and can still be accepted.
func (in Invitation) open(now time.Time) bool {
	return in.As != "" && now.Before(in.At.Add(InviteLife))
}
