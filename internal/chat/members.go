package chat

import "context"

// membersPerPage is how many people one answer names.
const membersPerPage = 50

// RoomMember is a person who belongs to a room, there or not.
type RoomMember struct {
	Person
	Role Role
	Here bool // has a connection in the room
}

// members answers who belongs to a room, each with role and presence.
func (s *Service) members(ctx context.Context, c Caller, cmd ListMembers) error {
	f, err := s.look(ctx, c, Question{Room: cmd.Room, Head: true})
	if err != nil {
		return err
	}
	if err := mayRead(cmd.Room, f.Room, f.Membership, s.opts.Now()); err != nil {
		return err
	}
	if f.Head == nil {
		return errNoRoom(cmd.Room)
	}
	page, next, err := s.store.Members(ctx, cmd.Room, cmd.Cursor, membersPerPage)
	if err != nil {
		return err
	}
	subs, err := s.roster(ctx, cmd.Room, max(1, f.Head.Shards), rosterLimit)
	if err != nil {
		return err
	}
	here := make(map[UserID]bool, len(subs))
	for _, sub := range subs {
		here[sub.UserID] = true
	}
	for i, m := range page {
		if page[i].Here = here[m.UserID]; page[i].Here && m.Status == Offline {
			page[i].Status = Online
		}
	}
	return s.answer(ctx, c, MembersListed{
		Room: cmd.Room, People: page, Partly: len(subs) >= rosterLimit, Cursor: next, At: s.opts.Now(),
	})
}
