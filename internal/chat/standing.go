package chat

import "slices"

// standing is how much a person has to say, where nobody acts on their equals or betters.
// In a room it is the higher of their role there and their group in the deployment.
//
//	0  nobody in particular, and ops, who only see
//	1  a member of the room
//	2  a moderator of the room
//	3  the room's owner
//	4  the deployment's moderators
//	5  the deployment's admins
//
// Without a room only the groups count. Of a person who is not connected the groups are
// those of their last connection.
func standing(groups []string, guest bool, role Role) int {
	switch {
	case guest:
		return min(role.level(), 1)
	case slices.Contains(groups, Admins):
		return 5
	case slices.Contains(groups, Moderators):
		return 4
	}
	return role.level()
}

// keepsOrder is the least standing of who may act on people in a room, or everywhere.
func keepsOrder(room RoomID) int {
	if room == "" {
		return 4
	}
	return 2
}

// mayActOn says why a person may not act on another in a room, or everywhere, or nil. by and
// on are what they are in the room.
func mayActOn(p Principal, by Role, target User, on Role, room RoomID) error {
	if room == "" {
		by, on = "", ""
	}
	own := standing(p.Groups, p.Guest, by)
	switch {
	case own < keepsOrder(room):
		return errNotPermitted
	case target.ID == p.UserID:
		return Errorf(Forbidden, "Nobody does this to themselves")
	case standing(target.Groups, target.ID.Guest(), on) >= own:
		return Errorf(Forbidden, "Nobody does this to people with as many rights as they have")
	}
	return nil
}
