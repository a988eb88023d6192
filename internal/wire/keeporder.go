package wire

import "switchboard/internal/chat"

func listMeasures(f *fields) chat.Command {
	return chat.ListMeasures{Room: f.room(), Cursor: f.text("cursor", chat.MaxCursorBytes)}
}

func listInvitations(f *fields) chat.Command {
	return chat.ListInvitations{Room: f.room(), Cursor: f.text("cursor", chat.MaxCursorBytes)}
}

// The data of frames for those who keep order in a room, or invite.
type (
	measures struct {
		RoomID    chat.RoomID `json:"roomId"`
		Measures  []measure   `json:"measures"`
		Cursor    string      `json:"cursor,omitempty"`
		More      bool        `json:"more"`
		Timestamp int64       `json:"timestamp"`
	}

	// measure is a mute or a ban. by and since are absent where whoever did it was erased.
	measure struct {
		Act     chat.Act    `json:"act"`
		UserID  chat.UserID `json:"userId"`
		Name    string      `json:"name"`
		Guest   bool        `json:"guest"`
		Role    string      `json:"role"`
		Until   int64       `json:"until,omitempty"`
		ForGood bool        `json:"forGood,omitempty"`
		Reason  string      `json:"reason"`
		By      chat.UserID `json:"by,omitempty"`
		ByName  string      `json:"byName,omitempty"`
		Since   int64       `json:"since,omitempty"`
	}

	invitations struct {
		RoomID      chat.RoomID  `json:"roomId"`
		Invitations []invitation `json:"invitations"`
		Cursor      string       `json:"cursor,omitempty"`
		More        bool         `json:"more"`
		Timestamp   int64        `json:"timestamp"`
	}

	invitation struct {
		UserID chat.UserID `json:"userId"`
		Name   string      `json:"name"`
		Guest  bool        `json:"guest"`
		Role   chat.Role   `json:"role"`
		By     chat.UserID `json:"by"`
		ByName string      `json:"byName"`
		Since  int64       `json:"since"`
		Until  int64       `json:"until"`
	}
)

func measuresOf(e chat.MeasuresListed) measures {
	w := measures{
		RoomID: e.Room, Measures: make([]measure, 0, len(e.Measures)), Cursor: e.Cursor, More: e.Cursor != "", Timestamp: e.At.Unix(),
	}
	for _, m := range e.Measures {
		one := measure{
			Act: m.Act, UserID: m.UserID, Name: m.Name, Guest: m.UserID.Guest(), Role: roleOf(m.Role), ForGood: m.Until.Equal(chat.ForGood),
			Reason: m.Reason, By: m.By, ByName: m.ByName, Since: seconds(m.At),
		}
		if !one.ForGood {
			one.Until = seconds(m.Until)
		}
		w.Measures = append(w.Measures, one)
	}
	return w
}

func invitationsOf(e chat.InvitationsListed) invitations {
	w := invitations{
		RoomID: e.Room, Invitations: make([]invitation, 0, len(e.People)), Cursor: e.Cursor, More: e.Cursor != "", Timestamp: e.At.Unix(),
	}
	for _, p := range e.People {
		in := p.Membership.Invite
		w.Invitations = append(w.Invitations, invitation{
			UserID: p.User.ID, Name: p.User.Name, Guest: p.User.ID.Guest(), Role: in.As, By: in.By, ByName: in.ByName,
			Since: seconds(in.At), Until: seconds(in.At.Add(chat.InviteLife)),
		})
	}
	return w
}
