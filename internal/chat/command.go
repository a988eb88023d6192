package chat

// Command is something a caller wants done.
type Command interface{ command() }

// Send posts a message to a room. Room empty: the connection's current room.
type Send struct {
	Room     RoomID
	Text     string
	ClientID string // empty: not repeatable
	ReplyTo  MessageID
}

// SendPrivate posts a message to one person.
type SendPrivate struct {
	Target   UserID
	Text     string
	ClientID string
	ReplyTo  MessageID
}

// Join moves the connection into a room, or adds the room when Stay is set.
type Join struct {
	Room  RoomID
	Stay  bool
	Since *int64 // also answer what came after this number
}

// Leave takes the connection out of a room. Room empty: the current one.
type Leave struct{ Room RoomID }

// ListRooms asks for the rooms the caller may see, most active first.
type ListRooms struct {
	Query  string // part of the room's id or name; empty: all
	Cursor string // where the last page ended; empty: from the start
}

// ReadHistory asks for a page of a room's log: the entries before Before, or after
// After, or the latest when both are nil. Limit 0 means 50.
type ReadHistory struct {
	Room   RoomID
	Before *int64
	After  *int64
	Limit  int
}

// Since names how far a reader has got in a room.
type Since struct {
	Room RoomID
	Seq  int64
}

// Resume subscribes to rooms and asks for what was missed in each.
type Resume struct{ Rooms []Since }

// Ping asks whether the caller is up to date.
type Ping struct{ Heads map[RoomID]int64 }

// SignOut ends the caller's session: every connection of it, also in other tabs.
type SignOut struct{}

// Typing says that the caller writes in a room, or has stopped.
type Typing struct {
	Room RoomID
	On   bool
}

// SetPresence says how present the caller is at this connection.
type SetPresence struct{ Status Status }

// ListMembers asks who belongs to a room.
type ListMembers struct {
	Room   RoomID
	Cursor string // where the last page ended; empty: from the start
}

// MarkRead says how far the caller has read in a room.
type MarkRead struct {
	Room RoomID
	Seq  int64
}

func (Send) command()        {}
func (SendPrivate) command() {}
func (Join) command()        {}
func (Leave) command()       {}
func (ListRooms) command()   {}
func (ReadHistory) command() {}
func (Resume) command()      {}
func (Ping) command()        {}
func (Typing) command()      {}
func (SetPresence) command() {}
func (ListMembers) command() {}
func (MarkRead) command()    {}
func (SignOut) command()     {}

// Limits of commands.
const (
	MaxHistoryLimit     = 100
	DefaultHistoryLimit = 50
	MaxResumeRooms      = 50
	MaxPingRooms        = 100
	MaxQueryBytes       = 256
	MaxCursorBytes      = 512
)
