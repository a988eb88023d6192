package issuer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// person is somebody who can sign in.
type person struct {
	Sub, Name   string
	Role, About string   // as the sign-in page says them
	Groups      []string // cognito:groups
}

// First is the name that a button can say.
func (p person) First() string {
	first, _, _ := strings.Cut(p.Name, " ")
	return first
}

// The ready-made people. None of them exists.
var (
	keepers = []person{
		{"ada", "Ada Nwosu", "admin", "Everything, on every page", []string{"admins"}},
		{"mia", "Mia Okafor", "moderator", "Rooms, messages and people", []string{"moderators"}},
		{"omar", "Omar Haddad", "ops", "Connections and figures", []string{"ops"}},
	}
	talkers = []person{
		{"ana", "Ana Ruiz", "user", "", nil},
		{"ben", "Ben Weber", "user", "", nil},
		{"chloe", "Chloé Martin", "user", "", nil},
		{"dev", "Dev Patel", "user", "", nil},
		{"emil", "Emil Lindqvist", "user", "", nil},
	}
)

// poolGroups are the groups that there are.
var poolGroups = []string{"ops", "moderators", "admins"}

// shown gives people as the sign-in page says them, with what they are by their groups now.
func (r *register) shown(list []person) []person {
	now := make([]person, len(list))
	for n, p := range list {
		now[n], _ = r.person(p.Sub) // the ready-made are always there
		if slices.Equal(now[n].Groups, p.Groups) {
			continue
		}
		now[n].Role, now[n].About = "user", ""
		if len(now[n].Groups) > 0 {
			now[n].Role = strings.Join(now[n].Groups, ", ")
		}
	}
	return now
}

// maxNameRunes is the longest name that one may make up.
const maxNameRunes = 64

// called makes a person up, unless the name is none. The same name is the same person
// again, and never a ready-made one.
func called(name string) (person, bool) {
	name = strings.Join(strings.Fields(name), " ")
	bad := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
	if name == "" || utf8.RuneCountInString(name) > maxNameRunes || !utf8.ValidString(name) || strings.IndexFunc(name, bad) >= 0 {
		return person{}, false
	}
	return person{Sub: "name:" + strings.ToLower(name), Name: name}, true
}
