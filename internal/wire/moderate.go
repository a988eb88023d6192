package wire

import (
	"time"
	"unicode/utf8"

	"switchboard/internal/chat"
)

// moderate gives the decoder of an act on a person.
func moderate(act chat.Act) func(*fields) chat.Command {
	return func(f *fields) chat.Command {
		cmd := chat.Moderate{Act: act, Room: f.roomOrCurrent(), User: f.user(), Reason: f.reason()}
		raw, given := f.value("seconds")
		switch {
		case act == chat.ActMute && !given:
			f.refusef("seconds is required")
		case given && (act == chat.ActMute || act == chat.ActBan):
			most := int64(chat.MaxModerateTime / time.Second)
			cmd.For = time.Duration(f.whole("seconds", raw, 1, most)) * time.Second
		}
		return cmd
	}
}

// reason reads why somebody acts; what stands in it is checked when it is used.
func (f *fields) reason() string {
	s := f.sentence("reason")
	if s == "" {
		f.refusef("Say why: reason is required")
	}
	return s
}

// sentence reads an optional string of the length of a reason.
func (f *fields) sentence(name string) string {
	s, _ := f.stringOf(name)
	if utf8.RuneCountInString(s) > chat.MaxReasonRunes {
		f.refuse(chat.Errorf(chat.TooLarge, "A %s can have at most %d characters", name, chat.MaxReasonRunes))
	}
	return s
}

func reportMessage(f *fields) chat.Command {
	return chat.ReportMessage{
		Room: f.room(), Message: f.messageID("messageId", true), Reason: f.reason(), Comment: f.sentence("comment"),
	}
}

// reported says that a report waits for the moderators.
type reported struct {
	RoomID    chat.RoomID    `json:"roomId"`
	MessageID chat.MessageID `json:"messageId"`
	Timestamp int64          `json:"timestamp"`
}

// moderated is what was done to a person, or to what they wrote. until is absent where it is for good, or taken back.
type moderated struct {
	Act       chat.Act       `json:"act"`
	RoomID    chat.RoomID    `json:"roomId,omitempty"`
	UserID    chat.UserID    `json:"userId"`
	MessageID chat.MessageID `json:"messageId,omitempty"`
	Guest     bool           `json:"guest,omitempty"`
	Reason    string         `json:"reason"`
	Until     int64          `json:"until,omitempty"`
	ForGood   bool           `json:"forGood,omitempty"`
	Timestamp int64          `json:"timestamp"`
}

func moderatedOf(e chat.Moderated) moderated {
	w := moderated{
		Act: e.Act, RoomID: e.Room, UserID: e.UserID, MessageID: e.Message, Guest: e.UserID.Guest(), Reason: e.Reason,
		ForGood: e.Until.Equal(chat.ForGood), Timestamp: e.At.Unix(),
	}
	if !w.ForGood {
		w.Until = seconds(e.Until)
	}
	return w
}

// mute is what keeps a reader from writing in a room.
type mute struct {
	Reason     string `json:"reason"`
	Until      int64  `json:"until,omitempty"`
	ForGood    bool   `json:"forGood,omitempty"`
	Everywhere bool   `json:"everywhere,omitempty"`
}

// muteOf is nil for who may write.
func muteOf(m chat.Mute) *mute {
	switch {
	case m.Until.IsZero():
		return nil
	case m.Until.Equal(chat.ForGood):
		return &mute{Reason: m.Reason, ForGood: true, Everywhere: m.Everywhere}
	}
	return &mute{Reason: m.Reason, Until: m.Until.Unix(), Everywhere: m.Everywhere}
}
