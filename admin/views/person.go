package views

import (
	"cmp"
	"slices"
	"strings"

	"switchboard/internal/chat"
)

// Rooms are those that any of the person's connections is in.
func (p Person) Rooms() []Place {
	var places []Place
	for _, c := range p.Connections {
		places = append(places, c.Rooms...)
	}
	return sorted(places)
}

// sorted orders rooms by name, each once.
func sorted(places []Place) []Place {
	slices.SortFunc(places, func(a, b Place) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return slices.Compact(places)
}

func (p Person) addresses() string {
	var list []string
	for _, c := range p.Connections {
		if !slices.Contains(list, c.SourceIP) {
			list = append(list, c.SourceIP)
		}
	}
	return strings.Join(list, ", ")
}

// sentence says in words what is known of the person.
func (d PersonPage) sentence() string {
	parts := []string{counted(len(d.Person.Connections), "connection", "connections")}
	if n := len(d.Person.Connections); n > 0 {
		parts[0] += " in " + counted(len(d.Person.Rooms()), "room", "rooms")
	} else {
		parts[0] = "Not connected"
	}
	if !d.Dossier.User.KnownSince.IsZero() {
		parts = append(parts, "first seen "+ago(d.At.Sub(d.Dossier.User.KnownSince))+" ago")
	}
	if groups := d.Dossier.User.Groups; len(groups) > 0 {
		parts = append(parts, "in "+strings.Join(groups, ", "))
	}
	if d.Person.Guest {
		parts = append(parts, "a guest")
	}
	return strings.Join(parts, ", ") + "."
}

func joined(places []Place) string {
	names := make([]string, len(places))
	for n, p := range places {
		names[n] = p.Name
	}
	return strings.Join(names, ", ")
}

// roles are the standings that are roles.
func (d PersonPage) roles() []chat.Standing {
	return slices.DeleteFunc(slices.Clone(d.Dossier.Standings), func(st chat.Standing) bool { return st.Membership.Role == "" })
}

// actSentence says an entry in words: "Mia: ban Ana in general, banned until 14:30".
func actSentence(a chat.Audit) string {
	text := a.Deed.ByName + ": " + string(a.Act)
	if a.Deed.WhomName != "" {
		text += " " + a.Deed.WhomName
	}
	if room, in := strings.CutPrefix(a.Scope, "room#"); in {
		text += " in " + room
	}
	if a.Deed.After != "" {
		text += ", " + inWords(a.Deed.After, a.At)
	}
	return text
}
