package views

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"switchboard/internal/chat"
)

// Deletion is what a moderator is asked before a message of somebody is deleted.
type Deletion struct {
	Message chat.Message
	Place   Place
	Reason  string
	Problem string
}

// Rules is what a moderator is asked about a room: whether it is locked, and its slow mode.
type Rules struct {
	Room    chat.Room
	Problem string
}

// slowModes are the times between two messages of one person that are offered.
func (r Rules) slowModes() []term {
	list := []term{{0, "Off"}, {5 * time.Second, "5 seconds"}, {30 * time.Second, "30 seconds"}, {time.Minute, "1 minute"}, {10 * time.Minute, "10 minutes"}, {time.Hour, "1 hour"}}
	for _, t := range list {
		if t.length == r.Room.SlowMode {
			return list
		}
	}
	return append(list, term{r.Room.SlowMode, ago(r.Room.SlowMode)})
}

// rulesOf says what is particular about a room.
func rulesOf(r chat.Room) string {
	text := ""
	if r.Locked {
		text = "Locked: only moderators write. "
	}
	if r.SlowMode > 0 {
		text += "Slow mode: " + ago(r.SlowMode) + "."
	}
	return text
}

// MessageAddress leads to the question before a message is deleted.
func MessageAddress(m chat.Message) templ.SafeURL {
	return address("/message", url.Values{"room": {string(m.Room)}, "message": {string(m.ID)}})
}

// RulesAddress leads to a room's rules.
func RulesAddress(id chat.RoomID) templ.SafeURL {
	return address("/rules", url.Values{"room": {string(id)}})
}
