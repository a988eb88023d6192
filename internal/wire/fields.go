package wire

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"switchboard/internal/chat"
)

// fields reads the fields of one object. The first error is kept and everything read
// after it is of no use, so decoders read on without looking.
type fields struct {
	raw map[string]json.RawMessage
	err error
}

func (f *fields) refuse(err error) {
	if f.err == nil {
		f.err = err
	}
}

func (f *fields) refusef(format string, args ...any) {
	f.refuse(chat.Errorf(chat.Invalid, format, args...))
}

// kindOf is the first byte of a JSON value, which says what it is.
func kindOf(raw json.RawMessage) byte {
	if len(raw) == 0 {
		return 0
	}
	return raw[0]
}

// value gives a field that is there and not null.
func (f *fields) value(name string) (json.RawMessage, bool) {
	raw, ok := f.raw[name]
	return raw, ok && kindOf(raw) != 'n'
}

// stringOf gives a field that must be a string; given says whether it is there.
func (f *fields) stringOf(name string) (s string, given bool) {
	raw, ok := f.value(name)
	if !ok {
		return "", false
	}
	if kindOf(raw) != '"' || json.Unmarshal(raw, &s) != nil {
		f.refusef("%s must be a string", name)
	}
	return s, true
}

// text reads an optional string of at most so many bytes.
func (f *fields) text(name string, most int) string {
	s, _ := f.stringOf(name)
	if len(s) > most {
		f.refusef("%s can have at most %d bytes", name, most)
	}
	return s
}

// message reads what a person wrote, or refuses with the sentence for nothing written.
func (f *fields) message(nothing string) string {
	s, _ := f.stringOf("message")
	if s == "" {
		f.refusef("%s", nothing)
	}
	if strings.TrimSpace(s) == "" {
		f.refusef("Message cannot be empty")
	}
	if len(s) > chat.MaxTextBytes || utf8.RuneCountInString(s) > chat.MaxTextRunes {
		f.refuse(chat.Errorf(chat.TooLarge, "A message can have at most %d characters and %d bytes",
			chat.MaxTextRunes, chat.MaxTextBytes))
	}
	return s
}

// room reads the room the frame is about.
func (f *fields) room() chat.RoomID {
	s, _ := f.stringOf("roomId")
	id, err := chat.ParseRoomID(s)
	if err != nil {
		f.refuse(err)
	}
	return id
}

// roomOrCurrent reads an optional room: without one, the connection's current room is meant.
func (f *fields) roomOrCurrent() chat.RoomID {
	if _, given := f.value("roomId"); !given {
		return ""
	}
	return f.room()
}

func (f *fields) clientID() string { return f.clientIDOf("clientMessageId") }

// clientIDOf reads what makes a frame repeatable.
func (f *fields) clientIDOf(name string) string {
	s, given := f.stringOf(name)
	if !given {
		return ""
	}
	id, err := chat.ParseClientID(s)
	if err != nil {
		f.refuse(err)
	}
	return id
}

// messageID reads the id of a message, which only where it need not be given may be absent.
func (f *fields) messageID(name string, needed bool) chat.MessageID {
	s, given := f.stringOf(name)
	if !given && !needed {
		return ""
	}
	id, err := chat.ParseMessageID(s)
	if err != nil {
		f.refuse(err)
	}
	return id
}

func (f *fields) flag(name string) (set bool) {
	raw, ok := f.value(name)
	if ok && json.Unmarshal(raw, &set) != nil {
		f.refusef("%s must be true or false", name)
	}
	return set
}

// seq reads an optional number of a log.
func (f *fields) seq(name string) *int64 {
	raw, ok := f.value(name)
	if !ok {
		return nil
	}
	n := f.whole(name, raw, 0, maxSeq)
	return &n
}

// whole reads a number as written: 1.0 and 1e3 are refused.
func (f *fields) whole(name string, raw json.RawMessage, least, most int64) int64 {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < least || n > most {
		f.refusef("%s must be a whole number from %d to %d", name, least, most)
	}
	return n
}
