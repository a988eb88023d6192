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
	f, err := s.lookToRead(ctx, c, cmd.Room)
	if err != nil {
		return err
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
