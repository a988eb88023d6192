package dynamo

import (
	"strconv"

	"switchboard/internal/chat"
)

func messageItem(m chat.Message) item {
	return item{}.
		setText("kind", string(m.Kind)).
		setText("messageId", string(m.ID)).
		setNumber("n", m.Number).
		setText("senderId", string(m.SenderID)).
		setText("senderName", m.SenderName).
		setText("targetId", string(m.TargetID)).
		setText("text", m.Text).
		setText("clientMessageId", m.ClientID).
		setText("replyTo", string(m.ReplyTo)).
		setTime("sentAt", m.SentAt).
		setExpiry(m.ExpiresAt).
		setCount("rev", m.Rev).
		setTime("editedAt", m.EditedAt).
		setCount("editSeq", m.EditSeq).
		setTime("deletedAt", m.DeletedAt).
		setText("deletedBy", string(m.DeletedBy)).
		setText("deletedFor", m.DeletedFor).
		setReactions(m.Reactions)
}

func messageOf(it item) (chat.Message, error) {
	f := fields{item: it}
	seq, err := strconv.ParseInt(f.text(sorting), 10, 64)
	f.fail(err)
	m := chat.Message{
		Room:       chat.RoomID(f.text(partition)),
		Seq:        seq,
		Kind:       chat.Kind(f.text("kind")),
		ID:         chat.MessageID(f.text("messageId")),
		Number:     f.number("n"),
		SenderID:   chat.UserID(f.text("senderId")),
		SenderName: f.text("senderName"),
		TargetID:   chat.UserID(f.text("targetId")),
		Text:       f.text("text"),
		ClientID:   f.text("clientMessageId"),
		ReplyTo:    chat.MessageID(f.text("replyTo")),
		SentAt:     f.time("sentAt"),
		ExpiresAt:  f.expiry(),
		About:      chat.MessageID(f.text("about")),
		Emoji:      f.text("emoji"),
		On:         f.flag("on"),
		Changes: chat.Changes{
			Rev:        f.number("rev"),
			EditedAt:   f.time("editedAt"),
			EditSeq:    f.number("editSeq"),
			DeletedAt:  f.time("deletedAt"),
			DeletedBy:  chat.UserID(f.text("deletedBy")),
			DeletedFor: f.text("deletedFor"),
			Reactions:  f.reactions(),
		},
	}
	return m, f.err
}

func receiptItem(m chat.Message) item {
	return item{}.
		setText("messageId", string(m.ID)).
		setNumber("seq", m.Seq).
		setExpiry(m.ExpiresAt)
}

func receiptOf(it item) (chat.Receipt, error) {
	f := fields{item: it}
	return chat.Receipt{MessageID: chat.MessageID(f.text("messageId")), Seq: f.number("seq"), Repeats: int(f.number("repeats"))}, f.err
}
