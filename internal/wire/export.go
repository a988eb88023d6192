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

// record is one thing: kind is person, connection, membership, message, reaction, invitation,
// report or audit.
type record struct {
	Kind        string         `json:"kind"`
	Name        string         `json:"name,omitempty"`
	Groups      []string       `json:"groups,omitempty"`
	KnownSince  int64          `json:"knownSince,omitempty"`
	SourceIP    string         `json:"sourceIp,omitempty"`
	UserAgent   string         `json:"userAgent,omitempty"`
	RoomID      chat.RoomID    `json:"roomId,omitempty"`
	Role        chat.Role      `json:"role,omitempty"`
	InvitedAs   chat.Role      `json:"invitedAs,omitempty"`
	ReadSeq     int64          `json:"readSeq,omitempty"`
	MutedUntil  int64          `json:"mutedUntil,omitempty"`
	MutedFor    string         `json:"mutedFor,omitempty"`
	BannedUntil int64          `json:"bannedUntil,omitempty"`
	BannedFor   string         `json:"bannedFor,omitempty"`
	Message     *message       `json:"message,omitempty"`
	Seq         int64          `json:"seq,omitempty"`
	Emoji       string         `json:"emoji,omitempty"`
	On          bool           `json:"on,omitempty"`
	UserID      chat.UserID    `json:"userId,omitempty"`
	MessageID   chat.MessageID `json:"messageId,omitempty"`
	Comment     string         `json:"comment,omitempty"`
	Act         chat.Act       `json:"act,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	At          int64          `json:"at,omitempty"`
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
			Kind: "person", Name: p.Name, Groups: p.Groups, KnownSince: seconds(p.KnownSince),
			MutedUntil: seconds(p.MutedUntil), MutedFor: p.MutedFor, BannedUntil: seconds(p.BannedUntil), BannedFor: p.BannedFor,
		}
	case r.Connection != nil:
		return record{Kind: "connection", SourceIP: r.Connection.SourceIP, UserAgent: r.Connection.UserAgent, At: seconds(r.Connection.ConnectedAt)}
	case r.Report != nil:
		return record{
			Kind: "report", RoomID: r.Report.Room, MessageID: r.Report.Message, Reason: r.Report.Reason, Comment: r.Report.Comment, At: seconds(r.Report.At),
		}
	case r.Invited != "":
		return record{Kind: "invitation", RoomID: r.Room, UserID: r.Invited}
	case r.Membership != nil:
		m := r.Membership
		return record{
			Kind: "membership", RoomID: r.Room, Role: m.Role, InvitedAs: m.Invite.As, ReadSeq: m.Read.Seq,
			MutedUntil: seconds(m.MutedUntil), MutedFor: m.MutedFor, BannedUntil: seconds(m.BannedUntil), BannedFor: m.BannedFor,
		}
	case r.Message != nil:
		m := messageOf(*r.Message, true)
		return record{Kind: "message", RoomID: r.Room, Message: &m}
	case r.Audit != nil:
		return record{Kind: "audit", Act: r.Audit.Act, Reason: r.Audit.Deed.Reason, At: seconds(r.Audit.At)}
	}
	return record{Kind: "reaction", RoomID: r.Room, Seq: r.Seq, Emoji: r.Emoji, On: r.On}
}
