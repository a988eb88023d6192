package views

import (
	"slices"
	"strings"

	"switchboard/internal/chat"
)

// Rooms are those that any of the person's connections is in.
func (p Person) Rooms() []chat.RoomID {
	var ids []chat.RoomID
	for _, c := range p.Connections {
		ids = append(ids, c.Rooms...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
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
	if !d.Known.KnownSince.IsZero() {
		parts = append(parts, "first seen "+ago(d.At.Sub(d.Known.KnownSince))+" ago")
	}
	if d.Person.Guest {
		parts = append(parts, "a guest")
	}
	return strings.Join(parts, ", ") + "."
}

func joined(ids []chat.RoomID) string {
	names := make([]string, len(ids))
	for n, id := range ids {
		names[n] = string(id)
	}
	return strings.Join(names, ", ")
}
