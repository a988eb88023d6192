package chat

import "time"

// RoomChanged tells what a room is now: the answer to whoever made or changed it, and news
// to everybody in it. It is a large room's digest too.
type RoomChanged struct {
	Room        Room // with what the deployment says where the room does not
	ActiveUsers int  // zero: not counted
	At          time.Time
}

// MemberChanged tells what a person is in a room now.
type MemberChanged struct {
	Room      RoomID
	UserID    UserID
	Role      Role
	InvitedAs Role // empty: not invited
	By        UserID
	At        time.Time
}

// Invited tells a person of an invitation.
type Invited struct {
	Room   RoomID
	Name   string // of the room
	As     Role
	By     UserID
	ByName string
	At     time.Time
}
