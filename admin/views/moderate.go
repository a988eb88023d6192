package views

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"switchboard/internal/chat"
)

// Moderate is what a moderator is asked before a mute, a ban or the end of one. Problem says
// why an answer was not taken.
type Moderate struct {
	Plan    chat.ModeratePlan
	Asked   chat.Moderate
	Place   Place   // where; the zero value: everywhere
	Places  []Place // rooms it could be about
	Names   map[chat.RoomID]string
	Back    string // where one came from
	Problem string
}

// Verb is what the button says.
func (m Moderate) Verb() string { return verbs[m.Asked.Act].verb }

var verbs = map[chat.Act]struct{ verb, done string }{
	chat.ActMute: {"Mute", "Muted"}, chat.ActUnmute: {"Unmute", "Unmuted"},
	chat.ActBan: {"Ban", "Banned"}, chat.ActUnban: {"Unban", "Unbanned"},
}

func (m Moderate) question() string {
	return fmt.Sprintf("%s %s %s?", m.Verb(), m.Plan.Target.Name, in(m.Place))
}

func in(p Place) string {
	if p.ID == "" {
		return "everywhere"
	}
	return "in " + p.Name
}

// takesBack says whether the act ends another one.
func (m Moderate) takesBack() bool {
	return m.Asked.Act == chat.ActUnmute || m.Asked.Act == chat.ActUnban
}

// term is a length of time that is offered; zero is for good.
type term struct {
	length time.Duration
	name   string
}

func (t term) value() string { return strconv.FormatInt(int64(t.length/time.Second), 10) }

const daily = 24 * time.Hour

func (m Moderate) terms() []term {
	if m.Asked.Act == chat.ActMute {
		return []term{{10 * time.Minute, "10 minutes"}, {time.Hour, "1 hour"}, {daily, "1 day"}, {7 * daily, "7 days"}, {0, "For good"}}
	}
	return []term{{time.Hour, "1 hour"}, {daily, "1 day"}, {7 * daily, "7 days"}, {30 * daily, "30 days"}, {0, "For good"}}
}

// FirstTime is how long an act lasts where nothing else was chosen.
func FirstTime(act chat.Act) time.Duration {
	switch act {
	case chat.ActMute:
		return 10 * time.Minute
	case chat.ActBan:
		return daily
	}
	return 0
}

// Was says how things stood when a question was asked, so that an answer to another one is
// known.
func Was(plan chat.ModeratePlan) string {
	if plan.Measure.Was.IsZero() {
		return "0"
	}
	return strconv.FormatInt(plan.Measure.Was.UnixMilli(), 10)
}

// number is one of the numbers of a question.
type number struct {
	value     int
	one, many string
}

func (m Moderate) numbers() []number {
	gone, rooms := len(m.Plan.Kick.Connections), len(m.kick().rooms())
	switch {
	case m.takesBack():
		return []number{{1, "person may come back", ""}, {0, "", "connections close"}, {0, "", "messages removed"}}
	case m.Asked.Act == chat.ActMute:
		return []number{{1, "person cannot write", ""}, {0, "", "connections close"}, {0, "", "messages removed"}}
	case m.Asked.Room != "":
		return []number{{gone, "connection leaves the room", "connections leave the room"}, {0, "", "connections close"}, {0, "", "messages removed"}}
	}
	return []number{{gone, "connection closes", "connections close"}, {min(1, gone), "person goes offline", "people go offline"}, {rooms, "room loses them", "rooms lose them"}, {0, "", "messages removed"}}
}

// kick is what the question draws.
func (m Moderate) kick() Kick { return Kick{Plan: m.Plan.Kick, Names: m.Names} }

// consequence says what comes after.
func (m Moderate) consequence() string {
	told := "They are told at once, with your reason word for word."
	switch {
	case m.Asked.Act == chat.ActMute:
		return "They go on reading and cannot write, edit or react " + in(m.Place) + " until the time has passed. " + told
	case m.Asked.Act == chat.ActUnmute:
		return "They can write again at once. " + told
	case m.Asked.Act == chat.ActUnban:
		return "They can come back at once, with the roles they still have."
	case m.Asked.Room != "":
		return "They leave the room within two seconds and can neither read nor join it until the time has passed; other rooms stay open to them. " + told
	case m.Plan.Kick.Guest:
		return "Their connections close within two seconds, and none is taken until the time has passed, whatever token it brings. A guest can come back under another name. " + told
	}
	return "Their connections close within two seconds, and none is taken until the time has passed, whatever token it brings. " + told
}

// stands says how long something lasts.
func stands(what string, until, at time.Time) string {
	if until.Equal(chat.ForGood) {
		return what + " for good"
	}
	return what + " until " + moment(until, at)
}

// moment writes a time, with its day where that is another one.
func moment(t, at time.Time) string {
	if sameDay(t, at) {
		return clock(t) + " UTC"
	}
	return day(t)
}

// Done says what was done.
func Done(d chat.Moderated, plan chat.ModeratePlan, where Place) string {
	text := verbs[d.Act].done + " " + plan.Target.Name + " " + in(where)
	if !d.Until.IsZero() {
		text = stands(text, d.Until, d.At)
	}
	if n := len(plan.Kick.Connections); n > 0 {
		text += ": " + counted(n, "connection", "connections")
		text += map[bool]string{true: " closed", false: " out of the room"}[d.Room == ""]
	}
	return strings.TrimSuffix(text, ".") + "."
}

// ModerateAddress leads to the question before an act, and from there back.
func ModerateAddress(act chat.Act, person chat.UserID, room chat.RoomID, back string) templ.SafeURL {
	values := url.Values{"act": {string(act)}, "person": {string(person)}}
	if room != "" {
		values.Set("room", string(room))
	}
	if back != "" {
		values.Set("back", back)
	}
	return address("/moderate", values)
}

// state is what somebody is while the act, or the one that it ends, lasts.
func (m Moderate) state() string {
	if m.Asked.Act == chat.ActMute || m.Asked.Act == chat.ActUnmute {
		return "muted"
	}
	return "banned"
}

// undo says how it is taken back.
func (m Moderate) undo() string {
	if m.takesBack() {
		return "It can be done again."
	}
	return "It can be taken back."
}
