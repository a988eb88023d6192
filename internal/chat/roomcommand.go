package chat

import "time"

// Settings are the parts of a room's policy that people set; nil leaves a part as it is.
type Settings struct {
	Name       *string
	Topic      *string
	Parent     *RoomID // empty: none
	Visibility *Visibility
	SlowMode   *time.Duration
	Retention  *time.Duration // zero: as long as the deployment says
	Locked     *bool
	Guests     *bool
	Inviters   *Role     // the least role that may invite
	Inherit    []Setting // follow the parent again
}

// CreateRoom makes a room that the caller owns. Room empty: the server names it.
type CreateRoom struct {
	Room     RoomID
	ClientID string // the same one again is the same room; empty: not repeatable
	Settings Settings
}

// UpdateRoom changes a room's policy.
type UpdateRoom struct {
	Room     RoomID
	Settings Settings
}

// Invite lets a person become a member, or with As a moderator.
type Invite struct {
	Room RoomID
	User UserID
	As   Role
}

// AcceptInvite makes the invited caller a member.
type AcceptInvite struct{ Room RoomID }

// DeclineInvite ends an invitation of the caller.
type DeclineInvite struct{ Room RoomID }

// SetRole makes a member something else, or with Role empty nothing. Owner hands the room
// over. Of oneself, the empty role is leaving for good.
type SetRole struct {
	Room RoomID
	User UserID
	Role Role
}

func (CreateRoom) command()    {}
func (UpdateRoom) command()    {}
func (Invite) command()        {}
func (AcceptInvite) command()  {}
func (DeclineInvite) command() {}
func (SetRole) command()       {}

// Limits of rooms.
const (
	MaxRoomNameRunes = 64
	MaxTopicRunes    = 200
	MaxSlowMode      = 6 * time.Hour
	MaxRetentionDays = 365
	MaxRoomsBeneath  = 20 // rooms under one parent: they change with it in one transaction
	MaxRoomsOwned    = 50
)
