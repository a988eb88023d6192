// Package checker judges what people saw of Switchboard. Clients record what they said, what was answered and what they
// saw; Check then holds all of it together against what the protocol promises:
//
//	Order         one number for each message and one message for each number, the same for all; who speaks after an
//	              acknowledgement stands behind what it acknowledged; at the end all screens show the same, by number
//	Loss          what was acknowledged stands on every screen that follows the room
//	Hole          every number up to the head is a message or an event, or was named as missing, void or expired
//	Double        one message for each clientMessageId, and once on a screen
//	Resurrection  what was deleted is in no page that was asked for later, and on no screen at the end
//	Isolation     what is private reaches nobody else; a room's messages reach those in it, and no other room
//	Invention     nobody sees what was not said, or under another sender
//
// Texts tell messages apart, so each must be said once only. The package knows no frame and no socket.
package checker

import (
	"slices"
	"sync"
)

// Moment is a place in the order in which things were recorded; 0 is none.
type Moment int

// Message is a message as a client was given it.
type Message struct {
	Room    string
	Seq     int64
	ID      string // messageId
	Key     string // clientMessageId; empty unless it is the reader's own
	Sender  string // userId
	Text    string // empty when Deleted
	Deleted bool
}

// Span is from From to To, both included.
type Span struct{ From, To int64 }

// Page is an answer of history or resume.
type Page struct {
	Room     string
	Span     // an empty page has To = From-1
	Head     int64
	Messages []Message
	Events   []int64 // numbers of edits, deletions and reactions
	Missing  []int64
	Void     []int64
	Expired  *Span
}

// History is what all screens recorded. It is safe for concurrent use; make one with New.
type History struct {
	mu      sync.Mutex
	now     Moment
	said    map[string]*statement // by text
	edits   map[string]edit       // by the new text
	deleted map[string]Moment     // by messageId: when the deletion was acknowledged
	private map[string][]string   // room -> the only users who may see it
	screens []*Screen
}

// statement is something that a person said.
type statement struct {
	room, user, key, text string
	said, accepted        Moment
	id                    string
	seq                   int64
}

type edit struct{ room, user, id string }

// New makes an empty History.
func New() *History {
	return &History{said: map[string]*statement{}, edits: map[string]edit{}, deleted: map[string]Moment{}, private: map[string][]string{}}
}

// Private says that nobody but users may see anything of a room.
func (h *History) Private(room string, users ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.private[room] = users
}

// Screen adds what one person looks at: one tab, however often it connects.
func (h *History) Screen(name, user string) *Screen {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &Screen{history: h, name: name, user: user, rooms: map[string]*visit{}}
	h.screens = append(h.screens, s)
	return s
}

// tick begins a new moment.
func (h *History) tick() Moment {
	h.now++
	return h.now
}

// statements lists what was said, by its first moment.
func (h *History) statements() []*statement {
	list := make([]*statement, 0, len(h.said))
	for _, st := range h.said {
		list = append(list, st)
	}
	slices.SortFunc(list, func(a, b *statement) int { return int(a.said - b.said) })
	return list
}
