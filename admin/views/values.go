// Package views is the dashboard's HTML, as templ components that take values. `make generate` turns the .templ files into
// Go. A page has two parts: what stands still, and the live part, which the browser asks for again at every tick of the stream.
package views

import (
	"slices"
	"strings"
	"time"

	"switchboard/internal/chat"
)

// Page is what every page has around it.
type Page struct {
	Title  string
	Here   string // the path of the rail's word that is chosen
	Rail   []Word
	Person string // who is signed in; empty: nobody
	Rank   string // the group that says what they may do
	Token  string // goes with every form
	Place  string // which deployment this is
	Notice string // what was just done
	Live   Live
}

// Word is one word of the rail.
type Word struct{ Path, Name string }

// Live says how the page keeps itself up to date.
type Live struct {
	Address string // what the live part asks for again; empty: the page does not change
	Poll    bool   // by asking every second, where no stream is possible
	At      time.Time
	Age     time.Duration // of what is shown
	Fault   string        // what is away, as a sentence; empty: nothing
}

// Connection is a row of the list of connections.
type Connection struct {
	chat.Connection
	Rooms []Place
}

// Place is a room as people know it, and its id.
type Place struct {
	ID   chat.RoomID
	Name string
}

// Differs says whether the id is more than the name in small letters: launch_desk is "Launch desk".
func (p Place) Differs() bool {
	return !strings.EqualFold(strings.ReplaceAll(p.Name, " ", "_"), string(p.ID))
}

// In says whether the connection is in a room.
func (c Connection) In(id chat.RoomID) bool {
	return slices.ContainsFunc(c.Rooms, func(p Place) bool { return p.ID == id })
}

// Idle says whether the connection was silent for longer than is noted at once.
func (c Connection) Idle(at time.Time) bool { return at.Sub(c.LastActiveAt) > idleAfter }

// idleAfter is a little more than how seldom activity is written.
const idleAfter = 6 * time.Minute

// Connections is a stretch of the list of connections.
type Connections struct {
	Query   Query
	Room    string // the name of the room that is filtered by
	Rows    []Connection
	From    int // how many come before
	Match   int // how many match the filters
	Open    int // of those that match but for the state
	Idle    int
	Total   int
	More    bool // there are more than are counted
	Newer   int  // that came since the list was held still
	MayKick bool
	At      time.Time
}

// PageRows is how many rows a page of a list has.
const PageRows = 50

// Room is a row of the list of rooms.
type Room struct {
	chat.ObservedRoom
	Last *chat.Message // the newest message; nil: none, or the reader may not know it
}

// Talking says whether somebody wrote lately.
func (r Room) Talking(at time.Time) bool {
	return r.Head.Messages > 0 && at.Sub(r.Head.At) < talkingFor
}

const talkingFor = 5 * time.Minute

// Rooms is the list of rooms.
type Rooms struct {
	Query   Query
	Rows    []Room
	Total   int
	More    bool
	MayRead bool
	At      time.Time
}

// RoomPage is one room: its last messages and who is in it.
type RoomPage struct {
	Room     Room
	Messages []chat.Message // none unless the reader may read them
	People   []Person
	Measures []Measure // mutes and bans there; none unless the reader may moderate

	MayRead     bool
	MayKick     bool
	MayModerate bool
	At          time.Time
}

// Person is somebody who is connected.
type Person struct {
	ID          chat.UserID
	Name        string
	Guest       bool
	Connections []Connection // newest first
}

// People is the list of people who are connected.
type People struct {
	Query   Query
	Rows    []Person
	From    int
	Match   int
	Total   int
	More    bool
	MayKick bool
	At      time.Time
}

// PersonPage is one person, connected or not.
type PersonPage struct {
	Dossier     chat.Dossier
	Person      Person
	MayKick     bool
	MayModerate bool
	MayErase    bool // and export, sign out everywhere, grant and take groups
	GroupsKept  bool // in the deployment's own user pool
	At          time.Time
}

// Kick is what a moderator is asked before a kick. Problem says why an answer was not taken.
type Kick struct {
	Plan    chat.KickPlan
	Target  chat.Target
	Names   map[chat.RoomID]string // of public rooms
	Reason  string
	Back    string // where one came from
	Problem string
}

// Audit is a stretch of the audit log, newest first.
type Audit struct {
	Query   Query
	Entries []chat.Audit
	Room    Place   // whose log it is; the zero value: what was done everywhere
	Rooms   []Place // others whose logs can be looked at
	Proof   chat.AuditProof
	Older   int64 // the number to go on before; 0: no more
	At      time.Time
}

// Message is a page that says one thing, such as an error. Action leads on; it may be empty.
type Message struct {
	Title, Text   string
	Action, Label string
}
