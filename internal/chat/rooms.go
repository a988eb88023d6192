package chat

import (
	"context"
	"strings"
)

const (
	roomsPerPage   = 50
	conversations  = 25 // of one's own on the first page
	directoryPages = 10 // read at most for one answer; a query that finds little gets a cursor to go on
)

// listRooms answers the rooms the caller may see: on the first page the caller's latest
// private conversations, then public rooms, most active first.
func (s *Service) listRooms(ctx context.Context, c Caller, cmd ListRooms) error {
	if _, err := s.look(ctx, c, Question{}); err != nil {
		return err
	}
	list := RoomList{Cursor: cmd.Cursor, At: s.opts.Now()}
	if cmd.Cursor == "" {
		own, err := s.store.Conversations(ctx, c.UserID, conversations)
		if err != nil {
			return err
		}
		for _, with := range own {
			if sum := conversation(with); matches(sum.Room, cmd.Query) {
				list.Rooms = append(list.Rooms, sum)
			}
		}
	}
	for range directoryPages {
		page, next, err := s.store.Directory(ctx, c.UserID, list.Cursor, roomsPerPage-len(list.Rooms))
		if err != nil {
			return err
		}
		for _, e := range page {
			if matches(e.Room, cmd.Query) {
				list.Rooms = append(list.Rooms, summary(e))
			}
		}
		list.Cursor = next
		if next == "" || len(list.Rooms) == roomsPerPage {
			break
		}
	}
	if err := s.countPeople(ctx, list.Rooms); err != nil {
		return err
	}
	return s.answer(ctx, c, list)
}

func matches(r Room, query string) bool {
	query = strings.ToLower(query)
	return strings.Contains(strings.ToLower(string(r.ID)), query) || strings.Contains(strings.ToLower(r.Name), query)
}

func conversation(c Conversation) RoomSummary {
	return RoomSummary{
		Room: Room{ID: c.Room, Name: c.With.Name, Visibility: Private}, Role: Member, Head: c.Head.Seq,
		Unread: unread(c.Head, c.Membership), ReadSeq: c.Membership.Read.Seq,
		With: &Person{UserID: c.With.ID, Name: c.With.Name, Guest: c.With.ID.Guest()},
	}
}

func summary(e DirectoryEntry) RoomSummary {
	sum := RoomSummary{Room: e.Room, Role: e.Membership.Role, Head: e.Head.Seq, ActiveUsers: e.ActiveUsers}
	sum.Unread, sum.ReadSeq = unread(e.Head, e.Membership), e.Membership.Read.Seq
	sum.shards = max(1, e.Head.Shards)
	return sum
}

// countPeople counts who is in each room now. A room of over announceLimit connections
// keeps the directory's count.
func (s *Service) countPeople(ctx context.Context, rooms []RoomSummary) error {
	var all []*RoomSummary
	for i := range rooms {
		if rooms[i].With == nil { // nobody is in a conversation: it goes to people
			all = append(all, &rooms[i])
		}
	}
	return eachRoom(all, func(r *RoomSummary) error {
		subs, err := s.roster(ctx, r.Room.ID, r.shards, announceLimit+1)
		if err != nil {
			return err
		}
		people := len(peopleOf(subs))
		if len(subs) <= announceLimit || people > r.ActiveUsers {
			r.ActiveUsers = people
		}
		return nil
	})
}
