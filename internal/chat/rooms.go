package chat

import (
	"context"
	"strings"
)

const (
	roomsPerPage   = 50
	conversations  = 25 // of one's own on the first page
	directoryPages = 10 // read at most for one answer; a query that finds little gets a cursor to go on
	ownRoomPages   = 2  // of memberships

	// What a cursor begins with says which list goes on.
	ownPages    = "own."
	listedPages = "all."
)

// listRooms answers the rooms the caller may see: the caller's latest private conversations,
// then rooms of theirs that are not public with invitations to any, then public rooms, most
// active first.
func (s *Service) listRooms(ctx context.Context, c Caller, cmd ListRooms) error {
	if _, err := s.look(ctx, c, Question{}); err != nil {
		return err
	}
	list := RoomList{Cursor: cmd.Cursor, At: s.opts.Now()}
	if cmd.Cursor == "" {
		if err := s.addConversations(ctx, c, cmd, &list); err != nil {
			return err
		}
		list.Cursor = ownPages
	}
	if own, ok := strings.CutPrefix(list.Cursor, ownPages); ok {
		if err := s.addOwnRooms(ctx, c, cmd, own, &list); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(list.Cursor, ownPages) {
		if err := s.addListed(ctx, c, cmd, &list); err != nil {
			return err
		}
	}
	if err := s.countPeople(ctx, list.Rooms); err != nil {
		return err
	}
	return s.answer(ctx, c, list)
}

func (s *Service) addConversations(ctx context.Context, c Caller, cmd ListRooms, list *RoomList) error {
	own, err := s.store.Conversations(ctx, c.UserID, conversations)
	if err != nil {
		return err
	}
	for _, with := range own {
		if sum := conversation(with); matches(sum.Room, cmd.Query) {
			list.Rooms = append(list.Rooms, sum)
		}
	}
	return nil
}

// addOwnRooms adds the caller's rooms that the directory does not list, and invitations.
// Afterwards the list's cursor is where to go on, with these or with the directory.
func (s *Service) addOwnRooms(ctx context.Context, c Caller, cmd ListRooms, cursor string, list *RoomList) error {
	for range ownRoomPages {
		page, next, err := s.store.OwnRooms(ctx, c.UserID, cursor, roomsPerPage)
		if err != nil {
			return err
		}
		for _, e := range page {
			if !matches(e.Room, cmd.Query) || list.At.Before(e.Membership.BannedUntil) {
				continue
			}
			switch in := e.Membership.Invite; {
			case in.open(list.At):
				list.Invites = append(list.Invites, Invited{Room: e.Room.ID, Name: e.Room.Name, As: in.As, By: in.By, ByName: in.ByName, At: in.At})
			case e.Membership.Role == "": // an invitation that is over
			case e.Room.Visibility != Public && list.has(summary(e)):
				list.Rooms = append(list.Rooms, summary(e))
			case e.Room.Visibility != Public:
				return nil
			}
			list.Cursor = ownPages + e.Cursor
		}
		cursor, list.Cursor = next, ownPages+next
		if next == "" {
			list.Cursor = ""
			return nil
		}
	}
	return nil
}

// addListed adds public rooms as far as they fit, and sets the cursor to where to go on.
func (s *Service) addListed(ctx context.Context, c Caller, cmd ListRooms, list *RoomList) error {
	cursor := strings.TrimPrefix(list.Cursor, listedPages)
	list.Cursor = listedPages + cursor
	for range directoryPages {
		page, next, err := s.store.Directory(ctx, c.UserID, cursor, max(1, roomsPerPage-len(list.Rooms)))
		if err != nil {
			return err
		}
		for _, e := range page {
			if matches(e.Room, cmd.Query) {
				if !list.has(summary(e)) {
					return nil
				}
				list.Rooms = append(list.Rooms, summary(e))
			}
			list.Cursor = listedPages + e.Cursor
		}
		if cursor = next; next == "" {
			list.Cursor = ""
			return nil
		}
		list.Cursor = listedPages + next
	}
	return nil
}

// has says whether one answer has room for one more.
func (l RoomList) has(more RoomSummary) bool {
	const shell, invitation = 450, 400 // bytes around names and topics
	size := len(l.Invites) * invitation
	for _, r := range append(l.Rooms, more) {
		size += shell + len(r.Room.Name) + len(r.Room.Topic)
	}
	return len(l.Rooms) < roomsPerPage && size <= maxListBytes
}

func matches(r Room, query string) bool {
	query = strings.ToLower(query)
	return strings.Contains(strings.ToLower(string(r.ID)), query) || strings.Contains(strings.ToLower(r.Name), query)
}

func conversation(c Conversation) RoomSummary {
	return RoomSummary{
		Room: Room{ID: c.Room, Name: c.With.Name, Visibility: Private}, Role: Member, Head: c.Head.Seq,
		Unread: unread(c.Head, c.Membership), ReadSeq: c.Membership.Read.Seq, Followed: true,
		With: &Person{UserID: c.With.ID, Name: c.With.Name, Guest: c.With.ID.Guest()},
	}
}

func summary(e DirectoryEntry) RoomSummary {
	sum := RoomSummary{Room: e.Room, Role: e.Membership.Role, Head: e.Head.Seq, ActiveUsers: e.ActiveUsers}
	sum.Unread, sum.ReadSeq = unread(e.Head, e.Membership), e.Membership.Read.Seq
	sum.size = e.Head
	sum.Followed = sum.Role != "" && e.Membership.LeftAt.IsZero()
	return sum
}

// countPeople counts who is in each room now. A room of over announceLimit connections
// has the count of its last digest.
func (s *Service) countPeople(ctx context.Context, rooms []RoomSummary) error {
	var all []*RoomSummary
	for i := range rooms {
		if rooms[i].With == nil { // nobody is in a conversation: it goes to people
			all = append(all, &rooms[i])
		}
	}
	return eachRoom(all, func(r *RoomSummary) error {
		subs, large, err := s.audible(ctx, r.Room.ID, r.size)
		if err != nil {
			return err
		}
		if r.ActiveUsers = max(r.ActiveUsers, r.size.People); !large {
			r.ActiveUsers = len(peopleOf(subs))
		}
		return nil
	})
}
