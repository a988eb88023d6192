package wire

import (
	"time"

	"switchboard/internal/chat"
)

func edit(f *fields) chat.Command {
	cmd := chat.Amend{Kind: chat.KindEdit, Room: f.room(), Message: f.messageID("messageId", true)}
	cmd.Text = f.message("Message cannot be empty")
	return cmd
}

func remove(f *fields) chat.Command {
	cmd := chat.Amend{Kind: chat.KindDelete, Room: f.room(), Message: f.messageID("messageId", true)}
	if _, given := f.value("reason"); given {
		cmd.Reason = f.reason()
	}
	return cmd
}

func react(f *fields) chat.Command {
	cmd := chat.Amend{Kind: chat.KindReaction, Room: f.room(), Message: f.messageID("messageId", true)}
	written, _ := f.stringOf("emoji")
	emoji, err := chat.ParseEmoji(written)
	if err != nil {
		f.refuse(err)
	}
	if _, given := f.value("on"); !given {
		f.refusef("on must be true or false")
	}
	cmd.Emoji, cmd.On = emoji, f.flag("on")
	return cmd
}

func search(f *fields) chat.Command {
	cmd := chat.Search{Room: f.room(), Query: f.text("query", chat.MaxQueryBytes), Before: f.seq("before")}
	if sender, given := f.stringOf("senderId"); given {
		id, err := chat.ParseUserID(sender)
		if err != nil {
			f.refuse(err)
		}
		cmd.Sender = id
	}
	if raw, given := f.value("sentBefore"); given {
		cmd.SentBefore = time.UnixMilli(f.whole("sentBefore", raw, 0, maxMillis))
	}
	if raw, given := f.value("limit"); given {
		cmd.Limit = int(f.whole("limit", raw, 1, chat.MaxSearchLimit))
	}
	return cmd
}

// The data of frames about what became of messages.
type (
	// change is an event of a log. roomId, seq and messageId name it and its message.
	change struct {
		RoomID    chat.RoomID    `json:"roomId"`
		Seq       int64          `json:"seq"`
		MessageID chat.MessageID `json:"messageId"`
		UserID    chat.UserID    `json:"userId"`
		Username  string         `json:"username"`
		Emoji     string         `json:"emoji,omitempty"`
		On        *bool          `json:"on,omitempty"`
		Timestamp int64          `json:"timestamp"`
		SentAt    int64          `json:"sentAt"`
	}

	changed struct {
		change
		Changed message `json:"changed"`
	}

	// logged is a change in a list: its type is that of its own frame.
	logged struct {
		Type string `json:"type"`
		change
	}

	reaction struct {
		Emoji string `json:"emoji"`
		Count int64  `json:"count"`
		Mine  bool   `json:"mine,omitempty"`
	}

	found struct {
		RoomID   chat.RoomID `json:"roomId"`
		Messages []message   `json:"messages"`
		More     bool        `json:"more"`
		Before   int64       `json:"before"`
		Searched span        `json:"searched"`
		Since    int64       `json:"since,omitempty"`
	}
)

// changeTypes are the frames of events.
var changeTypes = map[chat.Kind]string{
	chat.KindEdit:     "message_edited",
	chat.KindDelete:   "message_deleted",
	chat.KindReaction: "reaction",
}

func changeOf(e chat.Message) change {
	w := change{
		RoomID: e.Room, Seq: e.Seq, MessageID: e.About, UserID: e.SenderID, Username: e.SenderName,
		Emoji: e.Emoji, Timestamp: e.SentAt.Unix(), SentAt: e.SentAt.UnixMilli(),
	}
	if e.Kind == chat.KindReaction {
		w.On = &e.On
	}
	return w
}

// changedOf never shows a clientMessageId: the frame goes to everybody.
func changedOf(e chat.Message) changed {
	w := changed{change: changeOf(e)}
	if e.Changed != nil {
		w.Changed = messageOf(*e.Changed, false)
	}
	return w
}

func loggedOf(e chat.Message) logged { return logged{changeTypes[e.Kind], changeOf(e)} }

func reactionsOf(list []chat.Reaction) []reaction {
	var written []reaction
	for _, r := range list {
		written = append(written, reaction(r))
	}
	return written
}

func foundOf(e chat.Found) found {
	return found{
		RoomID: e.Room, Messages: messagesOf(e.Messages, e.Reader), More: e.More, Before: e.Searched.From,
		Searched: span{e.Searched.From, e.Searched.To}, Since: millis(e.Since),
	}
}

// messagesOf writes a list for one reader.
func messagesOf(list []chat.Message, reader chat.UserID) []message {
	written := make([]message, 0, len(list))
	for _, m := range list {
		if m.Kind == chat.KindMessage {
			written = append(written, messageOf(m, m.SenderID == reader))
		}
	}
	return written
}

// millis gives a time as Unix milliseconds, and 0 for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// sizeOfEvent is SizeOf for an event.
func sizeOfEvent(e chat.Message) int {
	b, _ := marshal(loggedOf(e)) // strings and numbers always encode
	return len(b) + len(",")
}
