package wire

import "switchboard/internal/chat"

// The data of every frame that the server sends, as web/protocol.schema.json has it.
// Times are Unix seconds in timestamp and milliseconds in sentAt.
type (
	frame struct {
		Type string `json:"type"`
		Ref  string `json:"ref,omitempty"`
		Data any    `json:"data"`
	}

	welcome struct {
		ConnectionID     chat.ConnectionID     `json:"connectionId"`
		UserID           chat.UserID           `json:"userId"`
		Username         string                `json:"username,omitempty"`
		RoomID           chat.RoomID           `json:"roomId"`
		Message          string                `json:"message"`
		Timestamp        int64                 `json:"timestamp"`
		SessionExpiresAt int64                 `json:"sessionExpiresAt,omitempty"` // Unix seconds
		Limits           limits                `json:"limits"`
		Features         []string              `json:"features"` // the types the server knows, and "guests" where they may come in
		Groups           []string              `json:"groups,omitempty"`
		GuestToken       string                `json:"guestToken,omitempty"`
		Heads            map[chat.RoomID]int64 `json:"heads"`
	}

	message struct {
		MessageID       chat.MessageID `json:"messageId"`
		RoomID          chat.RoomID    `json:"roomId"`
		Seq             int64          `json:"seq"`
		SenderID        chat.UserID    `json:"senderId"`
		SenderName      string         `json:"senderName"`
		Guest           bool           `json:"guest,omitempty"` // the sender
		TargetUserID    chat.UserID    `json:"targetUserId,omitempty"`
		Message         string         `json:"message"`
		Timestamp       int64          `json:"timestamp"`
		SentAt          int64          `json:"sentAt"`
		ClientMessageID string         `json:"clientMessageId,omitempty"`
		ReplyTo         chat.MessageID `json:"replyTo,omitempty"`
		ReplyToSeq      int64          `json:"replyToSeq,omitempty"`
		Rev             int64          `json:"rev,omitempty"` // number of the last event about it
		EditedAt        int64          `json:"editedAt,omitempty"`
		DeletedAt       int64          `json:"deletedAt,omitempty"`
		DeletedBy       chat.UserID    `json:"deletedBy,omitempty"`
		DeletedFor      string         `json:"deletedFor,omitempty"` // why, for the author
		Reactions       []reaction     `json:"reactions,omitempty"`
	}

	privateMessage struct {
		message
		Delivered *bool `json:"delivered,omitempty"`
	}

	moved struct {
		UserID    chat.UserID `json:"userId"`
		Username  string      `json:"username"`
		Guest     bool        `json:"guest,omitempty"`
		RoomID    chat.RoomID `json:"roomId"`
		Timestamp int64       `json:"timestamp"`
	}

	roomJoined struct {
		policy
		Role        string   `json:"role"`
		Head        int64    `json:"head"`
		ReadSeq     int64    `json:"readSeq"`
		Msgs        int64    `json:"msgs"`
		ActiveUsers int      `json:"activeUsers"`
		People      []person `json:"people"`
		Muted       *mute    `json:"muted,omitempty"`
		Timestamp   int64    `json:"timestamp"`
	}

	person struct {
		UserID chat.UserID `json:"userId"`
		Name   string      `json:"name"`
		Guest  bool        `json:"guest"`
		Status chat.Status `json:"status"`
	}

	typed struct {
		UserID    chat.UserID `json:"userId"`
		Username  string      `json:"username"`
		RoomID    chat.RoomID `json:"roomId"`
		On        bool        `json:"on"`
		Timestamp int64       `json:"timestamp"`
	}

	presenceTold struct {
		UserID    chat.UserID `json:"userId"`
		Status    chat.Status `json:"status"`
		Timestamp int64       `json:"timestamp"`
	}

	members struct {
		RoomID    chat.RoomID `json:"roomId"`
		People    []member    `json:"people"`
		Cursor    string      `json:"cursor,omitempty"`
		More      bool        `json:"more"`
		Timestamp int64       `json:"timestamp"`
	}

	member struct {
		UserID chat.UserID `json:"userId"`
		Name   string      `json:"name"`
		Guest  bool        `json:"guest"`
		Role   string      `json:"role"`
		Status chat.Status `json:"status"`
		Here   *bool       `json:"here,omitempty"`
	}

	readTo struct {
		RoomID    chat.RoomID `json:"roomId"`
		Seq       int64       `json:"seq"`
		Unread    int64       `json:"unread"`
		Timestamp int64       `json:"timestamp"`
	}

	roomLeft struct {
		RoomID    chat.RoomID `json:"roomId"`
		Reason    string      `json:"reason,omitempty"`
		Timestamp int64       `json:"timestamp"`
	}

	roomList struct {
		Rooms     []roomSummary `json:"rooms"`
		Invites   []invited     `json:"invites,omitempty"`
		Cursor    string        `json:"cursor,omitempty"`
		More      bool          `json:"more"`
		Timestamp int64         `json:"timestamp"`
	}

	roomSummary struct {
		RoomID      chat.RoomID     `json:"roomId"`
		Name        string          `json:"name"`
		Topic       string          `json:"topic"`
		ParentID    chat.RoomID     `json:"parentId"`
		Visibility  chat.Visibility `json:"visibility"`
		ActiveUsers int             `json:"activeUsers"`
		SlowMode    int             `json:"slowModeSeconds"`
		Locked      bool            `json:"locked,omitempty"`
		Head        int64           `json:"head"`
		ReadSeq     int64           `json:"readSeq"`
		Unread      int64           `json:"unread"`
		Role        string          `json:"role"`
		Followed    bool            `json:"followed,omitempty"`
		With        *other          `json:"with,omitempty"`
	}

	// other is the other person of a private conversation.
	other struct {
		UserID chat.UserID `json:"userId"`
		Name   string      `json:"name"`
		Guest  bool        `json:"guest"`
	}

	history struct {
		RoomID   chat.RoomID `json:"roomId"`
		Messages []message   `json:"messages"`
		Events   []logged    `json:"events"`
		Changed  []message   `json:"changed"` // what events are about, where messages does not have it
		From     int64       `json:"from"`
		To       int64       `json:"to"`
		Head     int64       `json:"head"`
		Missing  []int64     `json:"missing"`
		Void     []int64     `json:"void"`
		Expired  *span       `json:"expired"`
		More     bool        `json:"more"`
	}

	resumed struct {
		history
		Complete bool  `json:"complete"`
		Muted    *mute `json:"muted,omitempty"`
	}

	span struct {
		From int64 `json:"from"`
		To   int64 `json:"to"`
	}

	pong struct {
		Timestamp int64                 `json:"timestamp"`
		Heads     map[chat.RoomID]int64 `json:"heads"`
		Rooms     []chat.RoomID         `json:"rooms"`
	}

	refused struct {
		Code         chat.Code   `json:"code"`
		Message      string      `json:"message"`
		RoomID       chat.RoomID `json:"roomId,omitempty"` // of a resume
		Retry        bool        `json:"retry"`
		RetryAfterMs int64       `json:"retryAfterMs,omitempty"`
		Timestamp    int64       `json:"timestamp"`
	}

	closing struct {
		Code      chat.CloseCode `json:"code"`
		Reason    string         `json:"reason"`
		Retry     bool           `json:"retry"`
		SpreadMs  int64          `json:"spreadMs,omitempty"`
		Timestamp int64          `json:"timestamp"`
	}
)
