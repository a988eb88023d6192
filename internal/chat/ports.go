package chat

import (
	"context"
	"time"
)

// Store keeps everything. Reads are strongly consistent and follow every page
// unless a method says otherwise. A store that is away or throttled gives an
// error whose CodeOf is Unavailable.
type Store interface {
	DossierStore
	EventStore
	GroupStore
	PersonStore
	ReportStore
	RoomStore

	// Read fetches what q names in one request.
	Read(ctx context.Context, q Question) (Facts, error)

	// OpenConnection writes the connection and lists it under its user, both or neither.
	OpenConnection(ctx context.Context, c Connection) error
	// RememberUser writes the name of a person, under what they are found, their groups and
	// ExpiresAt, and KnownSince if the person is new. foundAs is under what they were found;
	// ErrAltered: that was another name, or newer groups are known, and nothing was written.
	RememberUser(ctx context.Context, u User, foundAs string) error
	// FindUsers lists one page of at most limit people whose FoundAs begins so, in its order,
	// eventually gone ones included. next is empty on the last page.
	FindUsers(ctx context.Context, beginning, cursor string, limit int) (page []UserID, next string, err error)
	// TakeName notes that somebody who signed in bears a name, by its NameKey.
	TakeName(ctx context.Context, key string) error
	// NameTaken says whether TakeName was called for the key.
	NameTaken(ctx context.Context, key string) (bool, error)
	// Touch sets when a connection was last active; it makes nothing that is not there.
	Touch(ctx context.Context, id ConnectionID, at time.Time) error
	// MarkClosing forbids joins from now on and returns the connection, or ErrNotFound.
	MarkClosing(ctx context.Context, id ConnectionID) (Connection, error)
	// UnlistConnection deletes the connection's entry under its user. Idempotent.
	UnlistConnection(ctx context.Context, id ConnectionID, user UserID) error
	// RemoveConnection deletes the connection. Idempotent. It goes last: what is left of one
	// without a row is found by nobody.
	RemoveConnection(ctx context.Context, id ConnectionID) error
	// ConnectionsOf lists a person's connections that have not expired.
	ConnectionsOf(ctx context.Context, user UserID) ([]Subscriber, error)
	// OldestConnections lists one page of a bucket (0 to ConnectionBuckets-1), oldest
	// first, eventually consistent, expired ones included. next is empty on the last page.
	OldestConnections(ctx context.Context, bucket int, cursor string) (page []Connection, next string, err error)

	// CreateRoom makes a room with its head and its directory entry, or gives ErrExists.
	CreateRoom(ctx context.Context, r Room) error
	// Subscribe puts a connection into a room in one transaction, or gives ErrMoved,
	// ErrOvertaken, ErrClosing or ErrBarred and changes nothing.
	Subscribe(ctx context.Context, s Subscription) error
	// Spread makes a room's number of lists at least shards: the count never shrinks.
	Spread(ctx context.Context, room RoomID, shards int) error
	// Unsubscribe takes a connection out of a list of a room, if it stands in that one, and
	// clears its current room if that is the one. Of several callers exactly one is told that it did.
	Unsubscribe(ctx context.Context, id ConnectionID, user UserID, h Held) (done bool, err error)
	// RoomsHeld lists the rooms a connection is in.
	RoomsHeld(ctx context.Context, id ConnectionID) ([]Held, error)
	// Subscribers lists one page of at most limit unexpired connections in a shard of a
	// room: whose they are and when their sessions end. next is empty on the last page; a page may be
	// shorter than limit before that.
	Subscribers(ctx context.Context, room RoomID, shard int, cursor string, limit int) (page []Subscriber, next string, err error)
	// Roster lists as Subscribers does, with names and when they joined, and takes longer.
	Roster(ctx context.Context, room RoomID, shard int, cursor string, limit int) (page []Subscriber, next string, err error)
	// Heads reads the heads of rooms, eventually consistent; a room without one is left out.
	Heads(ctx context.Context, rooms []RoomID) (map[RoomID]Head, error)

	// Spend counts a message or an event against its sender's limits in one conditional write, or gives
	// ErrSpent. It returns the membership as it then is.
	Spend(ctx context.Context, sp Spending) (Membership, error)
	// Number gives the room's next number, or ErrNotFound.
	Number(ctx context.Context, room RoomID, at time.Time) (Head, error)
	// NumberWithin is Number, or NumberEvent, or gives ErrSpent and the head as it is where the
	// rate lets none in. known is the head as read before.
	NumberWithin(ctx context.Context, room RoomID, at time.Time, event bool, rate Rate, known Head) (Head, error)
	// Keep writes the message at its number and its receipt, both or neither. ErrSlotTaken:
	// the number was voided. *DuplicateError: the ClientID was used before. A message whose
	// receipt is its own is kept already, which is success.
	Keep(ctx context.Context, m Message) error
	// CountRepeat counts in a kept message's receipt that it is pushed to all again, and says
	// false where it was so most times already, or the receipt is gone.
	CountRepeat(ctx context.Context, m Message, most int) (again bool, err error)
	// Void writes that nothing will ever stand at a number. It says false when something does.
	Void(ctx context.Context, room RoomID, seq int64, at, expires time.Time) (bool, error)
	// Log lists at most limit unexpired entries numbered from to to, the last ones when
	// newest is set, always in ascending order.
	Log(ctx context.Context, room RoomID, from, to int64, limit int, newest bool) ([]Message, error)

	// StartPrivate makes the conversation of two people and their memberships, counts the first
	// message of one of them and gives its number's head, all at once, or gives ErrExists.
	StartPrivate(ctx context.Context, r Room, sp Spending, other UserID) (Head, error)
	// Conversations lists a person's private conversations that hold a message, the latest
	// first, at most limit of them. Heads and names are eventually consistent.
	Conversations(ctx context.Context, user UserID, limit int) ([]Conversation, error)
	// MarkActive moves a listed room up in the directory.
	MarkActive(ctx context.Context, room RoomID, at time.Time, activeUsers int) error
	// SetActiveUsers keeps in the directory how many people are in a listed room, and
	// SetSize in a room's head how many connections, and people among them.
	SetActiveUsers(ctx context.Context, room RoomID, n int) error
	SetSize(ctx context.Context, room RoomID, connections, people int) error
	// BeginDigest lets one caller through in every, and tells the others when that was.
	BeginDigest(ctx context.Context, room RoomID, at time.Time, every time.Duration) (last time.Time, won bool, err error)
	// Directory lists one page of at most limit listed rooms, most active first, eventually
	// consistent, with the reader's membership in each.
	Directory(ctx context.Context, reader UserID, cursor string, limit int) (page []DirectoryEntry, next string, err error)

	// SetStatus keeps what a connection says of its person, or gives ErrNotFound. Sooner than
	// every after the last time it changes nothing, and wait says how long that still is.
	SetStatus(ctx context.Context, user UserID, id ConnectionID, status Status, at time.Time, every time.Duration) (wait time.Duration, err error)
	// KeepStatus keeps the status of a person who is known, if rev is still that of the one kept.
	KeepStatus(ctx context.Context, user UserID, status Status, rev int64) (done bool, err error)
	// ConfirmStatus lets no KeepStatus with a revision read before pass, if a known person's
	// status is this one, and says whether it is.
	ConfirmStatus(ctx context.Context, user UserID, status Status) (done bool, err error)
	// Users reads people; those not known are left out.
	Users(ctx context.Context, ids []UserID) (map[UserID]User, error)
	// Members lists one page of at most limit people who belong to a room, by their ids,
	// eventually consistent. next is empty on the last page.
	Members(ctx context.Context, room RoomID, cursor string, limit int) (page []RoomMember, next string, err error)
	// MarkLeft notes that a person left a room, until they come again. It makes no membership.
	MarkLeft(ctx context.Context, user UserID, room RoomID, at time.Time) error
	// KeepMark moves a member's read marker forward, or gives ErrNotFound. Sooner than every
	// after the last time it changes nothing, and wait says how long that still is. A marker
	// that is as far or further already stays, which is no error.
	KeepMark(ctx context.Context, user UserID, room RoomID, m Mark, every time.Duration) (wait time.Duration, err error)

	// NewestConnections lists at most limit unexpired connections of a bucket, newest first,
	// eventually consistent.
	NewestConnections(ctx context.Context, bucket, limit int) ([]Connection, error)
	// LastAudit gives the last audit entry of a scope, the zero value when there is none.
	LastAudit(ctx context.Context, scope string) (Audit, error)
	// Impose writes a measure and its audit entry, both or neither. ErrSlotTaken: the entry's
	// number is taken. ErrAltered: something is not as it was read.
	Impose(ctx context.Context, m Measure, entry Audit) error
	// AddAudit writes an entry alone, or gives ErrSlotTaken.
	AddAudit(ctx context.Context, entry Audit) error
	// AuditLog lists at most limit audit entries of a scope, newest first, those before a
	// number or, with 0, the newest.
	AuditLog(ctx context.Context, scope string, before int64, limit int) ([]Audit, error)
}

// Question names what Read fetches; zero fields ask nothing.
type Question struct {
	Connection ConnectionID
	User       UserID
	Target     UserID    // another person
	Room       RoomID    // its policy, and User's membership in it
	Head       bool      // Room's head too
	ClientID   string    // User's receipt in Room
	Message    MessageID // a message of Room
	Emoji      string    // User's reaction to Message
}

// Facts answers a Question; nil means it is not there.
type Facts struct {
	Connection *Connection
	User       *User
	Target     *User
	Room       *Room
	Head       *Head
	Membership Membership
	Receipt    *Receipt
	Message    *Message
	Reacted    Reacted
}

// Subscription is one join. With Move set the connection's current room becomes Room,
// and Leaving, when set, is left in the same transaction.
type Subscription struct {
	Connection Connection
	Room       Room
	Shard      int
	At         time.Time
	Member     bool // only members may join: the membership must be there
	Move       bool
	Head       Head      // as it was read: a newcomer has read so far
	Requested  time.Time // the move's request time: a later request wins
	Leaving    *Held     // must be Connection.CurrentRoom
}

// ConnectionBuckets is over how many keys the list of all connections is spread.
const ConnectionBuckets = 8

// ConnectionLife is when a connection's rows expire after connecting: the gateway's
// 2 hours (API Gateway quota "Connection duration for WebSocket API") and a margin.
const ConnectionLife = 2*time.Hour + 15*time.Minute

// Outcome is what became of one post.
type Outcome int

// Delivered means that the gateway took it, Missed that the connection does not exist.
// After the others trying again can help: Full means that the gateway takes no more for
// now, because the client does not read or because the account posts too much (429 says
// both), and Failed that there was no answer, or one that says nothing of the connection.
const (
	Delivered Outcome = iota
	Missed
	Failed
	Full
)

// Pusher reaches sockets.
type Pusher interface {
	// Post encodes the frame once and posts it to all, many at once, one try each, and
	// returns what became of each, in order. The error is for a frame that cannot be encoded.
	Post(ctx context.Context, to []ConnectionID, f Frame) ([]Outcome, error)
	// Close ends a connection; one that is gone is no error.
	Close(ctx context.Context, id ConnectionID) error
	// LastActive asks the gateway when a connection was last active, or gives ErrNotFound.
	LastActive(ctx context.Context, id ConnectionID) (time.Time, error)
}

// Queue takes jobs for the fan-out function.
type Queue interface {
	// Enqueue takes all jobs or gives an error; delay is at most 15 minutes
	// (SQS quota, "Message timer").
	Enqueue(ctx context.Context, delay time.Duration, jobs ...Job) error
}

// Meter counts. It never fails and never blocks.
type Meter interface {
	Add(ctx context.Context, m Metric, value float64)
}

// Metric names a figure; telemetry knows its unit.
type Metric string

// Everything that is counted.
const (
	Connects          Metric = "Connects"
	Disconnects       Metric = "Disconnects"
	MessagesKept      Metric = "MessagesKept"
	Duplicates        Metric = "Duplicates"
	Voids             Metric = "Voids"
	Deliveries        Metric = "Deliveries" // copies of messages that reached a connection, the sender's own too
	DeliveryFailures  Metric = "DeliveryFailures"
	GoneConnections   Metric = "GoneConnections"
	SlowConnections   Metric = "SlowConnections"
	SweptConnections  Metric = "SweptConnections"
	SweepDoubts       Metric = "SweepDoubts" // the gateway did not say whether a connection lives
	JobsDropped       Metric = "JobsDropped"
	DirectoryFailures Metric = "DirectoryFailures"
	DeliveryLatency   Metric = "DeliveryLatency" // milliseconds from the frame's arrival to the last post
)

// GuestTokens makes the token by which a guest is known again.
type GuestTokens interface {
	GuestToken(p Principal) (string, error)
}
