package chat

import "time"

// JobKind says what a job does.
type JobKind string

// WelcomeJob greets a connection, PushJob posts a message to a part of its audience,
// ForgetJob removes a connection that the gateway says is gone, EndJob closes one,
// SpreadJob gives a room more lists when the one it names is full, ReadJob keeps a read
// marker that came too soon after the last, DigestJob tells a large room how many people are
// in it, EnforceJob puts out of a part of a room who may not be in it, BarJob has a kick or
// a ban felt, EraseJob forgets a person.
const (
	WelcomeJob JobKind = "welcome"
	PushJob    JobKind = "push"
	ForgetJob  JobKind = "forget"
	EndJob     JobKind = "end"
	SpreadJob  JobKind = "spread"
	ReadJob    JobKind = "read"
	DigestJob  JobKind = "digest"
	EnforceJob JobKind = "enforce"
	BarJob     JobKind = "bar"
	EraseJob   JobKind = "erase"
)

// Job is work for the fan-out function. It names things and holds no text, so it can
// run twice and never shows what was deleted meanwhile.
type Job struct {
	Kind       JobKind        `json:"kind"`
	At         time.Time      `json:"at"` // when it was first asked for
	Connection ConnectionID   `json:"connection,omitempty"`
	Room       RoomID         `json:"room,omitempty"`
	User       UserID         `json:"user,omitempty"`
	People     int            `json:"people,omitempty"` // in a digest: what it tells; zero: still to be counted
	Seq        int64          `json:"seq,omitempty"`
	Shard      int            `json:"shard,omitempty"`
	After      string         `json:"after,omitempty"`  // where in the shard's list to begin
	Only       []ConnectionID `json:"only,omitempty"`   // these and no list
	Own        bool           `json:"own,omitempty"`    // Only are the sender's
	Except     ConnectionID   `json:"except,omitempty"` // had its copy, or gets it last
	Tell       bool           `json:"tell,omitempty"`   // those who stay, what the room is now
	Code       CloseCode      `json:"code,omitempty"`   // why the connection ends
}
