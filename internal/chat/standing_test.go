package chat

import "testing"

// Who may act on whom, in a room and everywhere: nobody on their equals or betters.
func TestMayActOn(t *testing.T) {
	type person struct {
		name   string
		groups []string
		role   Role
		guest  bool
	}
	people := []person{
		{name: "a stranger"}, {name: "a guest", guest: true, role: Member, groups: []string{Admins}}, {name: "a member", role: Member},
		{name: "a member who is in ops", role: Member, groups: []string{Ops}}, {name: "a moderator of the room", role: Moderator},
		{name: "the owner of the room", role: Owner}, {name: "a moderator", groups: []string{Moderators}},
		{name: "a moderator who owns the room", groups: []string{Moderators}, role: Owner}, {name: "an admin", groups: []string{Ops, Admins}},
	}
	in := map[string]string{ // by whom, on whom each of people, in their order: y may
		"a stranger": ".........", "a guest": ".........", "a member": ".........", "a member who is in ops": ".........",
		"a moderator of the room": "yyyy.....", "the owner of the room": "yyyyy....",
		"a moderator": "yyyyyy...", "a moderator who owns the room": "yyyyyy...", "an admin": "yyyyyyyy.",
	}
	everywhere := map[string]string{
		"a stranger": ".........", "a guest": ".........", "a member": ".........", "a member who is in ops": ".........",
		"a moderator of the room": ".........", "the owner of the room": ".........",
		"a moderator": "yyyyyy...", "a moderator who owns the room": "yyyyyy...", "an admin": "yyyyyyyy.",
	}
	for _, by := range people {
		p := Principal{UserID: "by", Groups: by.groups, Guest: by.guest}
		for i, on := range people {
			target := User{ID: "on", Groups: on.groups}
			if on.guest {
				target.ID = GuestPrefix + "1"
			}
			for room, table := range map[RoomID]map[string]string{"r": in, "": everywhere} {
				got, want := mayActOn(p, by.role, target, on.role, room) == nil, table[by.name][i] == 'y'
				if got != want {
					t.Errorf("%s on %s in %q = %v, want %v", by.name, on.name, room, got, want)
				}
			}
		}
		if mayActOn(p, by.role, User{ID: "by"}, by.role, "") == nil {
			t.Errorf("%s may act on themselves", by.name)
		}
	}
}
