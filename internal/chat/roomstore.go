package chat

import "context"

// RoomStore keeps rooms' policies and who belongs to them.
type RoomStore interface {
	// Change does all of c or nothing. ErrMoved: something is not as c says it was.
	Change(ctx context.Context, c Change) error
	// Rooms reads policies; a room that is not there is left out.
	Rooms(ctx context.Context, ids []RoomID) ([]Room, error)
	// RoomsBeneath lists the rooms whose parent a room is.
	RoomsBeneath(ctx context.Context, parent RoomID) ([]RoomID, error)
	// RoomsOwned lists at most limit rooms that a person owns, eventually consistent.
	RoomsOwned(ctx context.Context, owner UserID, limit int) ([]RoomID, error)
	// OwnRooms lists one page of the rooms, conversations of two left out, in which a person
	// is a member or to which they are invited, in the order of their ids. next is empty on
	// the last page; a page may be shorter than limit before that.
	OwnRooms(ctx context.Context, user UserID, cursor string, limit int) (page []DirectoryEntry, next string, err error)
	// Measures lists one page of at most limit mutes and bans in a room, by the people's ids,
	// and may hold some that are over. next is empty on the last page.
	Measures(ctx context.Context, room RoomID, cursor string, limit int) (page []Imposed, next string, err error)
	// Invited lists one page of at most limit people who were invited to a room, by their ids,
	// and may hold some who are not any more. next is empty on the last page.
	Invited(ctx context.Context, room RoomID, cursor string, limit int) (page []Standing, next string, err error)
	// Standings reads what people are in a room, in the order of users.
	Standings(ctx context.Context, room RoomID, users []UserID) ([]Membership, error)
}

// Change is one step of rooms' policies and of memberships.
type Change struct {
	Rooms   []RoomWrite
	Members []MemberWrite
	Entry   *Audit // written with it; nil: nothing is to be noted
}

// RoomWrite is a room before and after. Was without an ID: it is made. The same Rev in
// both: it is only checked that the room still is as it was.
type RoomWrite struct{ Was, Now Room }

// MemberWrite is a person's standing before and after, of which role and invitation count.
// The same in both: it is only checked.
type MemberWrite struct {
	Room RoomID
	User UserID
	Was  Membership
	Now  Membership
}
