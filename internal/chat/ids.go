package chat

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
)

// Identifiers. ParseRoomID, ParseUserID and ParseClientID check what comes from
// outside, so code past the edge need not check again.
type (
	// UserID names a person: a token's subject, escaped by EscapeUserID, or guest:<ulid>.
	UserID string
	// RoomID names a room.
	RoomID string
	// ConnectionID is the gateway's name of one socket.
	ConnectionID string
	// MessageID is opaque to clients; it ends in its number: <ULID>-<seq in base 36>.
	MessageID string
)

// MaxIDBytes is the longest identifier.
const MaxIDBytes = 64

const (
	dmPrefix      = "dm_"
	privatePrefix = "r_"
	// GuestPrefix starts the identity of everyone who did not sign in.
	GuestPrefix = "guest:"
)

// Guest says whether the identity is that of somebody who did not sign in.
func (id UserID) Guest() bool { return strings.HasPrefix(string(id), GuestPrefix) }

// NewMessageID joins a ULID and the number the message has in its room.
func NewMessageID(ulid string, seq int64) MessageID {
	return MessageID(ulid + "-" + strconv.FormatInt(seq, 36))
}

// Seq is the number that the message has in its room, 0 for what NewMessageID did not make.
func (id MessageID) Seq() int64 {
	_, digits, _ := strings.Cut(string(id), "-")
	seq, err := strconv.ParseInt(digits, 36, 64)
	if err != nil || seq < 0 {
		return 0
	}
	return seq
}

// ParseRoomID accepts 1 to 64 of A-Z a-z 0-9 . _ : - and nothing else. Whether the
// room exists, and whether the caller may see it, is asked later.
func ParseRoomID(s string) (RoomID, error) {
	if s == "" {
		return "", Errorf(Invalid, "Room ID required")
	}
	if len(s) > MaxIDBytes || strings.IndexFunc(s, notRoomRune) >= 0 {
		return "", Errorf(Invalid, "Room ID must be 1 to %d of A-Z a-z 0-9 . _ : -", MaxIDBytes)
	}
	return RoomID(s), nil
}

func notRoomRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	}
	return !strings.ContainsRune("._:-", r)
}

// ParseUserID accepts what EscapeUserID can give: 1 to 64 bytes, no '#', no
// control characters, no spaces at its ends.
func ParseUserID(s string) (UserID, error) {
	if !validID(s) {
		return "", Errorf(Invalid, "User ID must be 1 to %d bytes without '#' and control characters", MaxIDBytes)
	}
	return UserID(s), nil
}

// ParseClientID accepts a clientMessageId: 1 to 64 bytes, no '#', no control characters.
func ParseClientID(s string) (string, error) {
	if !validID(s) {
		return "", Errorf(Invalid, "clientMessageId must be 1 to %d bytes without '#' and control characters", MaxIDBytes)
	}
	return s, nil
}

// ParseConnectionID accepts what a gateway can give: 1 to 128 of A-Z a-z 0-9 + / = _ -.
// Whether such a connection is open is asked later; the error says the same.
func ParseConnectionID(s string) (ConnectionID, error) {
	strange := func(r rune) bool {
		return notRoomRune(r) && !strings.ContainsRune("+/=", r) || strings.ContainsRune(".:", r)
	}
	if s == "" || len(s) > 128 || strings.IndexFunc(s, strange) >= 0 {
		return "", errNotOpen
	}
	return ConnectionID(s), nil
}

// ParseMessageID accepts what NewMessageID gives: letters, digits and hyphens, at most 64.
func ParseMessageID(s string) (MessageID, error) {
	foreign := func(r rune) bool { return r != '-' && (notRoomRune(r) || strings.ContainsRune("._:", r)) }
	if s == "" || len(s) > MaxIDBytes || strings.IndexFunc(s, foreign) >= 0 {
		return "", Errorf(Invalid, "That is not the ID of a message")
	}
	return MessageID(s), nil
}

func validID(s string) bool {
	bad := func(r rune) bool { return r == '#' || r < 0x20 || r == 0x7f || r == '�' }
	return s != "" && len(s) <= MaxIDBytes && strings.TrimSpace(s) == s && strings.IndexFunc(s, bad) < 0
}

// Reserved says whether only the server makes rooms of this name: private rooms
// and conversations of two.
func (id RoomID) Reserved() bool {
	return strings.HasPrefix(string(id), dmPrefix) || strings.HasPrefix(string(id), privatePrefix)
}

// Private says whether the room is a conversation of two.
func (id RoomID) Private() bool { return strings.HasPrefix(string(id), dmPrefix) }

// PrivateRoomID names the conversation of two people, the same from either side.
func PrivateRoomID(a, b UserID) RoomID {
	if b < a {
		a, b = b, a
	}
	h := sha256.New()
	for _, id := range []UserID{a, b} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(id)))
		h.Write(n[:])
		h.Write([]byte(id))
	}
	return RoomID(dmPrefix + base64.RawURLEncoding.EncodeToString(h.Sum(nil)))
}

// Text limits. The two agree: 4,000 code points are at most 16,000 bytes.
const (
	MaxTextRunes = 4000
	MaxTextBytes = 16384
)
