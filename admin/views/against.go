package views

import (
	"time"

	"switchboard/internal/chat"
)

// Measure is something that stands against a person.
type Measure struct {
	Person chat.UserID
	Name   string
	What   string   // muted, banned or kicked
	End    chat.Act // what takes it back; empty: it passes by itself
	Place  Place    // where; the zero value: everywhere
	Until  time.Time
	Reason string
	By     *chat.Audit // the entry that says who did it; nil: not found
}

// Against lists what stands against a person: everywhere first.
func Against(d chat.Dossier, at time.Time) []Measure {
	list := []Measure{
		{What: "banned", End: chat.ActUnban, Until: d.User.BannedUntil, Reason: d.User.BannedFor},
		{What: "muted", End: chat.ActUnmute, Until: d.User.MutedUntil, Reason: d.User.MutedFor},
		{What: "kicked", Until: d.User.KickedUntil, Reason: d.User.KickedFor},
	}
	for _, st := range d.Standings {
		list = append(list, inRoom(st)...)
	}
	for n := range list {
		list[n].Person, list[n].Name = d.User.ID, d.User.Name
	}
	return standing(list, d.Deeds, at)
}

// AgainstInRoom lists who is muted or banned in a room.
func AgainstInRoom(standings []chat.Standing, deeds []chat.Audit, at time.Time) []Measure {
	var list []Measure
	for _, st := range standings {
		list = append(list, inRoom(st)...)
	}
	return standing(list, deeds, at)
}

func inRoom(st chat.Standing) []Measure {
	place := Place{st.Room.ID, st.Room.Name}
	m := st.Membership
	return []Measure{
		{Person: st.User.ID, Name: st.User.Name, What: "banned", End: chat.ActUnban, Place: place, Until: m.BannedUntil, Reason: m.BannedFor},
		{Person: st.User.ID, Name: st.User.Name, What: "muted", End: chat.ActUnmute, Place: place, Until: m.MutedUntil, Reason: m.MutedFor},
	}
}

// standing leaves what is not over, with who did it.
func standing(list []Measure, deeds []chat.Audit, at time.Time) []Measure {
	var stand []Measure
	for _, m := range list {
		if !m.Until.After(at) {
			continue
		}
		m.By = author(m, deeds)
		stand = append(stand, m)
	}
	return stand
}

// author finds the newest entry that began a measure. A kick from a room is a short ban there.
func author(m Measure, deeds []chat.Audit) *chat.Audit {
	began := map[string][]chat.Act{
		"banned": {chat.ActBan}, "muted": {chat.ActMute}, "kicked": {chat.ActKick},
	}[m.What]
	if m.Place.ID != "" && m.What == "banned" {
		began = append(began, chat.ActKick)
	}
	for n, a := range deeds {
		if a.Scope != chat.AuditScope(m.Place.ID) || a.Deed == nil || a.Deed.Whom != m.Person {
			continue
		}
		for _, act := range began {
			if a.Act == act {
				return &deeds[n]
			}
		}
	}
	return nil
}

// sentence says it: "Banned in general until 14:30 UTC".
func (m Measure) sentence(at time.Time) string {
	what := map[string]string{"banned": "Banned", "muted": "Muted", "kicked": "Kicked: refused"}[m.What]
	if m.Place.ID != "" || m.End != "" {
		what += " " + in(m.Place)
	}
	return stands(what, m.Until, at)
}

// byWhom says who did it, and how long ago.
func (m Measure) byWhom(at time.Time) string {
	if m.By == nil {
		return ""
	}
	return m.By.Deed.ByName + ", " + ago(at.Sub(m.By.At)) + " ago"
}

// verbOf is what the button says that takes it back.
func (m Measure) verbOf() string { return verbs[m.End].verb }
