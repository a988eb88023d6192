package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"switchboard/internal/chat"
)

// Encode writes the frame that tells a connection of an event. The error is for an
// event without a frame.
func Encode(f chat.Frame) ([]byte, error) {
	name, data := describe(f.Event)
	if name == "" {
		return nil, fmt.Errorf("encode frame: there is no frame for %T", f.Event)
	}
	b, err := marshal(frame{Type: name, Ref: f.Ref, Data: data})
	if err != nil {
		return nil, fmt.Errorf("encode %s frame: %w", name, err)
	}
	return b, nil
}

// SizeOf is how many bytes a message or an event takes up in a list, its comma included and
// counted with it what only some get: the clientMessageId, and which reactions are their own.
func SizeOf(m chat.Message) int {
	if m.Kind != chat.KindMessage {
		return sizeOfEvent(m)
	}
	m.Reactions = slices.Clone(m.Reactions)
	for i := range m.Reactions {
		m.Reactions[i].Mine = true
	}
	b, _ := marshal(messageOf(m, true)) // strings and numbers always encode
	return len(b) + len(",")
}

func describe(e chat.Event) (string, any) {
	switch e := e.(type) {
	case chat.Welcome:
		return "welcome", welcomeOf(e)
	case chat.Posted:
		return "chat", messageOf(e.Message, e.Own)
	case chat.PrivatePosted:
		return "private_message", privateOf(e)
	case chat.Edited:
		return changeTypes[chat.KindEdit], changedOf(e.Entry)
	case chat.Deleted:
		return changeTypes[chat.KindDelete], changedOf(e.Entry)
	case chat.ReactionSet:
		return changeTypes[chat.KindReaction], changedOf(e.Entry)
	case chat.Joined:
		return "user_joined", moved{e.UserID, e.Name, e.UserID.Guest(), e.Room, e.At.Unix()}
	case chat.Left:
		return "user_left", moved{e.UserID, e.Name, e.UserID.Guest(), e.Room, e.At.Unix()}
	case chat.RoomJoined:
		return "room_joined", roomJoinedOf(e)
	case chat.RoomLeft:
		return "room_left", roomLeft{e.Room, e.Reason, e.At.Unix()}
	case chat.RoomList:
		return "room_list", roomListOf(e)
	case chat.RoomChanged:
		return "room", roomChangedOf(e)
	case chat.MemberChanged:
		return "member", memberChangedOf(e)
	case chat.Invited:
		return "invited", invitedOf(e)
	case chat.HistoryRead:
		return "history", historyOf(e.Page)
	case chat.Found:
		return "search_result", foundOf(e)
	case chat.Resumed:
		return "resumed", resumed{historyOf(e.Page), e.Complete, muteOf(e.Muted)}
	case chat.Pong:
		return "pong", pong{e.At.Unix(), given(e.Heads), listed(e.Rooms)}
	case chat.Typed:
		return "typing", typed{e.UserID, e.Name, e.Room, e.On, e.At.Unix()}
	case chat.Presence:
		return "presence", presenceTold{e.UserID, e.Status, e.At.Unix()}
	case chat.MembersListed:
		return "members", membersOf(e)
	case chat.ReadTo:
		return "read", readTo{e.Room, e.Seq, e.Unread, e.At.Unix()}
	case chat.Refused:
		return "error", refused{e.Code, e.Text, e.Room, e.Code.Retryable(), e.RetryAfter.Milliseconds(), e.At.Unix()}
	case chat.Closing:
		return "closing", closing{e.Code, e.Reason, e.Retry, e.Spread.Milliseconds(), e.At.Unix()}
	}
	return describeOrder(e)
}

// describeOrder is describe for what is kept of people, and done to them.
func describeOrder(e chat.Event) (string, any) {
	switch e := e.(type) {
	case chat.Exported:
		return "exported", exportedOf(e)
	case chat.Reported:
		return "reported", reported{e.Room, e.Message, e.At.Unix()}
	case chat.Moderated:
		return "moderated", moderatedOf(e)
	case chat.MeasuresListed:
		return "measures", measuresOf(e)
	case chat.InvitationsListed:
		return "invitations", invitationsOf(e)
	}
	return "", nil
}

// marshal is json.Marshal without the escaping that only HTML needs.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func welcomeOf(e chat.Welcome) welcome {
	return welcome{
		ConnectionID:     e.ConnectionID,
		UserID:           e.UserID,
		Username:         e.Name,
		RoomID:           e.Room,
		Message:          fmt.Sprintf("Welcome to room %s!", e.Room),
		Timestamp:        e.At.Unix(),
		SessionExpiresAt: seconds(e.SessionEnds),
		Limits:           limitsOf(e),
		Features:         featuresOf(e),
		Groups:           e.Groups,
		GuestToken:       e.GuestToken,
		Heads:            given(e.Heads),
	}
}

// featuresOf lists the types a client may send, and what else the deployment lets people do.
func featuresOf(e chat.Welcome) []string {
	if e.Guests {
		return append(Types(), "guests")
	}
	return Types()
}

func messageOf(m chat.Message, own bool) message {
	w := message{
		MessageID:    m.ID,
		RoomID:       m.Room,
		Seq:          m.Seq,
		SenderID:     m.SenderID,
		SenderName:   m.SenderName,
		Guest:        m.SenderID.Guest(),
		TargetUserID: m.TargetID,
		Message:      m.Text,
		Timestamp:    m.SentAt.Unix(),
		SentAt:       m.SentAt.UnixMilli(),
		ReplyTo:      m.ReplyTo,
		ReplyToSeq:   m.ReplyTo.Seq(),
		Rev:          m.Rev,
		EditedAt:     millis(m.EditedAt),
		DeletedAt:    millis(m.DeletedAt),
		DeletedBy:    m.DeletedBy,
		Reactions:    reactionsOf(m.Reactions),
	}
	if own {
		w.ClientMessageID, w.DeletedFor = m.ClientID, m.DeletedFor
	}
	return w
}

func privateOf(e chat.PrivatePosted) privateMessage {
	w := privateMessage{message: messageOf(e.Message, e.Own)}
	if e.Own {
		w.Delivered = &e.Delivered
	}
	return w
}

// seconds gives a time as Unix seconds, and 0 for none.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// given makes of no map an empty one, which JSON writes as {} and not as null.
func given(m map[chat.RoomID]int64) map[chat.RoomID]int64 {
	if m == nil {
		return map[chat.RoomID]int64{}
	}
	return m
}

// listed makes of no list an empty one, which JSON writes as [] and not as null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
