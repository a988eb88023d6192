package wire

import "switchboard/internal/chat"

func roomJoinedOf(e chat.RoomJoined) roomJoined {
	w := roomJoined{
		policy:      policyOf(e.Room),
		Role:        roleOf(e.Role),
		Head:        e.Head.Seq,
		ReadSeq:     e.ReadSeq,
		Msgs:        e.Head.Messages,
		ActiveUsers: e.ActiveUsers,
		People:      make([]person, 0, len(e.People)),
		Muted:       muteOf(e.Muted),
		Timestamp:   e.At.Unix(),
	}
	for _, p := range e.People {
		w.People = append(w.People, person{p.UserID, p.Name, p.Guest, p.Status})
	}
	return w
}

func roomListOf(e chat.RoomList) roomList {
	w := roomList{
		Rooms:     make([]roomSummary, 0, len(e.Rooms)),
		Cursor:    e.Cursor,
		More:      e.Cursor != "",
		Timestamp: e.At.Unix(),
	}
	for _, r := range e.Rooms {
		sum := roomSummary{
			RoomID:      r.Room.ID,
			Name:        r.Room.Name,
			Topic:       r.Room.Topic,
			ParentID:    r.Room.Parent,
			Visibility:  r.Room.Visibility,
			ActiveUsers: r.ActiveUsers,
			SlowMode:    inSeconds(r.Room.SlowMode),
			Locked:      r.Room.Locked,
			Head:        r.Head,
			ReadSeq:     r.ReadSeq,
			Unread:      r.Unread,
			Role:        roleOf(r.Role),
			Followed:    r.Followed,
		}
		if r.With != nil {
			sum.With = &other{r.With.UserID, r.With.Name, r.With.Guest}
		}
		w.Rooms = append(w.Rooms, sum)
	}
	for _, in := range e.Invites {
		w.Invites = append(w.Invites, invitedOf(in))
	}
	return w
}

func historyOf(p chat.Page) history {
	w := history{
		RoomID:   p.Room,
		Messages: messagesOf(p.Messages, p.Reader),
		Events:   make([]logged, 0, len(p.Events)),
		Changed:  messagesOf(p.Changed, p.Reader),
		From:     p.From,
		To:       p.To,
		Head:     p.Head,
		Missing:  listed(p.Missing),
		Void:     listed(p.Void),
		More:     p.More,
	}
	if p.Expired != nil {
		w.Expired = &span{p.Expired.From, p.Expired.To}
	}
	for _, e := range p.Events {
		w.Events = append(w.Events, loggedOf(e))
	}
	return w
}

func membersOf(e chat.MembersListed) members {
	w := members{
		RoomID: e.Room, People: make([]member, 0, len(e.People)), Cursor: e.Cursor, More: e.Cursor != "", Timestamp: e.At.Unix(),
	}
	for _, m := range e.People {
		p := member{UserID: m.UserID, Name: m.Name, Guest: m.Guest, Role: roleOf(m.Role), Status: m.Status}
		if !e.Partly {
			p.Here = &m.Here
		}
		w.People = append(w.People, p)
	}
	return w
}

// roleOf names a role; the protocol calls the zero value "none".
func roleOf(r chat.Role) string {
	if r == "" {
		return "none"
	}
	return string(r)
}
