package wire

import "switchboard/internal/chat"

func export(f *fields) chat.Command {
	return chat.Export{Cursor: f.text("cursor", chat.MaxCursorBytes)}
}

// exported is a page of what is kept of a person.
type exported struct {
	UserID    chat.UserID `json:"userId"`
	Guest     bool        `json:"guest,omitempty"`
	Records   []record    `json:"records"`
	Cursor    string      `json:"cursor"`
	More      bool        `json:"more"`
	Timestamp int64       `json:"timestamp"`
}

// record is one thing: kind is person, membership, message, reaction or audit.
type record struct {
	Kind        string      `json:"kind"`
	Name        string      `json:"name,omitempty"`
	KnownSince  int64       `json:"knownSince,omitempty"`
	RoomID      chat.RoomID `json:"roomId,omitempty"`
	Role        chat.Role   `json:"role,omitempty"`
	ReadSeq     int64       `json:"readSeq,omitempty"`
	MutedUntil  int64       `json:"mutedUntil,omitempty"`
	BannedUntil int64       `json:"bannedUntil,omitempty"`
	Message     *message    `json:"message,omitempty"`
	Seq         int64       `json:"seq,omitempty"`
	Emoji       string      `json:"emoji,omitempty"`
	On          bool        `json:"on,omitempty"`
	Act         chat.Act    `json:"act,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	At          int64       `json:"at,omitempty"`
}

func exportedOf(e chat.Exported) exported {
	w := exported{
		UserID: e.UserID, Guest: e.UserID.Guest(), Records: make([]record, len(e.Records)), Cursor: e.Cursor, More: e.Cursor != "",
		Timestamp: e.At.Unix(),
	}
	for i, r := range e.Records {
		w.Records[i] = recordOf(r)
	}
	return w
}

func recordOf(r chat.Record) record {
	switch {
	case r.Person != nil:
		p := r.Person
		return record{
			Kind: "person", Name: p.Name, KnownSince: seconds(p.KnownSince), MutedUntil: seconds(p.MutedUntil), BannedUntil: seconds(p.BannedUntil),
		}
	case r.Membership != nil:
		m := r.Membership
		return record{
			Kind: "membership", RoomID: r.Room, Role: m.Role, ReadSeq: m.Read.Seq,
			MutedUntil: seconds(m.MutedUntil), BannedUntil: seconds(m.BannedUntil),
		}
	case r.Message != nil:
		m := messageOf(*r.Message, true)
		return record{Kind: "message", RoomID: r.Room, Message: &m}
	case r.Audit != nil:
		return record{Kind: "audit", Act: r.Audit.Act, Reason: r.Audit.Deed.Reason, At: seconds(r.Audit.At)}
	}
	return record{Kind: "reaction", RoomID: r.Room, Seq: r.Seq, Emoji: r.Emoji, On: r.On}
}
