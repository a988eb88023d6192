package chat

import "time"

// Principal is a verified identity. ExpiresAt zero means the session has no end of its own.
type Principal struct {
	UserID    UserID
	Name      string
	Guest     bool
	Groups    []string
	Session   string // which sign-in this is; empty: the issuer does not say, or a guest
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// GuestLife is how long a guest is known after connecting last.
const GuestLife = 30 * 24 * time.Hour

// Connection is one socket of one person.
type Connection struct {
	ID           ConnectionID
	UserID       UserID
	Name         string
	Guest        bool
	Groups       []string
	Session      string    // as in Principal
	SessionEnds  time.Time // zero: never
	ConnectedAt  time.Time
	LastActiveAt time.Time // written at most once in 5 minutes
	SourceIP     string
	UserAgent    string
	CurrentRoom  RoomID    // where a chat without roomId goes; may be empty
	MovedAt      time.Time // request time of the last move
	Closing      bool      // being removed: nothing may be added to it
}

// Subscriber is one connection in a room.
type Subscriber struct {
	ConnectionID ConnectionID
	UserID       UserID
	Name         string    // not set by Subscribers
	Guest        bool      // not set by Subscribers
	Session      string    // set by ConnectionsOf only
	SessionEnds  time.Time // zero: never
	ConnectedAt  time.Time // set by ConnectionsOf only
	JoinedAt     time.Time // when this connection joined this room, set by Roster only
	Status       Status    // what it says of its person, in ConnectionsOf; empty: nothing yet
}

// MaxRoomsHeld is how many rooms one connection may be in.
const MaxRoomsHeld = 50

// Held is a room that a connection is in, and the shard of the room's list that says so.
type Held struct {
	Room  RoomID
	Shard int
}

// User is what is known of a person.
type User struct {
	ID          UserID
	Name        string
	FoundAs     string    // under what the store finds them by name; empty: not yet
	Groups      []string  // as of the newest token or change
	GroupsAt    time.Time // when that was issued or made; zero: not known
	KnownSince  time.Time
	ExpiresAt   time.Time // when a guest is forgotten; zero: never
	BannedUntil time.Time
	KickedUntil time.Time // may not connect
	MutedUntil  time.Time
	BannedFor   string // why
	KickedFor   string
	MutedFor    string
	Erasing     bool      // see Service.Erase
	NotBefore   time.Time // tokens issued before are refused
	AdminTaken  time.Time // when the group admins was taken; zero: not, or granted again
	Status      Status    // as last settled; empty: offline
	StatusRev   int64     // counts its changes
}

// Visibility says who finds a room.
type Visibility string

// Public rooms are listed and open to all, Unlisted ones open to all who know their id, and
// Private ones to their members only.
const (
	Public   Visibility = "public"
	Unlisted Visibility = "unlisted"
	Private  Visibility = "private"
)

// Room is a room's policy: what changes seldom.
type Room struct {
	ID         RoomID
	Name       string
	Topic      string
	Parent     RoomID
	Visibility Visibility
	Retention  time.Duration // how long messages are kept
	SlowMode   time.Duration // between two messages of one person; zero: no slow mode
	EditWindow time.Duration // how long after sending a message may be edited; zero: as the deployment says
	CreatedAt  time.Time
	Owner      UserID    // empty: nobody, and the deployment's moderators look after it
	Locked     bool      // only those who keep order write
	GuestsOut  bool      // guests may not come in
	Inviters   Role      // the least role that may invite; empty: Moderator
	Inherits   []Setting // follow Parent's
	Children   int       // rooms whose Parent this is
	KeptFrom   time.Time // what was sent before has expired, however long messages are kept now
	KeptTo     time.Time // what was sent before is kept for KeptFor at most; zero: nothing is
	KeptFor    time.Duration
	Rev        int64 // grows with every change of the policy
}

// Head is the moving part of a room.
type Head struct {
	Seq        int64     // the last number given
	Messages   int64     // how many numbers were given to messages, burned ones included
	At         time.Time // when Seq was given
	PreviousAt time.Time // when the number before Seq was given; zero: never
	Shards     int       // over how many lists its connections are spread, at least 1

	Connections int    // as last noted; 0: few
	People      int    // among them, as noted with them
	Paced       Window // the messages, edits and reactions that count against what the room takes
}

// Role is what a person is in a room; the zero value is none.
type Role string

// Member may read and speak where only members may; Moderator and Owner keep order too.
const (
	Member    Role = "member"
	Moderator Role = "moderator"
	Owner     Role = "owner"
)

// Membership is a person's standing in a room; the zero value is that of a stranger.
type Membership struct {
	Role        Role
	Invite      Invitation // what the person may become
	MutedUntil  time.Time
	BannedUntil time.Time
	MutedFor    string // why
	BannedFor   string
	Sent        Window    // the messages, edits and reactions that count against the rate
	LastAt      time.Time // of the last message that was counted
	LastKey     string    // and its Spending.Key
	Tries       int       // how often that one was tried again
	LastEvent   string    // the Spending.Key of the last edit or reaction that was counted
	Read        Mark
	LeftAt      time.Time // when the person last left the room; zero: they follow it, here or on another device
	Other       UserID    // in a private conversation: the other person
}

// Kind says what stands at a number of a room's log.
type Kind string

// Void means that nothing ever will stand there. Edit, Delete and Reaction are events: what
// became of a message, which Message.About names.
const (
	KindMessage  Kind = "message"
	KindVoid     Kind = "void"
	KindEdit     Kind = "edit"
	KindDelete   Kind = "delete"
	KindReaction Kind = "reaction"
)

// Message is one entry of a room's log: a message as it is now, an event, or a void.
type Message struct {
	Room       RoomID
	Seq        int64
	Kind       Kind
	ID         MessageID
	Number     int64 // counts messages, and numbers that were burned; unread is a difference of Numbers
	SenderID   UserID
	SenderName string
	TargetID   UserID // private conversations: the other person
	Text       string
	ClientID   string // the sender's clientMessageId; empty: it gave none
	ReplyTo    MessageID
	SentAt     time.Time
	ExpiresAt  time.Time
	Changes    // messages: what became of it

	About   MessageID // events: the message
	Emoji   string    // reactions
	On      bool      // reactions: given, or taken back
	Changed *Message  // events: the message as it is now, where it was read; nil: it expired
}

// Receipt says under which number a clientMessageId was kept.
type Receipt struct {
	MessageID MessageID
	Seq       int64
	Repeats   int // how often the message was pushed to all again
}

// Conversation is a private room of two, as one of them sees it.
type Conversation struct {
	Room RoomID
	With User // the other; the reader where somebody writes to themselves
	Head Head

	Membership Membership // the reader's
}

// DirectoryEntry is a room as the directory knows it.
type DirectoryEntry struct {
	Room        Room
	Head        Head
	Membership  Membership
	ActiveUsers int    // as last counted
	Cursor      string // where a page goes on that ends with this entry
}
