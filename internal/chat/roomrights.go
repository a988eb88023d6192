package chat

import "slices"

// What can be asked in a room, beside reading and writing.
const (
	ChangeRoom    Operation = "change the room" // name, topic, lock, slow mode
	GovernRoom    Operation = "govern the room" // visibility, parent, retention, guests, roles
	InvitePeople  Operation = "invite people"   // as members, and withdraw invitations
	RemoveMembers Operation = "remove members"
	Appoint       Operation = "appoint moderators"        // and dismiss them
	HandOver      Operation = "hand the room over"        // make somebody else its owner
	SpeakLocked   Operation = "write in a locked room"    // and in slow mode as fast as one likes
	AddBeneath    Operation = "put a room beneath a room" // one that the person may govern
	DeleteOthers  Operation = "delete messages of others"
)

// leastRole says which role in a room an operation there takes. The deployment's moderators
// and admins may do all of it in every room that they may read.
var leastRole = map[Operation]Role{
	ChangeRoom:    Moderator,
	GovernRoom:    Owner,
	InvitePeople:  Moderator, // unless the room says otherwise
	RemoveMembers: Moderator,
	Appoint:       Owner,
	HandOver:      Owner,
	SpeakLocked:   Moderator,
	AddBeneath:    Moderator,
	DeleteOthers:  Moderator,
}

// RoomOperations lists the operations in rooms, for tables that must be complete.
func RoomOperations() []Operation {
	return []Operation{ChangeRoom, GovernRoom, InvitePeople, RemoveMembers, Appoint, HandOver, SpeakLocked, AddBeneath, DeleteOthers}
}

// MayIn says whether a person with a membership may do something in a room. Whether they
// may read it is asked before.
func (p Principal) MayIn(r Room, m Membership, op Operation) bool {
	least := leastRole[op]
	if op == InvitePeople && r.Inviters != "" {
		least = r.Inviters
	}
	return slices.Contains([]string{Moderators, Admins}, p.Rank()) || m.Role.level() >= least.level()
}

// level orders roles: nobody acts on their equals or betters.
func (r Role) level() int {
	return slices.Index([]Role{Member, Moderator, Owner}, r) + 1
}

// principal is who the facts are about, as far as rights go.
func (f Facts) principal() Principal {
	if f.Connection == nil {
		return Principal{}
	}
	return Principal{UserID: f.Connection.UserID, Guest: f.Connection.Guest, Groups: f.Connection.Groups}
}
