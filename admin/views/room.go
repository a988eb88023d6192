package views

import (
	"time"

	"switchboard/internal/chat"
)

// begins says whether a message begins a run: another sender, another day, or a pause.
func begins(list []chat.Message, n int) bool {
	if n == 0 {
		return true
	}
	before, m := list[n-1], list[n]
	return before.SenderID != m.SenderID || !sameDay(before.SentAt, m.SentAt) || m.SentAt.Sub(before.SentAt) > talkingFor
}

func sameDay(a, b time.Time) bool {
	return a.UTC().Format(time.DateOnly) == b.UTC().Format(time.DateOnly)
}

// Place is the room by its name.
func (r Room) Place() Place { return Place{r.Room.ID, r.Room.Name} }

func lastAge(r Room, at time.Time) string {
	if r.Head.Messages == 0 {
		return "never"
	}
	return ago(at.Sub(r.Head.At))
}

// many is a number that may be only the beginning.
func many(n int, more bool) string {
	if more {
		return count(n) + "+"
	}
	return count(n)
}
