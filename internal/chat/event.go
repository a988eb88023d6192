package chat

import "time"

// Event is something a connection is told.
type Event interface{ event() }

// Frame is an event on its way to connections. Ref is set only on answers.
type Frame struct {
	Ref   string
	Event Event
}

// Welcome is the first thing a connection hears.
type Welcome struct {
	ConnectionID ConnectionID
	UserID       UserID
	Name         string
	Room         RoomID
	SessionEnds  time.Time // zero: never
	GuestToken   string    // empty unless the person is a guest
	Guests       bool      // whether the deployment lets guests in
	Groups       []string  // those of the deployment's that the person is in
	Heads        map[RoomID]int64
	Rate         Rate
	SlowMode     map[RoomID]time.Duration // of those of Heads that have one
	EditWindow   time.Duration            // how long messages may be edited where the room does not say otherwise
	At           time.Time
}

// Posted is a message in a room. Own marks the sender's copies, which carry the ClientID.
type Posted struct {
	Message Message
	Own     bool
}

// PrivatePosted is a message between two people. Delivered is told to the sender only.
type PrivatePosted struct {
	Message   Message
	Own       bool
	Delivered bool
}

// Edited tells a room that a message has another text. Entry is the event of the log, with
// the message as it is now in Changed.
type Edited struct{ Entry Message }

// Deleted tells a room that a message has no text any more, as Edited does.
type Deleted struct{ Entry Message }

// ReactionSet tells a room that somebody gave a message an emoji or took it back, as Edited does.
type ReactionSet struct{ Entry Message }

// Joined tells a room that a person came in.
type Joined struct {
	UserID UserID
	Name   string
	Room   RoomID
	At     time.Time
}

// Left tells a room that a person went out.
type Left struct {
	UserID UserID
	Name   string
	Room   RoomID
	At     time.Time
}

// Person is somebody in a room, however many connections they have there.
type Person struct {
	UserID UserID
	Name   string
	Guest  bool
	Status Status
}

// RoomJoined answers Join.
type RoomJoined struct {
	Room        Room
	Role        Role
	Head        Head
	ActiveUsers int
	People      []Person // at most MaxPeopleListed
	ReadSeq     int64    // how far the reader has read
	Muted       Mute     // what keeps the reader from writing
	At          time.Time
}

// Mute is until when, and why, a person may not write in a room. Zero: they may.
type Mute struct {
	Until      time.Time
	Reason     string
	Everywhere bool // and not in that room alone
}

// RoomLeft answers Leave. With a Reason the person was put out.
type RoomLeft struct {
	Room   RoomID
	Reason string
	At     time.Time
}

// RoomSummary is a room in a RoomList.
type RoomSummary struct {
	Room        Room
	Role        Role
	Head        int64
	Unread      int64
	ReadSeq     int64
	Followed    bool // the reader came in, here or on another device, and has not left since
	ActiveUsers int
	With        *Person // the other person of a private conversation
	size        Head    // as far as it says how many are in the room
}

// RoomList answers ListRooms. Cursor is empty on the last page.
type RoomList struct {
	Rooms   []RoomSummary
	Invites []Invited
	Cursor  string
	At      time.Time
}

// Range is from From to To, both included.
type Range struct{ From, To int64 }

// Page is a stretch of a room's log: every number from From to To is a message or an
// event, or in Missing, Void or Expired. An empty stretch has To = From-1.
type Page struct {
	Room     RoomID
	Reader   UserID // sees the clientMessageIds of their own messages
	Messages []Message
	Events   []Message
	Changed  []Message // what Events are about and is not among Messages, as it is now
	From, To int64
	Head     int64
	Missing  []int64 // may still come
	Void     []int64 // never will come
	Expired  *Range  // older than the room keeps
	More     bool    // there is more in the direction of reading
}

// HistoryRead answers ReadHistory.
type HistoryRead struct{ Page Page }

// Found answers Search, newest first. Everything from Searched.From to Searched.To was
// looked through; the next page is the one before Searched.From.
type Found struct {
	Room     RoomID
	Reader   UserID
	Messages []Message
	Searched Range
	Since    time.Time // when the oldest entry looked at was sent; zero: there was none
	More     bool      // there is more before Searched.From
}

// Resumed answers Resume, once per room. Complete: nothing is missing and there is no more.
type Resumed struct {
	Page     Page
	Complete bool
	Muted    Mute // as in RoomJoined
}

// Pong answers Ping: the heads that differ, and every room held for the connection.
type Pong struct {
	Heads map[RoomID]int64
	Rooms []RoomID
	At    time.Time
}

// Typed tells the others in a room that a person writes there, or has stopped.
type Typed struct {
	UserID UserID
	Name   string
	Room   RoomID
	On     bool
	At     time.Time
}

// Presence tells of a person's status.
type Presence struct {
	UserID UserID
	Status Status
	At     time.Time
}

// MembersListed answers ListMembers. Cursor is empty on the last page. Partly: the room is
// so large that RoomMember.Here says nothing.
type MembersListed struct {
	Room   RoomID
	People []RoomMember
	Partly bool
	Cursor string
	At     time.Time
}

// ReadTo tells a person's connections how far they have read.
type ReadTo struct {
	Room   RoomID
	Seq    int64
	Unread int64
	At     time.Time
}

// Refused says why a frame was not carried out.
type Refused struct {
	Code       Code
	Text       string
	Room       RoomID        // of a Resume: the one room that is refused, others may not be; else empty
	RetryAfter time.Duration // zero: no advice
	At         time.Time
}

// CloseCode says why the server ends a connection.
type CloseCode string

// Why a connection is ended, as far as the server does it today.
const (
	CloseSessionExpired CloseCode = "session_expired"
	CloseSlow           CloseCode = "slow"
	CloseKicked         CloseCode = "kicked"
	CloseSignedOut      CloseCode = "signed_out"
	CloseDraining       CloseCode = "draining"
	CloseBanned         CloseCode = "banned"
)

// Closing is the last thing a connection hears.
type Closing struct {
	Code   CloseCode
	Reason string
	Retry  bool
	Spread time.Duration // when to connect again: at a random moment of so long; zero: no advice
	At     time.Time
}

func (Welcome) event()       {}
func (Posted) event()        {}
func (PrivatePosted) event() {}
func (Edited) event()        {}
func (Deleted) event()       {}
func (ReactionSet) event()   {}
func (Joined) event()        {}
func (Left) event()          {}
func (RoomJoined) event()    {}
func (RoomLeft) event()      {}
func (RoomList) event()      {}
func (HistoryRead) event()   {}
func (Found) event()         {}
func (Resumed) event()       {}
func (Pong) event()          {}
func (Refused) event()       {}
func (Closing) event()       {}
func (Typed) event()         {}
func (Presence) event()      {}
func (MembersListed) event() {}
func (ReadTo) event()        {}
func (RoomChanged) event()   {}
func (MemberChanged) event() {}
func (Invited) event()       {}
func (Moderated) event()     {}
func (Exported) event()      {}
func (Reported) event()      {}

func (MeasuresListed) event()    {}
func (InvitationsListed) event() {}
